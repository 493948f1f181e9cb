"""A model as a judge of what code cannot check: whether a reply fulfils a rubric. What asks it is handed in.

Each reply is judged twice, with its parts and the letters of the answers in another order: who says "A" because the reply tells him to
says two different things, and so does who takes what comes first. A verdict is what both readings say.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import orjson

from feedback.asking import Ask, Spending
from runtime.prompts import load
from tools.own import own, text

Verdict: TypeAlias = Literal["pass", "fail", "cannot_tell"]
AT_ONCE = 8  # questions
MEANINGS: Mapping[Verdict, str] = {
    "pass": "the reply fulfils the rubric",
    "fail": "the reply does not fulfil it",
    "cannot_tell": "the reply alone does not let you tell",
}
# Of each reading: what A, B and C mean, and in which order the parts are shown.
READINGS: tuple[tuple[tuple[Verdict, ...], tuple[str, ...]], ...] = (
    (("pass", "fail", "cannot_tell"), ("rubric", "said", "reply")),
    (("cannot_tell", "pass", "fail"), ("reply", "said", "rubric")),
)
VERDICT = own(
    "verdict",
    "Hand in the verdict.",
    {"reason": text("Why, in one sentence.", 1_000), "answer": {"type": "string", "enum": ["A", "B", "C"]}},
    ["reason", "answer"],
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be judged: `said` are the customer's words, for what the reply refers to."""

    rubric: str
    reply: str
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    reason: str


async def judged_all(ask: Ask, replies: Sequence[Judged], spending: Spending) -> list[Judgement]:
    """In their order, some at once."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(each: Judged) -> Judgement:
        async with limit:
            return await judged(ask, each, spending)

    try:
        async with asyncio.TaskGroup() as group:
            found = [group.create_task(one(each)) for each in replies]
    except ExceptionGroup as several:
        raise several.exceptions[0] from several
    return [each.result() for each in found]


async def judged(ask: Ask, reply: Judged, spending: Spending) -> Judgement:
    first, second = [await _read(ask, reply, letters, order, spending) for letters, order in READINGS]
    if first.verdict == second.verdict:
        return first
    return Judgement("cannot_tell", f"Read twice it came to {first.verdict} ({first.reason}) and to {second.verdict} ({second.reason})")


async def _read(ask: Ask, reply: Judged, letters: Sequence[Verdict], order: Sequence[str], spending: Spending) -> Judgement:
    answers = "; ".join(f"{letter}: {MEANINGS[verdict]}" for letter, verdict in zip("ABC", letters, strict=True))
    parts = {"rubric": reply.rubric, "said": list(reply.said), "reply": reply.reply}
    # As JSON, so that no text can end its place and begin one that counts.
    asked = orjson.dumps({name: parts[name] for name in order}).decode()
    answer = await ask(load(Path(__file__).parent / "prompts", "judge").fill({"answers": f"{answers}."}), asked, VERDICT)
    spending.add(answer)
    return judgement(answer["arguments"], letters)


def judgement(given: Mapping[str, Any] | None, letters: Sequence[Verdict]) -> Judgement:
    """Only what is handed in by the tool counts, whatever else the model writes."""
    letter = (given or {}).get("answer")
    if not isinstance(letter, str) or letter not in tuple("ABC"):
        return Judgement("cannot_tell", "The judge handed in no verdict.")
    return Judgement(letters["ABC".index(letter)], str((given or {}).get("reason", ""))[:1_000])
