"""`parlance ask` and `chat` in a terminal, as processes, against a product on the loopback."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import orjson
import pytest

from tests.specs.documents import taking, tree

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("redis_server")  # skips or fails where there is no Redis


class Product(ThreadingHTTPServer):
    """Has one pet, whose name would colour a terminal. Keeps what was called with which token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pets)
        self.calls: list[tuple[str, str | None]] = []


class Pets(BaseHTTPRequestHandler):
    server: Product

    def do_GET(self) -> None:
        self.answers(200, [{"id": 1, "name": "\x1b[31m[red]Rex[/red]"}])

    def do_POST(self) -> None:
        """Nothing is created for less than nothing."""
        made = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answers(201, made) if made["price"] > 0 else self.answers(422, {"message": "no such price"})

    def answers(self, status: int, data: object) -> None:
        self.server.calls.append((self.path, self.headers["Authorization"] or self.headers["X-Key"]))
        body = orjson.dumps(data)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def product() -> Iterator[Product]:
    with Product() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def document(folder: Path, scheme: dict[str, str]) -> str:
    pets = {"get": {"operationId": "listPets", "summary": "List pets", "security": [{"s": []}], "responses": {"200": {"description": "ok"}}}}
    (folder / "pets.json").write_bytes(orjson.dumps({**tree({"/pets": pets}), "components": {"securitySchemes": {"s": scheme}}}))
    return str(folder / "pets.json")


def parlance(product: Product, *arguments: str, typed: str = "", home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "parlance.py"), *arguments, "--base-url", f"http://127.0.0.1:{product.server_port}"]
    own = {**os.environ, "HOME": str(home), **environment}
    return subprocess.run(command, env=own, cwd=home, input=typed, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("scheme", "token", "sent"),
    [
        ({"type": "http", "scheme": "bearer"}, "abc", "Bearer abc"),
        ({"type": "http", "scheme": "basic"}, "ann:pw", "Basic YW5uOnB3"),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "k:1", "k:1"),
    ],
)
def test_a_token_goes_out_as_the_document_asks(product: Product, tmp_path: Path, scheme: dict[str, str], token: str, sent: str) -> None:
    done = parlance(product, "ask", document(tmp_path, scheme), "show all pets", home=tmp_path, PRODUCT_TOKEN=token)
    assert done.returncode == 0, done.stderr
    assert product.calls == [("/pets", sent)]


def test_a_credential_is_for_the_scheme_it_names(product: Product, tmp_path: Path) -> None:
    file = document(tmp_path, {"type": "http", "scheme": "basic"})
    done = parlance(product, "ask", file, "show all pets", "--credential", "s=ann:p=w", home=tmp_path, PRODUCT_TOKEN="another")
    assert done.returncode == 0, done.stderr
    assert product.calls == [("/pets", "Basic YW5uOnA9dw==")]


@pytest.mark.parametrize(
    ("scheme", "given", "told"),
    [
        ({"type": "http", "scheme": "basic"}, "other=x:y", "it has: s"),
        ({"type": "http", "scheme": "basic"}, "s=s3cret", "USER:PASSWORD"),
        ({"type": "mutualTLS"}, "s=s3cret", "cannot be sent"),
        ({"type": "http", "scheme": "bearer"}, "s", "SCHEME=VALUE"),
    ],
)
def test_a_credential_that_no_scheme_takes_is_refused_without_its_value(
    product: Product, tmp_path: Path, scheme: dict[str, str], given: str, told: str
) -> None:
    done = parlance(product, "ask", document(tmp_path, scheme), "show all pets", "--credential", given, home=tmp_path)
    assert (done.returncode, product.calls) == (2, [])
    assert told in done.stderr
    assert "s3cret" not in done.stderr + done.stdout


def test_what_a_product_answers_is_shown_and_not_obeyed_by_the_terminal(product: Product, tmp_path: Path) -> None:
    done = parlance(product, "ask", document(tmp_path, {"type": "http", "scheme": "bearer"}), "show all pets", home=tmp_path)
    assert "[31m[red]Rex[/red]" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_conversation_goes_on_until_it_is_left(product: Product, tmp_path: Path) -> None:
    file = document(tmp_path, {"type": "http", "scheme": "bearer"})
    done = parlance(product, "chat", file, typed="\nshow all pets\n\nexit\nshow all pets\n", home=tmp_path)
    assert (done.returncode, len(product.calls)) == (0, 1)
    assert "exit or Ctrl-D ends it" in done.stdout


SHOP = {
    "post": {"operationId": "createBook", "summary": "Create a book", **taking({"type": "object", "required": ["title", "price"], "properties": {
        "title": {"type": "string"}, "price": {"type": "number"}}})},
    "get": {"operationId": "listBooks", "summary": "List books", "responses": {"200": {"description": "ok"}}},
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> str:
    (tmp_path / "shop.json").write_bytes(orjson.dumps({**tree({"/books": SHOP}), "servers": [{"url": "http://localhost:9/v1"}]}))
    return str(tmp_path / "shop.json")


@pytest.mark.parametrize("way_out", ["\n", "cancel\n", "Dune\n\n", "Dune\ncancel\n"])
def test_a_form_is_left_by_an_empty_line_or_cancel_and_the_conversation_goes_on(product: Product, tmp_path: Path, shop: str, way_out: str) -> None:
    done = parlance(product, "chat", shop, typed=f"create a book\n{way_out}list books\n", home=tmp_path)
    assert (done.returncode, product.calls) == (0, [("/books", None)])
    assert "An empty line or cancel leaves this" in done.stdout
    assert "Left undone: create a book. Nothing of it was sent." in done.stdout


@pytest.mark.parametrize("typed", ["create a book\n", "create a book\nDune\n", "create a book\nDune\n9\n"])
@pytest.mark.parametrize(("command", "status"), [("chat", 0), ("ask", 1)])
def test_the_end_of_the_input_in_a_question_ends_it_in_words(
    product: Product, tmp_path: Path, shop: str, typed: str, command: str, status: int
) -> None:
    first, _, rest = typed.partition("\n")
    done = parlance(product, command, shop, *([first] if command == "ask" else []), typed=rest if command == "ask" else typed, home=tmp_path)
    assert (done.returncode, product.calls) == (status, []), done.stderr
    which = " (Dune)" if "9" in typed else ""  # the form was filled in, and the request waited for its yes
    assert f"Left undone: create a book{which}. Nothing of it was sent." in done.stdout


@pytest.mark.parametrize(
    ("text", "typed", "status", "calls"),
    [
        ("create a book with title Dune and price 9", "yes\n", 0, 1),
        ("create a book with title Dune and price 0", "yes\n", 1, 1),
        ("create a book with title Dune and price 9", "no\n", 1, 0),
        ("tell me a joke", "", 1, 0),
        ("list books", "", 0, 1),
    ],
)
def test_a_single_turn_says_by_its_exit_status_whether_it_was_done(
    product: Product, tmp_path: Path, shop: str, text: str, typed: str, status: int, calls: int
) -> None:
    done = parlance(product, "ask", shop, text, typed=typed, home=tmp_path)
    assert (done.returncode, len(product.calls)) == (status, calls), done.stdout


@pytest.mark.parametrize("before", ["", "Dune\n9\n"])
def test_a_request_typed_at_a_question_it_does_not_fit_is_the_next_request(product: Product, tmp_path: Path, shop: str, before: str) -> None:
    typed = f"create a book\n{before or 'Dune' + chr(10)}show me all books\n"
    done = parlance(product, "chat", shop, typed=typed, home=tmp_path)
    assert (done.returncode, product.calls) == (0, [("/books", None)]), done.stdout


def test_whoever_is_refused_a_private_address_is_told_the_option_for_it(tmp_path: Path, shop: str) -> None:
    command = [sys.executable, str(ROOT / "parlance.py"), "chat", shop]
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, input="list books\n", capture_output=True, text=True, timeout=60, check=False)
    assert "--base-url http://localhost:9/v1" in done.stdout


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, {143}), (signal.SIGHUP, {129}), (signal.SIGINT, {0, 130})])
def test_a_conversation_that_is_interrupted_ends_and_leaves_no_folder(tmp_path: Path, shop: str, number: signal.Signals, status: set[int]) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    command = [sys.executable, str(ROOT / "parlance.py"), "chat", shop]

    def heeding() -> None:
        signal.signal(number, signal.SIG_DFL)  # under nohup it is ignored, which a child inherits

    pipe = subprocess.PIPE
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, preexec_fn=heeding) as running:  # noqa: PLW1509 - it takes no lock
        assert running.stdout is not None
        assert b"say what you want" in running.stdout.readline()
        assert list(folder.glob("parlance-*"))
        running.send_signal(number)
        assert running.wait(30) in status  # Ctrl-C at the prompt is a way to leave
    assert list(folder.iterdir()) == []


def dry_run(document: Path, text: str) -> dict:
    command = [sys.executable, str(ROOT / "parlance.py"), "ask", str(document), text, "--dry-run", "--json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLANCE_")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return orjson.loads(done.stdout)


@pytest.mark.parametrize(
    ("text", "action", "operation"),
    [
        ("Show me the user 'user1'", "call", ("GET", "/users/{username}")),
        ("Lock the user 'user1'", "confirm", ("POST", "/users/{username}/lock")),
        ("Create a new user", "clarify", ("POST", "/users")),
        ("Create the user 'carol'", "clarify", ("POST", "/users")),
        ("Who was the first president of the USA?", "refuse", None),
    ],
)
def test_a_dry_run_says_what_would_be_done_and_where_each_value_comes_from(text: str, action: str, operation: tuple[str, str] | None) -> None:
    said = dry_run(ROOT / "specs/examples/identity.yaml", text)
    assert said["action"] == action
    assert [(call["method"], call["path"]) for call in said["calls"]] == ([operation] if operation else [])
    for call in said["calls"]:
        for name, value in call["arguments"].items():
            source = call["sources"][name]
            assert (source["kind"], source["said"]) == ("user", value)  # the span of the words, as typed
            assert source["at"] == 1  # the message: the number of its event


def test_a_text_that_nobody_could_send_is_refused_in_words() -> None:
    command = [sys.executable, str(ROOT / "parlance.py"), "ask", str(ROOT / "specs/examples/identity.yaml"), "x" * 8_001, "--dry-run"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "this one has 8,001" in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
