"""The next step of a turn: which call comes now, or what is said when nothing is left to call. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.builtin import continued, each, given, hangul, leftover, present, reply, requests, spelling, words
from engine.builtin.affinity import belongs_somewhere
from engine.builtin.conversation import Conversation, Step
from engine.builtin.correct import again
from engine.builtin.dates import phrases, timed
from engine.builtin.desk import Call, Desk, Done, Next, Say, filled
from engine.builtin.doubt import unclear, which_operation
from engine.builtin.lookup import needed
from engine.builtin.mentions import SECRET_TOLD
from engine.builtin.offered import offered
from engine.builtin.other import the_other
from engine.builtin.prepare import first_call
from engine.builtin.requests import Goal
from engine.builtin.told import joined
from engine.builtin.toolbox import Tool
from engine.builtin.undo import undo
from engine.builtin.walk import path_of, walked
from engine.builtin.wanted import nouns_of
from engine.korean import only_forbids


def next_step(talk: Conversation, tools: Mapping[str, Tool], own: frozenset[str]) -> Next:
    if (back := undo(talk, tools)) is not None:
        return back
    last = next((s.arguments for s in reversed(talk.earlier) if s.tool in tools and not tools[s.tool].reads), {})
    said = requests.put_right(requests.repeated(talk.said, talk.before), talk.before, last)
    nouns = nouns_of(tools.values())
    used = [str(v) for s in reversed(talk.earlier) if s.tool in tools for v in s.arguments.values() if isinstance(v, str | int)]
    listed = frozenset(str(choice) for tool in tools.values() for field in tool.fields for choice in field.choices)
    said = requests.followed(said, talk.before, used, nouns, listed)
    talk = replace(talk, said=said) if said != talk.said else continued.continued(talk, tools)
    spoken = _spoken(talk, list(tools.values()))
    if spoken is not None:
        return spoken
    known = offered(tools.values())
    english = continued.lined(talk, lambda text: hangul.english(requests.wished(text), known))
    said = each.named(spelling.parted(spelling.verb_mended(english, nouns), tools), nouns)
    desk = Desk(replace(talk, said=said, heard=talk.said), tools, own, nouns)
    for other in (_open_form, _earlier_list):
        if (found := other(desk)) is not None:
            return found
    instead = the_other(desk)
    asked = [instead] if isinstance(instead, Goal) else instead or _asked(desk)
    if isinstance(asked, Call | Say):
        return asked
    settled = which_operation(desk, asked)
    return settled if isinstance(settled, Call) else _expanded(desk, settled)


def _expanded(desk: Desk, settled: Sequence[Goal]) -> Next:
    """With a goal for each of several things in the place of one for all of them."""
    wanted: list[Goal] = []
    left: list[str] = []
    for goal in settled:
        found = each.each(desk, goal)
        if isinstance(found, Call | Say):
            return found
        wanted += found.goals
        left += [found.left] if found.left else []
    step = _advance(desk, wanted)
    return Say(joined((step.text, *left))) if isinstance(step, Say) else step


def _asked(desk: Desk) -> list[Goal] | Next:
    """What is wanted; where that is not clear at once, with mended words, further operations, or a kind that is asked for."""
    said, before = desk.talk.said, [s.tool for s in desk.talk.earlier if s.done]
    mended = spelling.things_mended(said, desk.tools)
    if going_on := continued.goals(desk.talk, said, desk.tools):
        return going_on
    for text in dict.fromkeys((said, mended)):
        if both := _both(desk, text):
            return both
        found = requests.goals(text, desk.tools, before)
        if found := [_chained(desk, goal) for goal in found] or ([chain] if (chain := path_of(desk, text)) else []):
            return found
    return unclear(desk, mended) or Say(reply.refusal(desk.talk.product, list(desk.tools.values())))


def _both(desk: Desk, text: str) -> list[Goal]:
    """the reviews and the copies of X: two operations, where each is about what is asked for."""
    wanted: list[Goal] = []
    for noun, part in requests.both_of(text):
        flat = requests.goals(part, desk.tools)
        goal = path_of(desk, part) or (flat[0] if len(flat) == 1 else None)
        if goal is not None and goal.tool.reads and noun in goal.tool.nouns:
            wanted.append(goal)
    return wanted if len({goal.tool.name for goal in wanted}) == 2 else []


def _chained(desk: Desk, goal: Goal) -> Goal:
    """Where several reading calls explain the words better than this one, or lead to what it is to change."""
    if given.whole(desk, goal) or (not goal.tool.reads and (requests.refers_back(goal.text) or given.each_named(desk, goal))):
        return goal
    return path_of(desk, goal.text, None if goal.tool.reads else goal.tool) or goal


def _spoken(talk: Conversation, tools: Sequence[Tool]) -> Say | None:
    """Words that ask for no operation."""
    if requests.is_stop(talk.said):
        return Say(reply.STOPPED)
    if not requests.wished(talk.said).strip() or only_forbids(talk.said):
        return Say(reply.NOTHING_DONE)
    if requests.is_about(talk.said):
        return Say(reply.about(talk.product, tools))
    if hangul.asks(talk.said):
        return None  # with a greeting or thanks before it
    if requests.is_greeting(talk.said):
        return Say(reply.welcome(talk.product, tools))
    return Say(reply.WELCOME) if requests.is_thanks(talk.said) else None


def _open_form(desk: Desk) -> Call | Say | None:
    """The password is ...: the call that lacks one is made anew, so that it is asked for where it stays hidden."""
    if not SECRET_TOLD.search(desk.talk.said):
        return None
    asked = next((s for s in desk.talk.earlier[::-1] if s.tool in desk.tools and any(f.role == "secret" for f in desk.tools[s.tool].fields)), None)
    if asked is None or not asked.refused_here or asked is not desk.talk.earlier[-1]:
        return Say(reply.NOT_IN_WORDS)
    made = [s for s in desk.talk.steps if s.tool == asked.tool]
    return _unless_told(desk, made) if made else Call(asked.tool, asked.arguments)


def _unless_told(desk: Desk, made: Sequence[Step]) -> Say:
    """What came of a call that was made anew."""
    last = made[-1]
    return Say(reply.outcome(Goal(desk.tools[last.tool], desk.talk.said), last) if last.done else reply.failed(last))


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


def _advance(desk: Desk, wanted: Sequence[Goal]) -> Next:
    """The first goal that is neither reached nor out of reach decides. One that failed stops only what speaks of it."""
    came_of: list[Done | Say] = []
    free = list(desk.talk.steps)
    for goal in wanted:
        reached = [done for done in came_of if isinstance(done, Done)]
        if len(reached) < len(came_of) and isinstance(came_of[-1], Say) and requests.refers_back(goal.text):
            continue
        came = _toward(desk, goal, reached, free)
        if isinstance(came, Call):
            return came
        came_of.append(came)
        free = _left(desk, goal, came, free)
        if isinstance(came, Say):
            continue
        part = present.of_list(goal.text, came.step, leftover.unused(desk, goal, came.step)) if goal.tool.reads and "show" in desk.own else {}
        if part and _shown(desk, came.step.id) is None:
            return Call("show", {"result": came.step.id, **part})
    return Say(_said(desk, came_of))


def _left(desk: Desk, goal: Goal, came: Done | Say, free: Sequence[Step]) -> list[Step]:
    """The steps that later goals may claim: those behind the one that reached this goal, or behind the last try that failed."""
    if isinstance(came, Done):
        return list(free[free.index(came.step) + 1 :])
    tries = _tries(desk, goal, free)
    return list(free[free.index(tries[-1]) + 1 :]) if tries else list(free)


def _said(desk: Desk, came_of: Sequence[Done | Say]) -> str:
    reached = [done for done in came_of if isinstance(done, Done)]
    tools = [d.goal.tool.name for d in reached]
    outcomes = (
        c.text if isinstance(c, Say) else reply.outcome(c.goal, c.step, c.named, _shown(desk, c.step.id), tools.count(c.goal.tool.name) > 1)
        for c in came_of
    )
    unused = (reply.time_unused(phrase, hangul.as_said(phrase, desk.talk.heard)) for d in reached for phrase in _unused_times(desk, d.goal))
    left = (reply.words_unused(said) for d in reached if (said := hangul.own_words(_left_out(desk, d), desk.talk.heard)))
    return joined([*dict.fromkeys(outcomes), *unused, *left])


def _left_out(desk: Desk, done: Done) -> list[str]:
    """Words that narrowed neither the list nor what is shown of it."""
    shown = _shown(desk, done.step.id)
    where = dict(shown.arguments.get("filter") or {}) if shown else {}
    held = {stem for value in where.values() for stem in words.stems(str(value))}
    left = [said for said in leftover.unused(desk, done.goal, done.step) if not set(words.stems(said)) <= held] if done.step.count != 0 else []
    return [said for said in left if not (done.goal.through and given.gone_into(desk, done.goal, said))]


def _unused_times(desk: Desk, goal: Goal) -> list[str]:
    """Words for a time that a reading tool has no field for, or that nobody could work out: its answer is about any time."""
    unresolved = any(s.tool == "resolve_dates" and s.result and "start" not in s.result for s in desk.talk.steps)
    others = (f for f in goal.tool.fields if f.role != "time")
    timeless = goal.tool.reads and not timed(goal.tool.fields, goal.text) and not any(words.whens(f.name) for f in others)
    return [phrase for phrase, _, _ in phrases(goal.text)][:1] if timeless or (goal.tool.reads and unresolved) else []


def _toward(desk: Desk, goal: Goal, reached: Sequence[Done], free: Sequence[Step]) -> Done | Call | Say:
    found = walked(desk, goal) if goal.through else goal
    if isinstance(found, Call | Say):
        return found
    goal = found
    first = first_call(desk, goal, reached)
    if isinstance(first, Call) and first.tool != goal.tool.name:
        return _unless_failed(first, free)
    tries = _tries(desk, goal, free)
    if not tries or isinstance(first, Say):
        return first
    made = [s for s in tries if s.done]
    if not made:
        return again(desk, goal, tries)
    other = _otherwise(desk, goal, made[0]) if len(made) == 1 and len(tries) == 1 else None
    return other or Done(goal, next((s for s in made if s.count != 0), made[0]), _named(desk, goal))


def _tries(desk: Desk, goal: Goal, free: Sequence[Step]) -> list[Step]:
    """The calls made for this goal: the first of its operation, and each that mends the refused one before it. The next is another goal's."""
    found: list[Step] = []
    for step in (s for s in free if s.tool == goal.tool.name):
        if found and not found[-1].done and not _mends(desk, goal, found, step):
            break
        found.append(step)
    return found


def _mends(desk: Desk, goal: Goal, tries: Sequence[Step], step: Step) -> bool:
    better = again(desk, goal, tries)
    names = {f.path[0] for f in goal.tool.fields if f.role != "secret"}
    return isinstance(better, Call) and all(better.arguments.get(name) == step.arguments.get(name) for name in names)


def _otherwise(desk: Desk, goal: Goal, empty: Step) -> Call | None:
    """An empty list is asked for once more where another field could have been meant: a search for what is no department."""
    if not goal.tool.reads or empty.count != 0:
        return None
    options = [f for f in goal.tool.fields if not f.required and len(f.path) == 1 and f.name not in empty.arguments]
    others = sorted((f for f in options if f.role == "search" or (f.role == "text" and belongs_somewhere(f))), key=lambda f: f.role != "search")
    for path, mention in filled(desk, goal).mentions.items():
        used = next((f for f in goal.tool.fields if f.path == path and not f.required and f.role in ("text", "name", "search")), None)
        if used and others and empty.arguments.get(used.name) == mention.text:
            kept = {name: value for name, value in empty.arguments.items() if name != used.name}
            return Call(goal.tool.name, {**kept, others[0].name: mention.text})
    return None


def _named(desk: Desk, goal: Goal) -> str | None:
    """What the customer called the thing whose id was looked up."""
    if goal.called is not None:
        return goal.called
    mentions = filled(desk, goal).mentions
    return next((mentions[f.path].text for f in goal.tool.identifiers if f.path in mentions and needed(f, mentions[f.path])), None)


def _unless_failed(call: Call, free: Sequence[Step]) -> Call | Say:
    """A preparing call that was refused is not made again."""
    same = [s for s in free if s.tool == call.tool and dict(s.arguments) == dict(call.arguments) and s.result]
    return Say(reply.failed(same[-1])) if same else call
