"""`parlance specs ...` from outside: output, exit codes, one line and never a traceback."""

import gzip
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.specs.documents import taking, tree
from tools.settings import DocumentSettings
from tools.store import load_settings, save_settings

ROOT = Path(__file__).resolve().parents[2]
SHOP = tree(
    {
        "/users": {
            "get": {"operationId": "listUsers", "summary": "List users"},
            "post": {"operationId": "createUser", **taking({"$ref": "http://x.test/y"})},
        }
    }
)


def run(*arguments: str, redis_url: str | None = None, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **({"REDIS_URL": redis_url} if redis_url else {})}
    environment |= {"PARLANCE_DATA": str(data)} if data else {}
    command = [sys.executable, "-c", "from preprocess.cli import specs; specs()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


def result(*arguments: str, redis_url: str | None = None) -> Any:
    return orjson.loads(run(*arguments, "--json", redis_url=redis_url).stdout)


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "shop.json"
    path.write_bytes(orjson.dumps(SHOP, option=orjson.OPT_INDENT_2))
    return str(path)


def test_check_reports_a_document(shop: str) -> None:
    found = result("check", shop)
    assert (found["title"], found["version"], found["openapi"], found["operations"]) == ("Shop", "1", "3.1.0", 2)
    assert found["services"] == [{"name": "Users", "operations": [["GET", "/users"], ["POST", "/users"]]}]
    problem = next(one for one in found["problems"] if one["code"] == "reference_not_local")
    assert set(problem) == {"severity", "code", "pointer", "line", "message", "fix", "why"}
    assert "$ref" in Path(shop).read_text().splitlines()[problem["line"] - 1]
    assert found["tokens"]["total"] >= found["tokens"]["largest"] > 0
    assert found["tokens"]["operations"][0]["tokens"] == found["tokens"]["largest"]
    assert found["seconds"] >= 0


WORST_FIRST = ["error", "warnings"]


def test_check_says_it_in_words(shop: str) -> None:
    done = run("check", shop)
    assert done.returncode == 0
    assert "2 operations in 1 service, " in done.stdout
    assert "reference_not_local" in done.stdout
    assert [line.split()[1] for line in done.stdout.splitlines() if line.split()[1:2] and line.split()[1] in WORST_FIRST] == WORST_FIRST


def test_check_shows_the_first_problems_unless_all_are_wanted(tmp_path: Path) -> None:
    paths = {
        f"/thing{number}": {"get": {"operationId": f"x{number}", "summary": f"Thing {number}", "tags": ["x"], "requestBody": []}}
        for number in range(20)
    }
    path = tmp_path / "many.json"
    path.write_bytes(orjson.dumps(tree(paths, servers=[{"url": "https://x.test"}], security=[])))
    few, all_ = run("check", str(path)).stdout, run("check", str(path), "--all").stdout
    assert 0 < few.count("object_malformed") <= 10
    assert "more; --all shows them" in few
    assert all_.count("object_malformed") == 20


def test_what_is_proposed_is_written_down_and_applied(shop: str, tmp_path: Path) -> None:
    before, out = Path(shop).read_bytes(), tmp_path / "fixes.yaml"
    found = result("check", shop, "--write-overlay", str(out))
    assert out.read_text().startswith("overlay: 1.0.0\n")
    assert out.read_text().count("- target: ") == found["proposed"]
    after = result("check", shop, "--overlay", str(out))
    mended = found["counts"].keys() - after["counts"].keys()
    assert mended == {"operation_undescribed", "success_response_missing"}
    assert Path(shop).read_bytes() == before
    for problem in after["problems"]:  # lines are those of the file, which has no other
        assert problem["line"] is None or problem["line"] <= len(before.splitlines())
    again = run("check", shop, "--write-overlay", str(out))
    assert (again.returncode, again.stderr.split(":")[0], "fixes.yaml is there already" in again.stderr) == (2, "refused (overlay_file_exists)", True)
    assert run("check", shop, "--write-overlay", "-").stdout == out.read_text()


def test_an_overlay_that_matches_nothing_or_is_none_is_said(shop: str, tmp_path: Path) -> None:
    wrong, none = tmp_path / "wrong.yaml", tmp_path / "none.yaml"
    wrong.write_text("overlay: 1.0.0\ninfo: {title: x, version: '1'}\nactions:\n- {target: '$.gone', remove: true}\n")
    none.write_text("openapi: 3.1.0\n")
    found = result("check", shop, "--overlay", str(wrong))
    assert "Action 0 of the overlay matches nothing: $.gone" in next(
        one["message"] for one in found["problems"] if one["code"] == "overlay_target_missing"
    )
    assert result("check", shop, "--overlay", str(none))["refused"]["code"] == "overlay_refused"


def test_a_document_is_added_with_its_overlay(shop: str, tmp_path: Path, redis_url: str) -> None:
    overlay = tmp_path / "o.yaml"
    overlay.write_text("overlay: 1.0.0\ninfo: {title: x, version: '1'}\nactions:\n- {target: '$.info', update: {title: Better shop}}\n")
    plain = result("add", shop, redis_url=redis_url)
    mended = result("add", shop, "--overlay", str(overlay), redis_url=redis_url)
    assert (plain["title"], mended["title"]) == ("Shop", "Better shop")
    assert plain["hash"] != mended["hash"]
    said = run("add", shop, "--overlay", str(overlay), redis_url=redis_url).stdout
    assert "Better shop 1: 2 operations, read\n" in said
    assert f"parlance specs check {shop} --overlay {overlay}" in said
    assert "problem" not in said
    assert "overlay_left_out" not in said
    assert "overlay_left_out: The version before was read with an overlay" in run("add", shop, "--replace", mended["id"], redis_url=redis_url).stdout


def test_gz_and_standard_input_are_read(shop: str, tmp_path: Path) -> None:
    packed = tmp_path / "shop.json.gz"
    packed.write_bytes(gzip.compress(Path(shop).read_bytes()))
    assert result("check", str(packed))["operations"] == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "document_empty"),
        (b'{"swagger": "1.2"}', "document_version_unsupported"),
        (b"\xff\x00", "document_not_text"),
        (b"a: [", "document_not_yaml"),
        (None, "not_readable"),
    ],
)
@pytest.mark.parametrize("command", ["check", "search"])
def test_what_cannot_be_used_is_one_line_and_exit_2(tmp_path: Path, content: bytes | None, code: str, command: str) -> None:
    path = tmp_path / "x"
    if content is not None:
        path.write_bytes(content)
    more = ["text"] if command == "search" else []
    done = run(command, str(path), *more)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert code in done.stderr
    refused = result(command, str(path), *more)["refused"]
    assert set(refused) == {"code", "pointer", "line", "message"}
    assert refused["code"] == code


def test_a_document_without_a_path_is_refused_and_one_of_webhooks_alone_is_read(tmp_path: Path, redis_url: str) -> None:
    head = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}}
    (tmp_path / "none").write_bytes(orjson.dumps(head))
    (tmp_path / "hooks").write_bytes(orjson.dumps({**head, "webhooks": {"paid": {"post": {"responses": {"200": {"description": "ok"}}}}}}))
    done = run("check", str(tmp_path / "none"))
    assert (done.returncode, done.stdout, "document_without_operations" in done.stderr) == (2, "", True)
    found = result("check", str(tmp_path / "hooks"))
    assert (found["operations"], [(each["severity"], each["code"]) for each in found["problems"]]) == (0, [("warning", "operations_missing")])
    assert run("add", str(tmp_path / "hooks"), redis_url=redis_url).returncode == 2


def test_search_ranks_and_says_what_would_be_offered(shop: str) -> None:
    found = result("search", shop, "show all users", "--top", "1")
    assert [(one["method"], one["path"]) for one in found["operations"]] == [("GET", "/users")]
    assert ["GET", "/users"] in found["offered"]
    assert found["tokens"] > 0


@pytest.fixture
def newer(tmp_path: Path) -> str:
    """The shop with a required parameter, without an operation and with another."""
    listed = {
        "operationId": "listUsers",
        "summary": "List all users",
        "parameters": [{"name": "page", "in": "query", "required": True, "schema": {}}],
    }
    path = tmp_path / "newer.json"
    path.write_bytes(orjson.dumps(tree({"/users": {"get": listed}, "/groups\x1b[2J": {"get": {"operationId": "listGroups"}}})))
    return str(path)


@pytest.mark.parametrize("command", [("check", "--all"), ("search", "go"), ("diff",)])
def test_the_words_of_a_document_cannot_steer_the_terminal(tmp_path: Path, command: tuple[str, ...]) -> None:
    evil = tmp_path / "evil.json"
    root = tree({"/go\x1b[2J": {"get": {"operationId": "go", "summary": "Go \x9b31m"}}})
    evil.write_bytes(orjson.dumps(root | {"info": {"title": "Shop \x1b]0;x\x07", "version": "\u202e1"}}))
    name, *more = command
    done = run(name, str(evil), *([str(evil)] if name == "diff" else []), *more)
    assert not done.stderr
    assert [letter for letter in done.stdout if not letter.isprintable() and letter != "\n"] == []


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://[", "document_address_refused"),
        ("http://a b/", "document_address_refused"),
        ("http://169.254.169.254/openapi.json", "document_address_refused"),
        ("http://127.0.0.1:1/", "document_not_fetched"),
    ],
)
def test_an_address_that_cannot_be_fetched_is_one_line(address: str, code: str) -> None:
    done = run("check", address)
    assert done.returncode == 2
    assert done.stderr.startswith(f"refused ({code}): ")
    assert done.stderr.count("\n") == 1


def test_diff_says_what_breaks_a_caller(shop: str, newer: str) -> None:
    done = run("diff", shop, newer)
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines() == [
        "Shop 1 -> Shop 1: 1 added, 1 removed, 1 changed (1 breaking); breaking",
        "+ GET /groups [2J",
        "- POST /users",
        "! GET /users",
        "    ! query page: A required parameter was added.",
        "    ~ summary: The summary changed.",
    ]
    found = result("diff", shop, newer)
    assert (found["added"], found["removed"], found["breaking"]) == ([["GET", "/groups\x1b[2J"]], [["POST", "/users"]], True)
    assert [(one["method"], one["path"], one["breaking"], len(one["changes"])) for one in found["changed"]] == [("GET", "/users", True, 2)]


def test_diff_exits_0_where_nothing_breaks_and_2_where_one_is_refused(shop: str, newer: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"{}")
    assert run("diff", shop, shop).returncode == 0
    refused = run("diff", shop, str(tmp_path / "x"))
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
    assert result("diff", shop, str(tmp_path / "x"))["refused"]["code"] == "document_not_openapi"


async def test_diff_takes_stored_documents_and_says_which_settings_would_be_lost(shop: str, newer: str, redis: Any, redis_url: str) -> None:
    spec = result("add", shop, redis_url=redis_url)["id"]
    await save_settings(redis, "local", spec, DocumentSettings(off=("createUser", "listUsers"), tips={"createUser": "Ask first"}))
    found = result("diff", spec, newer, redis_url=redis_url)
    assert found["settings"] == [{"operation": "createUser", "now": None, "set": ["off", "tips"]}]
    assert run("diff", spec, spec, redis_url=redis_url).returncode == 0
    assert result("diff", "sp_unknown", newer, redis_url=redis_url)["refused"]["code"] == "spec_not_found"


def test_a_stored_document_is_replaced_by_its_next_version(shop: str, newer: str, tmp_path: Path, redis_url: str) -> None:
    first = result("add", shop, redis_url=redis_url)
    second = result("add", newer, "--replace", first["id"], redis_url=redis_url)
    assert (second["id"], second["operations"], [one["hash"] for one in second["former"]]) == (first["id"], 2, [first["hash"]])
    (tmp_path / "x").write_bytes(b"{}")
    refused = run("add", str(tmp_path / "x"), "--replace", first["id"], redis_url=redis_url)
    assert (refused.returncode, "document_not_openapi" in refused.stderr) == (2, True)
    assert [(one["state"], one["hash"]) for one in result("list", redis_url=redis_url)["specs"]] == [("ready", second["hash"])]
    other = run("add", shop, redis_url=redis_url)  # the first text is a document of its own by now
    assert (other.returncode, first["id"] in other.stdout.split()) == (0, False)
    assert result("add", newer, "--replace", "sp_unknown", redis_url=redis_url)["refused"]["code"] == "spec_not_found"


def test_documents_are_added_listed_and_removed(shop: str, redis_url: str) -> None:
    added = result("add", shop, redis_url=redis_url)
    assert (added["state"], added["tenant"], added["operations"]) == ("ready", "local", 2)
    assert [one["id"] for one in result("list", redis_url=redis_url)["specs"]] == [added["id"]]
    assert result("list", "--tenant", "other", redis_url=redis_url)["specs"] == []
    assert run("remove", added["id"], redis_url=redis_url).returncode == 0
    assert result("list", redis_url=redis_url)["specs"] == []
    gone = run("remove", added["id"], redis_url=redis_url)
    assert (gone.returncode, len(gone.stderr.splitlines())) == (2, 1)


def test_a_refused_document_is_exit_2_also_when_it_is_added(tmp_path: Path, redis_url: str) -> None:
    (tmp_path / "x").write_bytes(b"{}")
    done = run("add", str(tmp_path / "x"), redis_url=redis_url)
    assert (done.returncode, "document_not_openapi" in done.stderr) == (2, True)


def test_without_a_redis_the_embedded_one_keeps_what_was_added(shop: str, tmp_path: Path) -> None:
    added = run("add", shop, "--base-url", "http://127.0.0.1:9", data=tmp_path)
    assert added.returncode == 0, added.stderr
    assert added.stdout.split()[0] in run("list", data=tmp_path).stdout


def test_an_address_that_cannot_be_called_is_refused_before_anything_is_stored(shop: str, tmp_path: Path) -> None:
    done = run("add", shop, "--base-url", "nonsense", data=tmp_path)
    assert (done.returncode, "base_url_invalid" in done.stderr) == (2, True)
    assert run("list", data=tmp_path).stdout == ""


LISTED = [
    ("http://localhost:9/v1", "localhost"),
    ("https://10.1.2.3", "10.1.2.3"),
    ("http://api.example.com", "api.example.com"),
    ("https://api.example.com", None),
]


@pytest.mark.parametrize(("address", "host"), LISTED)
async def test_a_private_or_http_address_may_be_called(shop: str, redis: Any, redis_url: str, address: str, host: str | None) -> None:
    spec = result("add", shop, "--base-url", address, redis_url=redis_url)["id"]
    settings = await load_settings(redis, "local", spec)
    assert (settings.base_url, settings.hosts) == (address, (host,) if host else ())


def test_a_redis_that_does_not_answer_is_said(shop: str) -> None:
    assert run("list", redis_url="redis://127.0.0.1:1").returncode == 2


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, preprocess.cli; print([name for name in ('orjson', 'redis', 'pydantic', 'specs.load', 'jsonschema_rs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
