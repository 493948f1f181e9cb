"""Switches the guards of the turn protocol off, one at a time in a copy of the repository, and shows what goes red for each.

    python -m bench.defects [--only WORD] [--soak]      --soak: by the soak alone

tests/test_edits.py holds that each text that is replaced is there exactly once.
"""

import argparse
import re
import sys
import time
from dataclasses import dataclass

from bench.edits import PYTEST, Edit, edited, failures, run

SECONDS = 400
SOAK = (sys.executable, "-m", "bench.soak", "--seed", "7", "--faults", "160", "--batch", "40", "--first", "--keep", "soak")
VIOLATION = re.compile(r"^  \S+: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Defect:
    """`by`: the tests that must go red; "": the soak. `hangs`: that nothing comes to an end shows it, too."""

    name: str
    by: str
    edits: tuple[Edit, ...]
    hangs: bool = False


def one(name: str, by: str, file: str, old: str, new: str) -> Defect:
    return Defect(name, by, (Edit(file, old, new),))


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
            Edit(CALLS, "        await work.save()\n        returned = await _send(", "        returned = await _send("),
            Edit(CALLS, "        again = returned.outcome == ", "        await work.save()\n        again = returned.outcome == "),
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
            Edit(CALLS, '(returned.outcome == "unknown" and _repeatable(work, call))', '(returned.outcome == "unknown")'),
            Edit("tools/outcome.py", "again = work.operation.safe or (", "again = True or ("),
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
            Edit("engine/decide.py", "    if used.model_calls >= limits.model_calls:\n", "    if used.model_calls < 0:\n"),
            Edit("engine/decide.py", "    if used.tool_calls >= limits.tool_calls:\n", "    if used.tool_calls < 0:\n"),
        ),
        hangs=True,
    ),
    one("nobody looks after a dead worker's turn", ACCEPT, "engine/worker.py", 'if standing is None or standing.status != "running":', "if True:"),
)


def caught(defect: Defect, *, soak: bool) -> str:
    """What went red; "" when nothing did."""
    soak = soak or not defect.by
    with edited(defect.edits) as folder:
        done = run(folder, SOAK if soak else (*PYTEST, "-x", *defect.by.split(" ", 2)), SECONDS)
    if done is None:
        if not defect.hangs:
            raise RuntimeError(f"no end within {SECONDS} s")
        return f"no end within {SECONDS} s"
    if not soak:
        return next(iter(failures(done)), "")
    found = VIOLATION.search(done.stdout)
    if done.returncode not in (0, 1) or bool(found) != bool(done.returncode):
        raise RuntimeError(f"exit {done.returncode}: {(done.stdout + done.stderr).strip()[-300:]}")
    return f"soak: {found[1]}" if found else ""


def told(defect: Defect, *, soak: bool) -> bool:
    begun, by, why = time.monotonic(), "", ""
    try:
        by = caught(defect, soak=soak)
    except RuntimeError as broken:  # it says nothing of the defect; the others are still to be looked at
        why = f": {broken}"
    print(f"{defect.name:48} {by or f'NOT CAUGHT{why}'}  ({time.monotonic() - begun:.0f} s)", flush=True)
    return bool(by)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="defects with this in their name")
    parser.add_argument("--soak", action="store_true", help="by the soak alone")
    given = parser.parse_args()
    shown = [told(each, soak=given.soak) for each in DEFECTS if given.only in each.name]
    return 0 if all(shown) else 1


if __name__ == "__main__":
    sys.exit(main())
