"""What the customer is asked where the words leave open which operation is meant. Pure."""

from collections.abc import Sequence
from itertools import takewhile

from engine.builtin import reply, verbs, words
from engine.builtin.choose import spoken_about
from engine.builtin.desk import Call, Desk, choice
from engine.builtin.mentions import unquoted
from engine.builtin.requests import Goal, rivals
from engine.builtin.toolbox import Tool
from engine.builtin.words import Token

OPERATION, KIND = "operation", "kind"  # the fields of the forms
SEARCHING = frozenset({"find", "search", "look", "lookup"})
LITTLE = frozenset({*words.STOP, *words.EMPTY, "instead", "again"})
LISTS = 4  # searched for a name


def which_operation(desk: Desk, goals: Sequence[Goal]) -> Call | list[Goal]:
    """The goals with what was chosen; a form where two changes fit one of them about equally well and nothing was chosen. Of a call that waits
    that is settled."""
    settled: list[Goal] = []
    for goal in goals:
        waits = desk.talk.open is not None and desk.talk.open.tool == goal.tool.name
        both = rivals(goal, desk.tools) if "ask_user" in desk.own and not waits else ()
        chosen = _chosen(desk, both)
        if both and chosen is None and not any(step.tool in [tool.name for tool in both] for step in desk.talk.steps):
            return _ask(both)
        settled.append(Goal(chosen, goal.text) if chosen else goal)
    return settled


def unclear(desk: Desk, text: str) -> Call | list[Goal] | None:
    """What to do about words that fit no operation, but hold a thing, a verb or a name: further operations, a search, a question."""
    further = _further(desk, text)
    if further is not None:
        return further
    tokens = words.tokens(unquoted(text))
    verb = verbs.place(tokens, desk.nouns)
    name = _name(text, tokens[verb + 1 :]) if verb is not None else None
    if verb is None or name is None:
        return None
    if tokens[verb].lower in SEARCHING:
        return _searched(desk, name)
    return None if verbs.reads(tokens[verb]) else _kind(desk, tokens[verb], name, text)


def _further(desk: Desk, text: str) -> Call | None:
    """Asked for once a turn, where the words were mended or translated, or speak of a detail of something."""
    if "find_operations" not in desk.own or any(s.tool == "find_operations" for s in desk.talk.steps):
        return None
    things = sorted(spoken_about(text, desk.tools))
    if text == desk.talk.heard and not things:
        return None
    return Call("find_operations", {"text": " ".join((text, *(f"list {thing}s get {thing}" for thing in things)))[:300]})


def _name(text: str, following: Sequence[Token]) -> str | None:
    """delete slee, find soo lee: one to three words without an article, and nothing else that says something."""
    named = list(takewhile(lambda t: t.lower not in LITTLE, following))
    rest = following[len(named) :]
    if not 1 <= len(named) <= 3 or any(t.lower not in LITTLE for t in rest):
        return None
    return text[named[0].start : named[-1].end]


def _searched(desk: Desk, name: str) -> list[Goal] | None:
    """The lists that can be searched, one after the other, up to the first that knows the name."""
    lists = [t for t in desk.tools.values() if t.reads and t.plural and not t.identifiers and any(f.role == "search" for f in t.fields)]
    for tool in lists[:LISTS]:
        made = next((s for s in desk.talk.steps if s.tool == tool.name and s.result), None)
        if made is None or made.count != 0 or tool is lists[:LISTS][-1]:
            return [Goal(tool, f"find {tool.nouns[-1] if tool.nouns else ''} '{name}'")]
    return None


def _kind(desk: Desk, verb: Token, name: str, text: str) -> Call | list[Goal] | None:
    """Asks what the name is, where the verb can be done to things of several kinds."""
    action = words.action_of(verb.lower)
    fitting = [t for t in desk.tools.values() if t.changes and len(t.identifiers) == 1 and (verb.stem in t.verbs or (action and t.action == action))]
    kinds: dict[str, Tool] = {reply.thing_of(t): t for t in fitting if t.action != "create" and not t.plural}
    chosen = desk.talk.answers().get(KIND) if len(kinds) > 1 else next(iter(kinds), None)
    if chosen in kinds:
        at = text.find(name, verb.end)
        return [Goal(kinds[str(chosen)], f"{text[:at]}{chosen} {text[at:]}")]
    if not kinds or "ask_user" not in desk.own:
        return None
    return choice(reply.what_is(name), KIND, reply.KIND, kinds)


def _ask(both: Sequence[Tool]) -> Call:
    return choice(reply.WHICH_OPERATION, OPERATION, reply.MEANT, map(label, both))


def _chosen(desk: Desk, both: Sequence[Tool]) -> Tool | None:
    answer = desk.talk.answers().get(OPERATION)
    return next((tool for tool in both if label(tool) == answer), None)


def label(tool: Tool) -> str:
    return tool.summary.rstrip(".") or tool.name
