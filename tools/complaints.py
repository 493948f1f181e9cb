"""What a product complains of when it refuses: messages, and where each belongs, as the product says it. Pure.

Frameworks have forms of their own; they are told apart by shape, never by whose they are: below a name that holds errors stands a list of errors, or
a map from fields to messages, some levels deep.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeAlias

import orjson

from tools.fields import names, plain_name

Known: TypeAlias = Collection[str]  # the arguments' names in plain form: what is called like one is one, where it could be either

MESSAGE = 300  # characters of one
MOST = 30
MOST_NAMES = 1_000  # of one object
DEEPEST = 12
MESSAGE_NAMES = (
    "detail", "message", "errordescription", "error", "title", "description", "reason", "msg", "errormessage", "defaultmessage", "usermessage",
    "errors",
)  # fmt: skip
CODE_NAMES = ("code", "issue", "keyword", "rule", "errorcode", "type")
PLACE_NAMES = (
    "field", "pointer", "instancepath", "datapath", "path", "propertypath", "propertyname", "fieldname", "param", "parameter", "property", "loc",
    "target", "attribute", "fields", "membernames", "source", "header", "location", "name", "key",
)  # fmt: skip
SEVERAL = ("fields", "membernames")  # lists of fields, not of a path's parts
MISSING = ("missingproperty", "additionalproperty", "unevaluatedproperty")  # JSON Schema validators: beside the object's own path
ERROR_NAMES = names(
    "errors invalidparams violations fieldviolations details detail error fields fielderrors formerrors validationerrors validation issues causes",
    "message messages errormessages",
)
ENVELOPES = names("data embedded response result body problem")
WHOLE = names("nonfielderrors all base general errors formerrors global")  # where a field's name would stand, for what is about no single one
ABOUT = names("message messages detail code type status statuscode title success timestamp traceid instance requestid error path")
LOCATIONS = {
    "body": "body", "json": "body", "query": "query", "querystring": "query", "path": "path", "params": "path", "header": "header",
    "headers": "header",
}  # fmt: skip
HINTS = {"parameter": "query", "header": "header", "pointer": "body"}  # JSON:API 1.1, error objects


@dataclass(frozen=True, slots=True)
class Complaint:
    """`path`: where, as the product says it; empty when it is about the whole."""

    path: tuple[str, ...]
    text: str
    location: str = ""


def message_of(data: Any) -> str:
    """One line of text; never the whole body."""
    if isinstance(data, str):
        return one_line(data) if "<" not in data[:50] else ""  # a page of HTML says nothing to anybody here
    if not isinstance(data, Mapping):
        return ""
    by_name = plainly(data)
    texts = [by_name[name] for name in MESSAGE_NAMES if name in by_name]
    said = [one_line(text) for text in texts if isinstance(text, str) and text.strip()]
    inner = (message_of(text) for text in texts if isinstance(text, Mapping))
    return said[0] if said else next(filter(None, inner), "")


def unfolded(data: Any, depth: int = 2) -> Any:
    """Some put JSON into the text of their message."""
    if not isinstance(data, Mapping) or depth == 0:
        return data
    return {name: read(value) if plain_name(str(name)) in ERROR_NAMES else unfolded(value, depth - 1) for name, value in data.items()}


def read(value: Any) -> Any:
    if isinstance(value, Mapping):
        return unfolded(value, 1)
    if not isinstance(value, str) or not value.lstrip().startswith(("[{", "{", "[\n")):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def plainly(data: Mapping[str, Any]) -> dict[str, Any]:
    return {plain_name(str(name)): value for name, value in islice(data.items(), MOST_NAMES)}


def one_line(text: str) -> str:
    return cut(" ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text[: 4 * MESSAGE]).split()), MESSAGE)


def cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def complaints(data: Any, known: Known, depth: int = 0) -> list[Complaint]:
    """What stands below names that hold errors; where there is none, what maps fields to lists of messages."""
    if isinstance(data, list):
        return held([each for each in data if isinstance(each, Mapping)], (), known, depth)
    if not isinstance(data, Mapping) or depth > DEEPEST:
        return []
    if found := below(data, known, depth):
        return found
    for name, value in data.items():
        if plain_name(str(name)) in ENVELOPES and isinstance(value, Mapping) and (found := complaints(value, known, depth + 1)):
            return found
    plain = all(isinstance(value, list | Mapping) or plain_name(str(name)) in ABOUT for name, value in data.items())
    return by_field({name: value for name, value in data.items() if isinstance(value, list | Mapping)}, (), known, depth) if plain else []


def below(data: Mapping[str, Any], known: Known, depth: int) -> list[Complaint]:
    found: list[Complaint] = []
    for name, value in data.items():
        plain = plain_name(str(name))
        holds = plain in ERROR_NAMES and isinstance(value, list | Mapping)
        if holds and not (plain in SEVERAL and isinstance(value, list) and all(isinstance(each, str) for each in value)):
            found += held(value, (), known, depth + 1)
    return found


def held(value: Any, path: tuple[str, ...], known: Known, depth: int) -> list[Complaint]:
    """Complaints about the place at `path`."""
    if depth > DEEPEST:
        return []
    match value:
        case str():
            return [Complaint(path, line)] if (line := one_line(value)) else []
        case list():
            return [found for number, each in enumerate(value[:MOST]) for found in held(each, numbered(path, each, number), known, depth + 1)]
        case Mapping() if is_error(value, known):
            return one(value, path, known, depth)
        case Mapping():
            return by_field(value, path, known, depth)
        case _:
            return []


def numbered(path: tuple[str, ...], each: Any, number: int) -> tuple[str, ...]:
    """A map in a list below a field is about that item; an error in it, like a sentence, is about the field."""
    return (*path, str(number)) if path and isinstance(each, Mapping) and not text_of(each) else path


def is_error(value: Mapping[str, Any], known: Known) -> bool:
    """Else a map from fields to what is wrong with them: {"title": "too long"} says it of a title where there is such an argument."""
    by_name = plainly(value)
    ours = [name for name in by_name if name in known]
    if value and (len(ours) == len(by_name) or any(isinstance(by_name[name], list | Mapping) and name not in ERROR_NAMES for name in ours)):
        return False
    return bool(text_of(value)) or any(name in ERROR_NAMES and isinstance(each, list | Mapping) for name, each in by_name.items())


def one(error: Mapping[str, Any], path: tuple[str, ...], known: Known, depth: int) -> list[Complaint]:
    text = text_of(error)
    places = list(places_in(error)) or [Complaint((), "")]
    own = [Complaint(path if each.path == path[-1:] else (*path, *each.path), text, each.location) for each in places] if text else []
    inner = [replace(each, path=(*path, *each.path)) for each in below(error, known, depth + 1)]
    return own + inner


def text_of(error: Mapping[str, Any]) -> str:
    """Its message, else its code in words where it names a place."""
    by_name = plainly(error)
    message = message_of({name: value for name, value in by_name.items() if not isinstance(value, Mapping) and name not in {"field", "name"}})
    code = next((by_name[name] for name in CODE_NAMES if isinstance(by_name.get(name), str)), "") if any(places_in(error)) else ""
    return message or one_line(str(code).replace("_", " "))


def by_field(value: Mapping[str, Any], path: tuple[str, ...], known: Known, depth: int) -> list[Complaint]:
    found: list[Complaint] = []
    for name, told in list(value.items())[:MOST]:
        plain = plain_name(str(name))
        if plain in ABOUT and plain not in known:
            continue
        here = path if plain in WHOLE and plain not in known else (*path, *parts_of(str(name)))
        sentences = isinstance(told, list) and all(isinstance(each, str) for each in told)
        found += held(" ".join(told) if sentences else told, here, known, depth + 1)
    return found


def places_in(error: Mapping[str, Any]) -> list[Complaint]:
    """Without a text. Several where it is about several fields."""
    by_name = plainly(error)
    hint = location_in(by_name)
    for name in PLACE_NAMES:
        value = by_name.get(name)
        if isinstance(value, Mapping) and (inner := places_in(value)):
            return inner
        if isinstance(value, list) and name in SEVERAL:
            return [Complaint(parts_of(each), "", hint) for each in value if isinstance(each, str)]
        path = parts_of(value) if isinstance(value, str) else tuple(str(part) for part in value) if isinstance(value, list) else ()
        path += missing_in(by_name) if name == "instancepath" and value is not None else ()
        if path and not (name == "source" and path[0].lower() in LOCATIONS):
            return [Complaint(path, "", hint or HINTS.get(name, ""))]
    return []


def location_in(by_name: Mapping[str, Any]) -> str:
    given = (by_name.get(name) for name in ("location", "in", "locationtype"))
    return next((LOCATIONS[each.lower()] for each in given if isinstance(each, str) and each.lower() in LOCATIONS), "")


def missing_in(by_name: Mapping[str, Any]) -> tuple[str, ...]:
    """JSON Schema validators say at which object; the name that is missing, or too much, stands beside it."""
    params = by_name.get("params")
    found = plainly(params) if isinstance(params, Mapping) else {}
    return tuple(str(found[name]) for name in MISSING if name in found)


def parts_of(path: str) -> tuple[str, ...]:
    """/address/city, address.city, address[city], #/address/city, $.address.city."""
    parts = re.split(r"[/.\[\]#]+", path)
    return tuple(part.replace("~1", "/").replace("~0", "~").strip("\"'") for part in parts if part and part != "$")
