"""A product that is nothing but its document accepts what we send for every operation, and reads the same values from it."""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from yarl import URL

from preprocess.compile import compile_document
from specs.model import Operation
from tests.tools.decoding import Unreadable
from tests.tools.made import FILE, HANDLE, Maker
from tests.tools.mock import Mock, Seen, run
from tools.arguments import check
from tools.request import Held, Request, Target, build
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings

ROOT = Path(__file__).parents[2]
DOCUMENTS = {
    "petshop": ("tests/tools/petshop.yaml", "/shop/v1"),
    "lending": ("tests/preprocess/lending.yaml", ""),
    "identity": ("specs/examples/identity.yaml", ""),
}
FILES = Held(files={HANDLE: FILE})


def source(name: str) -> dict[str, Any]:
    return yaml.load((ROOT / DOCUMENTS[name][0]).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def sent(http: aiohttp.ClientSession, request: Request) -> int:
    address = URL(request.url, encoded=True)
    more = {"skip_auto_headers": ["Content-Type"], "allow_redirects": False}
    async with http.request(request.method, address, headers=request.headers, data=request.body, **more) as answer:
        await answer.read()
        return answer.status


@pytest.mark.parametrize("full", [False, True], ids=["required", "all"])
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_every_operation_gets_a_request_that_its_product_accepts(name: str, full: bool, http: aiohttp.ClientSession) -> None:
    base = DOCUMENTS[name][1]
    document = source(name)
    mock = Mock(document, base)
    runner, address = await run(mock)
    compiled = compile_document(json.dumps(document).encode())
    wrong = []
    for entry in compiled.catalogue:
        operation = compiled.operation(entry.id)
        found = definition(operation, DocumentSettings())
        arguments = Maker(operation, found, full).arguments()
        checked = check(found, arguments, frozenset({HANDLE}))
        request = build(operation, found, checked.arguments, Target(address + base, {}), FILES)
        if checked.problems or not isinstance(request, Request):
            wrong.append((entry.id, checked.problems, request))
        elif await sent(http, request) != 200:
            wrong.append((entry.id, mock.seen[-1].wrong, request))
        elif difference := differing(operation, found, checked.arguments, mock.seen[-1]):
            wrong.append((entry.id, difference, request))
    await runner.cleanup()
    assert wrong == []
    assert len(mock.seen) == len(compiled.catalogue) > 5


def differing(operation: Operation, found: ToolDefinition, arguments: Mapping[str, Any], seen: Seen) -> list[str]:
    """Where the product read something else than was given."""
    bodies = {each.wire: arguments[each.name] for each in found.fields if each.location == "body" and each.name in arguments}
    body = bodies.get("", bodies)
    given = {(each.location, each.wire): arguments[each.name] for each in found.fields if each.location != "body" and each.name in arguments}
    read = seen.parameters
    wrong = [f"{place}: {value!r} was read as {read.get(place)!r}" for place, value in given.items() if read.get(place) != value]
    wrong += [f"{place} was not given" for place in read.keys() - given.keys()]
    return wrong + ([f"body: {body!r} was read as {seen.body!r}"] if operation.body and opened(body) != seen.body and bodies else [])


def opened(value: Any) -> Any:
    """With the bytes of files as the mock shows them."""
    if isinstance(value, dict):
        return {name: opened(each) for name, each in value.items()}
    if isinstance(value, list):
        return [opened(each) for each in value]
    return FILE.body.decode() if value == HANDLE else value


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "says"),
    [
        ("GET", "/shop/v1/pets?status=lost", {}, b"", "query status/0: 'lost' is not one of"),
        ("GET", "/shop/v1/pets?colour=red", {}, b"", "colour is declared nowhere"),
        ("GET", "/shop/v1/pets?page=1", {}, b"", "page is declared nowhere"),
        ("GET", "/shop/v1/pets?limit=0", {}, b"", "query page/limit: 0 is less than"),
        ("GET", "/shop/v1/pets?sort=a", {}, b"", "query sort: ['a'] is too short"),
        ("GET", "/shop/v1/pets?near=x", {}, b"", "query near: Expecting value"),
        ("GET", "/shop/v1/pets?filter[min]=x", {}, b"", "query filter/min: 'x' is not of type 'integer'"),
        ("GET", "/shop/v1/pets/ab", {}, b"", "path id: 'ab' does not match"),
        ("GET", "/shop/v1/pets/ab/12", {}, b"", "is no operation"),
        ("DELETE", "/shop/v1/pets/a%2F12", {}, b"", "header If-Match is missing"),
        ("POST", "/shop/v1/pets", {}, b"", "the body is missing"),
        ("POST", "/shop/v1/pets", {"Content-Type": "text/csv"}, b"", "text/csv is not declared"),
        ("POST", "/shop/v1/pets", {"Content-Type": "application/json"}, b"{}", "'name' is a required property"),
        ("PUT", "/shop/v1/pets/a%2F12", {"Content-Type": "application/xml"}, b"<Cat/>", "the root is Cat, not Pet"),
        ("POST", "/shop/v1/orders", {"Content-Type": "application/x-www-form-urlencoded"}, b"pet=a", "'amount' is a required property"),
        ("POST", "/shop/v1/orders", {"Content-Type": "application/x-www-form-urlencoded"}, b"pet=a&amount=1&x=1", "which nothing declares"),
        ("POST", "/shop/v1/pets/.5/photos", {"Content-Type": "multipart/form-data; boundary=b"}, b"--b--", "required property"),
        ("GET", "/shop/v1/map;x=1/a,b", {}, b"", "'y' is a required property"),
        ("GET", "/shop/v1/map;x=1;y=2/a", {}, b"", "path colors: ['a'] is too short"),
    ],
)
def test_the_product_refuses_what_its_document_does_not_declare(method: str, target: str, headers: dict, body: bytes, says: str) -> None:
    try:
        wrong = Mock(source("petshop"), "/shop/v1").read(method, target, [], headers, body).wrong
    except Unreadable as error:
        wrong = (str(error),)
    assert says in "; ".join(wrong)
