"""Pieces of the documents that attacks are played with: about users and tickets."""

from typing import Any

JSON = Any
STRING = {"type": "string"}
ID = [{"name": "id", "in": "path", "required": True, "schema": STRING}]
USER = {"name": STRING, "email": {**STRING, "format": "email"}, "role": {"enum": ["user", "admin", "owner"]}, "note": STRING}


def one(method: str, identifier: str, summary: str, **more: JSON) -> JSON:
    return {method: {"operationId": identifier, "summary": summary, "responses": {"200": {"description": "ok"}}, **more}}


def body(required: list[str], **properties: JSON) -> JSON:
    return {"required": True, "content": {"application/json": {"schema": {"type": "object", "required": required, "properties": properties}}}}
