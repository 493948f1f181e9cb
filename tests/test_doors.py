"""No handler without a principal: every route of every worker, asked without a key."""

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from fastapi import FastAPI

import parlance
from runtime.settings import Settings

OPEN = {"/", "/console", "/healthz", "/readyz", "/openapi.json"}
CALLBACK = "/v1/oauth/callback"  # its state is the key


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with parlance.assembled(settings, parlance.WORKERS) as found:
        yield found


async def test_every_route_wants_a_key(app: FastAPI, serving) -> None:
    routes = [(method.upper(), path) for path, operations in app.openapi()["paths"].items() for method in operations if path != CALLBACK]
    assert len(routes) > 15
    async with serving(app) as url, aiohttp.ClientSession() as http:
        for method, path in routes:
            for headers in ({}, {"Authorization": "Bearer pk_wrong"}, {"Authorization": "Basic cGs6"}):
                async with http.request(method, url + re.sub(r"\{\w+\}", "x", path), headers=headers, json={}) as answer:
                    problem = await answer.json(content_type=None)
                    assert (answer.status, problem["code"]) == (401, "unauthenticated"), (method, path, headers)


async def test_a_customer_comes_back_with_a_state_or_gets_nothing(app: FastAPI, serving) -> None:
    async with serving(app) as url, aiohttp.ClientSession() as http:
        for query in ("", "?code=x", "?code=x&state=unknown"):
            async with http.get(url + CALLBACK + query) as answer:
                assert (answer.status, "Not signed in" in await answer.text()) == (400, True)


async def test_what_is_open_tells_nothing_about_anybody(app: FastAPI, serving) -> None:
    async with serving(app) as url, aiohttp.ClientSession() as http:
        for path in sorted(OPEN):
            async with http.get(url + path) as answer:
                assert answer.status == 200, path
                assert "pk_" not in await answer.text()
