"""The connections' endpoints on a whole engine, with an authorization server beside it."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from redis.asyncio import Redis

from engine import signin
from runtime.auth import create_key
from tests.tools.authority import CLIENT, SECRET, Authority, walk

CODE = {"type": "authorization_code", "client_id": CLIENT, "client_secret": SECRET, "scopes": ["read", "write"]}


@dataclass
class Stage:
    app: FastAPI
    http: httpx.AsyncClient
    redis: Redis
    authority: Authority

    async def who(self, user: str, *scopes: str, tenant: str = "t") -> dict[str, str]:
        return {"Authorization": f"Bearer {await create_key(self.redis, tenant, user, scopes or ('chat',))}"}

    async def shared(self, **more: Any) -> str:
        """The tenant's client; its addresses are the document's."""
        body = {"spec_id": "sp_1", "credentials": {"o": {**CODE, **more}}}
        made = await self.http.post("/v1/connections", json=body, headers=await self.who("team", "chat", "specs"))
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def address(self, connection: str, who: dict[str, str], **body: str) -> str:
        answer = await self.http.post(f"/v1/connections/{connection}/authorize", json=body, headers=who)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["url"])

    async def back(self, **said: str) -> httpx.Response:
        return await self.http.get(signin.CALLBACK, params=said)

    async def redeem(self, connection: str, who: dict[str, str], page: httpx.Response) -> httpx.Response:
        return await self.http.post(f"/v1/connections/{connection}/signed-in", json={"ticket": ticket_in(page)}, headers=who)

    async def sign_in(self, connection: str, who: dict[str, str]) -> httpx.Response:
        return await self.redeem(connection, who, await self.back(**await walk(await self.address(connection, who))))

    async def standing(self, connection: str, who: dict[str, str]) -> dict[str, Any]:
        found = (await self.http.get(f"/v1/connections/{connection}", headers=who)).json()
        return {name: found[name] for name in ("signed_in", "expires")}


def ticket_in(page: httpx.Response) -> str:
    found = re.search(r'data-ticket="([a-z2-7]{16})"', page.text)
    assert found, page.text
    return found[1]


def document(authority: Authority) -> bytes:
    flow = {
        "authorizationUrl": f"{authority.url}/authorize?audience=a%26b",
        "tokenUrl": f"{authority.url}/token",
        "scopes": {"read": "", "write": ""},
    }
    schemes = {
        "o": {"type": "oauth2", "flows": {"authorizationCode": flow}},
        "i": {"type": "openIdConnect", "openIdConnectUrl": f"{authority.url}/.well-known/openid-configuration"},
        "k": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "m": {"type": "mutualTLS"},
    }
    paths = {
        "/things": {
            "get": {"operationId": "list_things", "summary": "List things", "security": [{"o": []}], "responses": {"200": {"description": ""}}}
        }
    }
    return json.dumps(
        {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths, "components": {"securitySchemes": schemes}}
    ).encode()
