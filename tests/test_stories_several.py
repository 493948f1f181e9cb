"""Several calls in one turn, and what earlier turns supply, with the built-in model and the example product, over HTTP."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from redis.asyncio import Redis

from demo.product import Product
from demo.seed import Seed
from tests.line import Client, Worker, customer, product, question, replied, workers

JSON = Any
PEOPLE = tuple({"username": name, "status": status} for name, status in (("zoe1", "active"), ("zoe2", "active"), ("zoe3", "active")))


@dataclass
class Stage:
    client: Client
    product: Product

    async def approved(self, answer: JSON, *yes: bool) -> JSON:
        """The end of a turn in which each approval is answered in turn."""
        for each in yes:
            answer = await self.client.answer(question(answer, "approval"), approved=each)
        return replied(answer)

    def changes(self) -> list[tuple[str, str]]:
        return [(change.operation, change.path) for change in self.product.ledger]

    def read(self) -> list[str]:
        return [operation for operation, status in self.product.seen if status == 200 and operation != "createToken"]


@pytest.fixture(scope="module")
def worker(redis_server: str) -> Iterator[Worker]:
    with workers(redis_server, 1) as started:
        yield started[0]


@pytest.fixture
async def stage(worker: Worker, redis_url: str, redis: Redis) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        url, running = await stack.enter_async_context(product(seed=Seed(extra=PEOPLE)))
        yield Stage(await stack.enter_async_context(customer(redis, worker.url, url)), running)


async def test_each_of_several_is_a_change_with_an_approval_of_its_own(stage: Stage) -> None:
    end = await stage.approved(await stage.client.say("Lock users zoe1, zoe2 and zoe3"), True, False, True)
    assert [r["outcome"] for r in end["receipt"]] == ["done", "declined", "done"]
    assert [path.split("/")[-2] for _, path in stage.changes()] == ["zoe1", "zoe3"]


async def test_all_that_a_list_holds_are_changed_one_by_one(stage: Stage) -> None:
    answer = await stage.client.say("delete all locked users")
    end = await stage.approved(answer, True, True, False)
    assert [r["outcome"] for r in end["receipt"] if r["changing"]] == ["done", "done", "declined"]
    assert [operation for operation, _ in stage.changes()] == ["deleteUser", "deleteUser"]
    assert stage.read().count("listUsers") == 1


async def test_for_each_group_its_members_are_read(stage: Stage) -> None:
    end = replied(await stage.client.say("for each group list its members"))
    assert stage.read().count("listGroupMembers") == 8
    assert "Administrators" in end["text"]


async def test_what_is_asked_of_a_group_that_must_be_found_first(stage: Stage) -> None:
    end = replied(await stage.client.say("Show the members of the first group of user1"))
    assert stage.read() == ["listUserGroups", "listGroupMembers"]
    assert end["views"]


async def test_the_same_for_another(stage: Stage) -> None:
    await stage.approved(await stage.client.say("lock zoe1"), True)
    end = await stage.approved(await stage.client.say("the same for zoe2"), True)
    assert [r["outcome"] for r in end["receipt"]] == ["done"]
    assert [path.split("/")[-2] for _, path in stage.changes()] == ["zoe1", "zoe2"]


async def test_what_is_missing_is_asked_for_in_one_form(stage: Stage) -> None:
    form = question(await stage.client.say("Create an account"), "values")
    assert len(form["fields"]) > 1
    assert all(field["form"] or field["hidden"] for field in form["fields"])
