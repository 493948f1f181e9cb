"""JSON request bodies, read strictly: what passes here can be stored and written again as it came. Knows no endpoint."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

MAX_JSON = 2**20  # bytes; documents are uploads and are read elsewhere


class StrictRequest(Request):
    async def body(self) -> bytes:
        data = await super().body()
        if len(data) > MAX_JSON:
            raise HTTPException(413, f"A JSON body may have {MAX_JSON:,} bytes at most.")
        return data

    async def json(self) -> Any:
        return strict_json(await self.body())


class StrictJson(APIRoute):
    """The route class of every router that takes JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strictly


def strict_json(data: bytes) -> Any:
    """RFC 8259 to the letter: UTF-8, no lone surrogates, no NaN; and nothing that other readers read otherwise: names twice, huge integers."""
    try:
        orjson.loads(data)
        value = json.loads(data, object_pairs_hook=once)
        orjson.dumps(value)
    except json.JSONDecodeError:
        raise
    except (ValueError, TypeError, RecursionError):
        raise json.JSONDecodeError("nested too deeply, or a number of more than 64 bits", "", 0) from None
    return value


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise json.JSONDecodeError("a name stands twice in one object", "", 0)
    return found
