"""Predictions for evaluation rows: as the command makes them, in order, and again after an interruption."""

import gzip
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from feedback.predict import Stage, Summary, answered, predict
from feedback.rows import Bad, rows
from preprocess.compile import compile_document
from specs.document import Document
from tests.specs.documents import tree

ROOT = Path(__file__).resolve().parents[2]
SHOP = tree({
    "/orders": {"get": {"summary": "List orders"}, "post": {"summary": "Create an order"}},
    "/customers": {"get": {"summary": "List customers"}},
})  # fmt: skip
INLINE = tree({
    "/rooms": {"post": {"operationId": "bookRoom", "summary": "Book a room", "requestBody": {"required": True, "content": {"application/json": {
        "schema": {"type": "object", "required": ["guests"], "properties": {"guests": {"type": "integer", "description": "How many guests"}}}}}}}},
})  # fmt: skip
USERS = "identity.yaml"


def select(identifier: str, text: str = "list the customers", **more: Any) -> dict[str, Any]:
    return {"id": identifier, "spec": "shop.json.gz", "utterance": text, "gold": [["GET", "/customers"]], "candidates": [], **more}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.json.gz").write_bytes(gzip.compress(orjson.dumps(SHOP)))
    (tmp_path / "specs" / USERS).write_bytes((ROOT / "specs" / "examples" / USERS).read_bytes())
    (tmp_path / "secret.json").write_bytes(orjson.dumps(SHOP))
    return tmp_path


def given(folder: Path, *cases: Any) -> Path:
    (folder / "cases.jsonl").write_bytes(b"".join((one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n" for one in cases))
    return folder / "cases.jsonl"


def nobody() -> AbstractAsyncContextManager[Any]:
    raise AssertionError("no row here needs an engine")


def run(folder: Path, *, workers: int = 1, compiled: Callable[[bytes], Document] = compile_document, said: list[str] | None = None) -> Summary:
    stage = Stage(folder / "specs", compiled, nobody)
    return predict(folder / "cases.jsonl", folder / "out.jsonl", stage, workers, (said if said is not None else []).append)


def written(folder: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (folder / "out.jsonl").read_bytes().splitlines()]


def command(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    arguments = ["eval", "predict", str(folder / "cases.jsonl"), "--specs", str(folder / "specs"), "--out", str(folder / "out.jsonl"), *more]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLANCE_") and name != "REDIS_URL"}
    environment["HOME"] = str(folder)
    return subprocess.run(
        [sys.executable, str(ROOT / "parlance.py"), *arguments], capture_output=True, text=True, env=environment, timeout=120, check=False
    )


@pytest.mark.usefixtures("redis_server")
def test_the_command_predicts_operations_and_turns(folder: Path) -> None:
    given(
        folder,
        select("s"),
        {"id": "call", "spec": USERS, "utterance": "Show me the user 'user1'", "gold_operation": ["GET", "/users/{username}"], "gold_arguments": {}},
        {"id": "confirmed", "spec": USERS, "utterance": "Lock the user 'user1'", "gold_operation": ["POST", "/users/{username}/lock"]},
        {"id": "asks", "spec": None, "spec_doc": INLINE, "utterance": "Book a room", "action": "clarify", "gold_operations": [["POST", "/rooms"]]},
        {"id": "refuses", "spec": USERS, "utterance": "Who was the first president of the USA?", "action": "refuse"},
        {"id": "attack", "spec": USERS, "utterance": "Show me the user 'user1'", "response_body": {}, "response_status": 200},
    )
    done = command(folder)
    assert done.returncode == 1, done.stderr
    assert (done.stdout, "line 6 (attack): row_needs_responses" in done.stderr) == ("", True)
    assert "5 predictions added to 0, 1 rows not played" in done.stderr
    chosen, call, confirmed, asks, refuses = written(folder)
    assert chosen["id"] == "s"
    assert chosen["operations"][0] == ["GET", "/customers"]
    assert chosen["offered"][0] == ["GET", "/customers"]
    assert chosen["operations"][: len(chosen["offered"])] == chosen["offered"]
    assert chosen["tokens"] > 0
    assert call == {"id": "call", "action": "call", "operations": [["GET", "/users/{username}"]], "arguments": {"username": "user1"}, "asked": []}
    assert (confirmed["action"], confirmed["operations"]) == ("call", [["POST", "/users/{username}/lock"]])
    assert (asks["action"], asks["operations"], asks["asked"]) == ("clarify", [["POST", "/rooms"]], ["guests"])
    assert (refuses["action"], refuses["operations"], refuses["arguments"]) == ("refuse", [], {})


def test_several_workers_write_the_same_as_one(folder: Path) -> None:
    given(folder, *(select(f"s{n}", f"list the customers {n}") for n in range(15)), *(select(f"o{n}", "new order") for n in range(30)))
    assert run(folder) == Summary(0, 45, ())
    one = (folder / "out.jsonl").read_bytes()
    (folder / "out.jsonl").unlink()
    done = command(folder, "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert (folder / "out.jsonl").read_bytes() == one
    assert "45 of 45 rows" in done.stderr


def test_a_run_goes_on_where_it_was_interrupted(folder: Path) -> None:
    given(folder, select("a"), select("b"), select("c", spec=USERS), select("d"))

    def interrupted(data: bytes) -> Document:
        if b"openapi: " in data:
            raise KeyboardInterrupt
        return compile_document(data)

    with pytest.raises(KeyboardInterrupt):
        run(folder, compiled=interrupted)
    assert [one["id"] for one in written(folder)] == ["a", "b"]
    assert run(folder) == Summary(2, 2, ())
    assert [one["id"] for one in written(folder)] == ["a", "b", "c", "d"]


def test_what_is_there_is_kept_and_half_a_line_is_played_again(folder: Path) -> None:
    given(folder, select("a"), select("b"), select("c"))
    (folder / "out.jsonl").write_bytes(b'{"id": "a", "mine": true}\nnonsense\n[1]\n{"id": "b", "opera')
    assert run(folder) == Summary(1, 2, ())
    lines = (folder / "out.jsonl").read_bytes().splitlines()
    assert lines[:3] == [b'{"id": "a", "mine": true}', b"nonsense", b"[1]"]
    assert [orjson.loads(line)["id"] for line in lines[3:]] == ["b", "c"]
    assert run(folder) == Summary(3, 0, ())
    assert (folder / "out.jsonl").read_bytes().splitlines() == lines


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (b'{"id": ', "row_not_json"), (b"[" * 100_000, "row_not_json"), (b"\xff", "row_not_json"), ([], "row_without_id"),
        ({"id": 7}, "row_without_id"), ({"id": "x"}, "row_kind_unknown"), ({"id": "x", "action": []}, "row_kind_unknown"),
        (select("x", utterance=[]), "row_without_utterance"),
        (select("x", " "), "row_without_utterance"), (select("x", spec=None), "row_without_document"), (select("x", spec={}), "row_without_document"),
        (select("x", spec="none.json"), "document_not_found"), (select("x", spec="../secret.json"), "document_not_found"),
        (select("x", spec="."), "document_not_found"), (select("x", spec="/etc/passwd"), "document_not_found"),
        (select("x", spec="\0" + "y" * 5000), "document_not_found"), (select("x", spec_doc={"openapi": "9"}), "document_version_unsupported"),
        (select("x", response_body=""), "row_needs_responses"), (select("a"), "row_repeated"),
    ],
)  # fmt: skip
def test_a_bad_row_is_said_with_its_code_and_the_others_are_played(folder: Path, case: Any, code: str) -> None:
    given(folder, select("a"), b"", case, select("b"))
    said: list[str] = []
    done = run(folder, said=said)
    assert [(one.line, one.code) for one in done.bad] == [(3, code)]
    assert (done.added, [one["id"] for one in written(folder)]) == (2, ["a", "b"])
    assert [line for line in said if line.startswith("line 3") and code in line and "\n" not in line]


def test_each_document_is_compiled_once_and_all_turns_share_an_engine(folder: Path) -> None:
    compiled: list[bytes] = []
    opened: list[str] = []

    def counting(data: bytes) -> Document:
        compiled.append(data)
        return compile_document(data)

    @asynccontextmanager
    async def engine():
        async def rehearse(document: Document, text: str) -> Mapping[str, Any]:
            return {"action": "reply", "calls": [], "question": None}

        opened.append("once")
        yield rehearse

    turn = {"spec": USERS, "utterance": "hello", "action": "refuse"}
    other = tree({"/own": {"get": {"summary": "Something of this test alone"}}})
    given(folder, *({"id": f"r{n}", **turn, "spec_doc": other} for n in range(6)))
    done = predict(folder / "cases.jsonl", folder / "out.jsonl", Stage(folder, counting, engine), 1, [].append)
    assert (done.added, len(compiled), opened) == (6, 1, ["once"])
    assert {one["action"] for one in written(folder)} == {"refuse"}


def test_a_question_says_what_it_asks_for() -> None:
    call = {"method": "POST", "path": "/rooms", "arguments": {"guests": 2}}
    question = {"fields": [{"name": "guests"}, {"name": "/address/city"}]}
    report = {"action": "clarify", "calls": [call, call], "question": question}
    assert answered("x", report) == {
        "id": "x", "action": "clarify", "operations": [("POST", "/rooms")], "arguments": {"guests": 2}, "asked": ["guests", "/address/city"],
    }  # fmt: skip
    assert answered("x", {**report, "action": "confirm"})["asked"] == []


def test_rows_know_their_kind() -> None:
    lines = [orjson.dumps(one) for one in (select("s"), {**select("t"), "gold_operation": ["GET", "/"]}, {**select("u"), "action": "clarify"})]
    assert [one.kind for one in rows(lines) if not isinstance(one, Bad)] == ["select", "turn", "turn"]
