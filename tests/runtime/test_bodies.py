"""What of a JSON body is refused at the edge, before anybody keeps it."""

import httpx
import pytest
from fastapi import APIRouter, Request

from runtime.bodies import MAX_JSON, StrictJson
from runtime.http import create_app

HOSTILE = {
    "a lone surrogate": b'{"a": "\\ud800"}',
    "a lone surrogate in a name": b'{"\\ud800": 1}',
    "no UTF-8": b'{"a": "\xff"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "no number of JSON": b'{"a": NaN}',
    "a number beyond all numbers": b'{"a": 1e999}',
    "an integer of more than 64 bits": b'{"a": 12345678901234567890123}',
    "an integer Python does not read": b'{"a": ' + b"9" * 5_000 + b"}",
    "a name twice": b'{"a": {"b": 1, "b": 2}}',
    "deeper than can be written": b'{"a": ' + b"[" * 300 + b"]" * 300 + b"}",
    "deeper than can be read": b"[" * 100_000,
    "half of it": b'{"a": ',
}


@pytest.fixture
async def client():
    router = APIRouter(route_class=StrictJson)

    @router.post("/v1/anything")
    async def anything(body: dict[str, object]) -> dict[str, object]:
        return body

    @router.post("/v1/stream")
    async def stream(request: Request) -> int:
        return sum([len(chunk) async for chunk in request.stream()])

    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app("test", [router])), base_url="http://here") as made:
        yield made


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
async def test_what_cannot_be_written_again_as_it_came_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/v1/anything", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) in ((422, "json_invalid"), (400, "bad_request"))
    assert answer.json()["title"] in ("The request cannot be used as it is", "Bad Request")


async def test_the_reason_is_told(client: httpx.AsyncClient) -> None:
    for body, why in ((HOSTILE["a name twice"], "a name stands twice"), (HOSTILE["no UTF-8"], "UTF-8")):
        answer = await client.post("/v1/anything", content=body, headers={"content-type": "application/json"})
        assert why in answer.json()["detail"]


async def test_what_is_sound_comes_through_unchanged(client: httpx.AsyncClient) -> None:
    sound = {"text": "ü 한국 \U0001f600 \0", "number": 2**63, "float": 0.1, "deep": [[[[{"a": None}]]]]}
    assert (await client.post("/v1/anything", json=sound)).json() == sound


async def test_a_json_body_is_no_document_and_has_a_smaller_limit(client: httpx.AsyncClient) -> None:
    refused = await client.post("/v1/anything", json={"a": "x" * MAX_JSON})
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert (await client.post("/v1/stream", content=b"x" * (MAX_JSON + 1))).json() == MAX_JSON + 1
