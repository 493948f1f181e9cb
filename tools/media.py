"""Media types as requests need them: how one is written, which is preferred, what of a schema is a file. Pure."""

import re
from collections.abc import Iterable
from typing import Literal

from specs.model import Schema
from tools.fields import format_of, types

Writing = Literal["json", "form", "multipart", "xml", "text", "binary"]

JSON, FORM, OCTETS, TEXT = "application/json", "application/x-www-form-urlencoded", "application/octet-stream", "text/plain"
JSON_PATCH = "application/json-patch+json"  # RFC 6902: a list
MERGE_PATCH = "application/merge-patch+json"  # RFC 7396: null takes a member away
# RFC 9110, 8.3.1, as far as anybody writes one: what stands in a document goes into a header.
MEDIA_TYPE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+(?:[ \t]*;[ \t]*[\w!#$&^.+*-]+=(?:[\w!#$&^.+*'-]+|\"[ !#-\[\]-~]*\"))*", re.ASCII)
RANKS = {JSON: 0, "text/json": 0, MERGE_PATCH: 2, JSON_PATCH: 2, FORM: 3, "multipart/form-data": 4, OCTETS: 9}
WRITINGS: dict[Writing, int] = {"json": 1, "form": 3, "multipart": 5, "xml": 6, "text": 8, "binary": 10}


def essence(media_type: str) -> str:
    """Without parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    name = essence(media_type)
    return name in {JSON, "text/json", "*/*", "application/*"} or name.endswith("+json")


def is_yaml(media_type: str) -> bool:
    """YAML 1.2.2, 1.2: JSON is YAML."""
    name = essence(media_type)
    return name.endswith(("/yaml", "/x-yaml", "+yaml"))


def writing(media_type: str) -> Writing:
    name = essence(media_type)
    if is_json(name) or is_yaml(name):
        return "json"
    if name == FORM:
        return "form"
    if name.startswith("multipart/"):
        return "multipart"
    if name.endswith(("/xml", "+xml")):
        return "xml"
    return "text" if name.startswith("text/") else "binary"


def rank(media_type: str) -> int:
    """Which of several is taken when the arguments leave the choice: the lowest."""
    name = essence(media_type)
    return 7 if is_yaml(name) else RANKS.get(name, WRITINGS[writing(name)])


def concrete(media_type: str) -> str:
    """What a Content-Type says: as declared, but a range is no type, nor is what no header may hold."""
    if "*" not in media_type and MEDIA_TYPE.fullmatch(media_type.strip()):
        return media_type.strip()
    kind = writing(media_type)
    return {"json": JSON, "form": FORM, "multipart": "multipart/form-data", "xml": "application/xml", "text": TEXT, "binary": OCTETS}[kind]


def only(declared: str | None) -> str | None:
    """The one type that an `encoding.contentType` names; it may be a list, or hold ranges."""
    one = (declared or "").strip()
    return one if one and "*" not in one and MEDIA_TYPE.fullmatch(one) else None


def acceptable(declared: Iterable[str]) -> str:
    """An Accept header: what is declared, JSON first; whatever else comes is better than nothing."""
    known = dict.fromkeys(one.strip() for one in declared if essence(one) != "*/*" and MEDIA_TYPE.fullmatch(one.strip()))
    ordered = sorted(known, key=lambda one: not is_json(one)) or [JSON]
    return ", ".join([*ordered, "*/*;q=0.5"])


def is_base64(schema: Schema) -> bool:
    """A text that stands for bytes: `format: byte` of OpenAPI 3.0, contentEncoding since."""
    return isinstance(schema, dict) and (format_of(schema) == "byte" or str(schema.get("contentEncoding", "")).lower() in {"base64", "base64url"})


def is_binary(schema: Schema) -> bool:
    """A part that is a file: `format: binary` of OpenAPI 3.0; since 3.1 no type but a media type of its own."""
    if not isinstance(schema, dict) or "enum" in schema or "const" in schema:
        return False
    if format_of(schema) in {"binary", "file"}:
        return True
    return types(schema) <= {"string"} and not is_base64(schema) and is_bytes(str(schema.get("contentMediaType", "")))


def is_bytes(media_types: str) -> bool:
    """Whether each of a comma-separated list is of files and not of texts; nothing is not."""
    named = [one for one in media_types.split(",") if one.strip()]
    return bool(named) and all(writing(one) == "binary" for one in named)
