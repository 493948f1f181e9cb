"""Operations with one parameter or one body, and the requests that are built for them."""

from typing import Any

from specs.model import Operation
from tests.tools.product import operation
from tools.files import File
from tools.request import Held, Request, Target, Unbuildable, build
from tools.schema import definition
from tools.settings import DocumentSettings

BASE = "https://api.example.test/v1"
TARGET = Target(BASE, {})
STRING = {"type": "string"}
STRINGS = {"type": "array", "items": STRING}
ANYTHING: dict[str, Any] = {}


def parameter(place: str, schema: Any = None, **more: Any) -> Operation:
    """The parameter is called `a`."""
    path = "/x/{a}/y" if place == "path" else "/x"
    declared = {"name": "a", "in": place, "required": place == "path", **({} if "content" in more else {"schema": schema or ANYTHING}), **more}
    return operation({path: {"get": {"parameters": [declared]}}})


def body(content: dict[str, Any], *, method: str = "post", required: bool = True, **more: Any) -> Operation:
    return operation({"/x": {method: {"requestBody": {"required": required, "content": content}}}}, **more)


def properties(**schemas: Any) -> dict[str, Any]:
    return {"schema": {"type": "object", "properties": schemas}}



def built(found: Operation, arguments: dict[str, Any], files: dict[str, File] | None = None) -> Request:
    request = build(found, definition(found, DocumentSettings()), arguments, TARGET, Held(files=files or {}))
    assert isinstance(request, Request), request
    return request


def refused(found: Operation, arguments: dict[str, Any], files: dict[str, File] | None = None) -> Unbuildable:
    request = build(found, definition(found, DocumentSettings()), arguments, TARGET, Held(files=files or {}))
    assert isinstance(request, Unbuildable), request
    return request


def media_type(request: Request) -> str:
    return dict(request.headers).get("Content-Type", "")
