"""What tells that a sentence means a tool, each as a number: how their words meet, and whether the values it has are those the tool takes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from engine.builtin import words
from engine.builtin.gist import PLAIN, Kind, Traits
from engine.builtin.wanted import Wanted
from engine.builtin.words import Token
from specs.words import tokens
from tools.alike import ALIKE
from tools.thesaurus import likes, rarity

NEAR = 0.3  # how alike a word is that still has to do with another
LIKE = 0.6  # how alike the words of a row of `tools/alike.py` are
IN_NAME, LITTLE, ASIDE = 0.3, 0.5, 0.6  # what a word of a name, one that says little, and one beside what is asked counts
UNKNOWN = 1.0  # how rare a word is that the thesaurus does not have
NAMING = frozenset({"name", "email", "url", "code", "quoted", "uuid"})
FEW = 4  # more values than these tell nothing more


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it is compared with tools."""

    words: Mapping[str, float]  # those that carry its meaning, by how much they tell
    object: tuple[str, ...]  # what the verb is about
    numbers: int
    times: int
    names: int
    somewhere: bool  # in Oslo, near Berlin
    addresses: frozenset[str]  # kinds of those: url, email


def said(wanted: Wanted) -> Said:
    plain, mentions = wanted.tokens, wanted.named
    names = [m for m in mentions if m.kind in NAMING]
    before = {token.start: one.lower for one, token in pairwise(plain)}
    found: dict[str, float] = {}
    for token in plain:
        if token.lower in words.STOP or not any(c.isalpha() for c in token.text):
            continue
        share = IN_NAME if any(m.start <= token.start < m.end for m in names) or not token.text.isascii() else 1.0
        share *= 1.0 if wanted.asked[0] <= token.start < wanted.asked[1] else ASIDE
        thing = token.stem in wanted.things
        share *= LITTLE if token.lower in words.EMPTY and not thing else 1.0
        for one in tokens(token.text):
            if (one not in PLAIN or thing) and not one.isdigit():
                known = thing or one in PLAIN or likes(one)  # jdoe, pgreen: no word, but somebody's name
                found[one] = max(found.get(one, 0.0), (share if known else min(share, IN_NAME)) * rarity(one))
    return Said(
        words=found,
        object=_object(plain[wanted.verb_at + 1 :] if wanted.verb_at is not None else plain),
        numbers=sum(m.kind == "number" for m in mentions),
        times=wanted.times,
        names=sum(m.kind in NAMING or m.kind == "word" for m in mentions),
        somewhere=any(m.kind == "name" and before.get(m.start) in words.PLACE_MARKS for m in mentions),
        addresses=frozenset(m.kind for m in mentions if m.kind in ("url", "email")),
    )


def _object(following: Sequence[Token]) -> tuple[str, ...]:
    """find me a good salon in Oslo: salon, the last of the first words that say something."""
    last = None
    for token in following:
        if token.lower not in words.STOP | words.EMPTY and not token.text.isdigit():
            last = token
        elif last is not None:
            break
    return tuple(tokens(last.text)) if last is not None else ()


def compared(said: Said, tool: Traits) -> dict[str, float]:
    """From 0 to 1 each."""
    had: dict[Kind, int] = {"number": said.numbers, "time": said.times, "text": said.names}
    missing = sum(max(0, tool.needs.get(kind, 0) - there) for kind, there in had.items())
    found = (sum(tool.needs.values()) - missing) / tool.required if tool.required else 0.0  # a secret is asked for whatever is said
    missing += sum(not secret & said.words.keys() for secret in tool.secrets)
    left = max(0, said.numbers - tool.takes.get("number", 0)) + max(0, said.times - tool.takes.get("time", 0))
    near = {one: _best(one, tool.every) for one in said.words}
    return {
        "words in its name": _covered(said.words, {one: _best(one, tool.named) for one in said.words}),
        "words anywhere": _covered(said.words, near),
        "words anywhere, the same": _covered(said.words, tool.every),
        "name said": _told(tool.name, said.words),
        "summary said": _told(tool.summary, said.words),
        "object anywhere": max((_best(one, tool.every) for one in said.object), default=0.0),
        "strangers": _strangers(said.words, tool.every, near),
        "values missing": min(missing, FEW) / FEW,
        "names left": min(max(0, said.names - tool.takes.get("text", 0)), FEW) / FEW,
        "values left": min(left, FEW) / FEW,
        "time taken": float(said.times > 0 and tool.takes.get("time", 0) > 0),
        "place taken": float(said.somewhere and tool.somewhere),
        "address taken": float(bool(said.addresses & tool.addresses)),
        "required": min(tool.required, 6) / 6,
        "required found": found,
        "complete": found if tool.required else 1.0,
    }


def _covered(found: Mapping[str, float], near: Mapping[str, float]) -> float:
    """How much of the sentence the tool's words can mean. `near`: how near each of its words comes to one of them."""
    return sum(weight * near.get(one, 0.0) for one, weight in found.items()) / (sum(found.values()) or 1.0)


def _strangers(found: Mapping[str, float], vocabulary: Mapping[str, float], near: Mapping[str, float]) -> float:
    """How much of the sentence is nothing that the tool's words come near to. What is no word at all is somebody's name: lock gmoreno."""
    if not found:
        return 1.0
    weights = {one: weight * (IN_NAME if rarity(one) == UNKNOWN and one not in vocabulary else 1.0) for one, weight in found.items()}
    return sum(weight for one, weight in weights.items() if near[one] < NEAR) / sum(weights.values())


def _told(name: Iterable[str], found: Mapping[str, float]) -> float:
    """How much of a name the sentence's words can mean."""
    weights = {one: rarity(one) for one in name}
    return sum(weight * max((_alike(other).get(one, 0.0) for other in found), default=0.0) for one, weight in weights.items()) / (
        sum(weights.values()) or 1.0
    )


def _best(one: str, vocabulary: Mapping[str, float]) -> float:
    alike = _alike(one)
    return max((alike[other] * vocabulary[other] for other in alike.keys() & vocabulary.keys()), default=0.0)


@lru_cache(maxsize=10_000)
def _alike(one: str) -> Mapping[str, float]:
    found = dict.fromkeys(ALIKE.get(one, ()), LIKE)
    return {**found, **{other: max(alike, found.get(other, 0.0)) for other, alike in likes(one).items()}, one: 1.0}
