"""A worker is killed, or frozen past its lease, before and after every point of I/O of a reading and of a changing turn.

Another ends the turn; nothing is done twice, and a worker that thaws changes nothing any more (shared/turn-protocol.md, "How to prove it").
"""

import asyncio
import itertools
import json
import os
import signal
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp
import pytest
import yaml
from redis.asyncio import Redis

from demo.product import Product
from tests.invariants import broken
from tests.line import DOCUMENT, JSON, STARTS, Client, Spawner, Worker, credential, customer, of_type, product, question, workers
from tests.tap import Strike, Tap, to

AT_ONCE = 12
MOST_POINTS = 80
SHORT = {"lease_seconds": 2.4, "heartbeat": 0.8, "product_timeout": 1.2}
PASSWORD = "correct horse 7 battery staple"


@pytest.fixture(scope="module")
def spawner() -> Iterator[Spawner]:
    found = Spawner(**SHORT)
    yield found
    found.end()


@pytest.fixture(scope="module")
def survivor(redis_server: str) -> Iterator[Worker]:
    with workers(redis_server, 1, **SHORT) as started:
        yield started[0]


@dataclass(frozen=True)
class Way:
    """How a worker is struck at a point of I/O. A frozen one goes on when another has ended the turn, with the piece it was about to pass on."""

    kind: Literal["kill", "freeze"]
    after: bool

    def strike(self, pid: int) -> Strike:
        number = signal.SIGKILL if self.kind == "kill" else signal.SIGSTOP
        return Strike(lambda: os.kill(pid, number), self.after, holds=self.kind == "freeze")

    def __str__(self) -> str:
        return f"{self.kind}-{'after' if self.after else 'before'}"


WAYS = pytest.mark.parametrize("way", [Way(kind, after) for kind in ("kill", "freeze") for after in (False, True)], ids=str)


@dataclass
class Victim:
    """A customer whose requests go to a worker that will be struck; that worker reaches Redis and the product through the tap."""

    client: Client
    tap: Tap
    survivor_url: str
    pid: int
    freezes: bool = False
    asked: list[asyncio.Task[JSON]] = field(default_factory=list)  # of the frozen worker, without an answer

    @property
    def frozen(self) -> bool:
        return self.tap.struck.is_set() and self.freezes

    def arm(self, at: int, way: Way) -> None:
        self.freezes = way.kind == "freeze"
        self.tap.arm(at, way.strike(self.pid))

    async def send(self, message: JSON) -> JSON:
        """As a real client does: the same message again, to whoever answers, until the turn has ended or waits."""
        async with asyncio.timeout(STARTS):
            while True:
                try:
                    answer = await self._asked(message)
                except aiohttp.ClientError:
                    self.tap.disarm()  # a dead worker's lines are cut, and the survivor's way to the product leads through here
                    self.client.url = self.survivor_url
                    continue
                if answer and answer.get("status") in ("replied", "waiting", "failed"):
                    return answer
                await asyncio.sleep(0.05)

    async def _asked(self, message: JSON) -> JSON:
        """None: the worker was frozen before it answered."""
        if self.frozen:
            self.client.url = self.survivor_url
        path = f"/v1/sessions/{self.client.session}/messages"
        asking = asyncio.create_task(self.client.ask("POST", path, (200, 202, 409, 503), json=message))
        if self.client.url == self.survivor_url:
            return await asking
        striking = asyncio.create_task(self.tap.struck.wait())
        await asyncio.wait({asking, striking}, return_when=asyncio.FIRST_COMPLETED)
        striking.cancel()
        if asking.done() or not self.frozen:
            return await asking
        self.asked.append(asking)
        return None

    async def thawed(self) -> None:
        """Goes on where it was, and has answered what it was asked."""
        self.tap.disarm()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)
        async with asyncio.timeout(STARTS):
            await asyncio.gather(*self.asked, return_exceptions=True)

    async def say(self, text: str) -> JSON:
        return await self.send({"id": uuid.uuid4().hex, "text": text})

    async def answer(self, asked: JSON, **answer: JSON) -> JSON:
        return await self.send({"id": uuid.uuid4().hex, "answers": [{"question_id": asked["id"], **answer}]})


@dataclass
class Scene:
    spawner: Spawner
    survivor: Worker
    redis_url: str
    customer: Client
    product: Product
    product_url: str

    @asynccontextmanager
    async def victim(self) -> AsyncIterator[Victim]:
        async with Tap([to(self.redis_url), to(self.product_url)]) as tap:
            pid, url = self.spawner.spawn(redis_url=f"redis://127.0.0.1:{tap.ports[0]}")
            client = Client(self.customer.http, self.survivor.url, self.customer.key, spec=self.customer.spec)
            await client.connect(f"http://127.0.0.1:{tap.ports[1]}", credential(f"http://127.0.0.1:{tap.ports[1]}"))
            await client.begin()
            await answering(client.http, url)
            client.url = url
            try:
                yield Victim(client, tap, self.survivor.url, pid)
            finally:
                tap.disarm()
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def created(self, username: str) -> int:
        return sum(change.operation == "createUser" and change.body["username"] == username for change in self.product.ledger)

    async def checked(self, victim: Victim, end: JSON) -> JSON:
        """The end of the turn as it stands when the struck worker goes on, too; the invariants hold."""
        await victim.thawed()
        victim.client.url = victim.survivor_url  # the other may have died after it answered
        stored = await victim.client.ask("GET", f"/v1/sessions/{victim.client.session}")
        assert broken(stored["events"]) == []
        assert [event for event in stored["events"] if event["type"] in ("Replied", "TurnFailed")] == [end]
        return end


async def answering(http: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(STARTS):
        while True:
            with suppress(aiohttp.ClientError):
                async with http.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.01)


@pytest.fixture
async def scene(spawner: Spawner, survivor: Worker, redis_url: str, redis: Redis) -> AsyncIterator[Scene]:
    async with product() as (url, running), customer(redis, survivor.url, url) as client:
        yield Scene(spawner, survivor, redis_url, client, running, url)


async def every_point(play: Callable[[int], Coroutine[Any, Any, bool]]) -> int:
    """Plays with the strike at point 0, 1, 2 ... until it comes after the end; how many points there were."""
    for first in itertools.count(0, AT_ONCE):
        assert first < MOST_POINTS
        struck = await asyncio.gather(*(play(first + offset) for offset in range(AT_ONCE)))
        if not all(struck):
            return first + sum(struck)
    raise AssertionError


def ended(answer: JSON) -> JSON:
    """The end of the turn, as the customer sees it."""
    assert answer["status"] == "replied", answer
    (end,) = of_type(answer, "Replied")
    return end


@WAYS
async def test_a_reading_turn_is_ended_by_another_worker_wherever_the_first_one_is_struck(scene: Scene, way: Way) -> None:
    async def play(point: int) -> bool:
        async with scene.victim() as victim:
            victim.arm(point, way)
            end = await scene.checked(victim, ended(await victim.say("Show me the user 'user1'")))
            assert [r["outcome"] for r in end["receipt"]] == ["done"]
            return victim.tap.struck.is_set()

    points = await every_point(play)
    assert points > 10
    assert not scene.product.ledger


@dataclass
class Story:
    """A changing turn in its three messages, each for a name of its own."""

    victim: Victim
    name: str
    way: Way
    sentence: str = "Create a new user '{name}'"

    async def played(self, strike_in: int, point: int) -> JSON:
        """The end of the story; the worker is struck at a point of message number `strike_in`."""
        self._prepare(strike_in == 0, point)
        form = question(await self.victim.say(self.sentence.format(name=self.name)), "values")
        self._prepare(strike_in == 1, point)
        card = question(await self.victim.answer(form, values={"password": PASSWORD}), "approval")
        self._prepare(strike_in == 2, point)
        return ended(await self.victim.answer(card, approved=True))

    def _prepare(self, strike: bool, point: int) -> None:
        if strike:
            self.victim.arm(point, self.way)
        elif not self.victim.tap.struck.is_set():
            self.victim.tap.disarm()


@WAYS
@pytest.mark.parametrize("strike_in", [0, 1, 2])
async def test_a_user_is_created_exactly_once_wherever_a_worker_is_struck(scene: Scene, strike_in: int, way: Way) -> None:
    async def play(point: int) -> bool:
        async with scene.victim() as victim:
            name = f"copy{strike_in}x{point}"
            end = await scene.checked(victim, await Story(victim, name, way).played(strike_in, point))
            assert scene.created(name) == 1, end
            assert [r["outcome"] for r in end["receipt"] if r["changing"]] == ["done"], end
            return victim.tap.struck.is_set()

    assert await every_point(play) > 5


async def test_a_change_made_of_what_was_read_is_made_once_wherever_a_worker_dies(scene: Scene) -> None:
    """Another worker finds the same sources in the same results."""
    sentence = "Get the user details of 'user1' and create a new user '{name}' with those details"

    async def play(point: int) -> bool:
        async with scene.victim() as victim:
            name = f"twin{point}"
            end = await scene.checked(victim, await Story(victim, name, Way("kill", after=False), sentence).played(0, point))
            assert scene.created(name) == 1, end
            assert [r["outcome"] for r in end["receipt"] if r["changing"]] == ["done"], end
            return victim.tap.struck.is_set()

    assert await every_point(play) > 10


def without_keys() -> bytes:
    """The product's document, but for the header."""
    document = yaml.safe_load(DOCUMENT.read_bytes())
    for operation in (each for path in document["paths"].values() for each in path.values() if isinstance(each, dict)):
        parameters = operation.get("parameters", [])
        operation["parameters"] = [each for each in parameters if not each.get("$ref", "").endswith("/IdempotencyKey")]
    return json.dumps(document).encode()


@WAYS
async def test_without_idempotency_keys_an_outcome_that_cannot_be_known_is_said(scene: Scene, way: Way) -> None:
    """The product gets no keys and knows no request again: then a call is sent at most once, and what is not known is called unknown.

    Not executed: the worker was slow to get ready, so that its lease might have ended before the answer came.
    """
    settings = {"honours_idempotency_key": False}
    await scene.customer.upload(without_keys())
    await scene.customer.ask("PUT", f"/v1/specs/{scene.customer.spec}/settings", (200, 204), json=settings)
    outcomes = set()

    async def play(point: int) -> bool:
        async with scene.victim() as victim:
            name = f"once{point}"
            end = await scene.checked(victim, await Story(victim, name, way).played(2, point))
            (outcome,) = [r["outcome"] for r in end["receipt"] if r["changing"]]
            outcomes.add(outcome)
            assert (outcome, scene.created(name)) in {("done", 1), ("unknown", 0), ("unknown", 1), ("not_executed", 0)}, end
            return victim.tap.struck.is_set()

    await every_point(play)
    assert outcomes >= {"done", "unknown"}
