"""The doctor's rules for operations: their names, their words, what they take and give as a whole. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator

from preprocess.doctor_facts import Facts, Finding, Part, label
from specs.catalogue import Raw, placeholders
from specs.overlay import Action
from specs.pointers import join
from specs.references import followed
from specs.words import split, stem, tokens
from tools.fields import names, plain_name
from tools.forms import DESCRIPTION
from tools.media import essence, is_json

MOST_TOKENS = 2_000  # of one definition before anything is cut: half of what a turn may show
MOST_REQUIRED = 12
_FILES = ("image/", "audio/", "video/", "application/octet-stream", "application/pdf", "application/zip")
_TABLES = ("csv", "xml", "ndjson", "jsonl", "json-seq", "tab-separated-values")  # read as data, whatever comes before
_TOOL_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CHANGING = frozenset(
    ("delete", "remove", "create", "update", "cancel", "revoke", "reset", "send", "destroy", "purge", "activate", "deactivate", "approve", "reject")
)
_READING = frozenset(("search", "query", "list", "find", "lookup", "get", "filter", "count", "fetch"))
_PAGING = names(
    "page pages limit offset cursor per size start after before since until top skip count max marker continuation token",
    "first last take rows from to next",
)
_VERBS = {
    "get": "Get",
    "post": "Create",
    "put": "Replace",
    "patch": "Change",
    "delete": "Delete",
    "head": "Check",
    "options": "Ask about",
    "query": "Search",
}
_CONSEQUENTIAL = "x-openai-isConsequential"
_CONFIRM = "x-requireConfirmation"


def identifiers(facts: Facts) -> Iterator[Finding]:
    """operationIds: what a model calls a tool by."""
    for raw in facts.each(facts.raws):
        wanted = raw.operation.get("operationId")
        if not isinstance(wanted, str) or not wanted.strip():
            action = facts.update(raw.pointer, {"operationId": facts.made_names[raw.id]}, "Made of method and path; give it your own name.")
            yield Finding("operation_id_missing", raw.pointer, f"{label(raw)} has no operationId.", label(raw), (action,))
        elif not _TOOL_NAME.fullmatch(wanted):
            action = facts.update(raw.pointer, {"operationId": raw.id}, "The name that a model sees now.")
            message = f"The operationId {wanted[:80]!r} cannot be a tool's name; a model sees {raw.id!r}."
            yield Finding("operation_id_unusable", join(raw.pointer, "operationId"), message, label(raw), (action,))


def renamed(facts: Facts, raw: Raw) -> tuple[Action, ...]:
    """For one whose operationId another has."""
    return (facts.update(raw.pointer, {"operationId": facts.made_names[raw.id]}, "Made of method and path; give it your own name."),)


def described(facts: Facts) -> Iterator[Finding]:
    for raw in facts.each(facts.raws):
        summary, description = raw.summary.strip(), raw.description.strip()
        said = summary or description
        if not said:
            yield Finding(
                "operation_undescribed", raw.pointer, f"{label(raw)} has neither summary nor description.", label(raw), _summarised(facts, raw)
            )
        elif all(_repeats(raw, one) for one in (summary, description) if one):
            yield Finding(
                "operation_description_repeats", raw.pointer, f"{said[:80]!r} only repeats the operation's name.", label(raw), _summarised(facts, raw)
            )
        if len(description) > 2 * DESCRIPTION:
            message = f"The description has {len(description):,} characters; about {DESCRIPTION} are shown."
            yield Finding("operation_description_long", join(raw.pointer, "description"), message, label(raw))


def _summarised(facts: Facts, raw: Raw) -> tuple[Action, ...]:
    return (facts.update(raw.pointer, {"summary": proposed(raw)}, "Proposed from the path; say it in the customers' words."),)


def proposed(raw: Raw) -> str:
    """GET /users/{id}/groups -> "List groups of a user"."""
    parts = [part for part in raw.path.split("/") if part]
    literal = [part for part in parts if not part.startswith("{")]
    last = parts[-1] if parts else ""
    one = last.startswith("{")
    verb = "List" if raw.method == "get" and not one and last.endswith("s") else _VERBS.get(raw.method, raw.method.capitalize())
    thing = " ".join(split(literal[-1])) if literal else "it"
    if one or verb == "Create":
        thing = _one(thing)
    owner = (
        f" of {_one(' '.join(split(literal[-2])))}"
        if len(literal) > 1 and len(parts) > 2 and parts[parts.index(literal[-1]) - 1].startswith("{")
        else ""
    )
    return f"{verb} {thing}{owner}"


def _one(thing: str) -> str:
    *before, last = thing.split() or [thing]
    single = " ".join((*before, last[:-3] + "y" if last.endswith("ies") else last[:-1] if last.endswith("s") and not last.endswith("ss") else last))
    return f"{'an' if single[:1] in 'aeio' else 'a'} {single}"


def _repeats(raw: Raw, said: str) -> bool:
    """The words of a good summary may be those of the operationId; what has no spaces, or is the path, is no sentence."""
    wanted = raw.operation.get("operationId")
    spaceless = not any(letter.isspace() for letter in said.rstrip("."))
    plain = plain_name(said)
    return plain in (plain_name(raw.path), plain_name(raw.method + raw.path)) or (
        spaceless and plain in (plain_name(wanted) if isinstance(wanted, str) else "", plain_name(raw.id))
    )


def twins(facts: Facts) -> Iterator[Finding]:
    """Operations with the same words: told apart by what they take, or not at all."""
    groups: dict[tuple[str, ...], list[Raw]] = defaultdict(list)
    for raw in facts.each(facts.raws):
        words = tuple(tokens(f"{raw.summary} {raw.description[:DESCRIPTION]}"))
        if words and raw.operation.get("deprecated") is not True:
            groups[words].append(raw)
    for group in groups.values():
        if len(group) > 1:
            yield from _group(facts, group)


def _group(facts: Facts, group: list[Raw]) -> Iterator[Finding]:
    """What is needed, the path's parameters above all, tells them apart: of one thing, or of all; of a namespace, or of the whole."""
    needing: dict[frozenset[str], list[Raw]] = defaultdict(list)
    for raw in facts.each(group):
        needing[frozenset((*placeholders(raw.path), *(one.name for one in facts.tool(raw).fields if one.required and not one.constant)))].append(raw)
    for several in needing.values():
        alike: dict[tuple[str, frozenset[str]], list[Raw]] = defaultdict(list)
        for raw in several if len(several) > 1 else ():
            alike[raw.method, frozenset(one.name for one in facts.tool(raw).fields)].append(raw)
        for twin in alike.values():
            if len(twin) > 1:
                yield _same("operation_twins", twin, "have the same words and take the same")
        if len(alike) > 1:
            yield _same("operation_summary_duplicate", [twin[0] for twin in alike.values()], "have the same words and need the same")


def _same(code: str, raws: list[Raw], what: str) -> Finding:
    shown = ", ".join(label(raw) for raw in raws[:4]) + (f" and {len(raws) - 4} more" if len(raws) > 4 else "")
    return Finding(code, raws[1].pointer, f"{shown} {what}.", " / ".join(label(raw) for raw in raws[:2]))


def methods(facts: Facts) -> Iterator[Finding]:
    """Names that contradict the method."""
    for raw in facts.each(facts.raws):
        said = any(isinstance(raw.operation.get(key), bool) for key in (_CONSEQUENTIAL, _CONFIRM))
        words = _doing(raw)
        if raw.method == "get" and not said and words & _CHANGING:
            action = facts.update(raw.pointer, {_CONFIRM: True}, "The customer is asked before it is called.")
            yield Finding("get_changes", raw.pointer, f"{label(raw)} seems to {min(words & _CHANGING)} something.", label(raw), (action,))
        if raw.method == "post" and not said and words & _READING and not words & _CHANGING:
            action = facts.update(raw.pointer, {_CONSEQUENTIAL: False}, "If it changes nothing: no approval is asked for.")
            yield Finding("post_only_reads", raw.pointer, f"{label(raw)} seems only to read.", label(raw), (action,))
        if raw.method == "get" and _carries(facts, raw):
            yield Finding("get_with_body", join(raw.pointer, "requestBody"), f"{label(raw)} has a request body.", label(raw))
        if raw.operation.get("deprecated") is True:
            yield Finding("operation_deprecated", join(raw.pointer, "deprecated"), f"{label(raw)} is deprecated.", label(raw))


def _carries(facts: Facts, raw: Raw) -> bool:
    """Generators write empty bodies."""
    schemas = [followed(facts.root, media.get("schema")) for _, media, _ in facts.content(facts.body(raw))]
    return any(schema.get("properties") or schema.keys() - {"type", "properties", "required", "additionalProperties"} for schema in schemas)


def _doing(raw: Raw) -> set[str]:
    """The verbs that name it: the operationId's first word and the path's last, where that is one word."""
    wanted = raw.operation.get("operationId")
    named = split(wanted)[:1] if isinstance(wanted, str) else []
    last = raw.path.rstrip("/").rpartition("/")[2]
    ending = split(last) if not last.startswith("{") else []
    return {*named, *(ending if len(ending) == 1 else ())}


def results(facts: Facts) -> Iterator[Finding]:
    for raw in facts.each(facts.raws):
        successes = facts.successes(raw)
        if not successes:
            yield _without_success(facts, raw)
        elif raw.method == "get" and any(status[:1] == "2" or status == "default" for status, _ in successes):
            yield from _answer(facts, raw, successes)


def _without_success(facts: Facts, raw: Raw) -> Finding:
    place = join(raw.pointer, "responses") if "responses" in raw.operation else raw.pointer
    usable = isinstance(raw.operation.get("responses", {}), dict)
    action = facts.update(raw.pointer, {"responses": {"200": {"description": "It went well."}}}, "Say what comes back, with its schema.")
    return Finding("success_response_missing", place, f"{label(raw)} declares no response of success.", label(raw), (action,) if usable else ())


def _answer(facts: Facts, raw: Raw, successes: list[tuple[str, Part]]) -> Iterator[Finding]:
    declared = [(name, media, pointer) for status, part in successes if status[:1] != "3" for name, media, pointer in facts.content(part)]
    empty = any(status in ("204", "205") for status, _ in successes)
    status, part = successes[0]
    if not declared:
        if not empty:
            yield Finding("success_schema_missing", part.pointer, f"{label(raw)} does not say what it returns ({status}).", label(raw))
        return
    json = [(media, pointer) for name, media, pointer in declared if is_json(name)]
    if not json:
        if not any(essence(name).startswith(_FILES) or essence(name).endswith(_TABLES) for name, _, _ in declared):
            yield Finding("response_not_json", declared[0][2], f"{label(raw)} answers in {declared[0][0][:60]}.", label(raw))
    elif all("schema" not in media or media["schema"] in ({}, True) for media, _ in json):
        yield Finding("success_schema_missing", json[0][1], f"{label(raw)} does not say what it returns.", label(raw))
    elif followed(facts.root, json[0][0].get("schema")).get("type") == "array" and not _pages(facts, raw):
        yield Finding("list_without_pages", json[0][1], f"{label(raw)} returns a list without parameters for pages.", label(raw))


def _pages(facts: Facts, raw: Raw) -> bool:
    return any(part.location == "query" and {stem(word) for word in split(part.name)} & _PAGING_STEMS for part in facts.parameters(raw))


def definitions(facts: Facts) -> Iterator[Finding]:
    """What of each operation's tool definition a turn has no room or no means for."""
    for raw in facts.each(facts.raws):
        tool = facts.tool(raw)
        if tool.unsupported:
            place = join(raw.pointer, "requestBody") if "body" in tool.unsupported else raw.pointer
            yield Finding("operation_unsupported", place, f"{label(raw)}: {tool.unsupported}", label(raw))
        needed = [one for one in tool.fields if one.required and not one.constant]
        if len(needed) > MOST_REQUIRED:
            yield Finding("many_required", raw.pointer, f"{label(raw)} requires {len(needed)} values.", label(raw))
        whole = facts.whole(tool)
        if whole > MOST_TOKENS:
            message = f"{label(raw)} takes about {whole:,} tokens as a whole; a model is shown {facts.cost(raw):,} of them."
            yield Finding("operation_over_budget", raw.pointer, message, f"{label(raw)} ({whole:,} tokens)")


_PAGING_STEMS = frozenset(stem(word) for word in _PAGING)
RULES = (identifiers, described, twins, methods, results, definitions)
