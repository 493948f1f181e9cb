"""An answer's bytes to text: what its header, its first bytes and the bytes themselves say of the charset. Pure, and total."""

import codecs
import re
from email.message import Message

# Only those that cost no more than the text is worth: "punycode" takes the square of the length; "utf-7", "unicode_escape" are tricks.
CHARSETS = re.compile(r"ascii|utf-(8|16|32)(-sig|-le|-be)?|iso8859-\d+|cp\d+|koi8-[rut]|euc_\w+|gb\w+|big5\w*|shift_jis\w*|johab|mac-\w+|tis-620")
MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
GUESSES = ("utf-8", "euc_kr")  # strictly, in this order; what fits none is Western European
NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(content_type: str) -> tuple[str, str]:
    """Media type and charset ("" where none is said); of a header that cannot be read, those of bytes that are no text."""
    header = Message()
    header["content-type"] = content_type or "application/octet-stream"
    try:
        return header.get_content_type(), header.get_content_charset() or ""
    except (ValueError, LookupError, TypeError):  # RFC 2231: numbered parts, charsets within the charset
        return "application/octet-stream", ""


def text_of(body: bytes, charset: str = "") -> str:
    """A byte order mark is believed before the header. Never what is no text, as lone surrogates are."""
    marked = next((name for mark, name in MARKS if body.startswith(mark)), "")
    named = marked or known(charset)
    if named:
        text = body.decode(named, "replace")
    else:
        text = next((found for guess in GUESSES if (found := strictly(body, guess)) is not None), None) or body.decode("cp1252", "replace")
    return text.removeprefix("\ufeff")


def known(charset: str) -> str:
    """The charset's own name; "" for one that is unknown or not allowed. ASCII is read as what contains it."""
    try:
        name = codecs.lookup(charset).name if charset.isascii() and len(charset) < 40 else ""
    except (LookupError, ValueError):
        return ""
    return ("" if name == "ascii" else name) if CHARSETS.fullmatch(name) else ""


def strictly(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        return None


def looks_like_text(body: bytes) -> bool:
    return any(body.startswith(mark) for mark, _ in MARKS) or not NOT_TEXT.search(body[:2_000])
