"""Other texts in place of the sources' own, in a copy of the repository, and which tests go red there: for defects.py and guards_off.py."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTEST = (sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider")
FAILED = re.compile(r"^FAILED (.+?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Edit:
    """`old` stands in `file` exactly once."""

    file: str
    old: str
    new: str


def replaced(root: Path, edits: Sequence[Edit]) -> dict[str, str]:
    """The new text of each file."""
    texts: dict[str, str] = {}
    for each in edits:
        text = texts[each.file] if each.file in texts else (root / each.file).read_text(encoding="utf-8")
        assert text.count(each.old) == 1, f"{each.file} holds {each.old!r} {text.count(each.old)} times"
        texts[each.file] = text.replace(each.old, each.new)
    return texts


@contextmanager
def edited(edits: Sequence[Edit]) -> Iterator[Path]:
    """The folder of a copy, with what git keeps or would keep."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    with tempfile.TemporaryDirectory(prefix="parlance-edited-") as name:
        folder = Path(name)
        for file in (each for each in listed if (ROOT / each).is_file()):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / file, folder / file)
        (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
        for file, text in replaced(folder, edits).items():
            (folder / file).write_text(text, encoding="utf-8")
        yield folder


def run(folder: Path, command: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str] | None:
    """None: there was no end to it. Whatever it started ends with it: a worker that lives on would hold its output open."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as running:
        try:
            out, err = running.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            return None
        return subprocess.CompletedProcess(command, running.returncode, out, err)


def failures(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The tests that failed. A test that is not there, an import or a fixture that breaks is no failure of a test, and shows nothing."""
    found: list[str] = FAILED.findall(done.stdout)
    if done.returncode not in (0, 1) or bool(found) != bool(done.returncode):
        raise RuntimeError(f"exit {done.returncode}, {len(found)} failures: {(done.stdout + done.stderr).strip()[-300:]}")
    return found
