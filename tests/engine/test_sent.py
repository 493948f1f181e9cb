"""What an approval shows is what is sent, byte for byte, whatever the values are: the ladder, the seal, and a real request over loopback."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from engine.facts import NeedsApproval, Passed
from runtime.guard import Limits, guarded_session
from runtime.secrets import KeyRing, new_key
from specs.document import Document
from tests.engine.talk import Talk
from tests.tools.product import Product, document, run
from tools.call import Wire, Work
from tools.execute import attempt
from tools.request import MASK
from tools.schema import definition
from tools.security import NO_CONNECTION
from tools.settings import DocumentSettings

STRING = {"type": "string"}
SECRET = 'hunter "22" é\\'
HANDLE = "secret:abcdefgh"
ODD = "./\\%?#&=;:@ +'\"{}[]|^`~,!$()*<>\t\u00e9\u2028\ufeff\U0001f600한"
TEXT = (
    st.text(min_size=1, max_size=20) | st.text(alphabet=ODD, min_size=1, max_size=12) | st.sampled_from([MASK, "%2e%2e", "..", "a/../b", "secret:x"])
)
FLAT = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
INNER = st.recursive(FLAT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6)
PARAMETERS = [
    {"name": "id", "in": "path", "required": True, "schema": STRING}, {"name": "q", "in": "query", "schema": STRING},
    {"name": "tags", "in": "query", "schema": {"type": "array", "items": STRING}},
    {"name": "wide", "in": "query", "allowReserved": True, "schema": STRING}, {"name": "X-Note", "in": "header", "schema": STRING},
]  # fmt: skip
PROPERTIES = {"name": STRING, "amount": {"type": "number"}, "more": {}, "password": {**STRING, "writeOnly": True}}
BODY = {"required": True, "content": {"application/json": {"schema": {"type": "object", "properties": PROPERTIES}}}}


@dataclass
class Line:
    wire: Wire
    product: Product
    document: Document


@pytest.fixture
async def line(redis: Redis) -> AsyncIterator[Line]:
    product = Product()
    runner = await run(product)
    compiled = document({"/things/{id}/part": {"post": {"operationId": "changeThing", "parameters": PARAMETERS, "requestBody": BODY}}})
    async with guarded_session(allow_private=True) as http:
        yield Line(Wire(http, redis, KeyRing.of([new_key()]), Limits(seconds=5, connect=1)), product, compiled)
    await runner.cleanup()


def shown(line: Line, arguments: dict[str, object]) -> tuple[Talk, NeedsApproval] | None:
    """The approval of a call whose every value the customer has answered; None when it is refused or asked for otherwise."""
    operation = line.document.operation("changeThing")
    known = DocumentSettings(base_url=line.product.url)
    talk = Talk(
        "Change the thing", settings=known, operations={"changeThing": operation}, definitions={"changeThing": definition(operation, known)},
        base_url=line.product.url, connection=None,
    )  # fmt: skip
    verdict = talk.call("changeThing", {"id": "t1"})
    if not isinstance(verdict, NeedsApproval):
        verdict = talk.answer(id="t1")
    assert isinstance(verdict, NeedsApproval), verdict
    verdict = talk.approve({f"/{name}": value for name, value in arguments.items()})
    return (talk, verdict) if isinstance(verdict, NeedsApproval) else None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {"id": TEXT, "password": st.just(HANDLE)},
        optional={
            "q": TEXT, "tags": st.lists(TEXT, max_size=3), "wide": TEXT, "X-Note": TEXT, "name": TEXT,
            "amount": st.floats() | st.integers(), "more": INNER,
        },
    )
)  # fmt: skip
async def test_what_is_shown_is_what_is_sent(line: Line, arguments: dict[str, object]) -> None:
    found = shown(line, arguments)
    if found is None:
        return
    talk, verdict = found
    preview = verdict.question.preview
    assert preview is not None
    passed = talk.approve()
    assert isinstance(passed, Passed), passed
    line.product.seen.clear()
    operation, known = line.document.operation("changeThing"), talk.settings
    work = Work(operation, definition(operation, known), passed.arguments, {HANDLE: SECRET}, NO_CONNECTION, known, line.document)
    returned = await attempt(line.wire, work)
    (sent,) = line.product.seen or [None]
    assert sent is not None, returned
    assert (sent.method, f"{line.product.url}{sent.target}") == (preview.method, preview.url)
    assert json.loads(sent.body) == {**preview.body, "password": SECRET}
    assert preview.body["password"] == MASK
    assert {name: sent.headers[name.lower()] for name in preview.headers} == preview.headers
