"""Versions of a stored document: over HTTP, and what two workers do to one entry."""

import asyncio
import zlib
from typing import Any

import aiohttp
import jsonschema_rs
import orjson
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from preprocess import versions
from preprocess.compile import digest
from preprocess.doctor_why import RULES
from preprocess.versions import KEPT_VERSIONS
from preprocess.worker import Reader, removed
from runtime.auth import create_key
from specs import store, uploads
from specs.model import Problem
from specs.overlay import together
from specs.store import Refused, SpecEntry
from specs.uploads import Upload
from tests.preprocess.test_app import settled
from tests.specs.documents import tree
from tools.settings import DocumentSettings
from tools.store import load_settings, save_settings


def text(*operations: str, title: str = "Shop") -> bytes:
    root = tree({f"/{name}": {"get": {"operationId": name, "responses": {"200": {"description": "ok"}}}} for name in operations})
    return orjson.dumps({**root, "info": {"title": title, "version": str(len(operations))}})


FIRST, SECOND = text("users", "groups"), text("users", "logs", "safes")


async def uploaded(http: aiohttp.ClientSession, app: FastAPI, data: bytes) -> str:
    async with http.post("/v1/specs", data=data) as answer:
        found: str = (await answer.json())["id"]
    await app.state.reader.finished()
    return found


async def put(http: aiohttp.ClientSession, identifier: str, data: bytes) -> dict[str, Any]:
    async with http.put(f"/v1/specs/{identifier}", data=data) as answer:
        assert answer.status == 202, await answer.text()
        found: dict[str, Any] = await answer.json()
        return found


async def compared(http: aiohttp.ClientSession, identifier: str, former: str | None = None) -> tuple[int, dict[str, Any]]:
    async with http.get(f"/v1/specs/{identifier}/diff", params={"from": former} if former else {}) as answer:
        return answer.status, await answer.json()


async def test_a_new_version_takes_the_place_of_the_old_one_when_it_is_read(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    identifier = await uploaded(http, app, FIRST)
    before = await settled(http, app, identifier)
    await save_settings(redis, "acme", identifier, DocumentSettings(base_url="https://a.test"))
    assert await put(http, identifier, SECOND) == {"id": identifier, "state": "reading"}
    after = await settled(http, app, identifier)
    assert (after["id"], after["created"], after["replacement"]) == (identifier, before["created"], None)
    assert (after["hash"], after["version"], after["operations"], after["validated"]) == (digest(SECOND), "3", 3, True)
    assert after["former"] == [{"hash": digest(FIRST), "title": "Shop", "version": "2", "operations": 2, "since": before["since"]}]
    assert (await load_settings(redis, "acme", identifier)).base_url == "https://a.test"
    assert (await store.load(redis, "acme", digest(FIRST))).has("groups")


async def test_the_old_version_is_usable_while_the_new_one_is_read(redis: Redis) -> None:
    reader = Reader(redis)
    first = await reader.accept("acme", FIRST)
    await reader.finished()
    entry = await reader.replace("acme", first.id, SECOND, "shop.json")
    assert (entry.state, entry.hash, entry.operations) == ("ready", digest(FIRST), 2)
    assert entry.replacement
    assert (entry.replacement.state, entry.replacement.name) == ("reading", "shop.json")
    await reader.finished()


async def test_a_refused_text_leaves_the_old_version_and_says_why(http: aiohttp.ClientSession, app: FastAPI) -> None:
    identifier = await uploaded(http, app, FIRST)
    await put(http, identifier, b'{"openapi": 7}')
    entry = await settled(http, app, identifier)
    assert (entry["state"], entry["hash"], entry["refused"], entry["former"]) == ("ready", digest(FIRST), None, [])
    assert (entry["replacement"]["state"], entry["replacement"]["refused"]["pointer"]) == ("refused", "/openapi")
    await put(http, identifier, SECOND)
    entry = await settled(http, app, identifier)
    assert (entry["hash"], entry["replacement"], len(entry["former"])) == (digest(SECOND), None, 1)


async def test_a_refused_document_is_put_right_under_its_id(http: aiohttp.ClientSession, app: FastAPI) -> None:
    identifier = await uploaded(http, app, b"{}")
    await put(http, identifier, FIRST)
    entry = await settled(http, app, identifier)
    assert (entry["state"], entry["hash"], entry["refused"], entry["former"]) == ("ready", digest(FIRST), None, [])


async def test_the_bytes_that_are_current_make_no_version(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    identifier = await uploaded(http, app, FIRST)
    assert await put(http, identifier, FIRST) == {"id": identifier, "state": "ready"}
    entry = await settled(http, app, identifier)
    assert (entry["former"], entry["replacement"]) == ([], None)
    assert not [name for name in await redis.keys() if b"upload" in name]


async def test_the_bytes_that_are_current_take_back_what_is_being_read(redis: Redis) -> None:
    reader = Reader(redis)
    first = await reader.accept("acme", FIRST)
    await reader.finished()
    await reader.replace("acme", first.id, SECOND)
    await reader.replace("acme", first.id, FIRST)
    await reader.finished()
    entry = await store.load_entry(redis, "acme", first.id)
    assert (entry.hash, entry.replacement, entry.former) == (digest(FIRST), None, ())
    assert not [name for name in await redis.keys() if digest(SECOND).encode() in name]


async def test_a_document_whose_record_went_is_read_again(redis: Redis) -> None:
    reader = Reader(redis)
    first = await reader.accept("acme", FIRST)
    await reader.finished()
    for again in (reader.accept("acme", FIRST), reader.replace("acme", first.id, FIRST)):
        await redis.delete(store._record("acme", digest(FIRST)))
        store._cache.clear()
        await again
        await reader.finished()
        entry = await store.load_entry(redis, "acme", first.id)
        assert (entry.state, entry.replacement, entry.former) == ("ready", None, ())
        assert (await store.load(redis, "acme", digest(FIRST))).has("users")


async def test_one_may_go_back_to_a_former_version(http: aiohttp.ClientSession, app: FastAPI) -> None:
    identifier = await uploaded(http, app, FIRST)
    for data in (SECOND, FIRST):
        await put(http, identifier, data)
        await app.state.reader.finished()
    entry = await settled(http, app, identifier)
    assert (entry["hash"], [one["hash"] for one in entry["former"]]) == (digest(FIRST), [digest(SECOND), digest(FIRST)])


async def test_the_differences_are_told_since_the_last_version_or_since_a_chosen_one(http: aiohttp.ClientSession, app: FastAPI) -> None:
    identifier = await uploaded(http, app, FIRST)
    assert (await compared(http, identifier))[1]["code"] == "version_not_found"
    third = text("users", "logs")
    for data in (SECOND, third):
        await put(http, identifier, data)
        await app.state.reader.finished()
    status, found = await compared(http, identifier)
    assert (status, found["removed"], found["added"], found["changed"], found["breaking"]) == (200, [["GET", "/safes"]], [], [], True)
    assert (found["from"], found["to"]["hash"]) == ({"hash": digest(SECOND), "title": "Shop", "version": "3"}, digest(third))
    status, found = await compared(http, identifier, digest(FIRST))
    assert (found["removed"], found["added"]) == ([["GET", "/groups"]], [["GET", "/logs"]])
    assert (await compared(http, identifier, digest(third)))[1]["breaking"] is False
    for unknown in ("x", "a b", digest(b"another")):
        assert (await compared(http, identifier, unknown))[0] == 404


async def test_settings_of_operations_that_went_are_reported(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    identifier = await uploaded(http, app, FIRST)
    await save_settings(redis, "acme", identifier, DocumentSettings(off=("groups", "users"), tips={"users": "By name"}))
    renamed = orjson.dumps(tree({"/users": {"get": {"operationId": "listUsers"}}}))
    await put(http, identifier, renamed)
    entry = await settled(http, app, identifier)
    told = [(one["message"], one["fix"]) for one in entry["problems"] if one["code"] == "setting_without_operation"]
    assert [one[0].split()[5] for one in told] == ["groups,", "users,"]
    assert told[1][1] == "It is called listUsers now: set it for that one."
    async with http.get(f"/v1/specs/{identifier}/report") as answer:
        reported = [one for one in (await answer.json())["problems"] if one["code"] == "setting_without_operation"]
    assert [one["why"] for one in reported] == [RULES["setting_without_operation"].why] * 2
    found = (await compared(http, identifier))[1]
    assert found["settings"] == [
        {"operation": "users", "now": "listUsers", "set": ["off", "tips"]},
        {"operation": "groups", "now": None, "set": ["off"]},
    ]


async def test_rules_on_fields_that_went_are_reported(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    body = {"content": {"application/json": {"schema": {"properties": {"price": {"type": "number"}}}}}, "required": True}
    identifier = await uploaded(http, app, orjson.dumps(tree({"/users": {"post": {"operationId": "buy", "requestBody": body}}})))
    rules = [
        {"operation": operation, "field": field, "op": ">", "value": 5} for operation, field in (("buy", "price"), ("*", "price"), ("gone", "x"))
    ]
    await save_settings(redis, "acme", identifier, DocumentSettings.model_validate({"when": rules}))
    await put(http, identifier, orjson.dumps(tree({"/users": {"post": {"operationId": "buy"}}})))
    entry = await settled(http, app, identifier)
    told = {one["code"]: one["message"] for one in reversed(entry["problems"]) if one["code"].startswith("setting_")}
    assert told == {
        "setting_without_operation": "The settings name the operation gone, which this version does not have.",
        "setting_without_field": "The settings want a yes for values of the field price, which buy does not have in this version.",
    }
    assert [one["message"].split("price, ")[1] for one in entry["problems"] if one["code"] == "setting_without_field"] == [
        "which buy does not have in this version.",
        "which no changing operation of this version has.",
    ]


async def test_a_version_follows_one_that_can_no_longer_be_read(redis: Redis) -> None:
    """The record is of an older format, and a setting names an operation that the new text does not have."""
    reader = Reader(redis)
    first = await reader.accept("acme", FIRST)
    await reader.finished()
    await save_settings(redis, "acme", first.id, DocumentSettings(off=("groups",)))
    await redis.hset(store._record("acme", digest(FIRST)), "head", b'{"format": 1}')  # type: ignore[misc]
    store._cache.clear()
    await reader.replace("acme", first.id, SECOND)
    await reader.finished()
    entry = await store.load_entry(redis, "acme", first.id)
    assert (entry.hash, entry.replacement) == (digest(SECOND), None)
    assert "setting_without_operation" in {one.code for one in entry.problems}


async def test_a_version_may_come_with_an_overlay(http: aiohttp.ClientSession, app: FastAPI) -> None:
    identifier = await uploaded(http, app, FIRST)
    form = aiohttp.FormData()
    form.add_field("file", FIRST, filename="shop.json")
    changes = b"overlay: 1.0.0\ninfo: {title: x, version: '1'}\nactions: [{target: '$.paths[\"/groups\"]', remove: true}]\n"
    form.add_field("overlay", changes, filename="mine.yaml")
    async with http.put(f"/v1/specs/{identifier}", data=form) as answer:
        assert answer.status == 202
    entry = await settled(http, app, identifier)
    assert (entry["operations"], entry["replacement"], len(entry["former"])) == (1, None, 1)
    assert (await compared(http, identifier))[1]["removed"] == [["GET", "/groups"]]
    assert (entry["overlay"], entry["problems"]) == (True, [])


async def test_an_overlay_that_the_next_version_comes_without_is_missed_once(http: aiohttp.ClientSession, app: FastAPI) -> None:
    changes = b"overlay: 1.0.0\ninfo: {title: x, version: '1'}\nactions: [{target: '$.info', update: {title: Mended}}]\n"
    identifier = await uploaded(http, app, together(FIRST, changes))
    await put(http, identifier, SECOND)
    entry = await settled(http, app, identifier)
    assert [one["code"] for one in entry["problems"]] == ["overlay_left_out"]
    async with http.get(f"/v1/specs/{identifier}/report") as answer:
        (told,) = [one for one in (await answer.json())["problems"] if one["code"] == "overlay_left_out"]
    assert told["why"]
    assert told["fix"]
    await put(http, identifier, FIRST)
    assert (await settled(http, app, identifier))["problems"] == []


async def test_a_document_that_is_still_being_read_may_be_replaced(redis: Redis) -> None:
    reader = Reader(redis)
    first = await reader.accept("acme", FIRST)
    replaced = await reader.replace("acme", first.id, SECOND)
    assert replaced.state == "reading"
    await reader.finished()
    entry = await store.load_entry(redis, "acme", first.id)
    assert (entry.state, entry.hash, entry.title, entry.replacement) == ("ready", digest(SECOND), "Shop", None)
    assert [name for name in await redis.keys() if b"upload" in name or b"claim" in name] == []


async def test_of_two_texts_at_once_the_later_one_is_current(redis: Redis) -> None:
    readers = Reader(redis), Reader(redis)
    first = await readers[0].accept("acme", FIRST)
    await readers[0].finished()
    texts = [text(*(f"op{n}" for n in range(size))) for size in range(1, 7)]
    for number, data in enumerate(texts):
        await readers[number % 2].replace("acme", first.id, data)
    await asyncio.gather(*(reader.finished() for reader in readers))
    entry = await store.load_entry(redis, "acme", first.id)
    assert (entry.state, entry.hash, entry.replacement) == ("ready", digest(texts[-1]), None)
    kept = {entry.hash, *(version.hash for version in entry.former)}
    records = {name.decode().rpartition(":")[2].rstrip("}") for name in await redis.keys() if b"document" in name}
    assert records == kept


async def test_a_document_removed_while_its_next_version_is_read_stays_removed(redis: Redis) -> None:
    reader = Reader(redis)
    first = await reader.accept("acme", FIRST)
    await reader.finished()
    await reader.replace("acme", first.id, text(*(f"thing{n}" for n in range(20_000))))
    async with asyncio.timeout(20):
        entry = await store.load_entry(redis, "acme", first.id)
        while entry.replacement and not entry.replacement.progress:
            await asyncio.sleep(0.02)
            entry = await store.load_entry(redis, "acme", first.id)
    await removed(redis, "acme", first.id)
    await reader.finished()
    assert await redis.keys() == []


async def test_a_version_whose_worker_died_is_read_by_the_next_that_looks(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    identifier = await uploaded(http, app, FIRST)
    lost = Upload("acme", identifier, digest(SECOND))
    await uploads.keep(redis, lost, zlib.compress(SECOND))
    await store.change_entry(redis, "acme", identifier, lambda entry: versions.awaiting(entry, lost.hash, "", lost=False))
    async with http.get(f"/v1/specs/{identifier}") as answer:
        assert (await answer.json())["hash"] == digest(FIRST)
    entry = await settled(http, app, identifier)
    assert (entry["hash"], entry["replacement"], len(entry["former"])) == (digest(SECOND), None, 1)


async def test_an_upload_that_waits_for_its_turn_is_read_by_a_worker_that_is_free(redis: Redis) -> None:
    busy, free = Reader(redis, at_once=1), Reader(redis)
    async with busy._compiling:
        entry = await busy.accept("acme", FIRST)
        for _ in range(3):  # the console looks how far it is
            await busy.revive(entry)
        await asyncio.sleep(0.1)
        assert len(busy._running) == 1
        await free.revive(entry)
        await free.finished()
        assert (await store.load_entry(redis, "acme", entry.id)).state == "ready"
    await busy.finished()
    assert (await store.load_entry(redis, "acme", entry.id)).state == "ready"
    assert [name for name in await redis.keys() if b"upload" in name or b"claim" in name] == []


async def test_a_version_whose_bytes_went_with_its_worker_is_said_to_be_lost(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    identifier = await uploaded(http, app, FIRST)
    await store.change_entry(redis, "acme", identifier, lambda entry: versions.awaiting(entry, "ab", "", lost=False))
    async with http.get(f"/v1/specs/{identifier}"):
        pass
    entry = await settled(http, app, identifier)
    assert (entry["hash"], entry["replacement"]["refused"]["code"]) == (digest(FIRST), "upload_lost")


async def test_removing_a_document_leaves_none_of_its_versions(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    identifier = await uploaded(http, app, FIRST)
    other = await uploaded(http, app, SECOND)
    for data in (SECOND, text("x"), b"{}"):
        await put(http, identifier, data)
        await app.state.reader.finished()
    async with http.delete(f"/v1/specs/{identifier}") as answer:
        assert answer.status == 204
    assert (await store.load(redis, "acme", digest(SECOND))).has("logs")  # the other document's
    async with http.delete(f"/v1/specs/{other}") as answer:
        assert answer.status == 204
    assert [name for name in await redis.keys() if b"acme" in name] == []


async def test_bytes_of_a_former_version_that_are_added_make_a_document_of_their_own(http: aiohttp.ClientSession, app: FastAPI) -> None:
    identifier = await uploaded(http, app, FIRST)
    await put(http, identifier, SECOND)
    await app.state.reader.finished()
    other = await uploaded(http, app, FIRST)
    assert other != identifier
    assert (await settled(http, app, other))["hash"] == digest(FIRST)
    assert await uploaded(http, app, FIRST) == other
    assert (await settled(http, app, identifier))["hash"] == digest(SECOND)


@pytest.mark.parametrize("days", [2, 400])
async def test_every_look_at_a_document_renews_it_for_the_days_that_are_set(
    http: aiohttp.ClientSession, app: FastAPI, redis: Redis, days: float
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"document_days": days})
    identifier = await uploaded(http, app, FIRST)
    await put(http, identifier, SECOND)
    await app.state.reader.finished()
    for last in ("", "/operations", "/report", "/diff"):
        store._cache.clear()
        async with http.get(f"/v1/specs/{identifier}{last}") as answer:
            assert answer.status == 200
        for name in (store._entry("acme", identifier), store._record("acme", digest(SECOND))):
            assert days - 0.1 < await redis.ttl(name) / 86_400 <= days, last


async def test_what_is_answered_is_what_our_own_document_says(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    identifier = await uploaded(http, app, FIRST)
    await save_settings(redis, "acme", identifier, DocumentSettings(off=("groups",)))
    await put(http, identifier, SECOND)
    await app.state.reader.finished()
    own = app.openapi()
    for last in ("operations", "diff"):
        schema = own["paths"][f"/v1/specs/{{spec_id}}/{last}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        async with http.get(f"/v1/specs/{identifier}/{last}") as answer:
            found = await answer.json()
        assert not list(jsonschema_rs.Draft202012Validator({**schema, "components": own["components"]}).iter_errors(found))
        (named,) = (value for name, value in own["components"]["schemas"].items() if schema["$ref"].endswith(f"/{name}"))
        assert set(found) == set(named["properties"]) == set(named["required"])


async def test_versions_belong_to_the_tenant_and_to_its_team(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    identifier = await uploaded(http, app, FIRST)
    other = await create_key(redis, "other", "eve", ["specs"])
    chat = await create_key(redis, "acme", "bob", ["chat"])
    for token, status in ((other, 404), (chat, 403), ("pk_x", 401)):
        headers = {"authorization": f"Bearer {token}"}
        async with http.put(f"/v1/specs/{identifier}", data=SECOND, headers=headers) as answer:
            assert answer.status == status
        for last in ("", "/diff", "/operations", "/report", "/overlay"):
            async with http.get(f"/v1/specs/{identifier}{last}", headers=headers) as answer:
                assert answer.status == status, last
        async with http.delete(f"/v1/specs/{identifier}", headers=headers) as answer:
            assert answer.status == status
    assert (await settled(http, app, identifier))["hash"] == digest(FIRST)


READY = SpecEntry(id="sp_1", tenant="t", state="ready", hash="h0", title="Shop")


def test_so_many_versions_are_kept_and_no_record_is_forgotten() -> None:
    entry = READY
    for number in range(1, KEPT_VERSIONS + 6):
        awaiting = versions.awaiting(entry, f"h{number}", "", lost=False)
        found = versions.became(awaiting, Upload("t", "sp_1", f"h{number}"), awaiting.model_copy(update={"hash": f"h{number}"}), number)
        assert found
        entry = found
    assert len(entry.former) == KEPT_VERSIONS
    assert entry.older == ("h4", "h3", "h2", "h1", "h0")
    assert entry.hashes == {f"h{number}" for number in range(KEPT_VERSIONS + 6)}


def test_what_is_no_longer_awaited_changes_nothing() -> None:
    late = Upload("t", "sp_1", "h1")
    for entry in (READY, versions.awaiting(READY, "h2", "", lost=False), SpecEntry(id="sp_1", tenant="t", hash="h2")):
        assert versions.progressed(entry, late, 0.5) is None
        assert versions.refused(entry, late, Refused(code="x", message="x")) is None
        assert versions.became(entry, late, entry, 1) is None
        assert versions.validated(entry, "h1", [Problem("info", "x", "", "x")]) is None
