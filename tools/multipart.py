"""A multipart body (RFC 7578, with the names escaped as WHATWG says). Pure: the same parts give the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

ESCAPED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@dataclass(frozen=True, slots=True)
class Part:
    """`filename` and `media_type`: None when the part has none of its own."""

    name: str
    body: bytes
    media_type: str | None = None
    filename: str | None = None

    def lines(self) -> bytes:
        disposition = f'Content-Disposition: form-data; name="{self.name.translate(ESCAPED)}"'
        if self.filename is not None:
            disposition += f'; filename="{self.filename.translate(ESCAPED)}"'
        kind = f"\r\nContent-Type: {self.media_type}" if self.media_type else ""
        return f"{disposition}{kind}\r\n\r\n".encode() + self.body


def joined(parts: Sequence[Part]) -> tuple[str, bytes]:
    """The boundary and the body. A hash of what is inside cannot occur there."""
    lines = [part.lines() for part in parts]
    digest = sha256()
    for each in lines:
        digest.update(len(each).to_bytes(8, "big") + each)
    boundary = f"parlance-{digest.hexdigest()[:40]}"
    between = f"--{boundary}\r\n".encode()
    return boundary, b"".join(between + each + b"\r\n" for each in lines) + f"--{boundary}--\r\n".encode()
