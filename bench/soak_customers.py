"""The soak's customers: each wants one thing done to an order of a name of its own, and sends as real clients do, again until it is answered."""

import asyncio
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bench.soak_stage import Stage

JSON = Any
PATIENCE = 60.0  # seconds
SENTENCES = {
    "create": "Create an order named {name} with quantity {number}",
    "create two": "Create two orders, {name} and {other}, with quantity {number}",
    "ship": "Ship the order {name}",
    "show": "Show the order {name}",
}
ENDED = ("replied", "waiting", "failed")


@dataclass(frozen=True)
class Tenant:
    name: str
    spec: str
    connection: str
    keys: tuple[str, ...]  # one for each of its customers
    honours: bool


@dataclass
class Wish:
    """What a customer wants, and what became of it as far as he was told. `yes`: he pressed it, `heard`: message ids answered with 2xx."""

    tenant: Tenant
    session: str
    key: str
    kind: str
    names: tuple[str, ...]
    yes: bool = False
    heard: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    told: list[JSON] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class Customers:
    http: aiohttp.ClientSession
    stage: Stage
    rng: random.Random
    wishes: list[Wish] = field(default_factory=list)
    messages: int = 0
    struck: Counter[str] = field(default_factory=Counter)

    async def begin(self, tenant: Tenant, key: str) -> str:
        body = {"spec_id": tenant.spec, "connection": tenant.connection}
        while True:
            status, answer = await self.post(key, "/v1/sessions", body)
            if status == 201:
                return str(answer["id"])
            await asyncio.sleep(0.1)

    async def play(self, wish: Wish, copies: int, rival: str) -> None:
        """One turn, from its message to its end or to a question that somebody else closed."""
        number = self.rng.randrange(2, 90)
        text = SENTENCES[wish.kind].format(name=wish.names[0], other=wish.names[-1], number=number)
        sending = [self.deliver(wish, {"text": text}, copies)]
        if rival == "talk":
            self.struck["another message at once"] += 1
            sending.append(self.deliver(wish, {"text": f"Show the order {wish.names[0]}"}, 1))
        answer = (await asyncio.gather(*sending))[0]
        for _ in range(4):
            asked = questions(answer)
            if not asked:
                return
            answer = await self._press(wish, asked, copies, rival)

    async def _press(self, wish: Wish, asked: list[JSON], copies: int, rival: str) -> JSON:
        agrees = self.rng.random() < 0.85
        wish.yes = wish.yes or agrees or rival == "press"
        press = {"answers": [{"question_id": each["id"], "approved": agrees} for each in asked]}
        sending = [self.deliver(wish, press, copies)]
        if rival == "press":
            self.struck["another answer at once"] += 1
            other = {"answers": [{"question_id": each["id"], "approved": not agrees} for each in asked]}
            sending.append(self.deliver(wish, other, 1))
        answers = await asyncio.gather(*sending)
        return next((each for each in answers if each), None)

    async def deliver(self, wish: Wish, content: JSON, copies: int) -> JSON:
        """The same message so many times at once. All are told the same."""
        if copies > 1:
            self.struck["message delivered many times"] += 1
        message = {"id": uuid.UUID(int=self.rng.getrandbits(128)).hex, **content}
        self.messages += 1
        found = await asyncio.gather(*(self._persist(wish, message) for _ in range(copies)))
        answers = [each for each in found if each]
        ends = {event["number"]: event for each in answers for event in each["events"] if event["type"] in ("Replied", "TurnFailed")}
        if len(ends) > 1:
            wish.problems.append(f"I2 {message['id']} was answered {len(ends)} times: {sorted(ends)}")
        return max(answers, key=lambda each: len(each["events"])) if answers else None

    async def _persist(self, wish: Wish, message: JSON) -> JSON:
        """None: it was refused for good, which must leave nothing behind."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < end:
            status, answer = await self.post(wish.key, f"/v1/sessions/{wish.session}/messages", message)
            if status in (200, 202):
                wish.heard.add(message["id"])
                if answer["status"] in ENDED:
                    wish.told.append(answer)
                    return answer
            elif 400 <= status < 500 and answer.get("code") != "session_busy":
                if message["id"] not in wish.heard:
                    wish.refused.add(message["id"])
                return None
            elif status == 500:
                wish.problems.append(f"I10 the server answered 500: {answer}")
            await asyncio.sleep(self.rng.uniform(0.05, 0.3))
        wish.problems.append(f"I2 {message['id']} had no answer within {PATIENCE:.0f} s")
        return None

    async def post(self, key: str, path: str, body: JSON) -> tuple[int, JSON]:
        """Status 0: no answer, for whatever reason."""
        return await self.ask("POST", self.stage.url(), key, path, json=body)

    async def ask(self, method: str, url: str, key: str, path: str, **more: Any) -> tuple[int, JSON]:
        headers = {"Authorization": f"Bearer {key}"}
        try:
            async with self.http.request(method, url + path, headers=headers, timeout=aiohttp.ClientTimeout(12), **more) as answer:
                return answer.status, await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return 0, {}


def questions(answer: JSON) -> list[JSON]:
    """Those that are open at the end of it."""
    if not answer or answer["status"] != "waiting":
        return []
    closed = {e["question_id"] for e in answer["events"] if e["type"] == "QuestionAnswered"}
    asked = [e["question"] for e in answer["events"] if e["type"] == "QuestionAsked"]
    return [each for each in asked if each["id"] not in closed and each["kind"] == "approval"]
