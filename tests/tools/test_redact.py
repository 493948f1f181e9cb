"""What was sent as a secret does not come back: not from a product that tells what it was told, in whatever spelling."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from aiohttp import web
from pydantic import SecretStr

from tests.tools.product import Product, document, work
from tools.call import Wire
from tools.reading import execute
from tools.redact import redacted, spellings
from tools.security import ApiKey, Basic, Bearer, Connection
from tools.settings import DocumentSettings

SECRET = "s3cret/value+with=signs"
CREDENTIALS = {
    "bearer": Bearer(token=SecretStr(SECRET)),
    "basic": Basic(username="ann", password=SecretStr(SECRET)),
    "header": ApiKey(value=SecretStr(SECRET), name="X-Key"),
    "query": ApiKey(value=SecretStr(SECRET), name="key", location="query"),
    "cookie": ApiKey(value=SecretStr(SECRET), name="sid", location="cookie"),
}
FORMS = (SECRET, quote(SECRET, safe=""), quote_plus(SECRET), base64.b64encode(SECRET.encode()).decode(), SECRET.encode().hex())


def echo(request: web.Request) -> web.Response:
    """All that was received and some spellings of it, as httpbin and debugging servers do."""
    told = {**{name.lower(): value for name, value in request.headers.items()}, "url": request.raw_path, "spelled": list(FORMS), SECRET: "a name"}
    return web.json_response({"told": told})


@pytest.mark.parametrize("credential", CREDENTIALS.values(), ids=CREDENTIALS)
async def test_a_product_that_echoes_its_credentials_shows_them_to_nobody(wire: Wire, product: Product, credential: object) -> None:
    product.otherwise = echo
    connection = Connection(id="cn_1", tenant="t", spec="s", credential=credential)
    found = document({"/things": {"get": {"operationId": "list_things"}}})
    returned = await execute(wire, work(found, {}, DocumentSettings(base_url=product.url), connection))
    assert returned.status == 200
    text = json.dumps(returned.data) + returned.message
    assert not [form for form in (*FORMS, base64.b64encode(f"ann:{SECRET}".encode()).decode()) if form in text]


async def test_a_refusal_that_quotes_the_token_is_told_without_it(wire: Wire, product: Product) -> None:
    product.otherwise = lambda request: web.json_response({"detail": f"the token {SECRET} is not known"}, status=403)
    connection = Connection(id="cn_1", tenant="t", spec="s", credential=CREDENTIALS["bearer"])
    found = document({"/things": {"get": {"operationId": "list_things"}}})
    returned = await execute(wire, work(found, {}, DocumentSettings(base_url=product.url), connection))
    assert returned.message.endswith(": the token •••••••• is not known")


async def test_pages_are_followed_though_their_links_hold_the_key(wire: Wire, product: Product) -> None:
    def page(request: web.Request) -> web.Response:
        number = int(request.query.get("page", "1"))
        following = {"next": f"{product.url}/things?page={number + 1}&key={quote(SECRET, safe='')}"} if number < 3 else {}
        return web.json_response({"items": [{"id": number}], **following})

    product.otherwise = page
    connection = Connection(id="cn_1", tenant="t", spec="s", credential=CREDENTIALS["query"])
    found = document({"/things": {"get": {"operationId": "list_things"}}})
    returned = await execute(wire, work(found, {}, DocumentSettings(base_url=product.url), connection))
    assert returned.data["items"] == [{"id": 1}, {"id": 2}, {"id": 3}]
    assert [target.count("key=") for target in product.targets] == [1, 1, 1]
    assert all(f"key={quote(SECRET, safe='')}" in target for target in product.targets)


def test_short_secrets_mask_no_ordinary_text_and_numbers_are_masked_whole() -> None:
    assert spellings(["abc", ""]) == ()
    assert redacted({"pin": 4821, "rows": 14821, "on": True}, frozenset(), spellings(["4821"])) == {"pin": "••••••••", "rows": 14821, "on": True}
