"""What was sent as a secret does not come back: not from a product that tells what it was told, in whatever spelling."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.tools.product import Product, document, work
from tools.call import Wire
from tools.reading import execute
from tools.redact import for_model, redacted, secret_names, spellings
from tools.request import MASK
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


async def test_a_customer_sees_his_own_data_and_a_model_does_not(wire: Wire, product: Product) -> None:
    properties = {"pin_hint": {"type": "string", "format": "password"}, "iban": {"type": "string"}, "password": {"type": "string"}}
    responses = {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object", "properties": properties}}}}}
    found = work(document({"/me": {"get": {"responses": responses}}}), {}, DocumentSettings(base_url=product.url, sensitive=("nick",)))
    mine = {"pin_hint": "the old one", "iban": "DE89370400440532013000", "nick": "Al", "note": "card 4111 1111 1111 1111", "password": "x"}
    product.answers.append(web.json_response(mine))
    returned = await execute(wire, found)
    assert returned.data == {**mine, "password": MASK}
    shown = for_model(returned.data, secret_names(found.operation, found.definition))
    assert shown == {"pin_hint": MASK, "iban": MASK, "nick": MASK, "note": f"card {MASK}", "password": MASK}


def test_under_a_hidden_name_every_leaf_is_masked() -> None:
    vault = {"type": "object", "x-sensitive": True, "properties": {"pin": {"type": "string"}}}
    properties = {"vault": vault, "notes": {"type": "array", "x-sensitive": True, "items": {"type": "object"}}, "id": {"type": "integer"}}
    responses = {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object", "properties": properties}}}}}
    found = work(document({"/me": {"get": {"responses": responses}}}), {}, DocumentSettings())
    mine = {"vault": {"pin": "1234", "more": [{"at": 7, "on": True, "off": None}]}, "notes": [{"text": "a"}, "b", ["c"], ""], "id": 5}
    told = {"vault": {"pin": MASK, "more": [{"at": MASK, "on": MASK, "off": None}]}, "notes": [{"text": MASK}, MASK, [MASK], ""], "id": 5}
    assert for_model(mine, secret_names(found.operation, found.definition)) == told
    assert redacted(mine, frozenset({"vault", "notes"})) == told
    assert redacted({"password": {"hash": "x"}, "id": 5}, frozenset({"password"}), spellings(["s3cret"])) == {"password": {"hash": MASK}, "id": 5}


async def test_a_file_that_is_text_is_told_without_what_was_sent(wire: Wire, product: Product) -> None:
    header = {"Content-Disposition": f'attachment; filename="{quote(SECRET, safe="")}.txt"'}
    product.otherwise = lambda request: web.Response(text=f"{'x' * 60_000}{SECRET}", headers=header)
    connection = Connection(id="cn_1", tenant="t", spec="s", credential=CREDENTIALS["bearer"])
    found = document({"/things": {"get": {"operationId": "list_things"}}})
    returned = await execute(wire, work(found, {}, DocumentSettings(base_url=product.url), connection))
    assert returned.file is not None
    assert returned.file.body == b"x" * 60_000 + MASK.encode()
    assert "s3cret" not in returned.file.name


SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="•")
SOME = st.text(SIGNS, max_size=12)


def texts(data: object) -> list[str]:
    inner = [*data, *data.values()] if isinstance(data, dict) else data if isinstance(data, list) else []
    return [data] if isinstance(data, str) else [text for each in inner for text in texts(each)]


DATA = st.recursive(
    st.none() | st.integers(-999, 99_999) | SOME, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SOME, inner, max_size=4)
)


@given(DATA, st.lists(st.text(SIGNS, min_size=4, max_size=6), max_size=3))
def test_the_quick_look_and_the_long_walk_come_to_the_same(data: object, secrets: list[str]) -> None:
    """What is found clear over its bytes is what the walk leaves untouched."""
    named, spelled = frozenset({"a", "password"}), spellings([*secrets, next(iter(texts(data)), "")[:6]])
    walked = redacted([data, {"password": 1}], named, spelled)[0]
    assert redacted(data, named, spelled) == walked
    assert not [each for each in spelled for text in texts(walked) if each in text]


def test_a_secret_that_is_a_list_is_masked_in_each_of_its_parts():
    secrets = spellings(['["first secret", {"pin": 998877}]'])
    told = {"message": "got first secret and 998877", "pins": ["998877"], "other": "second"}
    assert redacted(told, frozenset(), secrets) == {"message": f"got {MASK} and {MASK}", "pins": [MASK], "other": "second"}


@pytest.mark.parametrize("secret", ["[not json", "{}", "[1]", "[" * 5_000 + "]" * 5_000])
def test_a_secret_that_only_looks_like_a_list_is_masked_whole(secret):
    assert redacted({"a": f"got {secret}"}, frozenset(), spellings([secret])) in ({"a": f"got {MASK}"}, {"a": f"got {secret}"})
