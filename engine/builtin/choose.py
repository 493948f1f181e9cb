"""Which tool a request asks for: words in common, weighed by how rare they are, the class of the verb, and what the words could fill."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from engine.builtin import words
from engine.builtin.mentions import Mention, find, unquoted
from engine.builtin.toolbox import Tool

CHANGES = frozenset({"create", "update", "delete"})


@dataclass(frozen=True, slots=True)
class Ranked:
    tool: Tool
    score: float
    support: float  # the share of the score that words of its name, summary or fields give: none means out of scope


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the words ask for, before a tool is known."""

    stems: tuple[str, ...]
    verb: str | None
    action: words.Action | None
    plural: frozenset[str]
    mentions: tuple[Mention, ...]


def nouns_of(tools: Iterable[Tool]) -> frozenset[str]:
    """Stems of the things that the tools are about."""
    return frozenset(n for t in tools for n in t.nouns if len(n) > 2)


def rank(text: str, tools: Mapping[str, Tool]) -> list[Ranked]:
    """Best first."""
    wanted = understand(text, nouns_of(tools.values()))
    rare = _rarity(tools.values())
    found = [_score(wanted, tool, rare) for tool in tools.values()]
    return sorted(found, key=lambda r: (-r.score, len(r.tool.name), r.tool.name))


def understand(text: str, nouns: frozenset[str]) -> Wanted:
    plain = words.tokens(unquoted(text))
    verb = next((t for t in plain if words.action_of(t.lower) or t.stem in words.COMMAND_STEMS), None)
    mentions = tuple(m for m in find(text, nouns) if m.kind not in ("phrase", "number") or m.kind == "number" and len(m.text) > 3)
    content = [t for t in plain if t.lower not in words.STOP and not t.lower.isdigit()]
    return Wanted(
        stems=tuple(dict.fromkeys((*(t.stem for t in content), *_prefixes(mentions)))),
        verb=verb.stem if verb else None,
        action=words.action_of(verb.lower) if verb else None,
        plural=frozenset(t.stem for t in content if words.is_plural(t.text)),
        mentions=mentions,
    )


def _prefixes(mentions: Sequence[Mention]) -> list[str]:
    """user1 speaks of a user."""
    return [stem for m in mentions if m.kind in ("code", "quoted") for stem in words.stems(m.text)[:1] if m.text[-1:].isdigit() and len(stem) > 2]


def _rarity(tools: Iterable[Tool]) -> dict[str, float]:
    seen: dict[str, int] = {}
    count = 0
    for tool in tools:
        count += 1
        for word, weight in tool.vocabulary.items():
            if weight >= 0.5:
                seen[word] = seen.get(word, 0) + 1
    return {word: 0.5 + log(1 + count / times) for word, times in seen.items()}


def _score(wanted: Wanted, tool: Tool, rare: Mapping[str, float]) -> Ranked:
    most = max(rare.values(), default=1.0)
    hits = {s: tool.vocabulary[s] for s in wanted.stems if s in tool.vocabulary}
    overlap = sum(weight * rare.get(s, most) for s, weight in hits.items() if not _is_verb(s))
    support = sum(weight for s, weight in hits.items() if not _is_verb(s) and weight >= 0.5)
    missed = sum(rare.get(n, most) for n in set(tool.nouns) - set(wanted.stems))
    score = overlap - 0.45 * missed + _verb(wanted, tool) + _shape(wanted, tool)
    if not support and wanted.verb in tool.verbs and not words.action_of(wanted.verb or ""):
        support = 0.5  # "lock it": the verb alone names the tool
    return Ranked(tool, score, support)


def _is_verb(stem: str) -> bool:
    return any(stem in verbs for verbs in words.VERB_STEMS.values())


def _verb(wanted: Wanted, tool: Tool) -> float:
    if wanted.verb and wanted.verb in tool.verbs:
        return 2.0
    if wanted.action is None or tool.action is None:
        return 0.0
    if wanted.action == tool.action:
        return 1.5
    return -2.0 if (wanted.action == "read") != (tool.action == "read") else -1.0


def _shape(wanted: Wanted, tool: Tool) -> float:
    """One or many: a named thing fits a tool that needs to know which one; none named fits a list."""
    needs = len(tool.identifiers)
    named = len(wanted.mentions)
    score = -1.2 * max(0, needs - named) if tool.action != "create" else 0.0
    if tool.action == "read" and not needs and not named:
        score += 0.4
    if tool.action == "read" and named and needs:
        score += 0.6
    if tool.plural and any(n in wanted.plural for n in tool.nouns):
        score += 0.8
    return score
