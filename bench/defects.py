"""Switches the guards of the turn protocol off, one at a time in a copy of the repository, and shows what goes red for each.

    python -m bench.defects [--only WORD] [--soak]      --soak: by the soak alone

A defect is a text of the source and what stands there instead; tests/test_defects.py holds that each text is there exactly once.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 400
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider")
SOAK = (sys.executable, "-m", "bench.soak", "--seed", "7", "--faults", "160", "--batch", "40", "--first", "--keep", "soak")
Edit = tuple[str, str, str]  # file, text, what stands there instead


@dataclass(frozen=True)
class Defect:
    """`by`: the tests that must go red; "": the soak."""

    name: str
    by: str
    edits: tuple[Edit, ...]

    @property
    def command(self) -> tuple[str, ...]:
        return (*PYTEST, *self.by.split(" ", 2)) if self.by else SOAK


def one(name: str, by: str, *edit: str) -> Defect:
    file, text, instead = edit
    return Defect(name, by, ((file, text, instead),))


SCRIPTS, CALLS = "engine/scripts.py", "engine/calls.py"
STORE, CARRIED, RUN, ACCEPT, UNKNOWN, APPROVAL = (
    f"tests/engine/test_{name}.py" for name in ("store", "calls", "run", "accept", "replies", "approval")
)
EXECUTE = "tests/tools/test_execute.py"
WITHOUT_KEYS = "tests/test_kill.py -k without_idempotency and kill-after"
DEFECTS = (
    one(
        "no fence",
        STORE,
        SCRIPTS,
        "if tonumber(ARGV[1]) ~= fence or tonumber(ARGV[2]) ~= epoch then return 'fenced' end\nlocal length",
        "local length",
    ),
    one("no compare-and-set", STORE, SCRIPTS, "if length == expected then\n", "if true then\n"),
    one("no dedupe of messages", STORE, SCRIPTS, "local n = redis.call('HGET', KEYS[3], ARGV[7])\n", "local n = false\n"),
    one("a message while a turn runs", STORE, SCRIPTS, "if live then return {'busy'} end\nif status ~= 'idle'", "if status ~= 'idle' and not live"),
    one("a lease that is not looked at", STORE, SCRIPTS, "if live then return {'busy'} end\nreturn claim('claimed')", "return claim('claimed')"),
    one(
        "the inbox emptied by the claim",
        STORE,
        SCRIPTS,
        "part[3], redis.call('LRANGE', KEYS[4], 0, -1)}",
        "part[3], (function() local late = redis.call('LRANGE', KEYS[4], 0, -1); redis.call('DEL', KEYS[4]); return late end)()}",
    ),
    Defect(
        "intent after the call",
        WITHOUT_KEYS,
        (
            (CALLS, "        await work.save()\n        returned = await _send(", "        returned = await _send("),
            (CALLS, "        again = returned.outcome == ", "        await work.save()\n        again = returned.outcome == "),
        ),
    ),
    one(
        "no late result",
        CARRIED,
        CALLS,
        "        if isinstance(event, CallReturned):\n            with suppress",
        "        if False:\n            with suppress",
    ),
    one(
        "no heartbeat",
        RUN,
        "engine/run.py",
        "                await renew()\n            except LeaseLost",
        "                pass\n            except LeaseLost",
    ),
    one("no last look at the clock", EXECUTE, "tools/execute.py", "if time.monotonic() > work.leaves_by:", "if work.leaves_by < 0:"),
    one("a new key for each attempt", CARRIED, CALLS, "_order(work, call, started.key) if again", "_order(work, call, started.key[::-1]) if again"),
    one(
        "repeated though the product honours no key",
        WITHOUT_KEYS,
        CALLS,
        "return honours_key(operation(work, call), work.product.settings)",
        "return True",
    ),
    Defect(
        "sent again after a 5xx without a key",
        "",
        (
            (CALLS, '(returned.outcome == "unknown" and _repeatable(work, call))', '(returned.outcome == "unknown")'),
            ("tools/outcome.py", "again = work.operation.safe or (", "again = True or ("),
        ),
    ),
    one("another request under the same approval", CARRIED, CALLS, "if order and digest(order) == started.request:", "if order:"),
    one(
        "unknown reported as done",
        UNKNOWN,
        "engine/receipts.py",
        '    if call.unknown or call.started:\n        return "unknown"',
        '    if call.unknown or call.started:\n        return "done"',
    ),
    one(
        "a receipt without what is unknown",
        UNKNOWN,
        "engine/receipts.py",
        "        if outcome is not None:\n",
        '        if outcome not in (None, "unknown"):\n',
    ),
    one(
        "an answer that Redis would not take is dropped",
        CARRIED,
        "engine/work.py",
        "                if time.monotonic() > give_up:\n",
        "                if give_up:\n",
    ),
    one(
        "an approval used twice",
        ACCEPT,
        "engine/answering.py",
        "open_questions.pop(answer.question_id, None)",
        "next((e.question for _, e in work.turn.trail if e.type == 'QuestionAsked'), None)",
    ),
    one("changes without a yes", APPROVAL, "engine/checkpoints.py", "clean, within_limits, approved)", "clean, within_limits)"),
    Defect(
        "a turn without an end",
        "",
        (
            ("engine/decide.py", "    if used.model_calls >= limits.model_calls:\n", "    if used.model_calls < 0:\n"),
            ("engine/decide.py", "    if used.tool_calls >= limits.tool_calls:\n", "    if used.tool_calls < 0:\n"),
        ),
    ),
    one("nobody looks after a dead worker's turn", ACCEPT, "engine/worker.py", 'if standing is None or standing.status != "running":', "if True:"),
)


def copied(into: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, into / name)
    (into / ".venv").symlink_to((ROOT / ".venv").resolve())


def seeded(folder: Path, defect: Defect) -> None:
    for file, text, instead in defect.edits:
        source = (folder / file).read_text(encoding="utf-8")
        assert source.count(text) == 1, f"{defect.name}: {file} has {text!r} {source.count(text)} times"
        (folder / file).write_text(source.replace(text, instead), encoding="utf-8")


def caught(folder: Path, command: tuple[str, ...]) -> str:
    """What went red; "" when nothing did."""
    try:
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"no end within {SECONDS} s"
    if ran.returncode == 0:
        return ""
    if found := re.search(r"^(?:FAILED|ERROR) (\S+)", ran.stdout, re.MULTILINE):
        return found[1]
    if found := re.search(r"^  \S+: (.+)$", ran.stdout, re.MULTILINE):
        return f"soak: {found[1]}"
    return f"exit {ran.returncode}: {(ran.stdout + ran.stderr).strip()[-120:]}"


def catcher(defect: Defect, command: tuple[str, ...]) -> tuple[str, float]:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="defect-") as name:
        folder = Path(name)
        copied(folder)
        seeded(folder, defect)
        by = caught(folder, command)
    return by, time.monotonic() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="defects with this in their name")
    parser.add_argument("--soak", action="store_true", help="by the soak alone")
    given = parser.parse_args()
    missed = 0
    for defect in (each for each in DEFECTS if given.only in each.name):
        by, seconds = catcher(defect, SOAK if given.soak else defect.command)
        missed += not by
        print(f"{defect.name:48} {by or 'NOT CAUGHT'}  ({seconds:.0f} s)", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
