"""An artifact as HTTP gives it: the engine's own app, a real Redis, a session whose results lie there already."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import orjson
import pytest
from redis.asyncio import Redis

from engine.app import router
from engine.artifacts import Artifact
from engine.downloads import COLUMNS, csv_lines, disposition
from engine.events import CallReturned, ModelReplied, Result, SessionStarted, ToolCall, UserSaid
from engine.store import Accepted, Extra
from engine.worker import engine
from runtime.auth import create_key
from runtime.http import create_app
from runtime.settings import Settings
from tools.show import View, view

COUNT = 50_000
ROWS = [{"id": n, "state": ("open", "void")[n % 2], "amount": n / 100, "at": f"2026-0{1 + n % 9}-01T23:30:00Z", "note": "=1+1"} for n in range(COUNT)]
BODY = {"items": ROWS, "total": COUNT}
PAGE = Artifact("file", b"<script>alert(1)</script>", "../../evil\r\nX: 1.html", "text/html")
PICTURE = Artifact("file", b"\x89PNG" * 300_000, "Straße 1.png", "image/png; x=y")


@dataclass(frozen=True, slots=True)
class Asker:
    http: httpx.AsyncClient
    key: str
    session: str = "s_1"

    async def get(self, artifact: str, expect: int = 200, **query: Any) -> httpx.Response:
        address = f"/v1/sessions/{self.session}/artifacts/{artifact}"
        answer = await self.http.get(address, params=query, headers={"Authorization": f"Bearer {self.key}"})
        assert answer.status_code == expect, answer.text[:300]
        return answer

    async def page(self, shown: View, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = (await self.get(shown.result, view=shown.model_dump_json(exclude={"computed"}), **query)).json()
        return found


@pytest.fixture
async def asker(redis: Redis, settings: Settings) -> AsyncIterator[Asker]:
    async with engine(settings, redis) as turns:
        app = create_app("test", [router])
        app.state.redis, app.state.settings, app.state.turns = redis, settings, turns
        store, artifacts = turns.parts.store, turns.parts.artifacts
        await store.create("s_1", SessionStarted(document="d", spec="sp", tenant="t", user="u", timezone="Asia/Seoul"))
        accepted = await store.accept("t", "s_1", "u", UserSaid(message_id="m", text="m"))
        assert isinstance(accepted, Accepted)
        kept = {"c0_2_0": Artifact("data", orjson.dumps(BODY)), "c0_2_2": PAGE, "c0_2_3": PICTURE}
        events = [
            ModelReplied(calls=tuple(ToolCall(id=f"c0_2_{n}", tool="list", arguments={}) for n in range(4))),
            CallReturned(call_id="c0_2_0", outcome="done", result=Result(id="c0_2_0", whole=False, path="/items", rows=COUNT)),
            CallReturned(call_id="c0_2_1", outcome="done", result=Result(id="c0_2_1", data={"name": "x", "tags": ["a"]})),
        ]
        await store.append(accepted.lease, events, Extra("idle", True, artifacts=await artifacts.stow(accepted.lease, kept)))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
            yield Asker(http, await create_key(redis, "t", "u", ("chat",)))


def made(**arguments: Any) -> View:
    found = view(BODY, arguments, "c0_2_0", "/items", "Asia/Seoul")
    assert isinstance(found, View)
    return found


async def test_a_whole_result_comes_in_chunks(asker: Asker) -> None:
    answer = await asker.get("c0_2_0")
    assert int(answer.headers["content-length"]) == len(answer.content) > 3_000_000
    assert answer.json() == BODY
    assert (await asker.get("c0_2_1")).json() == {"name": "x", "tags": ["a"]}


async def test_fifty_thousand_rows_come_as_csv(asker: Asker) -> None:
    answer = await asker.get("c0_2_0", format="csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="c0_2_0.csv"')
    lines = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert lines[0] == ["id", "state", "amount", "at", "note"]
    assert len(lines) == COUNT + 1
    assert lines[-1] == [str(COUNT - 1), "void", "499.99", ROWS[-1]["at"], "'=1+1"]


def test_rows_with_keys_of_their_own_make_no_endless_table() -> None:
    text = "".join(csv_lines([{f"key{n}": n} for n in range(5_000)]))
    assert len(text.splitlines()) == 5_001
    assert len(text.splitlines()[0].split(",")) == COLUMNS


async def test_a_view_is_read_page_by_page(asker: Asker) -> None:
    shown = made(columns=["id"], filter={"state": "open", "amount": {"lt": 100}}, sort="-id")
    page = await asker.page(shown, offset=10, limit=3)
    assert page == {"rows": [{"id": 9978}, {"id": 9976}, {"id": 9974}], "offset": 10, "total": 5_000, "columns": ["id"]}
    assert (await asker.page(shown, sort="id", limit=1))["rows"] == [{"id": 0}]
    assert (await asker.page(shown, offset=5_000))["rows"] == []
    assert len((await asker.page(made()))["rows"]) == 100


async def test_what_a_customer_sorts_by_does_not_change_which_rows_are_the_first(asker: Asker) -> None:
    page = await asker.page(made(columns=["id"], sort="-id", limit=5), sort="id")
    assert [row["id"] for row in page["rows"]] == list(range(COUNT - 5, COUNT))
    assert page["total"] == 5


async def test_groups_are_computed_again_for_a_download_of_all(asker: Asker) -> None:
    shown = made(group=["state", {"column": "at", "period": "month"}], aggregates=[{"function": "sum", "of": "amount"}], sort=["state", "at"])
    page = await asker.page(shown, limit=1000)
    assert page["rows"] == list(shown.computed or ())
    assert page["columns"] == ["state", "at (month)", "sum_amount"]
    answer = await asker.get("c0_2_0", format="csv", view=shown.model_dump_json(exclude={"computed"}))
    assert answer.text.splitlines()[0] == "state,at (month),sum_amount"
    assert len(answer.text.splitlines()) == 1 + len(page["rows"])


async def test_what_was_computed_is_not_taken_from_whoever_asks(asker: Asker) -> None:
    forged = made(group=["state"]).model_copy(update={"computed": ({"state": "<b>", "count": 1},)})
    answer = await asker.get("c0_2_0", view=forged.model_dump_json())
    assert [row["state"] for row in answer.json()["rows"]] == ["open", "void"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"view": "{"}, "invalid_view"),
        ({"view": '{"kind": "table"}'}, "invalid_view"),
        ({"view": '{"kind": "table", "result": "x", "surprise": 1}'}, "invalid_view"),
        ({"view": '{"kind": "table", "result": "x", "columns": [' + ",".join(['"a"'] * 41) + "]}"}, "invalid_view"),
        ({"view": '{"kind":"table","result":"x","conditions":[{"column":"a","operator":"in","value":[' + "1," * 200 + "1]}]}"}, "invalid_view"),
        ({"view": "x" * 16_001}, "invalid_request"),
        ({"limit": 1_001}, "invalid_request"),
        ({"limit": 0}, "invalid_request"),
        ({"offset": -1}, "invalid_request"),
        ({"format": "html"}, "invalid_request"),
        ({"sort": "x" * 201}, "invalid_request"),
    ],
)
async def test_what_asks_for_too_much_or_cannot_be_read_is_refused(asker: Asker, query: dict[str, Any], code: str) -> None:
    assert (await asker.get("c0_2_0", 422, **query)).json()["code"] == code


async def test_a_hostile_selection_shows_nothing_and_ends(asker: Asker) -> None:
    shown = made().model_copy(update={"select": "|".join(["[@,@,@,@,@,@,@,@][]"] * 15)})
    assert (await asker.page(shown))["rows"] == []


async def test_a_file_is_handed_out_as_a_file_and_never_as_a_page(asker: Asker) -> None:
    page = await asker.get("c0_2_2")
    assert page.content == PAGE.body
    assert page.headers["content-type"] == "application/octet-stream"
    assert page.headers["content-disposition"] == "attachment; filename=\"evilX_ 1.html\"; filename*=UTF-8''evilX%3A%201.html"
    assert page.headers["x-content-type-options"] == "nosniff"
    picture = await asker.get("c0_2_3")
    assert (picture.content, picture.headers["content-type"]) == (PICTURE.body, "image/png")
    assert "filename*=UTF-8''Stra%C3%9Fe%201.png" in picture.headers["content-disposition"]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("", "file"),
        ("..", "file"),
        ("a/b\\c.txt", "c.txt"),
        ('x"; y', "x__ y"),
        ("\u202egnp.exe", "gnp.exe"),
        ("보고서.pdf", "___.pdf"),
        ("a" * 500, "a" * 150),
    ],
)
def test_a_files_name_is_a_name_only(name: str, plain: str) -> None:
    assert disposition(name).startswith(f'attachment; filename="{plain}"; ')


async def test_artifacts_are_their_owners(asker: Asker, redis: Redis) -> None:
    for tenant, user in (("t", "somebody"), ("other", "u")):
        stranger = replace(asker, key=await create_key(redis, tenant, user, ("chat",)))
        assert (await stranger.get("c0_2_0", 404)).json()["code"] == "session_not_found"
    assert (await asker.get("c0_9_9", 404)).json()["code"] == "artifact_not_found"
