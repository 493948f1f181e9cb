"""What becomes of values that do not fit or have no source: mended by the model, asked of the customer, or left out. Pure."""

import re
from bisect import bisect, insort
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from engine.events import JSON, Source
from engine.facts import Draft, Facts, Rejected, is_handle, leaves
from engine.intent import asks_copy
from engine.matching import same
from engine.sources import allowed, kept, open_keys, places_of, trace
from specs.pointers import INDEX, parts, pointer, value_at, without
from tools.arguments import ArgumentProblem, check
from tools.request import MASK
from tools.schema import ToolDefinition
from tools.shape import followed

UNREADABLE = frozenset({"too_large", "not_text", "not_a_number", "unsupported", "secret_misplaced", "file_misplaced", "file_unknown", "unknown"})


@dataclass(frozen=True, slots=True)
class Form:
    """What a value of a format looks like, and what is said of one that does not."""

    form: re.Pattern[str]
    like: str
    code: str


FORMS = {
    "date": Form(re.compile(r"\d{4}-\d{2}-\d{2}"), "a date like 2026-05-31", "time"),
    "date-time": Form(
        re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?"), "a time like 2026-05-31T10:00:00Z", "time"
    ),
    "uuid": Form(re.compile(r"(?i:[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})"), "a UUID like 8c4f2a10-1c1d-4c8e-9f1e-0123456789ab", "format"),
}


def fitted(facts: Facts, definition: ToolDefinition, draft: Draft) -> Draft | Rejected:
    """The arguments in the form of their schemas, with sources. What the model can mend is rejected, all problems at once."""
    arguments, typed_secrets = secrets_out(facts, definition, draft.arguments)
    checked = check(definition, filled(definition, arguments), facts.handles | facts.files.keys())
    hopeless = [each for each in checked.problems if each.code in UNREADABLE]
    if hopeless:
        return rejected(each.message for each in hopeless)
    arguments = checked.arguments
    sources = trace(facts, definition, arguments)
    problems = [*checked.problems, *misformed(definition, arguments)]
    lacking, out, mend = sorted_out(definition, problems, sources)
    if mend:
        return rejected(mend)
    for place in {*out, *lacking}:
        arguments = without(arguments, place)
    if out or lacking:
        sources = trace(facts, definition, arguments, kept(checked.arguments, arguments, sources))
    wanted = {**dict.fromkeys(typed_secrets, ""), **lacking}
    return replace(draft, arguments=arguments, sources=sources, repairs=checked.repairs, omitted=tuple(out), lacking=wanted)


def rejected(messages: Iterable[str]) -> Rejected:
    return Rejected("well_formed", " ".join(dict.fromkeys(messages)))


def filled(definition: ToolDefinition, arguments: dict[str, JSON]) -> dict[str, JSON]:
    """A required argument that the model left out, where the document has a default for it."""
    found = dict(arguments)
    for each in definition.fields:
        if each.required and each.name not in found and not each.secret:
            schema = followed(each.schema, definition.definitions)
            if isinstance(schema, dict) and schema.get("default") is not None:
                found[each.name] = schema["default"]
    return found


def secrets_out(facts: Facts, definition: ToolDefinition, arguments: dict[str, JSON]) -> tuple[dict[str, JSON], list[str]]:
    """Without what the model wrote into fields for secrets, and without secrets that are no longer kept. Second: the places whose value the customer
    typed, openly or into a hidden field: they are asked for again."""
    secret = [(place, value) for place, value in leaves(arguments) if place and unusable(facts, value, definition.kind_at(place) == "secret")]
    if not secret:
        return arguments, []
    sources = trace(facts, definition, arguments) if small(arguments) else {}
    typed = [
        place for place, value in secret
        if value == MASK or (is_handle(value) and value in facts.lost) or (place in sources and sources[place].kind == "user")
    ]  # fmt: skip
    for place, _ in sorted(secret, key=lambda found: numbered(found[0]), reverse=True):
        arguments = without(arguments, place)
    return arguments, [unit(place) for place in typed]


def unusable(facts: Facts, value: JSON, secret: bool) -> bool:
    if is_handle(value):
        return value in facts.lost or (secret and value not in facts.handles)
    return secret or value == MASK


def small(arguments: Mapping[str, JSON]) -> bool:
    """Whether the arguments can be walked before they are checked."""
    return sum(1 for _ in leaves(dict(arguments))) < 1_000 and all(place.count("/") < 32 for place, _ in leaves(dict(arguments)))


def misformed(definition: ToolDefinition, arguments: Mapping[str, JSON]) -> list[ArgumentProblem]:
    """Formats are annotations in JSON Schema, but words for a time are never what a date field takes, and a name is no UUID."""
    found = []
    for place, value in leaves(dict(arguments)):
        schema = followed(definition.schema_at(place), definition.definitions) if place and isinstance(value, str) else None
        wanted = FORMS.get(str(schema.get("format")) if isinstance(schema, dict) else "")
        if wanted and not wanted.form.fullmatch(value):
            found.append(ArgumentProblem(place, parts(place)[0], wanted.code, f"{'.'.join(parts(place))} must be {wanted.like}."))
    return found


def sorted_out(
    definition: ToolDefinition, problems: Iterable[ArgumentProblem], sources: Mapping[str, Source]
) -> tuple[dict[str, str], list[str], list[str]]:
    """What to ask for (and why), what to leave out, what to have mended. No item of a list by itself: others would move into its place."""
    lacking: dict[str, str] = {}
    out: list[str] = []
    mend: list[str] = []
    for each in problems:
        kinds = {sources[place].kind for place in places_of(sources, each.pointer)} if each.pointer else set()
        if (each.code == "required" and each.pointer) or (kinds == {"none"} and required(definition, each.pointer)):
            lacking.setdefault(unit(each.pointer), "")
        elif kinds == {"none"} and not parts(each.pointer)[-1].isdigit():
            out.append(each.pointer)
        elif each.code == "format" and kinds == {"response"}:
            continue  # the product's own id, whatever its document calls it
        elif each.code == "time" and "answer" not in kinds:
            mend.append(f"{each.message} Use resolve_dates with the customer's own words for it.")
        elif kinds and kinds <= {"user", "answer"}:
            lacking[unit(each.pointer)] = each.message
        else:
            mend.append(each.message)
    return lacking, out, mend


def required(definition: ToolDefinition, place: str) -> bool:
    """Whether the object around it (or the operation) cannot do without it. An item of a list is never required."""
    names = parts(place)
    if len(names) == 1:
        found = definition.by_name.get(names[0])
        return found is not None and found.required
    view = definition.view_at(pointer(*names[:-1]))
    return view is not None and names[-1] in view.required


def decided(facts: Facts, definition: ToolDefinition, draft: Draft) -> Draft:
    """Every value passes, is marked, is asked for, or (optional and without a source) is left out."""
    changing, copies = facts.operation is not None and not facts.operation.safe, asks_copy(facts.words)
    marks: dict[str, Source] = {}
    lacking, out = dict(draft.lacking), set[str]()
    for place, source in draft.sources.items():
        kind = definition.kind_at(place)
        cell = allowed(source.kind, kind, changing=changing, copies=copies)
        if cell == "show":
            marks[place] = source.model_copy(update={"mark": "show"})
        elif cell == "ask":
            whole = left_out(definition, draft, place) if source.kind == "none" else None
            if whole is None:
                lacking.setdefault(asked_as(definition, place), "")
            else:
                out.add(whole)
    left = outermost(out)
    cut = pruned(definition, draft, left)
    lacking = still_lacking(draft.arguments, lacking, cut)
    sources = {**draft.sources, **marks} if not left else remarked(facts, definition, draft, cut.arguments, marks)
    omitted = tuple(dict.fromkeys([*draft.omitted, *sorted(left), *gone_before(facts, definition, cut.arguments, lacking)]))
    return replace(draft, arguments=cut.arguments, sources=sources, omitted=omitted, lacking=lacking)


def remarked(facts: Facts, definition: ToolDefinition, draft: Draft, arguments: dict[str, JSON], marks: Mapping[str, Source]) -> dict[str, Source]:
    """Items of a list move up when others are left out: the sources of those are found anew."""
    sources = trace(facts, definition, arguments, kept(draft.arguments, arguments, draft.sources))
    shown = {unmarked(source) for source in marks.values()}
    return {
        place: source.model_copy(update={"mark": "show"}) if place in marks or source in shown else source for place, source in sources.items()
    }


def unmarked(source: Source) -> Source:
    return source.model_copy(update={"mark": ""})


def left_out(definition: ToolDefinition, draft: Draft, place: str) -> str | None:
    """The nearest place around a value that may be missing and holds nothing with a source, nor anything the customer gave that did not fit."""
    names, kept = parts(place), told_within(draft)
    for length in range(len(names), 0, -1):
        around = pointer(*names[:length])
        if around in kept or any(draft.sources[each].kind != "none" for each in places_of(draft.sources, around)):
            return None
        if not required(definition, around):
            return around
    return None


def asked_as(definition: ToolDefinition, place: str) -> str:
    """A value under a name that no schema declares is asked for with that name: as the whole object."""
    return unit(next((around for around, _ in open_keys(definition, place)), place))


def told_within(draft: Draft) -> frozenset[str]:
    """Places around what the customer gave and has to be told something about."""
    return frozenset(around for place, why in draft.lacking.items() if why for around in places_around(place))


def unit(place: str) -> str:
    """An item of a list is asked for as the list."""
    while place.rpartition("/")[2].isdigit():
        place = place.rpartition("/")[0]
    return place


@dataclass(frozen=True, slots=True)
class Cut:
    """Arguments after some were left out. `gone`: what went, also because it became empty; `bare`: what became empty and cannot be missing."""

    arguments: dict[str, JSON]
    gone: frozenset[str]
    bare: frozenset[str]


def pruned(definition: ToolDefinition, draft: Draft, out: Iterable[str]) -> Cut:
    """Without these places, from the end, so that those still to go stand where they stood. What became empty goes, too."""
    arguments, gone, bare, kept = draft.arguments, set[str](), set[str](), told_within(draft)
    for place in sorted(out, key=numbered, reverse=True):
        arguments, around = without(arguments, place), place.rpartition("/")[0]
        gone.add(place)
        while around and around not in kept and value_at(arguments, around) in ({}, []):
            if required(definition, around):
                bare.add(unit(around))
                break
            gone.add(around)
            arguments, around = without(arguments, around), around.rpartition("/")[0]
    return Cut(arguments, frozenset(gone), frozenset(bare))


def still_lacking(before: JSON, lacking: Mapping[str, str], cut: Cut) -> dict[str, str]:
    """What is to be asked for after a cut, each value once."""
    found = moved(before, lacking, cut.gone)
    inside = {around for place in found for around in places_around(place)}
    found.update((place, "") for place in moved(before, dict.fromkeys(cut.bare, ""), cut.gone) if place not in inside)
    return {place: found[place] for place in outermost(found)}


def moved(before: JSON, lacking: Mapping[str, str], gone: Collection[str]) -> dict[str, str]:
    """Where the places of `before` are now: items of a list move up behind what is gone, and what went with its surroundings is not asked for."""
    numbers: dict[str, list[int]] = {}
    for around, _, last in (place.rpartition("/") for place in gone):
        if isinstance(value_at(before, around), list):
            insort(numbers.setdefault(around, []), int(last))
    found = {}
    for place, why in lacking.items():
        if not any(each in gone for each in [place, *places_around(place)]):
            named = zip(["", *places_around(place)], place.split("/")[1:], strict=True)
            steps = [str(int(part) - bisect(numbers[around], int(part))) if around in numbers else part for around, part in named]
            found["".join(f"/{step}" for step in steps)] = why
    return found


def places_around(place: str) -> list[str]:
    """From the outermost in, without the arguments themselves: "/a" and "/a/0" of "/a/0/b"."""
    steps = place.split("/")
    return ["/".join(steps[:length]) for length in range(2, len(steps))]


def outermost(places: Collection[str]) -> list[str]:
    return [place for place in places if not any(around in places for around in places_around(place))]


def numbered(place: str) -> list[tuple[int, int, str]]:
    """Sorts items of a list by number."""
    return [(0, int(part), "") if INDEX.fullmatch(part) else (1, 0, part) for part in parts(place)]


def gone_before(facts: Facts, definition: ToolDefinition, arguments: Mapping[str, JSON], lacking: Mapping[str, str]) -> list[str]:
    """What the model wished for and an earlier look at this call left out: it stays recorded."""
    wish = facts.call.wish.arguments
    if facts.call.arguments == wish:
        return []
    names = [name for name in wish if name in definition.by_name and name not in arguments and pointer(name) not in lacking]
    return [pointer(name) for name in names if not same(wish[name], None)]
