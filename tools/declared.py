"""An answer against what the document declares for it. A difference is told to the product's team and is no failure. Pure; compiled once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from weakref import ref

import jsonschema_rs

from specs.model import MediaType, Operation, Response, Schema
from specs.pointers import join, with_value
from tools.fields import types
from tools.media import is_json
from tools.redact import nameable, without_personal
from tools.request import MASK
from tools.schema import compiled
from tools.shape import DATA_KEYWORDS, DEEP, NAMED_SCHEMAS, PREFIX, WIDE, followed

MOST = 10  # differences told
MOST_ERRORS = 300  # looked at
ROWS, BYTES = 200, 1_000_000  # of one answer, checked
MOST_DEFINITIONS = 120  # compiled for one answer, the nearest ones; what lies deeper is accepted unread. Measured: 500 take 0.2 s
LONGEST = 200  # characters of a difference
KEPT_VALIDATORS = 4_096
IDENTIFIER = re.compile(r"[A-Za-z_$@][A-Za-z_-]*(?:[0-9]{1,3}[A-Za-z_-]*){0,3}")  # what a programmer calls a member, and no telephone number


@dataclass(frozen=True, slots=True)
class Checker:
    """`names`: of all properties that the schema declares, wherever. Other names of members may be a customer's data."""

    validator: jsonschema_rs.Validator
    names: frozenset[str]


KEPT: dict[tuple[int, str, str], tuple[ref[Operation], Checker | None]] = {}


@dataclass(frozen=True, slots=True)
class Part:
    """What of an answer is checked; `note` says how much of it when that is not all."""

    data: Any
    note: str = ""


def response_for(operation: Operation, status: int) -> Response | None:
    """OpenAPI 3.1, 4.8.16: the code itself, then its class, then the default."""
    declared = {response.status.upper(): response for response in operation.responses}
    return declared.get(str(status)) or declared.get(f"{status // 100}XX") or declared.get("DEFAULT")


def media_for(response: Response | None, media_type: str) -> MediaType | None:
    """The most exact declaration wins: text/plain before text/*, that before */*."""
    declared = {bare(media.name): media for media in (response.content if response else ())}
    group = media_type.partition("/")[0]
    return declared.get(media_type) or declared.get(f"{group}/*") or declared.get("*/*")


def bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def schema_for(operation: Operation, status: int, media_type: str) -> Schema:
    """The schema of an answer of this type; where another type came than declared, that of the only one there is."""
    response = response_for(operation, status)
    media = media_for(response, media_type) or (response.content[0] if response and len(response.content) == 1 else None)
    return media.schema if media else True


def part_of(data: Any, path: str, rows: Sequence[Any] | None, size: int) -> Part | None:
    """At most so many rows and about so many bytes; None where there is nothing to cut and too much to check."""
    if not rows or (len(rows) <= ROWS and size <= BYTES):
        return Part(data) if size <= BYTES else None
    number = max(1, min(ROWS, BYTES * len(rows) // max(size, 1)))
    return Part(with_value(data, path, list(rows[:number])), f"the first {number:,} of {len(rows):,} rows were checked")


def drift(operation: Operation, status: int, media_type: str, part: Part | None) -> tuple[str, ...]:
    """`media_type`: "" where none was sent. `part`: None when there is too much to check. Nothing is said where no responses are declared."""
    if not operation.responses:
        return ()
    response = response_for(operation, status)
    if response is None:
        return (f"The document declares no response {status}.",)
    media = media_for(response, media_type or "application/json")
    if media is None and media_type and response.content:
        return (f"The document declares no {without_personal(media_type, '')[:80]} for {response.status}.",)
    if media is None or part is None or part.data is None or told_as_text(media, part.data, operation.definitions):
        return ()
    checker = checker_for(operation, response, media)
    found = tuple(dict.fromkeys(told(checker, part.data)))[: MOST - bool(part.note)] if checker else ()
    return (*found, f"Only {part.note}.") if found and part.note else found


def told_as_text(media: MediaType, data: Any, definitions: Mapping[str, Schema]) -> bool:
    """A table or XML whose document says no more than that it is a text, as documents do."""
    return not isinstance(data, str) and not is_json(media.name) and types(followed(media.schema, definitions)) == {"string"}


def told(checker: Checker, data: Any) -> Iterator[str]:
    try:
        for error in islice(checker.validator.iter_errors(data), MOST_ERRORS):
            if not masked(error):
                yield difference(error, checker.names)[:LONGEST]
    except ValueError:  # a value that the validator cannot read, as a number beyond all bounds
        return


def masked(error: jsonschema_rs.ValidationError) -> bool:
    """What Parlance itself has put in place of a secret."""
    return isinstance(error.instance, str) and MASK in error.instance


def difference(error: jsonschema_rs.ValidationError, names: frozenset[str]) -> str:
    """Never with a value: a product's data is no matter of its team's console. Rows of one list are one place, and so are the members of a map."""
    kind: Any = error.kind
    place = join("", *(str(part)[:80] if part in names else "*" for part in error.instance_path)) or "/"
    match kind.name:
        case "required":
            return f"{join('' if place == '/' else place, str(kind.property))} is missing."
        case "type":
            return f"{place} is {type_of(error.instance)}, declared as {' or '.join(kind.types)}."
        case "enum":
            return f"{place} is none of the declared values."
        case "additionalProperties" | "unevaluatedProperties":
            named = sorted(name for name in map(str, kind.unexpected) if is_identifier(name))[:5]
            return f"{place} has fields that are not declared{': ' if named else ''}{', '.join(named)}."
        case "anyOf" | "oneOf" | "oneOfNotValid":
            return f"{place} fits none of its declared forms."
        case "oneOfMultipleValid":
            return f"{place} fits more than one of its declared forms."
        case _:
            limit = getattr(kind, "limit", None)
            return f"{place} does not keep {kind.name}{f' {limit}' if isinstance(limit, int | float) else ''}."


def is_identifier(name: str) -> bool:
    return len(name) <= 40 and IDENTIFIER.fullmatch(name) is not None and nameable(name)


def type_of(value: Any) -> str:
    known = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    return known.get(type(value), "null")


def checker_for(operation: Operation, response: Response, media: MediaType) -> Checker | None:
    """Kept while the operation lives, whose identity is in the key. None where there is nothing to check by, or too much."""
    known = (id(operation), response.status, media.name)
    kept = KEPT.get(known)
    if kept is None:
        if len(KEPT) >= KEPT_VALIDATORS:
            KEPT.clear()
        kept = KEPT[known] = (ref(operation, lambda _: KEPT.pop(known, None)), made(media.schema, operation.definitions))
    return kept[1]


def made(schema: Schema, definitions: Mapping[str, Schema]) -> Checker | None:
    if schema is True or schema == {}:
        return None
    form = answer_form(schema, definitions)
    reached = definitions_in(form, definitions)
    return Checker(compiled(form, reached), names_in([form, *reached.values()]))


def names_in(schemas: Sequence[Schema]) -> frozenset[str]:
    found: set[str] = set()
    waiting: list[Any] = list(schemas)
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            found.update(each["properties"] if isinstance(each.get("properties"), dict) else ())
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return frozenset(found)


def definitions_in(form: Schema, definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """The definitions this schema reaches, in answer form, level by level; those beyond the limit accept everything."""
    found: dict[str, Schema] = {}
    level = references_in(form)
    while level:
        below: dict[str, None] = {}
        for name in level:
            if name in definitions and name not in found:
                found[name] = answer_form(definitions[name], definitions) if len(found) < MOST_DEFINITIONS else True
                below |= references_in(found[name])
        level = below
    return found


def references_in(schema: Schema) -> dict[str, None]:
    found: dict[str, None] = {}
    waiting: list[Any] = [schema]
    while waiting:
        each = waiting.pop()
        waiting.extend(each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
        if isinstance(each, dict) and isinstance(each.get("$ref"), str):
            found[each["$ref"].removeprefix(PREFIX)] = None
    return found


def answer_form(schema: Any, definitions: Mapping[str, Schema]) -> Any:
    """The schema as an answer must keep it: a property that is writeOnly need not be there (OpenAPI 3.1, 4.8.24.1)."""
    if isinstance(schema, list):
        return [answer_form(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    hidden = {name for name, each in (schema.get("properties") or {}).items() if write_only(each, definitions)}
    form: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "required" and isinstance(value, list):
            form[keyword] = [name for name in value if name not in hidden]
        elif keyword in NAMED_SCHEMAS and isinstance(value, dict):
            form[keyword] = {name: answer_form(each, definitions) for name, each in value.items()}
        else:
            form[keyword] = value if keyword in DATA_KEYWORDS else answer_form(value, definitions)
    return form


def write_only(schema: Schema, definitions: Mapping[str, Schema]) -> bool:
    resolved = followed(schema, definitions)
    return isinstance(resolved, dict) and bool(resolved.get("writeOnly"))


def properties_of(schema: Schema, definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """The properties an answer may have, of all compositions; the first that names one wins."""
    found: dict[str, Schema] = {}
    waiting: list[tuple[Schema, int]] = [(schema, 0)]
    while waiting and len(found) < WIDE:
        each, depth = waiting.pop()
        resolved = followed(each, definitions)
        if isinstance(resolved, dict) and depth < DEEP:
            found = {**(resolved.get("properties") or {}), **found}
            inner = [one for keyword in ("oneOf", "anyOf", "allOf") for one in reversed(resolved.get(keyword) or ())]
            waiting += [(one, depth + 1) for one in inner][:WIDE]
    return found
