"""Files that go into a request or come out of an answer. Where their bytes are kept is the engine's matter. Pure."""

import re
from dataclasses import dataclass
from hashlib import sha256

FILE_HANDLE = re.compile(r"file:[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True)
class File:
    """`name` without a path. Arguments hold its handle; the bytes take its place when the request is built."""

    name: str
    media_type: str
    body: bytes


def handle_of(file: File) -> str:
    """Says which bytes, under which name: so the approval of a request that holds the handle is one of exactly this file."""
    known = b"\0".join((file.name.encode(), file.media_type.encode(), file.body))
    return f"file:{sha256(known).hexdigest()[:40]}"
