"""The judge in a run of cases: what it is shown, which verdicts count, and that its agreement stands beside them."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from feedback.agreement import Agreement
from feedback.cases import CaseFile
from feedback.judge import Judgement
from feedback.judging import Judging, counted
from feedback.outcomes import Outcome, Usage
from feedback.statistics import Estimate
from tests.feedback.test_judge import believing, honest, letters, says, shown
from tests.vendor import Reply, Vendor

ROOT = Path(__file__).resolve().parents[2]
CASES = f"""
format: 1
document: {ROOT / "specs/examples/identity.yaml"}
cases:
- {{id: provisional, say: Order me a pizza, expect: {{action: refuse}}, rubric: The reply says that the booking is provisional.}}
- {{id: offers, say: Who was the first president of the USA?, expect: {{action: refuse}}, rubric: The reply is in English.}}
- {{id: plain, say: Show me the user 'user1', expect: {{action: call, operation: "GET /users/{{username}}"}}}}
"""
FILE = CaseFile.model_validate_json(
    json.dumps({"format": 1, "cases": [{"id": name, "say": "x", "expect": {"action": "refuse"}, "rubric": "r"} for name in "ab"]})
)


def agreement(kappa: float) -> Agreement:
    return Agreement(50, 45, Estimate(0.9, 0.8, 1.0), Estimate(kappa, 0.5, 0.9), 10, 10)


def played(name: str) -> Outcome:
    about = {"set": "s", "repeat": 0, "model": "m", "digest": "d", "expected": {"action": "refuse"}, "calls": (), "asked": (), "executed": ()}
    return Outcome(id=name, say=("x",), action="refuse", text="no", missed=(), seconds=0.1, usage=Usage(), **about)


@pytest.mark.parametrize(("kappa", "passed"), [(0.8, [False, True]), (0.6, [True, True])])
def test_a_fail_counts_only_if_the_judge_is_trusted_and_doubt_never_does(kappa: float, passed: list[bool]):
    plays = [played("a"), played("b")]
    verdicts = (plays[0], Judgement("fail", "it does not")), (plays[1], Judgement("cannot_tell", "who knows"))
    found = Judging("j", agreement(kappa), verdicts, "2 questions")
    assert [each.passed for each in counted(plays, found, FILE)] == passed
    told = "\n".join(found.told())
    assert "kappa" in told
    assert "not counted: b: cannot_tell: who knows" in told
    assert ("not counted: a: fail" in told) == (kappa < 0.7)


def judge(request: Any) -> Reply:
    return says(letters(request)["pass"]) if shown(request)["rubric"] == "The reply is in English." else honest(request)


async def command(folder: Path, vendor: Vendor, *more: str) -> "subprocess.CompletedProcess[str]":
    (folder / "cases.yaml").write_text(CASES)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLANCE_") and name != "REDIS_URL"}
    environment |= {"HOME": str(folder), "PARLANCE_MODEL_KEY": "sk-test"}
    arguments = [
        sys.executable,
        str(ROOT / "parlance.py"),
        "eval",
        "run",
        "cases.yaml",
        "--model",
        "builtin",
        "--judge",
        f"compatible:any@{vendor.url}",
    ]
    return await asyncio.to_thread(
        subprocess.run, [*arguments, *more], capture_output=True, text=True, env=environment, cwd=folder, timeout=120, check=False
    )


@pytest.mark.usefixtures("redis_server")
async def test_the_command_judges_by_rubric_and_tells_how_far_to_trust_it(tmp_path: Path):
    async with Vendor(judge) as vendor:
        done = await command(tmp_path, vendor, "--json")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    verdicts = {each["id"]: each["verdict"] for each in report["judge"]["verdicts"]}
    assert verdicts == {"provisional": "fail", "offers": "pass"}
    assert report["judge"]["agreement"]["trusted"] is True
    assert {"value", "low", "high"} == report["judge"]["agreement"]["kappa"].keys()
    assert [(each["id"], [one["kind"] for one in each["missed"]]) for each in report["failed"]] == [("provisional", ["judged"])]


@pytest.mark.usefixtures("redis_server")
async def test_verdicts_of_a_judge_that_believes_what_it_reads_do_not_count(tmp_path: Path):
    async with Vendor(believing) as vendor:
        done = await command(tmp_path, vendor)
    assert done.returncode == 0, done.stderr
    assert "NOT to be trusted" in done.stdout
    assert "not counted: provisional: fail" in done.stdout
