"""What an answer that is no data is called as a file: by its header, else by its address, else by its type. Pure; every name here is hostile."""

import re
from collections.abc import Mapping
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from tools.texts import known

LONGEST = 120
PARAMETER = re.compile(r""";\s*([A-Za-z0-9*_-]{1,30})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"\s][^;]*))""")
EXTENDED = re.compile(r"([A-Za-z0-9._-]{1,40})'[A-Za-z0-9-]{0,40}'(.*)", re.DOTALL)  # RFC 8187, 3.2.1
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
UNWANTED = re.compile(r'[<>:"|?*\ufffd]')  # in no name of a file on any system
EXTENSIONS = {
    "application/pdf": "pdf", "application/zip": "zip", "application/gzip": "gz", "application/x-gzip": "gz", "application/x-tar": "tar",
    "application/x-7z-compressed": "7z", "application/vnd.ms-excel": "xls", "application/msword": "doc", "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/json": "json", "application/xml": "xml", "text/xml": "xml", "application/yaml": "yaml", "text/yaml": "yaml",
    "application/rtf": "rtf",
    "application/epub+zip": "epub", "application/x-ndjson": "ndjson", "application/sql": "sql", "application/wasm": "wasm",
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg", "image/tiff": "tiff",
    "image/bmp": "bmp", "image/avif": "avif", "image/heic": "heic", "image/x-icon": "ico", "image/vnd.microsoft.icon": "ico",
    "audio/mpeg": "mp3", "audio/wav": "wav", "audio/x-wav": "wav", "audio/ogg": "ogg", "audio/mp4": "m4a", "audio/flac": "flac", "audio/aac": "aac",
    "video/mp4": "mp4", "video/webm": "webm", "video/quicktime": "mov", "video/mpeg": "mpeg", "font/woff": "woff", "font/woff2": "woff2",
    "text/plain": "txt", "text/html": "html", "text/csv": "csv", "text/tab-separated-values": "tsv", "text/calendar": "ics", "text/vcard": "vcf",
    "text/markdown": "md", "text/css": "css", "application/octet-stream": "bin", "application/x-pkcs12": "p12", "application/x-pem-file": "pem",
}  # fmt: skip
TYPES = {
    "csv": "text/csv", "tsv": "text/tab-separated-values", "json": "application/json", "ndjson": "application/x-ndjson", "xml": "application/xml",
    "txt": "text/plain", "jsonl": "application/x-ndjson",
}  # fmt: skip

KNOWN = frozenset((*EXTENSIONS.values(), *TYPES))


def name_of(headers: Mapping[str, str], url: str, media_type: str) -> str:
    given = clean(stated(headers.get("content-disposition", "")))
    if not given:
        given = clean(segment(url))
        # "/reports/7.final": what stands behind a dot in an address need not be an extension.
        given = given if extension_of(given).lower() in KNOWN else f"{given or 'answer'}.{EXTENSIONS.get(media_type, 'bin')}"
    return given if "." in given else f"{given}.{EXTENSIONS.get(media_type, 'bin')}"


def stated(disposition: str) -> str:
    """RFC 6266, 4.3: filename* before filename. Many percent-encode the plain one too, which browsers undo."""
    found: dict[str, str] = {}
    for name, quoted, token in PARAMETER.findall(disposition[:4_000]):
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) if quoted else token.strip())
    extended = EXTENDED.fullmatch(found.get("filename*", ""))
    if extended:
        return unquote_to_bytes(extended.group(2)).decode(known(extended.group(1)) or "utf-8", "replace")
    name = found.get("filename", "")
    return unquote(name) if PERCENT.search(name) and "\ufffd" not in unquote(name) else name


def segment(url: str) -> str:
    try:
        return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    except ValueError:
        return ""


def clean(name: str) -> str:
    """Without a path, of bounded length with its extension kept. No control characters, nor those that turn "exe.fdp" into "pdf.exe"."""
    last = UNWANTED.sub(" ", re.split(r"[/\\]", name)[-1])
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in last[:2_000]).split()).strip(". ")
    if len(text) <= LONGEST:
        return text
    extension = extension_of(text)
    return f"{text[: LONGEST - 1 - len(extension)].rstrip('. ')}.{extension}" if extension else text[:LONGEST]


def extension_of(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return extension if stem and dot and 0 < len(extension) <= 10 and extension.isalnum() else ""


def type_by_name(headers: Mapping[str, str], url: str) -> str:
    """What bytes without a type of their own are, as far as a name says it; "" where none does."""
    name = clean(stated(headers.get("content-disposition", ""))) or clean(segment(url))
    return TYPES.get(extension_of(name).lower(), "")
