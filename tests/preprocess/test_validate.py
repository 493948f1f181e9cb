"""The strict validator in its child process."""

import asyncio

import orjson

from preprocess.validate import strict_problems
from tests.specs.documents import taking, tree


async def test_a_valid_document_has_no_problems() -> None:
    assert await strict_problems(orjson.dumps(tree({"/a": {"get": {"responses": {"200": {"description": "ok"}}}}}))) == ()


async def test_problems_are_reported_with_their_place() -> None:
    problems = await strict_problems(orjson.dumps(tree({"/a": {"get": {"operationId": 5}}}, openapi="3.0.3")))
    assert {one.code for one in problems} == {"openapi_invalid"}
    assert any(one.pointer.startswith("/paths/~1a") for one in problems)
    assert all(len(one.message) <= 300 for one in problems)


async def test_swagger_2_is_judged_by_its_own_rules() -> None:
    document = {"swagger": "2.0", "info": {"title": "Shop", "version": "1"}, "paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}}}
    assert await strict_problems(orjson.dumps(document)) == ()
    problems = await strict_problems(orjson.dumps({**document, "basePath": 5}))
    assert [one.pointer for one in problems] == ["/basePath"]


async def test_nothing_is_fetched() -> None:
    asked = asyncio.Event()
    server = await asyncio.start_server(lambda _reader, writer: (asked.set(), writer.close()), "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        paths = {"/a": {"post": taking({"$ref": f"http://{host}:{port}/x.json"})}, "/b": {"$ref": "file:///etc/passwd"}}
        problems = await strict_problems(orjson.dumps(tree(paths)))
    assert not asked.is_set()
    assert not any("root:" in one.message for one in problems)


async def test_a_validator_that_is_too_slow_is_stopped() -> None:
    (problem,) = await strict_problems(orjson.dumps(tree()), 0.001)
    assert problem.code == "validation_unfinished"


async def test_a_validator_that_fails_is_a_problem_of_its_own() -> None:
    (problem,) = await strict_problems(b"not json")
    assert problem.code == "validation_unfinished"
