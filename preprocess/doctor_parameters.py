"""The doctor's rules for parameters: what no customer should be asked for, and what nobody can fill in. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from preprocess.doctor_credentials import credentials
from preprocess.doctor_facts import Facts, Finding, Part, label
from preprocess.doctor_operations import renamed
from specs.catalogue import placeholders
from specs.model import Problem
from specs.overlay import Action
from specs.pointers import join, value_at
from specs.references import followed
from specs.words import split
from tools.fields import names, plain_name
from tools.headers import TRANSPORT, is_idempotency_header
from tools.schema import buildable, owned

_TRANSPORT = TRANSPORT | {"from", "referer", "origin", "date"}
_KEYS = frozenset(("id", "ids", "uuid", "guid", "key", "identifier", "name", "slug", "code", "number"))
_OWNERS = _KEYS | names("sid account tenant organization organisation org company workspace team site project")
_FEW = 5  # operations, of which nothing can be said to be in most
_VAGUE = names(
    "data value values type mode flag flags param params arg args opt options option obj object info item items field fields misc extra key val"
)
_CLEAR = names("id q to cc bcc url uri ip day lat lon lng top max min end age zip tag tags sku vat utc api sort page per limit from")


def transport(facts: Facts) -> Iterator[Finding]:
    known = {one.part.pointer for one in credentials(facts)}  # these have a rule of their own
    for raw, part in facts.each(facts.all_parameters):
        plain = plain_name(part.name)
        if part.location == "header" and plain in _TRANSPORT and part.pointer not in known:
            required = part.node.get("required") is True
            action = facts.removed(part, f"{part.name[:80]} is a matter of the transport.")
            message = f"The {'required ' if required else ''}header {part.name[:80]!r} is declared as a parameter."
            yield Finding("transport_parameter", part.pointer, message, label(raw), (action,), severity=None if required else "info")


def identifiers(facts: Facts) -> Iterator[Finding]:
    """Path parameters that do not say of what they are the identifier."""
    for raw, part in facts.each(facts.all_parameters):
        if part.location == "path" and "".join(split(part.name)) in _KEYS and not part.description:
            schema = part.node.get("schema")
            if isinstance(schema, dict) and (schema.get("description") or schema.get("enum") or schema.get("title")):
                continue
            of = _thing(raw.path, part.name)
            action = (
                facts.update(part.pointer, {"description": f"The {' '.join(split(part.name))} of the {of}."}, "Proposed from the path.")
                if of
                else None
            )
            message = f"The path parameter {part.name!r} of {label(raw)} does not say of what it is."
            yield Finding("id_unnamed", part.pointer, message, f"{label(raw)} ({part.name[:40]})", (action,) if action else ())


def _thing(path: str, name: str) -> str:
    before = [part for part in path.partition("{" + name + "}")[0].split("/") if part and not part.startswith("{")]
    words = split(before[-1]) if before else []
    if words and words[-1].endswith("s") and not words[-1].endswith("ss"):
        words[-1] = words[-1][:-3] + "y" if words[-1].endswith("ies") else words[-1][:-1]
    return " ".join(words)


def described(facts: Facts) -> Iterator[Finding]:
    for raw, part in facts.each(facts.all_parameters):
        if len(part.description) > 800:
            message = f"The description of {part.name[:80]!r} has {len(part.description):,} characters."
            yield Finding("parameter_description_long", join(part.pointer, "description"), message, f"{label(raw)} ({part.name[:40]})")
        schema = part.node.get("schema")
        own = schema if isinstance(schema, dict) else {}
        said = part.description or own.get("description") or own.get("title") or own.get("enum") or own.get("$ref") or part.location == "header"
        if not said and unclear(part.name) and part.location != "path":
            message = f"The {part.location} parameter {part.name[:80]!r} is not described."
            yield Finding("parameter_undescribed", part.pointer, message, f"{label(raw)} ({part.name[:40]})")


def unclear(name: str) -> bool:
    """A name that says nothing by itself: a vague word, or a shortened one."""
    words = split(name)
    return not words or all(word in _VAGUE or (word not in _CLEAR and (len(word) < 3 or not re.search(r"[aeiouy]|[^a-z]", word))) for word in words)


def required(facts: Facts) -> Iterator[Finding]:
    for raw, part in facts.each(facts.all_parameters):
        schema = part.node.get("schema")
        if (
            part.location in ("query", "header")
            and part.node.get("required") is True
            and isinstance(schema, dict)
            and schema.get("default") is not None
        ):
            action = facts.update(part.pointer, {"required": False}, "It has a default.")
            message = f"The parameter {part.name[:80]!r} of {label(raw)} is required and has a default."
            yield Finding("required_with_default", part.pointer, message, f"{label(raw)} ({part.name[:40]})", (action,))


def everywhere(facts: Facts) -> Iterator[Finding]:
    """The tenant's header, the account in the path: the same in every call of a customer."""
    known = {one.part.pointer for one in credentials(facts)}
    having: dict[tuple[str, str, str], dict[str, Part]] = defaultdict(dict)
    for raw in facts.each(facts.raws):
        for part in facts.parameters(raw):
            schema = part.node.get("schema")
            own = followed(facts.root, schema)
            fixed = own.get("default") is not None or "const" in own or own.get("enum")
            if part.node.get("required") is True and not fixed and part.pointer not in known:
                having[_same(raw.path, part)].setdefault(raw.id, part)
    total = len(facts.raws)
    for (location, _, _), users in having.items():
        part = next(iter(users.values()))
        if _asked_always(location, part.name, len(users), total):
            message = f"The {location} parameter {part.name[:80]!r} is required by {len(users):,} of {total:,} operations."
            yield Finding("parameter_everywhere", part.pointer, message, severity=None if location == "header" else "info")


def _same(path: str, part: Part) -> tuple[str, str, str]:
    """Equal where the same value is meant: in a path, only at the same place."""
    name = part.name.lower() if part.location == "header" else part.name
    return part.location, name, path.partition("{" + part.name + "}")[0] if part.location == "path" else ""


def _asked_always(location: str, name: str, users: int, total: int) -> bool:
    """A path of an API that has one kind of thing begins with it, too; a day is another one every time."""
    if location == "header":
        return total >= _FEW and 2 * users > total and plain_name(name) not in _TRANSPORT and not is_idempotency_header(name)
    identifies = location == "path" or (location == "query" and split(name)[-1:] and split(name)[-1] in _OWNERS)
    return bool(identifies) and total >= 2 * _FEW and 5 * users >= 4 * total


def repeated(facts: Facts) -> Iterator[Finding]:
    for raw in facts.each(facts.raws):
        seen: dict[tuple[str, str, str], str] = {}
        for part in facts.parameters(raw):
            owner = part.used.rpartition("/")[0]
            if seen.setdefault((owner, part.location, part.name), part.used) != part.used:
                yield Finding(
                    "parameter_repeated", part.used, f"{label(raw)} has the {part.location} parameter {part.name[:80]!r} twice.", label(raw)
                )


def left_out(facts: Facts) -> Iterator[Finding]:
    for raw in facts.each(facts.raws):
        operation = facts.operation(raw)
        for one in operation.parameters:
            if not one.required and not buildable(one) and not owned(one, operation):
                place = next((part.pointer for part in facts.parameters(raw) if (part.name, part.location) == (one.name, one.location)), raw.pointer)
                message = f"The optional {one.location} parameter {one.name[:80]!r} of {label(raw)} cannot be built."
                yield Finding("parameter_left_out", place, message, f"{label(raw)} ({one.name[:40]})")


def suppliers(facts: Facts) -> Iterator[Finding]:
    for raw in facts.each(facts.raws):
        operation = facts.operation(raw)
        for one in operation.parameters:
            words = split(one.name)
            if one.location == "path" and words and words[-1] in ("id", "ids", "uuid", "guid") and not operation.suppliers.get(one.name):
                place = next((part.pointer for part in facts.parameters(raw) if (part.name, part.location) == (one.name, "path")), raw.pointer)
                message = f"No operation gives the {one.name[:80]!r} that {label(raw)} needs."
                yield Finding("identifier_unsupplied", place, message, f"{label(raw)} ({one.name[:40]})")


def mended(facts: Facts, problem: Problem) -> tuple[Action, ...]:
    """What can be proposed for problems that the reading of a document found."""
    node = value_at(facts.root, problem.pointer)
    if problem.code == "operation_id_taken":
        raw = facts.by_pointer.get(problem.pointer.removesuffix("/operationId"))
        return renamed(facts, raw) if raw else ()
    if not isinstance(node, Mapping):
        return ()
    if problem.code == "path_parameter_not_required":
        return (facts.update(problem.pointer, {"required": True}, "A part of the path is always needed."),)
    if problem.code == "path_parameter_unused":
        users = facts.users.get(problem.pointer, [])
        shared = any(part.name in placeholders(raw.path) for raw, part in users)
        return (facts.removed(users[0][1], "The path does not name it."),) if users and not shared else ()
    if problem.code == "path_parameter_undeclared":
        return _declared(facts, problem)
    return ()


def _declared(facts: Facts, problem: Problem) -> tuple[Action, ...]:
    raw = facts.by_pointer.get(problem.pointer)
    if raw is None:
        return ()
    known = {part.name for part in facts.parameters(raw) if part.location == "path"}
    made = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": f"The {' '.join(split(name))} of the {_thing(raw.path, name) or 'path'}.",
            "schema": {"type": "string"},
        }
        for name in dict.fromkeys(placeholders(raw.path))
        if name not in known
    ]
    return (facts.update(raw.pointer, {"parameters": made}, "Proposed from the path; give it its type."),) if made else ()


RULES = (transport, identifiers, described, required, everywhere, repeated, left_out, suppliers)
