"""One call made ready: its arguments from the words, or what must be called or asked before it can be made. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.builtin import dates, given, hangul, reply, requests, words
from engine.builtin.conversation import Step
from engine.builtin.desk import OPTIONS, Call, Desk, Done, Say, filled, which_of
from engine.builtin.fill import NAMED, Filled, Path, assemble
from engine.builtin.lookup import ID_LIKE, Found, Look, Missing, look_up, needed
from engine.builtin.mentions import find, unquoted
from engine.builtin.records import copied, meant, record, rows, spoken_of
from engine.builtin.requests import Goal
from engine.builtin.rules import names
from engine.builtin.toolbox import Field, Tool, which

ALL = frozenset({"all", "every", "each", "everyone", "everybody", "everything"})
OWNED = re.compile(r"\b(?:his|her|their)\s+[a-z]", re.IGNORECASE)
THEM = frozenset({"them", "these", "those", "they", "both"})
DETAIL, VALUE = "detail", "value"  # what a form for a change asks for


def first_call(desk: Desk, goal: Goal, reached: Sequence[Done]) -> Call | Say:
    """The call as the words have it, or what must be called before it can be made."""
    timed = dates.timed(goal.tool.fields, goal.text)
    said = filled(desk, goal)
    if _for_all(goal):
        said = _without_groups(goal, said)
    if goal.through:
        told = given.values(desk, goal, given.spoken(desk, goal.text))
        said = _without_ways(goal, said, told)
    elif goal.given:
        said = _without(_without_groups(goal, said), {path for path, _ in goal.given})
    misfits = {} if goal.through else {**unfit(goal, said), **beyond(goal, said)}
    counted = {**given.chosen(goal), **given.placed(goal)} if goal.through else {}
    values: dict[Path, Any] = {**misfits, **said.values, **counted, **dict(goal.given)}
    times = _times(desk, goal.tool, dates.shares(timed, goal.text))
    if isinstance(times, Call):
        return times
    values |= times
    looked = _look_ups(desk, goal.tool, said, values)
    if looked is not None:
        return looked
    values = _completed(desk, goal, values, reached)
    unnamed = [f for f in goal.tool.identifiers if f.path not in values]
    if len(unnamed) == 1 and goal.tool.changes and (options := _of_them(desk, goal, unnamed[0])):
        return which_of(reply.one_at_a_time(goal.tool, unnamed[0]), unnamed[0], options)
    if unnamed and not goal.given and _for_all(goal):
        return _ask(desk, reply.one_at_a_time(goal.tool, unnamed[0]), unnamed)
    if goal.tool.action == "update" and not _changes(goal.tool, values):
        return _what_to_change(desk, goal.tool)
    return Call(goal.tool.name, assemble(values))


def unfit(goal: Goal, said: Filled) -> dict[Path, str]:
    """speed turbo, name 'much too long a name ...': what is said right behind a field that cannot take it. It is asked for, with the reason."""
    found: dict[Path, str] = {}
    plain, taken = unquoted(goal.text), {m.text for m in said.mentions.values()}
    for field in goal.tool.fields:
        if field.path in said.values or field.many or field.role not in ("choice", "text", "name") or field.kinds - {"string"}:
            continue
        name = r"[\s_-]+".join(map(re.escape, words.parts(field.name)))
        listed = re.search(NAMED.format(name=name), plain, re.IGNORECASE) if field.choices and not goal.tool.reads else None
        quoted = re.search(rf"\b{name}\s+(?:of\s+|is\s+|[=:]\s*)?['\"](?P<value>[^'\"\n]+)['\"]", goal.text, re.IGNORECASE)
        value = quoted["value"] if quoted and not field.choices else listed["value"] if listed else None
        if value is not None and value not in taken and value.lower() not in words.STOP:
            found[field.path] = value
    return found


def beyond(goal: Goal, said: Filled) -> dict[Path, Any]:
    """the retention to 90000 days: the one number that is left and beyond the bounds of the one number that is named. It is asked for, likewise."""
    stems = {t.stem for t in words.tokens(unquoted(goal.text))}
    open_fields = [f for f in goal.tool.fields if f.role == "number" and f.path not in said.values and stems & {*f.own_words} - {*goal.tool.nouns}]
    taken = [*said.mentions.values()]
    left = [m for m in find(goal.text, frozenset(goal.tool.nouns)) if m.kind == "number" and not any(m.overlaps(t.start, t.end) for t in taken)]
    if len(open_fields) != 1 or len(left) != 1:
        return {}
    field, value = open_fields[0], open_fields[0].value(left[0].text)
    within = value is None or field.item.get("minimum", value) <= value <= field.item.get("maximum", value)
    return {} if within else {field.path: value}


def _without_ways(goal: Goal, said: Filled, told: Mapping[Path, Any]) -> Filled:
    """What was looked for on the way does not narrow what is read at its end."""
    kept = {f.path for f in goal.tool.fields if (f.path in told if f.required else not f.suppliers and f.role in ("choice", "switch", "number"))}
    return _without(said, {*said.values, *said.mentions} - kept)


def _times(desk: Desk, tool: Tool, shares: Sequence[tuple[str, Sequence[Field]]]) -> dict[Path, str] | Call:
    """The times that are said, or the call that works them out. In words first, where no form is stated and none was refused."""
    values: dict[Path, str] = {}
    made = any(s.tool == tool.name and (not s.done or s.count == 0) for s in desk.talk.steps)
    for phrase, fields in shares:
        said_so = hangul.as_said(phrase, desk.talk.heard)
        plain = [f for f in fields if not made and dates.in_words(tool, f)]
        values |= {f.path: dates.as_said(said_so) for f in plain}
        if len(plain) == len(fields) or "resolve_dates" not in desk.own:
            continue
        resolved = _resolved(desk, said_so)
        if resolved is None:
            return Call("resolve_dates", {"text": said_so})
        values |= dates.filled([f for f in fields if f not in plain], resolved, phrase)
    return values


def _ask(desk: Desk, question: str, fields: Sequence[Field]) -> Call | Say:
    """A form where there is one."""
    if "ask_user" not in desk.own:
        return Say(question)
    asked = [{"name": f.name, "label": " ".join(words.parts(f.name)).capitalize(), "type": "text"} for f in fields]
    return Call("ask_user", {"question": question, "fields": asked})


def _for_all(goal: Goal) -> bool:
    """all users, every group, users in Finance: more than one, of a tool that changes one."""
    if goal.tool.reads or goal.tool.action == "create" or goal.tool.plural:
        return False
    said = words.tokens(unquoted(goal.text))
    return any(t.lower in ALL or (t.stem in goal.tool.nouns and words.is_plural(t.text) and t.text.islower()) for t in said)


def _without_groups(goal: Goal, said: Filled) -> Filled:
    """What the many are in is not one of them: lock all users in Finance."""
    only = goal.tool.identifiers if len(goal.tool.identifiers) == 1 else ()
    many = [t.stem for t in words.tokens(goal.text) if words.is_plural(t.text)]
    own = {f.path for f in only if not set(f.own_words) - words.OWN_NAME_STEMS or any(names(f, noun) for noun in many)}
    barred = {path for path, mention in said.mentions.items() if path in own and words.BELONGS.search(goal.text[: mention.start])}
    return _without(said, barred)


def _without(said: Filled, barred: Collection[Path]) -> Filled:
    return Filled(*({path: value for path, value in part.items() if path not in barred} for part in (said.values, said.mentions)))


def _changes(tool: Tool, values: Mapping[Path, Any]) -> bool:
    """Whether an update says anything beyond which one is meant. A secret or a file is asked for; a tool without options says all by its name."""
    meant = which(tool)
    options = [f for f in tool.fields if f not in meant]
    asked = any(f.role in ("secret", "file") for f in tool.fields)
    return not any(not f.required for f in options) or any(f.path in values for f in options) or asked


def _resolved(desk: Desk, phrase: str) -> Mapping[str, Any] | None:
    return next((s.result for s in desk.talk.steps if s.tool == "resolve_dates" and s.arguments.get("text") == phrase and s.result), None)


def _look_ups(desk: Desk, tool: Tool, filled: Filled, values: dict[Path, Any]) -> Call | Say | None:
    """Puts ids in the place of names in `values`, or says what is in the way."""
    for field in tool.fields:
        named = _named(desk, field, filled)
        if named is None:
            continue
        match look_up(field, named, desk.tools, desk.talk):
            case Look(name, arguments):
                return Call(name, arguments)
            case Missing(said, options):
                chosen = [value for label, value in options if label == desk.talk.answers().get(field.name)]
                if not chosen:
                    return _which(desk, field, said, [label for label, _ in options])
                values[field.path] = chosen[0]
            case Found(value, _):
                values[field.path] = value
            case None if not field.formed(named):
                values.pop(field.path, None)
    return None


def _named(desk: Desk, field: Field, filled: Filled) -> str | None:
    """The name that was said, or answered, where an id is needed."""
    mention = filled.mentions.get(field.path)
    if mention is not None:
        return mention.text if needed(field, mention) else None
    answer = desk.talk.answers().get(field.name)
    named = field.role == "identifier" and field.suppliers and isinstance(answer, str) and not ID_LIKE.fullmatch(answer)
    return str(answer) if named and field.path not in filled.values else None


def _which(desk: Desk, field: Field, said: str, options: Sequence[str]) -> Call | Say:
    """Lets the customer choose among records that are called alike."""
    question = reply.missing(said, len(options) > 1, field.name)
    if not 1 < len(options) <= OPTIONS or "ask_user" not in desk.own:
        return Say(question)
    return which_of(question, field, options)


def _what_to_change(desk: Desk, tool: Tool) -> Call | Say:
    """Lets the customer choose one detail and type its new value."""
    meant = which(tool)
    names = [f.name for f in tool.fields if f not in meant and f.role != "secret" and len(f.path) == 1]
    if not names or "ask_user" not in desk.own:
        return Say(reply.what_to_change([f.name for f in tool.fields if f not in meant and f.role != "secret"]))
    detail = {"name": DETAIL, "label": reply.DETAIL, "type": "choice", "choices": names[:OPTIONS]}
    return Call("ask_user", {"question": reply.WHAT_TO_CHANGE, "fields": [detail, {"name": VALUE, "label": reply.NEW_VALUE, "type": "text"}]})


def _completed(desk: Desk, goal: Goal, values: Mapping[Path, Any], reached: Sequence[Done]) -> dict[Path, Any]:
    """With what the customer answered, what "it" means, and what is to be copied; the words themselves win."""
    empty = [f for f in goal.tool.fields if f.path not in values and f.role != "secret"]
    answers = desk.talk.answers()
    if DETAIL in answers and VALUE in answers:
        answers = {**answers, str(answers[DETAIL]): answers[VALUE]}
    found: dict[Path, Any] = {f.path: f.value(str(answers[f.name])) for f in empty if f.name in answers}
    if requests.refers_back(goal.text):
        found |= _referred(desk, goal, empty, reached)
    source = _source(goal, reached, desk.talk.earlier)
    if source is not None:
        found |= copied(empty, source)
    return {**{path: value for path, value in found.items() if value is not None}, **values}


def _referred(desk: Desk, goal: Goal, empty: Sequence[Field], reached: Sequence[Done]) -> dict[Path, Any]:
    wanted = [f for f in empty if f.numbered or f.role in ("identifier", "name")]
    owned = goal.tool.reads and OWNED.search(unquoted(goal.text))
    for step, source in spoken_of(goal.text, [*desk.talk.earlier, *(d.step for d in reached)]):
        known = (f for f in wanted if f.required or (owned and f.name in source))  # show his sessions: only those of whom was spoken of
        found = {f.path: value for f in known if (value := meant(f, step, source, desk.tools)) is not None}
        if found:
            return found
    return {}


def _of_them(desk: Desk, goal: Goal, field: Field) -> list[str]:
    """unlock them: the ones of the newest list, where there are several and not too many to choose among."""
    said = {t.lower for t in words.tokens(unquoted(goal.text))}
    step = next((s for s in reversed(desk.talk.earlier) if s.done), None)
    if step is None or "ask_user" not in desk.own or not said & THEM:
        return []
    found = [meant(field, step, row, desk.tools) for row in rows(step.data)]
    options = list(dict.fromkeys(str(value) for value in found if value is not None))
    return options if 1 < len(options) <= OPTIONS else []


def _source(goal: Goal, reached: Sequence[Done], earlier: Sequence[Step]) -> Mapping[str, Any] | None:
    """The record to copy from, where the words ask for a copy: "with those details", "the same settings"."""
    if goal.tool.action != "create" or not _asks_copy(goal.text):
        return None
    for step in (*(d.step for d in reversed(reached)), *(s for s in reversed(earlier) if s.done)):
        if not rows(step.data) and (found := record(step.data)) is not None:
            return found
    return None


def _asks_copy(text: str) -> bool:
    said = words.tokens(text)
    for n, token in enumerate(said):
        if token.lower in words.COPY_MARKS | {"the"} and any(t.stem in words.COPY_STEMS for t in said[n + 1 : n + 3]):
            return True
    return any(t.lower in words.SAME for t in said)
