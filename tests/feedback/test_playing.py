"""Playing cases: each as often as was asked for, going on after an interruption, and nothing counted that was not played."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from feedback.case_file import Cases
from feedback.cases import CaseFile
from feedback.outcomes import kept, read
from feedback.playing import NotPlayed, Plan, Playing, play, scene
from preprocess.compile import compile_document
from runtime.errors import InvalidRequest, TooMany
from specs.document import Document
from tests.feedback.played import USERS, call, report
from tools.scene import Response, Scene

EXAMPLE = Path(__file__).resolve().parents[2] / "specs" / "examples" / "identity.yaml"
LIST = {"action": "call", "operation": USERS}


@pytest.fixture(scope="module")
def document() -> Document:
    return compile_document(EXAMPLE.read_bytes())


def cases(document: Document, *told: dict[str, Any], **file: Any) -> Cases:
    listed = [{"id": f"c{number}", "say": "List the users", "expect": LIST, **each} for number, each in enumerate(told)]
    return Cases(CaseFile.model_validate_json(json.dumps({"format": 1, "document": "d", "cases": listed, **file}), strict=True), {"d": document})


def playing(answer: Callable[[Scene], Any], seen: list[Scene] | None = None) -> Playing:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        async def played(_: Document, scene: Scene) -> Any:
            (seen if seen is not None else []).append(scene)
            made = answer(scene)
            return await made if asyncio.iscoroutine(made) else made

        yield played

    return opened


def lists(_: Scene) -> Any:
    return report("call", call(USERS))


def test_each_case_is_played_as_often_as_asked_and_passes_if_all_plays_do(document: Document) -> None:
    answers = iter([report("call", call(USERS)), report("refuse"), report("call", call(USERS)), report("call", call(USERS))])
    found, failed = play(Plan(cases(document, {}, {}), "m", repeats=2), playing(lambda _: next(answers)), [].append)
    assert [(each.id, each.repeat, each.passed) for each in found] == [("c0", 0, True), ("c0", 1, False), ("c1", 0, True), ("c1", 1, True)]
    assert failed == []


def test_what_is_kept_is_not_played_again_and_half_a_line_is(document: Document, tmp_path: Path) -> None:
    out, seen = tmp_path / "out.jsonl", []
    plan = Plan(cases(document, {}, {}, {}), "m", out=out)

    def breaks(scene: Scene) -> Any:
        if len(seen) == 3:
            raise KeyboardInterrupt
        return lists(scene)

    with pytest.raises(KeyboardInterrupt):
        play(plan, playing(breaks, seen), [].append)
    out.write_bytes(out.read_bytes() + b'{"format":1,"id":"c2","se')
    again: list[Scene] = []
    found, _ = play(plan, playing(lists, again), [].append)
    assert ([each.id for each in found], len(again)) == (["c0", "c1", "c2"], 1)
    assert [each.id for each in read(out)] == ["c0", "c1", "c2"]
    more, _ = play(Plan(plan.cases, "m", repeats=2, out=out), playing(lists, again), [].append)
    assert (len(more), len(again)) == (6, 4)


def test_a_case_that_changed_is_played_again_and_its_last_result_counts(document: Document, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    for told in ({}, {"note": "n", "set": "s"}, {"say": "Show the users"}, {"now": "2026-01-01T00:00:00Z"}):
        play(Plan(cases(document, told), "m", out=out), playing(lists), [].append)
    assert len(out.read_bytes().splitlines()) == 3  # a note and a set decide nothing
    assert len(kept(out)) == 1


def test_results_of_another_model_are_not_mixed(document: Document, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    play(Plan(cases(document, {}), "one", out=out), playing(lists), [].append)
    before = out.read_bytes()
    with pytest.raises(InvalidRequest) as caught:
        play(Plan(cases(document, {}), "two", out=out), playing(lists), [].append)
    assert (caught.value.code, out.read_bytes()) == ("results_of_another_model", before)


def test_what_could_not_be_played_is_said_kept_nowhere_and_tried_again(document: Document, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    answers = iter([TooMany("Later.", code="too_many_turns", retry_after=1), report("refuse", failed="model_failed", text="No answer.")])

    def broken(_: Scene) -> Any:
        made = next(answers)
        if isinstance(made, Exception):
            raise made
        return made

    plan = Plan(cases(document, {}, {}), "m", out=out)
    said: list[str] = []
    found, failed = play(plan, playing(broken), said.append)
    assert (found, failed) == ([], [NotPlayed("c0", 0, "too_many_turns", "Later."), NotPlayed("c1", 0, "model_failed", "No answer.")])
    assert not out.exists()
    assert any("c0" in line and "too_many_turns" in line for line in said)
    assert len(play(plan, playing(lists), [].append)[0]) == 2


def test_workers_play_at_once_and_the_order_stays(document: Document) -> None:
    inside: list[int] = [0, 0]

    async def slowly() -> Any:
        inside[0] += 1
        inside[1] = max(inside)
        for _ in range(5):
            await asyncio.sleep(0)
        inside[0] -= 1
        return lists(Scene(("x",)))

    found, _ = play(Plan(cases(document, *[{}] * 9), "m", workers=3), playing(lambda _: slowly()), [].append)
    assert inside[1] == 3
    assert [each.id for each in found] == [f"c{number}" for number in range(9)]


@pytest.mark.parametrize(
    ("told", "made_up"),
    [
        ({}, False),
        ({"expect": {"action": "clarify"}, "approves": True}, False),
        ({"expect": {"action": "refuse", "says": "no"}}, False),
        ({"approves": True}, True),
        ({"expect": {**LIST, "says": "x"}}, True),
        ({"expect": {**LIST, "operation": [USERS, USERS]}}, True),
        ({"approves": True, "responses": [{"operation": USERS, "body": {"items": []}}]}, False),
    ],
)
def test_responses_are_made_up_only_where_an_expectation_needs_them(document: Document, told: dict[str, Any], made_up: bool) -> None:
    found = cases(document, told)
    played = scene(found, found.file.cases[0])
    assert played.made_up == made_up
    assert played.responses == ((Response("GET", "/users", 200, {"items": []}),) if "responses" in told else ())


def test_a_case_has_its_own_clock_or_the_files(document: Document) -> None:
    found = cases(
        document, {}, {"now": "2026-02-03T00:00:00Z", "timezone": "Asia/Seoul", "locale": "ko"}, now="2026-01-01T00:00:00Z", timezone="Europe/Berlin"
    )
    first, second = (scene(found, each) for each in found.file.cases)
    assert (str(first.now), first.timezone, first.locale) == ("2026-01-01 00:00:00+00:00", "Europe/Berlin", "en")
    assert (str(second.now), second.timezone, second.locale) == ("2026-02-03 00:00:00+00:00", "Asia/Seoul", "ko")


def test_a_change_that_is_sent_without_a_yes_is_missed_whatever_was_expected(document: Document) -> None:
    sent = report("call", call(USERS), executed=[("POST", "/users/{username}/lock"), ("GET", "/users")])
    ((found,), _) = play(Plan(cases(document, {}), "m"), playing(lambda _: sent), [].append)
    assert [each.kind for each in found.missed] == ["unapproved"]


@pytest.mark.parametrize("data", [b"format: 1\ncases: []", b"one line of notes", b'{"id":"p","action":"call"}\n'])
def test_no_other_file_is_taken_for_results_or_changed(document: Document, tmp_path: Path, data: bytes) -> None:
    out = tmp_path / "notes"
    out.write_bytes(data)
    with pytest.raises(InvalidRequest) as caught:
        play(Plan(cases(document, {}), "m", out=out), playing(lists), [].append)
    assert (caught.value.code, out.read_bytes()) == ("results_unreadable", data)


@pytest.mark.parametrize(("data", "code"), [(b"{}\n", "results_unreadable"), (b"nonsense\n", "results_unreadable"), (b"", "results_of_one_model")])
def test_a_file_that_holds_no_results_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "r.jsonl").write_bytes(data)
    with pytest.raises(InvalidRequest) as caught:
        read(tmp_path / "r.jsonl")
    assert caught.value.code == code
