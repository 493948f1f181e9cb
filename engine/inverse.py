"""The call that takes a change back, where the document has one and all that it needs is known. Pure; it is offered, never made by itself."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.events import JSON
from specs.document import Document
from specs.model import Entry, Operation
from specs.pointers import value_at
from tools.fields import plain_name, words
from tools.purpose import naming_verbs, singular
from tools.schema import ToolDefinition
from tools.verbs import DELETING, names

PAIRS: tuple[tuple[str, str], ...] = (
    ("enable", "disable"), ("activate", "deactivate"), ("suspend", "resume"), ("suspend", "reinstate"), ("pause", "resume"),
    ("archive", "restore"), ("trash", "restore"), ("delete", "restore"), ("remove", "restore"), ("delete", "undelete"), ("delete", "recover"),
    ("add", "remove"), ("add", "delete"), ("assign", "remove"), ("attach", "detach"), ("connect", "disconnect"), ("join", "leave"),
    ("grant", "revoke"), ("hide", "show"), ("close", "reopen"), ("register", "deregister"), ("star", "delete"), ("freeze", "thaw"),
)  # fmt: skip
# X and unX: found by their form. The first of such a verb takes back the second, too.
UNDOING = names(
    "unlock unblock unarchive unsubscribe unfollow unstar unlike unfavorite unfavourite unpin unmute unban unhide unpublish unassign unlink",
    "unregister unmark unfreeze untrash unwatch untag unmount uninstall unsuspend unpause uncordon unapprove uncheck",
)
CREATING = names("create add new make insert post register invite upload open order book submit issue generate write enroll enrol")
TAKING = DELETING | names("cancel revoke withdraw unregister deregister unassign detach kick dismiss close end terminate retract leave")
UPSERTING = names("update set replace put upsert change edit modify save")
PLACE = re.compile(r"\{([^{}]*)\}")
ALL = frozenset(["all", "bulk", "batch", "many", "multiple", "every"])


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was carried out. `body`: what the product answered."""

    operation: Operation
    definition: ToolDefinition
    arguments: Mapping[str, JSON]
    status: int | None = None
    body: JSON = None


@dataclass(frozen=True, slots=True)
class Inverse:
    operation: Operation
    arguments: dict[str, JSON]


Definitions = Callable[[Operation], ToolDefinition]


def inverse(document: Document, change: Change, definition_of: Definitions) -> Inverse | None:
    """The first operation that undoes this one and whose required arguments are all known."""
    for entry in counterparts(document, change):
        operation = document.operation(entry.id)
        found = arguments_for(change, operation, definition_of(operation))
        if found is not None:
            return Inverse(operation, found)
    return None


def counterparts(document: Document, change: Change) -> Iterator[Entry]:
    operation = change.operation
    own = verbs(operation)
    if operation.method == "PUT" and change.status == 201:  # it was not there before (RFC 9110, 9.3.4)
        yield from (entry for entry in deletes_at(document, operation.path) if takes_away(verbs(entry)))
    elif operation.method in ("PUT", "POST") and not own & UPSERTING:  # "add or update": what was there before is not known
        yield from (entry for entry in deletes_at(document, operation.path) if opposite(own, verbs(entry)))
    if operation.method == "POST" and creates(own):
        path = operation.path.rstrip("/")
        front, _, last = path.rpartition("/")  # /containers/create
        one = document.collections.get(front if last in CREATING and path not in document.collections else path)
        yield from (entry for entry in map(document.entry, filter(None, (one,))) if takes_away(verbs(entry)))
    yield from beside(document, operation)


def verbs(line: Operation | Entry) -> frozenset[str]:
    """The verbs an operation's name begins with."""
    first = [singular(word) for name in (words(line.id), words(line.summary)) for word in name[:4]]
    more = (word for word in first if word in UPSERTING or word in UNDOING or undone_by(word))
    return frozenset([*naming_verbs(line.id, line.summary, line.path), *more])


def creates(own: frozenset[str]) -> bool:
    """A POST to a collection that says nothing else creates one of it."""
    return not own & UPSERTING and bool(not own or own & CREATING)


def takes_away(own: frozenset[str]) -> bool:
    """A DELETE that says so, or says nothing else: one that sells or ships is none."""
    return not own or bool(own & TAKING)


def deletes_at(document: Document, path: str) -> Iterator[Entry]:
    """What deletes exactly what is at this path: not all that lies below it, and not all that is in it."""
    if path.rstrip("/") not in document.collections:
        yield from (entry for entry in document.at(path) if entry.method == "DELETE" and not ALL & {*words(entry.id), *words(entry.summary)})


def opposite(one: frozenset[str], other: frozenset[str]) -> bool:
    return any(undoes in other for verb in one for undoes in undone_by(verb))


def undone_by(verb: str) -> tuple[str, ...]:
    bare = (verb[2:],) if verb in UNDOING else ()
    formed = (f"un{verb}",) if f"un{verb}" in UNDOING else ()
    paired = (second if verb == first else first for first, second in PAIRS if verb == first or (verb == second and lasting(first)))
    return (*formed, *bare, *paired)


def lasting(verb: str) -> bool:
    """What "restore" takes back is not done anew by whoever restores, and what was removed is not added as it was."""
    return verb not in ("delete", "remove", "trash", "add", "assign", "star", "join", "register")


def beside(document: Document, operation: Operation) -> Iterator[Entry]:
    """/users/{id}/unlock beside /users/{id}/lock, groups.unarchive beside groups.archive; of /users/{id} itself, /users/{id}/restore."""
    path = operation.path.rstrip("/")
    front, _, last = path.rpartition("/")
    if operation.method == "DELETE" and last.startswith("{"):
        yield from (entry for verb in undone_by("delete") for entry in document.at(f"{path}/{verb}") if entry.method in ("POST", "PUT"))
    if operation.method not in ("POST", "PUT", "PATCH") or last.startswith("{"):
        return
    for word in re.findall(r"[a-z]+|[A-Z][a-z]*", last):
        for verb in undone_by(word.lower()):
            renamed = last.replace(word, verb.capitalize() if word[0].isupper() else verb, 1)
            yield from (entry for entry in document.at(f"{front}/{renamed}") if entry.method == operation.method)


def restored(change: Change, before: JSON) -> Inverse | None:
    """The same update with the values that the record had before, where all of them are known. A PUT is of the whole: all that it takes and had."""
    operation, record = change.operation, inner(before)
    if operation.method not in ("PUT", "PATCH") or not operation.path.rstrip("/").endswith("}"):
        return None
    fields = [field for field in change.definition.fields if field.location == "body" and not field.constant]
    wanted = [field for field in fields if field.name in change.arguments or (operation.method == "PUT" and field.wire in record)]
    if not wanted or any(field.kind == "secret" or field.file or record.get(field.wire) is None for field in wanted):
        return None
    kept = {field.name: change.arguments[field.name] for field in change.definition.fields if field.name in change.arguments and field not in fields}
    found = {**kept, **{field.name: record[field.wire] for field in wanted}}
    return Inverse(operation, found) if found != dict(change.arguments) else None


def arguments_for(change: Change, operation: Operation, definition: ToolDefinition) -> dict[str, JSON] | None:
    """All that the counterpart needs, from the call and what came of it; None where something required is not known."""
    found: dict[str, JSON] = {}
    shared = {*PLACE.findall(change.operation.path)}
    made = operation.path.rstrip("/").rpartition("/")[0] == change.operation.path.rstrip("/")  # one of the collection: the rest was for making it
    for field in definition.fields:
        if field.constant:
            continue
        value = None
        if field.location == "path":
            value = change.arguments.get(field.name) if field.wire in shared else identity(change, field.wire, operation)
        elif (field.required or not made) and field.kind not in ("secret", "text") and not field.file and field.name in change.definition.by_name:
            value = change.arguments.get(field.name)
        if value is not None:
            found[field.name] = value
        elif field.required:
            return None
    return found


def identity(change: Change, wanted: str, operation: Operation) -> JSON:
    """What names the new thing: what is called so in the answer, or else in the call; its id; where the lists of such things have it."""
    record, name = inner(change.body), plain_name(wanted)
    about = record.get("metadata")
    for values in (record, about if isinstance(about, Mapping) else {}, change.arguments):
        known = {plain_name(each): value for each, value in values.items()}
        if name in known:
            return scalar(known[name])
    own = next((scalar(value) for each, value in record.items() if plain_name(each) == "id"), None)
    thing = plain_name(operation.path.rstrip("/").split("/")[-2])
    if own is not None and alike(name.removesuffix("id"), thing):
        return own
    return in_lists(record, wanted, operation)


def in_lists(record: Mapping[str, JSON], wanted: str, operation: Operation) -> JSON:
    """The graph knows that a list's rows hold it, say at /metadata/name: so does one row of its own."""
    tails = (each.pointer.rpartition("/*")[2] for each in operation.suppliers.get(wanted, ()) if "/*" in each.pointer)
    return next((found for tail in tails if tail and (found := scalar(value_at(record, tail))) is not None), None)


def inner(body: JSON) -> Mapping[str, JSON]:
    """The object itself, or the only one in its wrapper."""
    if not isinstance(body, Mapping):
        return {}
    objects = [value for value in body.values() if isinstance(value, Mapping)]
    return objects[0] if len(objects) == 1 and len(body) <= 2 else body


def alike(name: str, thing: str) -> bool:
    """pet and pets, category and categories."""
    return name in (thing, thing.removesuffix("s"), thing.removesuffix("es"), re.sub(r"ies$", "y", thing))


def scalar(value: JSON) -> JSON:
    return value if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None
