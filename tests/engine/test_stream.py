"""Followers: they miss nothing when the numbers begin anew, end with the session, and are not told old text."""

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest
from redis.asyncio import Redis

from engine.events import ModelReplied, Replied, SessionStarted, Snapshot, UserSaid
from engine.store import Accepted, Extra, SessionStore
from engine.stream import Deltas, Item, follow
from feedback.store import reset

STARTED = SessionStarted(document="d", spec="sp", tenant="t", user="u")


@pytest.fixture
async def store(redis: Redis) -> SessionStore:
    found = SessionStore(redis, owner="a", lease_ms=5000, lifetime_ms=60_000)
    await found.create("s", STARTED)
    return found


async def turn(store: SessionStore, message_id: str, *more: Snapshot) -> None:
    accepted = await store.accept("t", "s", "u", UserSaid(message_id=message_id, text=message_id))
    assert isinstance(accepted, Accepted)
    await store.append(accepted.lease, [ModelReplied(text="x"), Replied(text="x"), *more], Extra("idle", release=True))


async def ids(items: AsyncIterator[Item], count: int) -> list[str]:
    found: list[str] = []
    async for item in items:
        if item.id:
            found.append(item.id)
        if len(found) == count:
            break
    return found


async def test_a_follower_sees_the_new_epoch_from_its_beginning(store: SessionStore) -> None:
    await turn(store, "m1")
    async with asyncio.timeout(20):
        items = follow(store, "t", "s", -1, until_quiet=False)
        assert await ids(items, 4) == ["0-0", "0-1", "0-2", "0-3"]
        waiting = asyncio.create_task(ids(items, 2))
        await reset(store.redis, "t", "s", 0)
        await turn(store, "m2")
        assert await waiting == ["1-0", "1-1"]


async def test_following_ends_when_the_session_is_erased(store: SessionStore) -> None:
    async with asyncio.timeout(4):  # less than a follower waits when nobody wakes it
        items = follow(store, "t", "s", -1, until_quiet=False)
        assert await ids(items, 1) == ["0-0"]
        await store.erase("t", "s")
        assert [item async for item in items] == []


async def test_snapshots_are_not_for_followers(store: SessionStore) -> None:
    await turn(store, "m1", Snapshot(started=STARTED, tail=1))
    kinds = [orjson.loads(item.data).get("type") async for item in follow(store, "t", "s", -1, until_quiet=True)]
    assert kinds == ["SessionStarted", "UserSaid", "ModelReplied", "Replied", None]


async def test_numbers_beyond_any_event_are_no_error(store: SessionStore) -> None:
    assert (await store.read("t", "s", 10**30)).events == ()


async def test_a_reply_is_shown_by_whole_sentences_and_ends_where_it_may_not_go_on(redis: Redis) -> None:
    store = SessionStore(redis, owner="a", lease_ms=5000, lifetime_ms=60_000)
    said: list[str] = []
    async with redis.pubsub() as feed:
        await feed.subscribe(store.feed("t", "s"))
        write = Deltas(store, "t", "s", lambda text: "555" not in text, after=0)
        for piece in ("Here is ", "user1. She ", "works in sales.\n", "Call 555 0199. ", "And rest. "):
            await write(piece)
        while message := await feed.get_message(ignore_subscribe_messages=False, timeout=0.2):
            if message["type"] == "message":
                said.append(orjson.loads(message["data"])["text"])
    assert said == ["Here is user1. ", "She works in sales.\n"]
