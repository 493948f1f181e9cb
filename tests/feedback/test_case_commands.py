"""`parlance eval run` and `compare` as they are typed: the cases of the example product, exit statuses, and every form of the report."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest

from tests.vendor import Reply, Vendor, Wish, said

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "bench" / "cases" / "identity.yaml"
# What the built-in model does not do yet: each of these is a case to mend, and to take away here.
MISSED = frozenset({"read-failures-of-somebody", "create-group-described"})
SMALL = """format: 1
document: identity.yaml
cases:
  - {id: lock, say: Lock the user bob, expect: {action: call, operation: "POST /users/{username}/lock", arguments: {username: bob}}}
  - {id: weather, set: other, say: What is the weather?, expect: {action: refuse}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "identity.yaml").write_bytes((ROOT / "specs" / "examples" / "identity.yaml").read_bytes())
    (tmp_path / "cases.yaml").write_text(SMALL)
    return tmp_path


def typed(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLANCE_") and name != "REDIS_URL"}
    environment |= {"HOME": str(folder), **{f"PARLANCE_{name.upper()}": value for name, value in settings.items()}}
    command = [sys.executable, str(ROOT / "parlance.py"), "eval", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, timeout=180, check=False)


def results(file: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in file.read_bytes().splitlines()]


@pytest.mark.usefixtures("redis_server")
def test_the_built_in_model_passes_the_cases_of_the_example_product(folder: Path) -> None:
    forms = ("--json", "--out", "out.jsonl", "--junit", "junit.xml", "--html", "page.html")
    done = typed(folder, "run", str(CASES), *forms)
    told = orjson.loads(done.stdout)
    failed = {each["id"]: each["missed"] for each in told["failed"]}
    assert told["run"]["all"]["cases"] >= 45
    assert {name: missed for name, missed in failed.items() if name not in MISSED} == {}
    assert not {each["kind"] for missed in failed.values() for each in missed} & {"invented", "unapproved"}
    assert (done.returncode, told["not_played"]) == (1 if failed else 0, [])
    written = results(folder / "out.jsonl")
    assert len(written) == told["run"]["all"]["cases"]
    done_by_name = next(each for each in written if each["id"] == "delete-group-by-name")
    assert done_by_name["executed"] == [["GET", "/groups"], ["DELETE", "/groups/{group_id}"]]
    assert done_by_name["calls"][1]["sources"]["group_id"]["kind"] == "response"
    assert int(ET.parse(folder / "junit.xml").getroot().attrib["failures"]) == len(failed)
    assert all(name in (folder / "page.html").read_text() for name in failed)
    again = typed(folder, "run", str(CASES), *forms)
    assert (again.stdout, again.returncode, len(results(folder / "out.jsonl"))) == (done.stdout, done.returncode, len(written))


@pytest.mark.usefixtures("redis_server")
async def test_two_models_are_compared_on_the_same_cases_and_the_gate_decides(folder: Path) -> None:
    def script(request: Any) -> Reply | str:
        if "weather" in said(request):
            return "I cannot do that."
        return Reply(calls=[Wish("lockUser", {"username": "bob" if "bob" in said(request) else "eve"})])

    async with Vendor(script) as vendor:
        settings = {"model_url": vendor.url, "model_key": "sk-test"}
        run = ("run", "cases.yaml", "--model", "openai:scripted", "--against", "builtin", "--max-loss", "0", "--workers", "2")
        kept = ("--repeats", "2", "--out", "new.jsonl", "--against-out", "old.jsonl")
        done = await asyncio.to_thread(typed, folder, *run, *kept, **settings)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "openai:scripted less builtin" in done.stdout
    assert "gate passed" in done.stdout
    assert {each["usage"]["calls"] for each in results(folder / "new.jsonl")} >= {1}
    worse = [{**each, "missed": [{"kind": "action", "expected": "call", "got": "reply"}]} for each in results(folder / "new.jsonl")]
    (folder / "new.jsonl").write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in worse))
    lost = typed(folder, "compare", "old.jsonl", "new.jsonl", "--max-loss", "0.5", "--html", "page.html")
    assert (lost.returncode, "gate failed" in lost.stdout, "lost: lock, weather" in lost.stdout) == (1, True, True), lost.stdout
    assert typed(folder, "compare", "old.jsonl", "new.jsonl").returncode == 0
    (folder / "part.jsonl").write_bytes(b"".join((folder / "new.jsonl").read_bytes().splitlines(keepends=True)[:2]))
    assert typed(folder, "compare", "old.jsonl", "part.jsonl", "--max-loss", "1").returncode == 2


@pytest.mark.usefixtures("redis_server")
def test_a_model_that_cannot_be_reached_is_no_failed_case(folder: Path) -> None:
    done = typed(
        folder, "run", "cases.yaml", "--model", "openai:gone", "--junit", "junit.xml", model_url="http://127.0.0.1:9/v1", model_key="sk-test"
    )
    assert done.returncode == 2, done.stdout
    assert "not played: case lock" in done.stdout
    assert ET.parse(folder / "junit.xml").getroot().attrib["errors"] == "2"


@pytest.mark.parametrize(
    ("arguments", "text", "says"),
    [
        (("run", "cases.yaml"), SMALL.replace("/lock", "/lok"), "cases.yaml:4: case_operation_unknown"),
        (("run", "cases.yaml"), SMALL.replace("say:", "sey:"), "cases.yaml:4: case_key_unknown"),
        (("run", "cases.yaml", "--max-loss", "0.1"), SMALL, "--max-loss goes with --against"),
        (("run", "cases.yaml", "--out", "x", "--against-out", "x", "--against", "builtin"), SMALL, "another file than --out"),
        (("run", "cases.yaml", "--specs", "."), '{"id": "a", "utterance": "x", "spec": "identity.yaml", "gold": []}', "line 1 (a): Only rows"),
        (("compare", "cases.yaml", "cases.yaml"), SMALL, "is no result of `eval run`"),
        (("compare", "cases.yaml", "cases.yaml"), "", "cases.yaml holds no results"),
        (("run", "cases.yaml"), "- lock", "cases.yaml:1: cases_unreadable: A case file is an object with `format`, `document` and `cases`"),
        *((("run", "cases.yaml", form, "none/x"), SMALL, "parlance: There is no folder none.") for form in ("--out", "--junit", "--html")),
        (("compare", "cases.yaml", "cases.yaml", "--html", "none/x"), SMALL, "parlance: There is no folder none."),
        (("predict", "cases.yaml", "--specs", ".", "--out", "none/x"), SMALL, "parlance: There is no folder none."),
        (("predict", "cases.yaml", "--specs", ".", "--out", "identity.yaml"), SMALL, "identity.yaml holds something else than predictions"),
        (("predict", "cases.yaml", "--specs", ".", "--out", "cases.yaml"), SMALL, "cases.yaml holds the rows"),
        (("run", "cases.yaml", "--against", "nobody:x"), SMALL, "parlance: nobody:x cannot be used"),
        (("run", "cases.yaml", "--judge", "builtin"), SMALL.replace("set: other", "rubric: It says no"), "parlance: The built-in model plans calls"),
    ],
)
def test_what_cannot_be_run_ends_with_2_and_says_why(folder: Path, arguments: tuple[str, ...], text: str, says: str) -> None:
    (folder / "cases.yaml").write_text(text)
    done = typed(folder, *arguments)
    assert (done.returncode, done.stdout, says in " ".join(done.stderr.split())) == (2, "", True), done.stderr
    assert "1 x" not in done.stderr, "it is said before anything is played"
    assert (folder / "identity.yaml").read_bytes() == (ROOT / "specs" / "examples" / "identity.yaml").read_bytes()


def test_nothing_that_is_said_of_rows_and_cases_steers_the_terminal(folder: Path) -> None:
    (folder / "rows.jsonl").write_bytes(orjson.dumps({"id": "\x9b31m\x1b[31m"}))
    done = typed(folder, "predict", "rows.jsonl", "--specs", ".", "--out", "out.jsonl")
    assert "row_kind_unknown" in done.stderr
    assert done.stderr.replace("\n", "").isprintable()


@pytest.mark.usefixtures("redis_server")
def test_a_model_against_itself_is_told_apart(folder: Path) -> None:
    done = typed(folder, "run", "cases.yaml", "--model", "builtin", "--against", "builtin", "--html", "page.html")
    assert "builtin (candidate) less builtin (baseline)" in done.stdout
    page = (folder / "page.html").read_text()
    assert "builtin (candidate)" in page
    assert "builtin (baseline)" in page
