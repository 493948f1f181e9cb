"""A message that goes on with an earlier request: values that a form asked for, typed instead. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.again import asks_again
from engine.builtin import dates, hangul, requests, words
from engine.builtin.affinity import Request
from engine.builtin.conversation import Conversation, Open, Past
from engine.builtin.fill import Filled, fill
from engine.builtin.mentions import Mention, find, unquoted
from engine.builtin.records import at
from engine.builtin.requests import Goal
from engine.builtin.toolbox import Field, Tool
from engine.builtin.wanted import nouns_of
from engine.intent import asks_anew
from engine.typed import CLAUSE, LEADS, says_values
from tools.verbs import names

CORRECTS = re.compile(r"\b(?:instead|rather|actually|also|as well|too|wait|sorry|no)\b|말고|아니", re.IGNORECASE)
PARTS = re.compile(r"\s*(?:[,;\n]|\band\b|,\s*and\b|그리고)\s*", re.IGNORECASE)
ARTICLE = re.compile(r"^(?:(?:the|an?|my|our|his|her|their|its|in|at|on|for|to|from)\s+)+", re.IGNORECASE)
SAYS = re.compile(r"\b(?:is|are|be|was|should|has|have|with)\b|[:=]", re.IGNORECASE)
SPEECH = names("i we you named called don't know think hmm maybe one yet call")
WORDS = 4  # of a listed value at most
MARKS = {"email": "@", "url": ":"}
COUNTED = re.compile(r"^(\d+)[가-힣]{1,2}$")
POLITE = re.compile(r"(?:이에요|예요|입니다|이요|요)?[\s.!]*$")


def continued(talk: Conversation, tools: Mapping[str, Tool]) -> Conversation:
    """With the words that the newest message goes on with before its own, and the call that waits for them."""
    waiting: Open | None = None
    for past in talk.past:
        waiting = _left(past, waiting if waiting and _goes_on(waiting, past.said, tools) else None, tools)
    if waiting is None or not _goes_on(waiting, talk.said, tools):
        return talk
    return replace(talk, said=_joined(waiting.said, talk.said), open=waiting)


def lined(talk: Conversation, english: Callable[[str], str]) -> str:
    """What was said in English, with the newest words on lines of their own."""
    whole = english(talk.said)
    if talk.open is None or "\n" in whole:
        return whole
    earlier = english(talk.open.said)
    return f"{earlier}\n{whole[len(earlier) :].strip(' ,')}" if whole.startswith(earlier) else whole


def goals(talk: Conversation, text: str, tools: Mapping[str, Tool]) -> list[Goal]:
    """The call that waits, in all the words that were said of it."""
    return [Goal(tools[talk.open.tool], text)] if talk.open and talk.open.tool in tools else []


def completed(request: Request, talk: Conversation) -> Filled:
    """What the words say; of the call that waits, with what it had already. Of what was asked for the newest words decide, which may only list
    values: "Seoul, two people"."""
    said, waiting, tool = fill(request), talk.open, request.tool
    if waiting is None or waiting.tool != tool.name:
        return said
    newest = _newest(request.text, waiting)
    own = fill(replace(request, text=newest, spans=dates.spans(newest, tool.fields)))
    asked = [f for f in tool.fields if _is_asked(f, waiting.asked) and f.role != "secret"]
    listed = dict(_listed(_newest(talk.heard, waiting), asked, tool))
    answered = {f.path: own.values[f.path] for f in asked if f.path in own.values}
    if listed and len(listed) == len([f for f in asked if f.required]):
        answered = listed
    values = {**dict(_leaves(waiting.arguments, tool)), **said.values, **answered}
    left = {path: value for path, value in listed.items() if path not in values and path not in said.mentions}
    placed = {path: _mention(value, request) for path, value in (listed if answered is listed else left).items()}
    return replace(said, values={**values, **left}, mentions={**said.mentions, **placed})


def _mention(value: Any, request: Request) -> Mention:
    """A listed value as the words have it, so that the id of what is named is looked up."""
    said = str(value[0] if isinstance(value, list) else value)
    at = request.text.rfind(said)
    start = at if at >= 0 else len(request.text)
    found = (each for each in find(request.text, request.nouns) if each.start == start and each.text == said)
    return next(found, Mention(said, "name", start, start + len(said)))


def _newest(text: str, waiting: Open) -> str:
    """The lines that came last, if they can be told from those before."""
    return "\n".join(text.split("\n")[waiting.said.count("\n") + 1 :])


def _joined(earlier: str, said: str) -> str:
    return f"{earlier}\n{LEADS.sub('', said)}"


def _left(past: Past, before: Open | None, tools: Mapping[str, Tool]) -> Open | None:
    """What an earlier message left open: a form that nobody filled in, an approval that nobody gave, a reading call that may be made again
    with more words, or words that led to nothing."""
    said = _joined(before.said, past.said) if before else past.said
    for step in reversed(past.steps):
        if "asked" in step.result:
            return Open(said, step.tool, tuple(step.result["asked"]), step.arguments) if step.tool in tools else Open(said)
        if step.tool in tools:
            again = step.result.get("rejected") == "closed"
            return Open(said, step.tool, (), step.arguments, corrected=again) if again or not tools[step.tool].changes else None
    return None if past.steps else Open(said)


def _goes_on(waiting: Open, said: str, tools: Mapping[str, Tool]) -> bool:
    """Whether a message says values and is no request of its own."""
    if requests.is_stop(said) or requests.is_thanks(said) or requests.is_greeting(said) or requests.is_about(said) or asks_again(said):
        return False
    plain = LEADS.sub("", said)
    tool = tools.get(waiting.tool)
    if not plain.strip(" .,!") or requests.NOTHING.match(said):
        return False
    if tool is not None and CORRECTS.search(said) and (says_values(said) or all(goal.tool is tool for goal in requests.goals(said, tools))):
        return _adds(waiting, said, tool, tools)
    if waiting.corrected or _asks_anew(plain, waiting, tools):
        return False
    if tool is None:
        return not requests.goals(said, tools) and bool(requests.goals(_joined(waiting.said, said), tools))
    return _adds(waiting, said, tool, tools)


def _asks_anew(said: str, waiting: Open, tools: Mapping[str, Tool]) -> bool:
    """Also by a later clause, where that asks for another operation."""
    asking = (goal for each in CLAUSE.split(unquoted(said))[1:] if asks_anew(each) for goal in requests.goals(each, tools))
    return not says_values(said) or any(goal.tool.name != waiting.tool for goal in asking)


def _adds(waiting: Open, said: str, tool: Tool, tools: Mapping[str, Tool]) -> bool:
    """Whether the words change anything about the call."""
    nouns = nouns_of(tools.values())
    earlier, whole = hangul.english(waiting.said), hangul.english(_joined(waiting.said, said))
    newest = whole.removeprefix(earlier)
    asked = [f for f in tool.fields if _is_asked(f, waiting.asked)]
    if dict(_listed(said, asked, tool)) or (dates.timed(tool.fields, newest) and len(dates.phrases(whole)) > len(dates.phrases(earlier))):
        return True

    def values(text: str) -> Mapping[tuple[str, ...], Any]:
        return fill(Request(text, tool, nouns, dates.spans(text, tool.fields))).values

    return not {f.path for f in asked}.isdisjoint(values(newest)) or dict(values(earlier)) != dict(values(whole))


def _is_asked(field: Field, asked: Sequence[str]) -> bool:
    """A form names an argument, or a place inside of one."""
    place = "/" + "/".join(field.path)
    return field.path[0] in asked or any(place == name or place.startswith(f"{name}/") for name in asked)


def _leaves(arguments: Mapping[str, Any], tool: Tool) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield from ((field.path, value) for field in tool.fields if (value := at(arguments, field.path)) is not None)


def _listed(said: str, asked: Sequence[Field], tool: Tool) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Values that stand one after the other: each goes to the field asked for that it names ("the group Admins"), else to the first that takes it,
    what takes no text before what does."""
    free = sorted((f for f in asked if f.role not in ("secret", "file", "time", "switch")), key=lambda f: "string" in f.kinds)
    parts = [ARTICLE.sub("", POLITE.sub("", part.strip(" .!"))) for part in PARTS.split(LEADS.sub("", said))]
    if not free or len(parts) > len(asked) or not all(map(_bare, parts)):
        return
    for part in sorted(filter(None, parts), key=lambda part: not any(_names(f, part) for f in free)):
        fields = sorted(free, key=lambda f: not _names(f, part))
        plain = _without_kind(part, tool)
        place = next((f for f in fields if _value(f, plain) is not None), None)
        if place is not None:
            free.remove(place)
            yield place.path, _value(place, plain)


def _bare(part: str) -> bool:
    """A value and no part of a sentence."""
    said = {token.lower for token in words.tokens(part)}
    mixed = "@" in part and " " in part
    return len(part.split()) <= WORDS and not mixed and not SAYS.search(part) and not said & (words.STOP | words.PRONOUNS | words.COMMANDS | SPEECH)


def _names(field: Field, part: str) -> bool:
    """the group Admins, group_7: by the kind that stands before it or in it."""
    return bool(set(field.own_words) & {words.stem(word) for token in part.split() for word in words.parts(token)})


def _without_kind(part: str, tool: Tool) -> str:
    kind, _, rest = part.partition(" ")
    own = {*tool.nouns, *(word for f in tool.fields for word in f.words)}
    return rest if rest and words.stem(kind.lower()) in own else part


def _value(field: Field, part: str) -> Any:
    """A part as the field wants it, "two people" for a number too; None when it cannot be that."""
    if field.choices:
        return next((choice for choice in field.choices if str(choice).lower() == part.lower()), None)
    if not field.formed(part) or MARKS.get(field.role, "") not in part:
        return None
    first = COUNTED.sub(r"\1", part.split(maxsplit=1)[0])  # two people, 3번
    value = next((found for each in (part, first) if (found := field.value(each)) is not None), None)
    return [value] if field.many and value is not None else value
