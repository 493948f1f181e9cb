"""The command line as people use it: processes of their own, a data folder of their own, signals."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = str(ROOT / "specs" / "examples" / "identity.yaml")
pytestmark = pytest.mark.usefixtures("redis_server")  # skips or fails where there is no Redis


@pytest.fixture
def home(monkeypatch) -> Iterator[Path]:
    """An empty home, in which commands are started. Not pytest's folder: a socket in it has no more than 107 bytes for its path (unix(7))."""
    for name in ("XDG_DATA_HOME", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    with tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("HOME", folder)
        monkeypatch.chdir(folder)
        yield Path(folder)
        monkeypatch.undo()


def parlance(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "parlance.py"), *arguments]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, str(ROOT / "parlance.py"), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def reads_until(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    """The first line of the process that fits; the process ending first is a failure."""
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if found := re.search(pattern, line):
            return found
    raise AssertionError("".join(seen))


def left_behind(home: Path) -> list[str]:
    """Redis servers that still use this home."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if str(home) in line]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_starts_alone_answers_and_leaves_nothing_behind(home, how):
    with running("demo", "--port", "0") as demo:
        url, key, spec = reads_until(demo, r"(http://\S+)/#key=(pk_[\w-]+)&spec=([\w-]+)&connection=cn_demo").groups()
        with httpx.Client(base_url=url, headers={"authorization": f"Bearer {key}"}) as client:
            assert "panel.js" in client.get("/").text
            assert client.get("/console").status_code == client.get("/static/panel.js").status_code == 200
            assert client.get(f"/v1/specs/{spec}").json()["state"] == "ready"
            session = client.post("/v1/sessions", json={"spec_id": spec}).json()["id"]
            said = client.post(f"/v1/sessions/{session}/messages", json={"id": "m1", "text": "list the users"}, timeout=30).json()
            assert said["status"] == "replied"
        demo.send_signal(how)
        assert demo.wait(10) == 0
    assert left_behind(home) == []


def test_the_demo_starts_again_on_what_it_left(home):
    for _ in range(2):
        with running("demo", "--port", "0") as demo:
            reads_until(demo, r"/#key=")
            demo.terminate()
            assert demo.wait(10) == 0


def test_a_killed_demo_leaves_no_redis_behind_for_long(home):
    with running("demo", "--port", "0") as demo:
        reads_until(demo, r"/#key=")
        demo.kill()
        demo.wait()
    assert parlance("keys", "list").returncode == 0  # waits for the folder's lock, which the old server holds until it is gone


def test_a_port_in_use_is_said_in_one_line(home):
    with running("serve", "feedback", "--port", "0") as first:
        port = reads_until(first, r":(\d+)\n")[1]
        second = parlance("demo", "--port", port)
    assert second.returncode == 2
    assert second.stdout == ""
    assert second.stderr.count("\n") == 1
    assert f":{port}" in second.stderr
    assert "PORT=" in second.stderr


def test_a_command_joins_the_server_that_runs_beside_it(home):
    with running("serve", "feedback", "--port", "0") as worker:
        url = reads_until(worker, r"(http://\S+)")[1]
        key = parlance("keys", "create", "--scope", "ratings").stdout.strip()
        assert httpx.get(f"{url}/v1/ratings", headers={"authorization": f"Bearer {key}"}).json() == {"ratings": [], "next": None}
        assert httpx.get(f"{url}/v1/specs", headers={"authorization": f"Bearer {key}"}).status_code == 404  # another worker's


def test_keys_are_made_listed_and_revoked(home):
    assert parlance("keys", "create", "--tenant", "acme", "--user", "ann", "--scope", "chat").stdout.startswith("pk_")
    key_id, *rest = parlance("keys", "list").stdout.split()
    assert rest == ["acme", "ann", "chat"]
    assert parlance("keys", "revoke", key_id).returncode == 0
    assert parlance("keys", "list").stdout == ""


def test_a_user_is_erased_with_his_keys_and_nobody_else(home):
    for user in ("ann", "bob"):
        parlance("keys", "create", "--tenant", "acme", "--user", user)
    erased = parlance("users", "erase", "ann", "--tenant", "acme")
    assert erased.stdout == "keys: 1, sessions: 0, ratings: 0, connections: 0, sign-ins: 0\n"
    assert parlance("keys", "list").stdout.split()[1:3] == ["acme", "bob"]


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["nothing"], {}, "nothing"),
        (["users", "erase", "a b"], {}, "'a b' cannot be used as a name"),
        (["serve", "kitchen"], {}, "kitchen"),
        (["keys", "revoke", "x"], {}, "keys list"),
        (["keys", "create", "--scope", "root"], {}, "scopes are"),
        (["keys", "list"], {"PARLANCE_MODLE": "x"}, "did you mean PARLANCE_MODEL?"),
        (["keys", "list"], {"REDIS_URL": "redis://127.0.0.1:1"}, "Redis"),
        (["keys", "list"], {"REDIS_URL": "nonsense"}, "REDIS_URL"),
        (["serve"], {"PARLANCE_SECRET_KEYS": "short"}, "secret key"),
        (["ask", "/nowhere.yaml", "hello"], {}, "/nowhere.yaml"),
        (["ask", __file__, "hello", "--json"], {}, "--dry-run"),
        (["ask", EXAMPLE, "  "], {}, "the text is empty"),
        (["chat", EXAMPLE, "--base-url", "nonsense"], {}, "https://"),
        (["ratings", "list", "--limit", "0"], {}, "--limit"),
        (["ratings", "list", "--tenant", "a b"], {}, "'a b' cannot be used as a name"),
        (["keys", "create", "--tenant", ""], {}, "cannot be used as a name"),
        (["keys", "create", "--user", "\udcff"], {}, "not UTF-8"),
    ],
)
def test_what_is_wrong_is_one_line_on_standard_error_and_exit_2(home, arguments, environment, said):
    result = parlance(*arguments, **environment)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1), result.stderr
    assert said in result.stderr


def test_help_loads_nothing_heavy(home):
    probe = "import sys, parlance; parlance.cli(['--help'], standalone_mode=False); print(*sys.modules, file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in result.stderr.split()}
    assert loaded & {"fastapi", "redis", "aiohttp", "langchain_core", "pydantic_settings", "uvicorn", "cryptography"} == set()
    assert all(name in result.stdout for name in ("demo", "serve", "specs", "ask", "chat", "ratings", "keys"))
