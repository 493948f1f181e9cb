"""Upload over HTTP, over loopback with a real Redis."""

import asyncio
import gzip
from typing import Any

import aiohttp
import orjson
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from preprocess.judge import Judge
from preprocess.worker import Reader, removed
from runtime.auth import create_key
from runtime.redis import key
from specs import store, uploads
from specs.store import SpecEntry
from specs.uploads import Upload
from tests.specs.documents import tree

DOCUMENT = orjson.dumps(tree({"/users": {"get": {"operationId": "listUsers", "tags": ["Users"], "responses": {"200": {"description": "ok"}}}}}))


async def settled(http: aiohttp.ClientSession, app: FastAPI, identifier: str) -> dict[str, Any]:
    await app.state.reader.finished()
    async with http.get(f"/v1/specs/{identifier}") as answer:
        assert answer.status == 200
        found: dict[str, Any] = await answer.json()
        return found


@pytest.mark.parametrize("form", ["body", "gzip", "multipart", "yaml"])
async def test_a_document_is_uploaded_read_and_validated(http: aiohttp.ClientSession, app: FastAPI, form: str) -> None:
    body: Any = {"body": DOCUMENT, "gzip": gzip.compress(DOCUMENT, mtime=0), "yaml": b"# as YAML\n" + DOCUMENT}.get(form)
    if form == "multipart":
        body = aiohttp.FormData()
        body.add_field("file", DOCUMENT, filename="shop.json")
    async with http.post("/v1/specs", data=body) as answer:
        assert answer.status == 202
        accepted = await answer.json()
    assert accepted["state"] == "reading"
    entry = await settled(http, app, accepted["id"])
    assert (entry["state"], entry["progress"], entry["title"], entry["operations"], entry["validated"]) == ("ready", 1.0, "Shop", 1, True)
    assert entry["services"] == [{"name": "Users", "description": "", "operations": [["GET", "/users"]]}]
    assert entry["problems"] == []


async def test_a_document_stored_by_another_version_can_be_uploaded_again(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    async with http.post("/v1/specs", data=DOCUMENT) as answer:
        entry = await settled(http, app, (await answer.json())["id"])
    await redis.hset(key("acme", "document", entry["hash"]), "head", b'{"format":1}')  # type: ignore[misc]
    store._cache.clear()
    async with http.post("/v1/specs", data=DOCUMENT) as answer:
        assert answer.status == 202
    assert (await settled(http, app, entry["id"]))["state"] == "ready"
    assert (await store.load(redis, "acme", entry["hash"])).title == "Shop"


async def test_the_same_bytes_are_the_same_entry(http: aiohttp.ClientSession, app: FastAPI) -> None:
    answers = []
    for _ in range(2):
        async with http.post("/v1/specs", data=DOCUMENT) as answer:
            answers.append(await answer.json())
        await app.state.reader.finished()
    assert answers[1] == {"id": answers[0]["id"], "state": "ready"}
    async with http.get("/v1/specs") as answer:
        assert [one["id"] for one in (await answer.json())["specs"]] == [answers[0]["id"]]


async def test_what_cannot_be_used_says_why(http: aiohttp.ClientSession, app: FastAPI) -> None:
    async with http.post("/v1/specs", data=b'{"swagger": "1.2"}') as answer:
        accepted = await answer.json()
    entry = await settled(http, app, accepted["id"])
    assert (entry["state"], entry["refused"]["code"], entry["refused"]["pointer"]) == ("refused", "document_version_unsupported", "/swagger")


@pytest.mark.parametrize("body", [orjson.dumps(tree({})), orjson.dumps({"openapi": "3.1.0", "webhooks": {"paid": {"post": {}}}})])
async def test_a_document_without_operations_cannot_be_talked_with(http: aiohttp.ClientSession, app: FastAPI, body: bytes) -> None:
    async with http.post("/v1/specs", data=body) as answer:
        accepted = await answer.json()
    entry = await settled(http, app, accepted["id"])
    assert (entry["state"], entry["refused"]["code"]) == ("refused", "document_without_operations")


@pytest.mark.parametrize("form", ["query", "multipart"])
async def test_a_document_without_a_title_keeps_its_files_name(http: aiohttp.ClientSession, app: FastAPI, form: str) -> None:
    titles = []
    for number, content in enumerate([b"{}", b'{"openapi": "3.1.0", "paths": {"/a": {"get": {}}}}', DOCUMENT]):
        body = aiohttp.FormData()
        body.add_field("file", content, filename=f"shop{number}.json")
        query = {"name": f"C:\\temp\\\x07shop{number}.json\n"} if form == "query" else {}
        async with http.post("/v1/specs", params=query, data=content if form == "query" else body) as answer:
            accepted = await answer.json()
        titles.append((await settled(http, app, accepted["id"]))["title"])
    assert titles == ["shop0.json", "shop1.json", "Shop"]


async def test_the_strict_validators_problems_come_later_and_refuse_nothing(http: aiohttp.ClientSession, app: FastAPI) -> None:
    async with http.post("/v1/specs", data=orjson.dumps(tree({"/a": {"get": {"responses": {"200": {}}}}}))) as answer:
        accepted = await answer.json()
    entry = await settled(http, app, accepted["id"])
    assert entry["state"] == "ready"
    assert {one["code"] for one in entry["problems"]} == {"openapi_invalid"}


@pytest.mark.parametrize(
    ("paths", "examples"),
    [
        ([("get", "/users", "List users."), ("post", "/users", "Create a user"), ("get", "/users/{id}", "Get a user"), ("get", "/logs", "List logs")],
         ["List users", "Create a user", "List logs"]),
        ([("get", "/users", ""), ("get", "/me", "Me"), ("post", "/x", "Delete many"), ("get", "/x", "Get " + "x" * 60)], ["Get users"]),
        ([("get", "/users", "Finds users"), ("get", "/users/all", "Get all"), ("post", "/users", "Adds a user")],
         ["Find users", "Add a user", "Get all"]),
        ([("delete", "/users/{id}", "Delete a user")], []),
    ],
)  # fmt: skip
async def test_an_entry_has_sentences_to_begin_with(
    http: aiohttp.ClientSession, app: FastAPI, paths: list[tuple[str, str, str]], examples: list[str]
) -> None:
    items: dict[str, Any] = {}
    for method, path, summary in paths:
        items.setdefault(path, {})[method] = {"summary": summary, "tags": [path.split("/")[1]], "responses": {"200": {"description": "ok"}}}
    async with http.post("/v1/specs", data=orjson.dumps(tree(items))) as answer:
        accepted = await answer.json()
    assert (await settled(http, app, accepted["id"]))["examples"] == examples


async def test_the_operations_are_listed_with_what_they_are_for(http: aiohttp.ClientSession, app: FastAPI) -> None:
    root = tree({"/users": {"get": {"operationId": "listUsers", "summary": "List users", "tags": ["People"]}, "post": {}}})
    async with http.post("/v1/specs", data=orjson.dumps(root)) as answer:
        identifier = (await answer.json())["id"]
    await settled(http, app, identifier)
    async with http.get(f"/v1/specs/{identifier}/operations") as answer:
        first, second = (await answer.json())["operations"]
    assert first == {"id": "listUsers", "method": "GET", "path": "/users", "summary": "List users", "service": "People"}
    assert (second["method"], second["summary"]) == ("POST", "")
    async with http.post("/v1/specs", data=b"{}") as answer:
        identifier = (await answer.json())["id"]
    await app.state.reader.finished()
    async with http.get(f"/v1/specs/{identifier}/operations") as answer:
        assert (answer.status, (await answer.json())["code"]) == (422, "spec_not_ready")


OVERLAY = b"overlay: 1.0.0\ninfo: {title: x, version: '1'}\nactions: [{target: '$.info', update: {title: Better shop}}]\n"


async def uploaded(http: aiohttp.ClientSession, app: FastAPI, **fields: bytes) -> dict[str, Any]:
    body = aiohttp.FormData()
    for name, content in fields.items():
        body.add_field(name, content, filename=f"{name}.yaml")
    async with http.post("/v1/specs", data=body) as answer:
        assert answer.status == 202
        identifier = (await answer.json())["id"]
    return await settled(http, app, identifier)


async def test_a_document_is_read_as_its_overlay_leaves_it(http: aiohttp.ClientSession, app: FastAPI) -> None:
    plain, mended = await uploaded(http, app, file=DOCUMENT), await uploaded(http, app, file=DOCUMENT, overlay=OVERLAY)
    assert (plain["title"], mended["title"]) == ("Shop", "Better shop")
    assert plain["id"] != mended["id"]
    wrong = await uploaded(http, app, file=DOCUMENT, overlay=b"overlay: 7")
    assert (wrong["state"], wrong["refused"]["code"], wrong["refused"]["pointer"]) == ("refused", "overlay_refused", "/overlay")


async def test_a_report_says_what_will_go_wrong_and_what_it_costs(http: aiohttp.ClientSession, app: FastAPI) -> None:
    entry = await uploaded(http, app, file=b"# first line\n" + DOCUMENT)
    async with http.get(f"/v1/specs/{entry['id']}/report") as answer:
        assert answer.status == 200
        found = await answer.json()
    assert {"server_missing", "operation_undescribed"} <= {one["code"] for one in found["problems"]}
    assert all(one["why"] and one["line"] for one in found["problems"])
    assert {one["line"] for one in found["problems"] if one["pointer"].startswith("/paths")} == {2}
    assert found["tokens"]["operations"] == [{"method": "GET", "path": "/users", "tokens": found["tokens"]["total"]}]
    assert found["services"] == [{"name": "Users", "operations": [["GET", "/users"]]}]


async def test_what_a_report_proposes_is_downloaded_and_uploaded_again(http: aiohttp.ClientSession, app: FastAPI) -> None:
    entry = await uploaded(http, app, file=DOCUMENT)
    async with http.get(f"/v1/specs/{entry['id']}/overlay") as answer:
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, "application/yaml")
        proposed = await answer.read()
    mended = await uploaded(http, app, file=DOCUMENT, overlay=proposed)
    async with http.get(f"/v1/specs/{mended['id']}/report") as answer:
        assert "operation_undescribed" not in {one["code"] for one in (await answer.json())["problems"]}
    async with http.get(f"/v1/specs/{mended['id']}/overlay") as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "overlay_empty")


async def test_there_is_no_report_before_a_document_is_ready(http: aiohttp.ClientSession, app: FastAPI) -> None:
    refused = await uploaded(http, app, file=b"{}")
    async with http.get(f"/v1/specs/{refused['id']}/report") as answer:
        assert (answer.status, (await answer.json())["code"]) == (422, "spec_not_ready")
    async with http.get("/v1/specs/sp_none/report") as answer:
        assert answer.status == 404


async def test_a_doctor_out_of_time_says_so(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    entry = SpecEntry.model_validate(await uploaded(http, app, file=DOCUMENT))
    judgement = await Judge(redis, seconds=0).judgement(entry)
    assert "doctor_unfinished" in {one["code"] for one in judgement.report["problems"]}


async def test_a_removed_document_is_gone(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    async with http.post("/v1/specs", data=DOCUMENT) as answer:
        identifier = (await answer.json())["id"]
    await settled(http, app, identifier)
    async with http.delete(f"/v1/specs/{identifier}") as answer:
        assert answer.status == 204
    async with http.get(f"/v1/specs/{identifier}") as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "spec_not_found")
    assert [name for name in await redis.keys() if b"acme" in name] == []


async def test_keys_without_the_scope_and_other_tenants_get_nothing(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    async with http.post("/v1/specs", data=DOCUMENT) as answer:
        identifier = (await answer.json())["id"]
    await app.state.reader.finished()
    other = await create_key(redis, "other", "eve", ["specs"])
    chat = await create_key(redis, "acme", "bob", ["chat"])
    for token, status in ((other, 404), (chat, 403), ("pk_x", 401)):
        for call in (http.get, http.delete):
            async with call(f"/v1/specs/{identifier}", headers={"authorization": f"Bearer {token}"}) as answer:
                assert answer.status == status
    async with http.get("/v1/specs", headers={"authorization": f"Bearer {other}"}) as answer:
        assert (await answer.json())["specs"] == []


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", {}, 422, "document_empty"),
        (b"x", {"content-type": "multipart/form-data"}, 422, None),
        (b"--b\r\n\r\n", {"content-type": "multipart/form-data; boundary=b"}, 422, None),
    ],
)
async def test_odd_bodies_are_refused(http: aiohttp.ClientSession, body: bytes, headers: dict[str, str], status: int, code: str | None) -> None:
    async with http.post("/v1/specs", data=body, headers=headers) as answer:
        problem = await answer.json()
        assert answer.status in (status, 400)
        assert problem["code"] == (code or problem["code"])


async def test_an_upload_whose_worker_died_is_read_by_the_next_that_looks(http: aiohttp.ClientSession, app: FastAPI, redis: Redis) -> None:
    import zlib

    entry = SpecEntry(id="sp_lost", tenant="acme", hash="ab", created=1)
    await uploads.keep(redis, Upload("acme", entry.id, "ab"), zlib.compress(DOCUMENT))
    await store.add_entry(redis, entry)
    async with http.get(f"/v1/specs/{entry.id}") as answer:
        assert (await answer.json())["state"] == "reading"
    assert (await settled(http, app, entry.id))["state"] == "ready"


async def test_only_one_worker_reads_an_upload(redis: Redis) -> None:
    first, second = Reader(redis), Reader(redis)
    await asyncio.gather(first.accept("acme", DOCUMENT), second.accept("acme", DOCUMENT))
    await asyncio.gather(first.finished(), second.finished())
    (entry,) = await store.list_entries(redis, "acme")
    assert entry.state == "ready"


async def test_a_document_that_is_removed_while_it_is_read_stays_removed(redis: Redis) -> None:
    large = tree({f"/things{n}": {"get": {"operationId": f"listThings{n}", "responses": {"200": {"description": "ok"}}}} for n in range(20_000)})
    reader = Reader(redis)
    entry = await reader.accept("acme", orjson.dumps(large))
    async with asyncio.timeout(20):
        while entry.progress == 0:
            await asyncio.sleep(0.02)
            entry = await store.load_entry(redis, "acme", entry.id)
    await removed(redis, "acme", entry.id)
    await reader.finished()
    assert await redis.keys() == []
