"""Documents and entries in a real Redis."""

import pytest
from redis.asyncio import Redis

from preprocess.compile import compile_document
from runtime.errors import NotFound
from runtime.redis import key
from specs import store, uploads
from specs.document import Document
from specs.model import Problem
from specs.store import SpecEntry
from specs.uploads import Upload
from tests.specs.documents import answering, compiled


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """As in a process that has seen nothing."""
    store._cache.clear()


@pytest.fixture
def document() -> Document:
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
    return compiled(
        {"/users": {"get": {"operationId": "listUsers", "tags": ["Users"], "security": [{"key": []}], **answering({"type": "array"})}}, "/bad": 5},
        servers=[{"url": "https://{a}.test", "variables": {"a": {"default": "x"}}}],
        security=[{"key": ["s"]}],
        components={"securitySchemes": schemes},
    )


async def test_a_document_comes_back_as_it_was(redis: Redis, document: Document) -> None:
    await store.save(redis, "t", document)
    store._cache.clear()
    found = await store.load(redis, "t", document.hash)
    for name in ("hash", "title", "version", "openapi", "servers", "security", "security_schemes", "services", "catalogue", "problems"):
        assert getattr(found, name) == getattr(document, name), name
    assert found.operation("listUsers") == document.operation("listUsers")
    assert found.words.search("users", 5) == document.words.search("users", 5)


async def test_the_uploaded_bytes_can_be_asked_for(redis: Redis) -> None:
    data = b'\n{"openapi": "3.1.0",  "paths": {"/a": {"get": {}}}}'
    document = compile_document(data)
    await store.save(redis, "t", document)
    assert await store.source(redis, "t", document.hash) == data
    assert await store.source(redis, "other", document.hash) is None
    assert (await store.load(redis, "t", document.hash)).source is None


async def test_a_document_is_read_once_a_process(redis: Redis, document: Document) -> None:
    await store.save(redis, "t", document)
    store._cache.clear()
    first = await store.load(redis, "t", document.hash)
    await redis.flushall()
    assert await store.load(redis, "t", document.hash) is first


async def test_tenants_do_not_see_each_others_documents(redis: Redis, document: Document) -> None:
    await store.save(redis, "t", document)
    await store.add_entry(redis, SpecEntry(id="sp_1", tenant="t"))
    with pytest.raises(NotFound):
        await store.load(redis, "other", document.hash)
    with pytest.raises(NotFound):
        await store.load_entry(redis, "other", "sp_1")
    assert await store.list_entries(redis, "other") == []


async def test_everything_has_a_lifetime_that_use_renews(redis: Redis, document: Document) -> None:
    await store.save(redis, "t", document, days=1)
    await store.add_entry(redis, SpecEntry(id="sp_1", tenant="t"), days=1)
    await uploads.keep(redis, Upload("t", "sp_1", "ab"), b"x")
    assert await uploads.claim(redis, Upload("t", "sp_1", "ab"), 10)
    assert all([await redis.ttl(name) > 0 for name in await redis.keys()])
    await redis.expire(key("t", "document", document.hash), 5)
    store._cache.clear()
    await store.load(redis, "t", document.hash, days=2)
    assert await redis.ttl(key("t", "document", document.hash)) > 86_400


async def test_entries_are_listed_newest_first_and_gone_ones_are_dropped(redis: Redis) -> None:
    for created, name in enumerate(("sp_a", "sp_b", "sp_c")):
        await store.add_entry(redis, SpecEntry(id=name, tenant="t", created=created, problems=(Problem("info", "c", "", "m", line=3),)))
    await redis.delete(key("t", "spec", "sp_b"))
    assert [entry.id for entry in await store.list_entries(redis, "t")] == ["sp_c", "sp_a"]
    assert await redis.zcard(key("t", "specs")) == 2
    assert (await store.load_entry(redis, "t", "sp_a")).problems[0].line == 3


async def test_removing_leaves_nothing_behind(redis: Redis, document: Document) -> None:
    await store.save(redis, "t", document)
    await store.add_entry(redis, SpecEntry(id="sp_1", tenant="t", hash=document.hash, state="ready"))
    await store.remove(redis, "t", "sp_1")
    assert await redis.keys() == []
    with pytest.raises(NotFound):
        await store.load(redis, "t", document.hash)
    with pytest.raises(NotFound):
        await store.remove(redis, "t", "sp_1")


async def test_removing_keeps_a_document_that_another_entry_shows(redis: Redis, document: Document) -> None:
    await store.save(redis, "t", document)
    for name in ("sp_1", "sp_2"):
        await store.add_entry(redis, SpecEntry(id=name, tenant="t", hash=document.hash, state="ready"))
    await store.remove(redis, "t", "sp_1")
    assert (await store.load(redis, "t", document.hash)).title == "Shop"


@pytest.mark.parametrize("identifier", ["a b", "a{b}", "x:y", "\r\n"])
async def test_an_id_that_cannot_be_one_is_not_found(redis: Redis, identifier: str) -> None:
    with pytest.raises(NotFound):
        await store.load_entry(redis, "t", identifier)
