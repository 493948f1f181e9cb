"""A worker is killed at every point of I/O of a reading and of a changing turn; another ends the turn, and nothing is done twice."""

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from demo.product import Product
from tests.line import JSON, ROOT, SECRET_KEY, STARTS, Client, Worker, credential, customer, free_port, of_type, product, question, workers
from tests.tap import Tap, to

AT_ONCE = 3
MOST_POINTS = 80
SHORT = {"lease_seconds": 1.2, "heartbeat": 0.4, "product_timeout": 1.0}
PASSWORD = "correct horse 7 battery staple"


class Spawner:
    """A process that forks workers: see tests/spawner.py."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.spawner"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PARLANCE_")}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr)

    def spawn(self, **settings: object) -> tuple[int, str]:
        """A new worker's process id and address."""
        port = free_port()
        given = {"allow_private_hosts": True, "secret_keys": SECRET_KEY, **SHORT, **settings}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"settings": given, "port": port}).encode() + b"\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline()), f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def spawner() -> Iterator[Spawner]:
    found = Spawner()
    yield found
    found.process.kill()
    found.process.communicate()


@pytest.fixture(scope="module")
def survivor(redis_server: str) -> Iterator[Worker]:
    with workers(redis_server, 1, **SHORT) as started:
        yield started[0]


@dataclass
class Victim:
    """A customer whose requests go to a worker that will be killed; that worker reaches Redis and the product through the tap."""

    client: Client
    tap: Tap
    survivor_url: str
    pid: int

    def arm(self, at: int) -> None:
        self.tap.arm(at, lambda: os.kill(self.pid, signal.SIGKILL))

    async def send(self, message: JSON) -> JSON:
        """As a real client does: the same message again, to whoever answers, until the turn has ended or waits."""
        path = f"/v1/sessions/{self.client.session}/messages"
        async with asyncio.timeout(STARTS):
            while True:
                try:
                    answer = await self.client.ask("POST", path, (200, 202, 409, 503), json=message)
                except aiohttp.ClientError:
                    self.tap.disarm()
                    self.client.url = self.survivor_url
                    continue
                if answer.get("status") in ("replied", "waiting", "failed"):
                    return answer
                await asyncio.sleep(0.05)

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


async def test_a_reading_turn_is_ended_by_another_worker_wherever_the_first_one_dies(scene: Scene) -> None:
    async def play(point: int) -> bool:
        async with scene.victim() as victim:
            victim.arm(point)
            end = ended(await victim.say("Show me the user 'user1'"))
            assert [r["outcome"] for r in end["receipt"]] == ["done"]
            return victim.tap.struck

    points = await every_point(play)
    assert points > 10
    assert not scene.product.ledger


@dataclass
class Story:
    """Story 1 in its three messages, each for a name of its own."""

    victim: Victim
    name: str

    async def played(self, kill_in: int, point: int) -> JSON:
        """The end of the story; the worker dies at a point of message number `kill_in`."""
        self._prepare(kill_in == 0, point)
        sentence = f"Get the user details of 'user1' and create a new user '{self.name}' with those details"
        form = question(await self.victim.say(sentence), "values")
        self._prepare(kill_in == 1, point)
        card = question(await self.victim.answer(form, values={"password": PASSWORD}), "approval")
        self._prepare(kill_in == 2, point)
        return ended(await self.victim.answer(card, approved=True))

    def _prepare(self, kill: bool, point: int) -> None:
        if kill:
            self.victim.arm(point)
        elif not self.victim.tap.struck:
            self.victim.tap.disarm()


@pytest.mark.parametrize("kill_in", [0, 1, 2])
async def test_a_user_is_created_exactly_once_wherever_a_worker_dies(scene: Scene, kill_in: int) -> None:
    async def play(point: int) -> bool:
        async with scene.victim() as victim:
            name = f"copy{kill_in}x{point}"
            end = await Story(victim, name).played(kill_in, point)
            assert scene.created(name) == 1, end
            assert [r["outcome"] for r in end["receipt"] if r["changing"]] == ["done"], end
            return victim.tap.struck

    assert await every_point(play) > 5


async def test_without_idempotency_keys_an_outcome_that_cannot_be_known_is_said(scene: Scene) -> None:
    """The product is said not to honour keys: then a call is sent at most once, and what is not known is called unknown."""
    settings = {"honours_idempotency_key": False}
    await scene.customer.ask("PUT", f"/v1/specs/{scene.customer.spec}/settings", (200, 204), json=settings)
    outcomes = set()

    async def play(point: int) -> bool:
        async with scene.victim() as victim:
            name = f"once{point}"
            end = await Story(victim, name).played(2, point)
            (outcome,) = [r["outcome"] for r in end["receipt"] if r["changing"]]
            outcomes.add(outcome)
            assert (outcome, scene.created(name)) in {("done", 1), ("unknown", 0), ("unknown", 1)}, end
            return victim.tap.struck

    await every_point(play)
    assert outcomes == {"done", "unknown"}
