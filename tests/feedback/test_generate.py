"""Cases that a vendor's model writes: what is kept, what is dropped and why, and how a run goes on after it broke off."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from engine.adviser import adviser
from engine.unsaid import unsaid
from feedback.asking import Budget, Spending
from feedback.case_file import load
from feedback.drafts import Draft, Dropped, Ground, checked, read
from feedback.generate import AT_ONCE, Making
from feedback.tasks import Task, tasks
from preprocess.compile import compile_document
from runtime.errors import InvalidRequest, ModelFailed, SettingsInvalid
from runtime.settings import Settings
from specs.document import Document
from tests.specs.documents import compiled, tree
from tests.vendor import Reply, Vendor, Wish

ROOT = Path(__file__).resolve().parents[2]
AT = (datetime(2027, 3, 1, 12, tzinfo=UTC), "UTC", "en")


def body(required: list[str], properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": {"type": "object", "required": required, "properties": properties}}}}


ROOM = {
    "guests": {"type": "integer", "minimum": 1}, "day": {"type": "string", "format": "date"},
    "kind": {"type": "string", "enum": ["single", "double"]}, "name": {"type": "string"},
}  # fmt: skip
HOTEL = {
    "/rooms": {
        "get": {"operationId": "listRooms", "summary": "List rooms", "tags": ["Rooms"], "parameters": [
            {"name": "kind", "in": "query", "schema": ROOM["kind"]}, {"name": "maxPrice", "in": "query", "schema": {"type": "number"}}]},
        "post": {"operationId": "bookRoom", "summary": "Book a room", "tags": ["Rooms"], "requestBody": body(["guests", "day"], ROOM)},
    },
    "/bookings/{bookingId}": {
        "parameters": [{"name": "bookingId", "in": "path", "required": True, "schema": {"type": "string"}}],
        "get": {"operationId": "getBooking", "summary": "Get a booking", "tags": ["Bookings"]},
        "delete": {"operationId": "cancelBooking", "summary": "Cancel a booking", "tags": ["Bookings"]},
    },
    "/guests": {"post": {"operationId": "addGuest", "summary": "Register a guest", "tags": ["Guests"], "requestBody": body(
        ["email", "password"], {"email": {"type": "string", "format": "email"}, "password": {"type": "string", "format": "password"}})}},
}  # fmt: skip
BOOK = Task("bookRoom-call-1", "call", "bookRoom")
NO_DAY, NO_GUESTS = Task("bookRoom-clarify-1", "clarify", "bookRoom", "day"), Task("bookRoom-clarify-2", "clarify", "bookRoom", "guests")
CANCEL, NO_BOOKING = Task("cancelBooking-call-1", "call", "cancelBooking"), Task("cancelBooking-clarify-1", "clarify", "cancelBooking", "bookingId")
OUTSIDE = Task("outside-1", "refuse")


@pytest.fixture(scope="module")
def hotel() -> Document:
    return compiled(HOTEL)


def ground(hotel: Document, language: Any = "en") -> Ground:
    return Ground(hotel, unsaid, (AT[0], "UTC", language), language)


@pytest.mark.parametrize(
    ("task", "say", "arguments"),
    [
        (BOOK, "Book a room for two guests on 3 March 2027", {"guests": 2, "day": "2027-03-03"}),
        (BOOK, "Can I get a double for 2 tomorrow?", {"guests": "2", "day": "2027-03-02", "kind": "double"}),
        (NO_DAY, "I need a room for 4 people", {"guests": 4}),
        (NO_GUESTS, "Please book a room for 5 March 2027", {"day": "2027-03-05"}),
        (CANCEL, "Cancel my booking AB-77, please", {"bookingId": "AB-77"}),
        (NO_BOOKING, "I want to cancel a booking", {}),
        (Task("addGuest-clarify-1", "clarify", "addGuest", "password"), "Register anna@example.org as a guest", {"email": "anna@example.org"}),
        (OUTSIDE, "Order me a taxi to the airport", {}),
    ],
)
def test_what_holds_all_it_says_is_kept(hotel: Document, task: Task, say: str, arguments: dict[str, Any]) -> None:
    found = checked(Draft(task, say, arguments), ground(hotel))
    assert isinstance(found, Draft), found


@pytest.mark.parametrize(
    ("task", "say", "arguments", "code"),
    [
        (BOOK, "Book a room for two guests on 3 March 2027", {"guests": 3, "day": "2027-03-03"}, "value_without_source"),
        (BOOK, "Book a room for two guests", {"guests": 2, "day": "2027-03-03"}, "value_without_source"),
        (BOOK, "Book a room for two guests", {"guests": 2}, "argument_missing"),
        (BOOK, "Book a room for two on 3 March 2027", {"guests": 2, "day": "2027-03-03", "seats": 2}, "argument_unknown"),
        (BOOK, "Book a room for none on 3 March 2027", {"guests": 0, "day": "2027-03-03"}, "argument_unfit"),
        (BOOK, "Book a suite for two on 3 March 2027", {"guests": 2, "day": "2027-03-03", "kind": "suite"}, "argument_unfit"),
        (BOOK, "bookRoom for two on 3 March 2027", {"guests": 2, "day": "2027-03-03"}, "names_operation"),
        (BOOK, "Use /rooms for two on 3 March 2027", {"guests": 2, "day": "2027-03-03"}, "names_path"),
        (CANCEL, "Cancel {bookingId} AB-77", {"bookingId": "AB-77"}, "names_path"),
        (BOOK, "3월 3일에 방 두 개 예약해 줘", {"guests": 2, "day": "2027-03-03"}, "language"),
        (NO_DAY, "I need a room for 4 people on 3 March 2027", {"guests": 4, "day": "2027-03-03"}, "not_lacking"),
        (NO_DAY, "I need a room for 4 people tomorrow", {"guests": 4}, "value_left"),
        (NO_GUESTS, "A room for four people on 5 March 2027", {"day": "2027-03-05"}, "value_left"),
        (NO_BOOKING, "Cancel booking AB-77", {}, "value_left"),
        (NO_BOOKING, 'Cancel the booking "summer"', {}, "value_left"),
        (OUTSIDE, "Cancel a booking of mine", {}, "perhaps_supported"),
        (OUTSIDE, "I'd like to call off: drop my reservation", {}, "perhaps_supported"),
        (OUTSIDE, "Order me a taxi", {"to": "airport"}, "arguments_of_nothing"),
    ],
)
def test_what_does_not_is_dropped_with_the_reason(hotel: Document, task: Task, say: str, arguments: dict[str, Any], code: str) -> None:
    found = checked(Draft(task, say, arguments), ground(hotel))
    assert isinstance(found, Dropped)
    assert (found.code, found.say) == (code, say)


def test_korean_is_asked_for_and_held_to(hotel: Document) -> None:
    kept = checked(Draft(CANCEL, "예약 AB-77을 취소해 주세요", {"bookingId": "AB-77"}), ground(hotel, "ko"))
    assert isinstance(kept, Draft), kept
    found = checked(Draft(CANCEL, "Cancel booking AB-77", {"bookingId": "AB-77"}), ground(hotel, "ko"))
    assert isinstance(found, Dropped)
    assert found.code == "language"
    for task, say, given, code in (
        (NO_BOOKING, "예약 AB-77을 취소해 주세요", {}, "value_left"),
        (NO_GUESTS, "3월 5일에 두 명 방 예약해 주세요", {"day": "2027-03-05"}, "value_left"),
        (OUTSIDE, "예약을 취소해 주세요", {}, "perhaps_supported"),
    ):
        dropped = checked(Draft(task, say, given), ground(hotel, "ko"))
        assert isinstance(dropped, Dropped)
        assert dropped.code == code


@pytest.mark.parametrize(
    ("reply", "codes"),
    [
        (None, ["reply_unusable", "reply_unusable"]), ({}, ["reply_unusable", "reply_unusable"]), ({"cases": "none"}, ["reply_unusable"] * 2),
        ({"cases": [{"task": 2, "say": "x", "arguments": "{"}, 7, {"task": "1"}]}, ["case_missing", "arguments_not_json"]),
        ({"cases": [{"task": 1, "say": " "}, {"task": 2, "say": "x" * 501}]}, ["say_unusable", "say_unusable"]),
        ({"cases": [{"task": 1, "say": ["x"], "arguments": {}}, {"task": 2, "say": "x", "arguments": "[1]"}]},
         ["say_unusable", "arguments_not_json"]),
        ({"cases": [{"task": 1, "say": "a\0b"}, {"task": 2, "say": "x", "arguments": '{"a":' * 400 + "1" + "}" * 400}]},
         ["say_unusable", "arguments_not_json"]),
        ({"cases": [{"task": True, "say": "x", "arguments": "\\ud800"}, {"task": 2, "say": "x", "arguments": '{"a": "\\ud800"}'}]},
         ["arguments_not_json", "arguments_not_json"]),
    ],
)  # fmt: skip
def test_a_reply_that_is_nonsense_is_so_for_each_of_its_tasks(reply: Any, codes: list[str]) -> None:
    assert [each.code for each in read(reply, [BOOK, CANCEL]) if isinstance(each, Dropped)] == codes


def test_tasks_spread_over_services_kinds_and_reading_and_changing(hotel: Document) -> None:
    found = list(tasks(hotel))
    assert len({each.id for each in found}) == len(found)
    first = found[:10]
    assert [each.kind for each in first] == ["call", "call", "clarify", "call", "refuse"] * 2
    assert {hotel.entry(each.operation).service for each in first if each.operation} == {"Rooms", "Bookings and guests"}
    assert {hotel.operation(each.operation).safe for each in first if each.kind == "call" and each.operation} == {True, False}
    assert all(each.operation != "addGuest" for each in found if each.kind == "call")  # a password is never said
    assert {each.withheld for each in found if each.operation == "bookRoom" and each.kind == "clarify"} == {"guests", "day"}


# --- with a vendor's model

SENTENCES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "bookRoom-call": [
        ("Book a room for two on 3 March 2027", {"guests": 2, "day": "2027-03-03"}),
        ("A single for 1 guest on 9 March 2027, by the name of Bo", {"guests": 1, "day": "2027-03-09", "kind": "single", "name": "Bo"}),
    ],
    "listRooms-call": [("Which rooms are there?", {}), ("Show me the double rooms", {"kind": "double"})],
    "cancelBooking-call": [("Cancel booking AB-77", {"bookingId": "AB-77"}), ("Drop reservation CD-12 for me, please", {"bookingId": "CD-12"})],
    "getBooking-call": [("Let me see booking EF-3", {"bookingId": "EF-3"}), ("What about my reservation GH-44?", {"bookingId": "GH-44"})],
    "bookRoom-clarify": [("I need a room for the night", {}), ("Can I book?", {})],
    "refuse": [("Order me a taxi", {}), ("Who won the world cup?", {}), ("Please water my plants", {})],
}  # fmt: skip


def writer(change: Callable[[int, Any], Reply | None] = lambda *_: None) -> Callable[[Any], Reply]:
    """A model that writes what stands above, each once, and nonsense where there is no more. `change`: by the number of the question."""
    asked = 0
    used: dict[str, int] = {}

    def play(request: Any) -> Reply:
        nonlocal asked
        asked += 1
        given = json.loads(request["messages"][-1]["content"])
        if (other := change(asked, given)) is not None:
            return other
        cases = []
        for task in given["tasks"]:
            named = task.get("operation", "").split(".")[0]
            kind = {"Book a room": "bookRoom", "List rooms": "listRooms", "Cancel a booking": "cancelBooking", "Get a booking": "getBooking"}.get(
                named
            )
            name = f"{kind}-{task['kind']}" if kind else task["kind"]
            at = used[name] = used.get(name, -1) + 1
            say, arguments = (SENTENCES.get(name) or [])[at : at + 1][0] if at < len(SENTENCES.get(name) or []) else ("?", {"no": "thing"})
            cases.append({"task": task["task"], "say": say, "arguments": json.dumps(arguments)})
        return Reply(calls=[Wish("write_cases", {"cases": cases})])

    return play


async def made(vendor: Vendor, hotel: Document, wanted: int, budget: Budget | None = None, **more: Any) -> Making:
    settings = Settings(model=f"compatible:any@{vendor.url}", model_key=SecretStr("sk-test"))
    async with adviser(settings) as ask:
        making = Making(ask, ground(hotel), more.pop("save", lambda _: None), Spending(budget), **more)
        await making.make(wanted)
        return making


async def test_a_model_writes_cases_and_what_it_cost_is_told(hotel: Document) -> None:
    async with Vendor(writer()) as vendor:
        making = await made(vendor, hotel, 9)
    kept = {case["id"]: case for case in making.cases}
    assert len(kept) == 9
    assert kept["bookRoom-call-1"] == {
        "id": "bookRoom-call-1", "set": "Rooms", "say": "Book a room for two on 3 March 2027",
        "expect": {"action": "call", "operation": "POST /rooms", "arguments": {"guests": 2, "day": "2027-03-03"}},
    }  # fmt: skip
    assert kept["outside-1"]["expect"] == {"action": "refuse"}
    clarified = kept["bookRoom-clarify-1"]["expect"]
    assert (clarified["action"], clarified["operation"], sorted(clarified["asked"])) == ("clarify", "POST /rooms", ["day", "guests"])
    assert set(making.reasons()) <= {"argument_unknown", "near_duplicate", "arguments_of_nothing", "language"}
    assert making.spending.read == 11 * len(vendor.requests)
    shown = json.loads(vendor.requests[0].body["messages"][-1]["content"])
    assert len(shown["tasks"]) == AT_ONCE
    assert "bookRoom" not in json.dumps(shown)  # what is not shown is not said


async def test_nonsense_is_counted_and_tried_once_more_with_the_reason(hotel: Document) -> None:
    def change(number: int, given: Any) -> Reply | None:
        return {
            1: Reply(text="Here are your cases!"), 2: Reply(calls=[Wish("write_cases", '{"cases": [{')]), 3: Reply(raw=b"data: {nonsense\n\n"),
        }.get(number)  # fmt: skip

    async with Vendor(writer(change)) as vendor:
        making = await made(vendor, hotel, 4)
    assert len(making.cases) == 4
    assert making.reasons()["reply_unusable"] >= 2 * AT_ONCE
    second = json.loads(vendor.requests[1].body["messages"][-1]["content"])
    assert all(task["before"]["wrong"] for task in second["tasks"])


async def test_a_vendor_of_langchain_is_asked_the_same_way_and_unreported_usage_counts_as_bytes(hotel: Document) -> None:
    async with Vendor(writer()) as vendor, adviser(Settings(model="openai:any", model_url=vendor.url, model_key=SecretStr("k"))) as ask:
        making = Making(ask, ground(hotel), lambda _: None, Spending())
        await making.make(4)
        assert len(making.cases) == 4
    async with Vendor(lambda _: Reply(text="no", usage=None)) as vendor:
        silent = await made(vendor, hotel, 1)
    assert silent.cases == []
    assert silent.spending.read > len(vendor.requests) * 1_000


async def test_a_sentence_that_says_the_same_is_dropped(hotel: Document) -> None:
    def same(number: int, given: Any) -> Reply:
        cases = [{"task": task["task"], "say": f"Cancel booking X-{number}", "arguments": {"bookingId": f"X-{number}"}} for task in given["tasks"]]
        return Reply(calls=[Wish("write_cases", {"cases": cases})])

    async with Vendor(writer(same)) as vendor:
        making = await made(vendor, hotel, 6)
    assert [case["id"] for case in making.cases] == ["cancelBooking-call-1"]
    assert making.reasons()["near_duplicate"] >= 1


async def test_a_run_ends_at_its_budget_and_goes_on_from_what_it_made(hotel: Document) -> None:
    async with Vendor(writer()) as vendor:
        first = await made(vendor, hotel, 9, Budget("tokens", 20))
        assert (len(vendor.requests), first.spending.over) == (1, True)
        before = list(first.cases)
        saved: list[int] = []
        second = await made(vendor, hotel, 9, cases=list(before), save=lambda cases: saved.append(len(cases)))
    assert second.cases[: len(before)] == before
    assert len(second.cases) == 9
    assert saved[-1] == 9
    assert len({case["id"] for case in second.cases}) == 9


async def test_a_vendor_that_refuses_the_key_ends_the_run_and_what_was_made_is_saved(hotel: Document) -> None:
    saved: list[int] = []
    async with Vendor(writer(lambda number, _: Reply(status=401) if number == 2 else None)) as vendor:
        with pytest.raises(ModelFailed):
            await made(vendor, hotel, 9, save=lambda cases: saved.append(len(cases)))
    assert saved[0] > 0


def command(folder: Path, vendor: Vendor, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLANCE_") and name != "REDIS_URL"}
    environment |= {"HOME": str(folder), "PARLANCE_MODEL_KEY": "sk-test"}
    arguments = ["eval", "generate", "hotel.json", "--model", f"compatible:any@{vendor.url}", *more]
    return subprocess.run(
        [sys.executable, str(ROOT / "parlance.py"), *arguments], capture_output=True, text=True, env=environment, cwd=folder, timeout=60, check=False
    )


async def test_the_command_writes_a_case_file_and_goes_on_with_it(tmp_path: Path) -> None:
    (tmp_path / "hotel.json").write_text(json.dumps(tree(HOTEL)))
    (tmp_path / "cases").mkdir()
    out, dropped = tmp_path / "cases" / "hotel.yaml", tmp_path / "dropped.jsonl"
    async with Vendor(writer()) as vendor:
        first = await asyncio.to_thread(command, tmp_path, vendor, "--count", "4", "--out", str(out), "--rejected", str(dropped))
        assert first.returncode == 0, first.stderr
        assert "4 of 4 cases" in first.stderr
        assert first.stdout == ""
        kept = load(out, compile_document)
        assert (len(kept.file.cases), kept.file.document, kept.file.locale) == (4, "../hotel.json", "en")
        second = await asyncio.to_thread(command, tmp_path, vendor, "--count", "8", "--out", str(out), "--rejected", str(dropped))
        assert second.returncode == 0, second.stderr
        assert load(out, compile_document).file.cases[:4] == kept.file.cases
        assert len(load(out, compile_document).file.cases) == 8
        asked = len(vendor.requests)
        short = await asyncio.to_thread(command, tmp_path, vendor, "--count", "100", "--out", str(out), "--budget", "1", "--rejected", str(dropped))
        assert (short.returncode, len(vendor.requests)) == (1, asked + 1)
        assert "The budget is used up" in short.stderr
    assert {"id", "code", "why", "say", "arguments"} <= json.loads(dropped.read_text().splitlines()[0]).keys()


async def test_the_command_refuses_what_would_not_fit_together(tmp_path: Path) -> None:
    (tmp_path / "hotel.json").write_text(json.dumps(tree(HOTEL)))
    (tmp_path / "other.json").write_text(json.dumps(tree(HOTEL)))
    (tmp_path / "there.yaml").write_text(
        "format: 1\ndocument: other.json\ncases:\n- {id: a, say: List rooms, expect: {action: call, operation: GET /rooms}}\n"
    )
    async with Vendor(writer()) as vendor:
        other = await asyncio.to_thread(command, tmp_path, vendor, "--out", "there.yaml")
        builtin = await asyncio.to_thread(command, tmp_path, vendor, "--model", "builtin")
        folder = await asyncio.to_thread(command, tmp_path, vendor, "--out", "none/there.yaml")
        assert (folder.returncode, "There is no folder none" in folder.stderr) == (2, True)
        budget = await asyncio.to_thread(command, tmp_path, vendor, "--budget", "much")
        assert vendor.requests == []
    assert (other.returncode, builtin.returncode, budget.returncode) == (2, 2, 2)
    assert "another document" in other.stderr
    assert "built-in model plans calls" in builtin.stderr
    assert "A budget is" in budget.stderr


async def test_the_built_in_model_writes_nothing() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        async with adviser(Settings(model="builtin")):
            pass
    assert refused.value.code == "model_writes_nothing"


@pytest.mark.parametrize(
    ("text", "unit", "most"),
    [("200000", "tokens", 200_000), ("5_000 tokens", "tokens", 5000), ("$1.5", "dollars", 1_500_000_000), ("2usd", "dollars", 2 * 10**9)],
)
def test_a_budget_is_tokens_or_dollars(text: str, unit: str, most: int) -> None:
    assert Budget.of(text) == Budget(unit, most)


def test_a_budget_that_cannot_be_read_or_held_is_refused() -> None:
    with pytest.raises(InvalidRequest) as unreadable:
        Budget.of("a lot")
    assert unreadable.value.code == "budget_unreadable"
    with pytest.raises(InvalidRequest) as unpriced:
        Spending(Budget.of("$1")).add({"input_tokens": 1, "output_tokens": 1, "nano_dollars": None})
    assert unpriced.value.code == "price_unknown"
