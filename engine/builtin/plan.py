"""The next step of a turn: which call comes now, or what is said when nothing is left to call. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from engine.builtin import dates, present, reply, requests, words
from engine.builtin.affinity import Request, belongs_somewhere
from engine.builtin.choose import nouns_of
from engine.builtin.conversation import Conversation, Step
from engine.builtin.fill import Filled, Path, assemble, fill
from engine.builtin.lookup import Found, Look, Missing, look_up, needed
from engine.builtin.mend import mended_arguments
from engine.builtin.mentions import find, together
from engine.builtin.records import copied, meant, record, rows, spoken_of
from engine.builtin.requests import Goal
from engine.builtin.toolbox import Field, Tool

TRIES = 2  # mended calls for one goal


@dataclass(frozen=True, slots=True)
class Call:
    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """A goal was reached by `step`. `named` is what the customer called the thing, where an id had to be looked up."""

    goal: Goal
    step: Step
    named: str | None = None


Next: TypeAlias = Call | Say


@dataclass(frozen=True, slots=True)
class Desk:
    """What planning one turn looks at."""

    talk: Conversation
    tools: Mapping[str, Tool]
    own: frozenset[str]
    nouns: frozenset[str]


def next_step(talk: Conversation, tools: Mapping[str, Tool], own: frozenset[str]) -> Next:
    talk = replace(talk, said=requests.repeated(talk.said, talk.before))
    spoken = _spoken(talk, list(tools.values()))
    if spoken is not None:
        return spoken
    desk = Desk(replace(talk, said=requests.wished(talk.said)), tools, own, nouns_of(tools.values()))
    again = _earlier_list(desk)
    if again is not None:
        return again
    asked = requests.goals(desk.talk.said, tools, [s.tool for s in talk.earlier if s.done])
    if not asked:
        return Say(reply.refusal(talk.product, list(tools.values())))
    return _advance(desk, [goal for one in asked for goal in _each(desk, one)])


def _spoken(talk: Conversation, tools: Sequence[Tool]) -> Say | None:
    """Words that ask for no operation."""
    if not requests.wished(talk.said).strip():
        return Say(reply.NOTHING_DONE)
    if requests.is_about(talk.said):
        return Say(reply.about(talk.product, tools))
    if requests.is_greeting(talk.said):
        return Say(reply.welcome(talk.product, tools))
    return Say(reply.WELCOME) if requests.is_thanks(talk.said) else None


def _earlier_list(desk: Desk) -> Next | None:
    """How many failed, sort them by name: about the list that was read last."""
    wanted = present.of_earlier(desk.talk, desk.tools, desk.nouns) if "show" in desk.own else {}
    if not wanted:
        return None
    shown = _shown(desk, wanted["result"])
    return Say(reply.shown_again(shown)) if shown else Call("show", wanted)


def _shown(desk: Desk, result: str) -> Step | None:
    """The `show` call of this turn for a result."""
    return next((s for s in desk.talk.steps if s.tool == "show" and s.arguments.get("result") == result and s.result), None)


def _each(desk: Desk, goal: Goal) -> list[Goal]:
    """One goal for each thing that is named where the tool takes one at a time: delete user1 and user2."""
    if len(goal.tool.identifiers) != 1 or goal.tool.identifiers[0].many:
        return [goal]
    first = _filled(desk, goal).mentions.get(goal.tool.identifiers[0].path)
    joined = together(first, find(goal.text, desk.nouns), goal.text) if first else []
    if len(joined) < 2 or any(m.kind != joined[0].kind for m in joined):
        return [goal]
    start, end = joined[0].start, joined[-1].end
    return [Goal(goal.tool, goal.text[:start] + goal.text[m.start : m.end] + goal.text[end:]) for m in joined]


def _filled(desk: Desk, goal: Goal) -> Filled:
    return fill(Request(goal.text, goal.tool, desk.nouns, dates.spans(goal.text, goal.tool.fields)))


def _advance(desk: Desk, wanted: Sequence[Goal]) -> Next:
    """The first goal that is not reached yet decides."""
    reached: list[Done] = []
    free = list(desk.talk.steps)
    for goal in wanted:
        came = _toward(desk, goal, reached, free)
        if not isinstance(came, Done):
            return came if isinstance(came, Call) else Say(_said(desk, reached, came.text))
        reached.append(came)
        free = free[free.index(came.step) + 1 :]
        part = present.of_list(goal.text, came.step) if goal.tool.reads and "show" in desk.own else {}
        if part and _shown(desk, came.step.id) is None:
            return Call("show", {"result": came.step.id, **part})
    return Say(_said(desk, reached, ""))


def _said(desk: Desk, reached: Sequence[Done], end: str) -> str:
    return " ".join([*(reply.outcome(d.goal, d.step, d.named, _shown(desk, d.step.id)) for d in reached), end]).strip()


def _toward(desk: Desk, goal: Goal, reached: Sequence[Done], free: Sequence[Step]) -> Done | Call | Say:
    first = _first_call(desk, goal, reached)
    if isinstance(first, Call) and first.tool != goal.tool.name:
        return _unless_failed(first, free)
    tries = [s for s in free if s.tool == goal.tool.name]
    if not tries or isinstance(first, Say):
        return first
    made = [s for s in tries if s.done]
    if not made:
        return _again(goal, tries)
    other = _otherwise(desk, goal, made[0]) if len(made) == 1 and len(tries) == 1 else None
    return other or Done(goal, next((s for s in made if s.count != 0), made[0]), _named(desk, goal))


def _otherwise(desk: Desk, goal: Goal, empty: Step) -> Call | None:
    """An empty list is asked for once more where another field could have been meant: a search for what is no department."""
    if not goal.tool.reads or empty.count != 0:
        return None
    options = [f for f in goal.tool.fields if not f.required and len(f.path) == 1 and f.name not in empty.arguments]
    others = sorted((f for f in options if f.role == "search" or (f.role == "text" and belongs_somewhere(f))), key=lambda f: f.role != "search")
    for path, mention in _filled(desk, goal).mentions.items():
        used = next((f for f in goal.tool.fields if f.path == path and not f.required and f.role in ("text", "name", "search")), None)
        if used and others and empty.arguments.get(used.name) == mention.text:
            kept = {name: value for name, value in empty.arguments.items() if name != used.name}
            return Call(goal.tool.name, {**kept, others[0].name: mention.text})
    return None


def _named(desk: Desk, goal: Goal) -> str | None:
    """What the customer called the thing whose id was looked up."""
    mentions = _filled(desk, goal).mentions
    return next((mentions[f.path].text for f in goal.tool.identifiers if f.path in mentions and needed(f, mentions[f.path])), None)


def _unless_failed(call: Call, free: Sequence[Step]) -> Call | Say:
    """A preparing call that was refused is not made again."""
    same = [s for s in free if s.tool == call.tool and dict(s.arguments) == dict(call.arguments) and s.result]
    return Say(reply.failed(same[-1])) if same else call


def _again(goal: Goal, tries: Sequence[Step]) -> Call | Say:
    """The refused call in a form that may pass, while there is one and the tries last."""
    last = tries[-1]
    if last.final or len(tries) > TRIES:
        return Say(reply.failed(last))
    mended = _without_named(goal.tool, last) if last.refused_here else mended_arguments(last.arguments, last.result.get("errors") or {})
    return Call(goal.tool.name, mended) if mended is not None else Say(reply.failed(last))


def _without_named(tool: Tool, step: Step) -> dict[str, Any] | None:
    """A checkpoint's reason names the arguments it minds: the optional ones are left out."""
    said = set(words.parts(str(step.result.get("reason", ""))))
    optional = {f.path[0] for f in tool.fields if not f.required}
    kept = {n: v for n, v in step.arguments.items() if not (n in optional and set(words.parts(n)) <= said)}
    return kept if len(kept) < len(step.arguments) else None


def _first_call(desk: Desk, goal: Goal, reached: Sequence[Done]) -> Call | Say:
    """The call as the words have it, or what must be called before it can be made."""
    found = dates.phrases(goal.text)
    timed = [f for f in goal.tool.fields if f.role == "time"]
    filled = _filled(desk, goal)
    values: dict[Path, Any] = dict(filled.values)
    if timed and found and "resolve_dates" in desk.own:
        resolved = _resolved(desk, found[0][0])
        if resolved is None:
            return Call("resolve_dates", {"text": found[0][0]})
        values |= dates.filled(timed, resolved, found[0][0])
    looked = _look_ups(desk, goal.tool, filled, values)
    if looked is not None:
        return looked
    values = _completed(desk, goal, values, reached)
    unnamed = [f for f in goal.tool.identifiers if f.path not in values]
    if unnamed and _for_all(goal):
        return _ask(desk, reply.one_at_a_time(goal.tool, unnamed[0]), unnamed)
    if goal.tool.action == "update" and not _changes(goal.tool, values):
        return Say(reply.what_to_change([f.name for f in goal.tool.fields if not f.required and f.role != "secret"]))
    return Call(goal.tool.name, assemble(values))


def _ask(desk: Desk, question: str, fields: Sequence[Field]) -> Call | Say:
    """A form where there is one."""
    if "ask_user" not in desk.own:
        return Say(question)
    asked = [{"name": f.name, "label": " ".join(words.parts(f.name)).capitalize(), "type": "text"} for f in fields]
    return Call("ask_user", {"question": question, "fields": asked})


def _for_all(goal: Goal) -> bool:
    """all users, every group: more than one, of a tool that changes one."""
    said = words.tokens(goal.text)
    return (
        not goal.tool.reads
        and goal.tool.action != "create"
        and any(t.lower in ("all", "every", "each", "everyone", "everybody", "everything") for t in said)
    )


def _changes(tool: Tool, values: Mapping[Path, Any]) -> bool:
    """Whether an update says anything beyond which one is meant. A secret is asked for later; a tool without options says all by its name."""
    options = [f for f in tool.fields if not f.required]
    return not options or any(f.path in values for f in options) or any(f.role == "secret" for f in tool.fields)


def _resolved(desk: Desk, phrase: str) -> Mapping[str, Any] | None:
    return next((s.result for s in desk.talk.steps if s.tool == "resolve_dates" and s.arguments.get("text") == phrase and s.result), None)


def _look_ups(desk: Desk, tool: Tool, filled: Filled, values: dict[Path, Any]) -> Call | Say | None:
    """Puts ids in the place of names in `values`, or says what is in the way."""
    for field in tool.fields:
        mention = filled.mentions.get(field.path)
        if mention is None or not needed(field, mention):
            continue
        match look_up(field, mention.text, desk.tools, (*desk.talk.earlier, *desk.talk.steps)):
            case Look(name, arguments):
                return Call(name, arguments)
            case Missing(said, several):
                return Say(reply.missing(said, several, field.name))
            case Found(value, _):
                values[field.path] = value
    return None


def _completed(desk: Desk, goal: Goal, values: Mapping[Path, Any], reached: Sequence[Done]) -> dict[Path, Any]:
    """With what the customer answered, what "it" means, and what is to be copied; the words themselves win."""
    empty = [f for f in goal.tool.fields if f.path not in values and f.role != "secret"]
    answers = desk.talk.answers()
    found: dict[Path, Any] = {f.path: f.value(str(answers[f.name])) for f in empty if f.name in answers}
    if requests.refers_back(goal.text):
        found |= _referred(desk, goal, empty, reached)
    source = _source(goal, reached, desk.talk.earlier)
    if source is not None:
        found |= copied(empty, source)
    return {**{path: value for path, value in found.items() if value is not None}, **values}


def _referred(desk: Desk, goal: Goal, empty: Sequence[Field], reached: Sequence[Done]) -> dict[Path, Any]:
    spoken = spoken_of(goal.text, [*desk.talk.earlier, *(d.step for d in reached)])
    if spoken is None:
        return {}
    step, source = spoken
    return {f.path: meant(f, step, source, desk.tools) for f in empty if f.required and f.role in ("identifier", "name")}


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
