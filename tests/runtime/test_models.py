"""Models by name, and how long one is asked again."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from langchain_core.exceptions import ModelAPIError, ModelInvalidRequestError
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from runtime.chat import CompatibleChat
from runtime.errors import ModelFailed, SettingsInvalid
from runtime.models import Patience, chat_model, close, persist, words
from runtime.settings import Settings

KEYS = ("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT", "OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_API_VERSION")


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)


def made(name: str, **settings: object) -> BaseChatModel:
    return chat_model(Settings(**settings), name, builtin=lambda: FakeListChatModel(responses=["built in"]))  # type: ignore[arg-type]


def test_the_builtin_model_is_the_one_handed_in() -> None:
    assert isinstance(made("builtin"), FakeListChatModel)


@pytest.mark.parametrize(
    ("name", "model", "address"),
    [
        ("compatible:qwen3@http://127.0.0.1:11434/v1", "qwen3", "http://127.0.0.1:11434/v1"),
        ("compatible:org/qwen3:8b@https://models.example/v1/", "org/qwen3:8b", "https://models.example/v1"),
        ("compatible:a@b@http://127.0.0.1/v1", "a@b", "http://127.0.0.1/v1"),
    ],
)
def test_a_compatible_address_is_part_of_the_name(name: str, model: str, address: str) -> None:
    chat = made(name)
    assert isinstance(chat, CompatibleChat)
    assert (chat.model, chat.address) == (model, address)


def test_a_compatible_address_can_be_a_setting() -> None:
    chat = made("compatible:qwen3:8b", model_url="http://127.0.0.1:11434/v1", model_seconds=7)
    assert isinstance(chat, CompatibleChat)
    assert (chat.model, chat.address, chat.seconds) == ("qwen3:8b", "http://127.0.0.1:11434/v1", 7)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gpt-4o", "openai:MODEL"),
        ("", "openai:MODEL"),
        ("builtin:x", "builtin"),
        ("compatible:qwen3", "PARLANCE_MODEL_URL"),
        ("compatible:qwen3@http://user:word@host/v1", "address"),
        ("openai:gpt-4o", "OPENAI_API_KEY"),
        ("azure_openai:mine", "AZURE_OPENAI_API_KEY"),
        ("anthropic:claude", "langchain-anthropic"),
        ("nobody:model", "nobody"),
    ],
)
def test_what_is_missing_is_named(name: str, words: str) -> None:
    with pytest.raises(SettingsInvalid, match=words) as refused:
        made(name)
    assert refused.value.code == "settings_invalid"
    assert "\n" not in refused.value.detail


def test_azures_address_is_asked_for() -> None:
    with pytest.raises(SettingsInvalid, match="AZURE_OPENAI_ENDPOINT"):
        made("azure_openai:mine", model_key="k")


async def test_a_vendors_own_variable_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    model = made("openai:gpt-4o", model_seconds=7)
    assert model.max_retries == 0  # type: ignore[attr-defined]
    assert model.request_timeout == 7  # type: ignore[attr-defined]
    assert model.stream_usage is True  # type: ignore[attr-defined]
    await close(model)


def test_no_vendors_package_is_imported_before_it_is_used() -> None:
    code = "import sys, runtime.models; print([m for m in ('openai', 'langchain_openai', 'langchain', 'anthropic') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60).stdout.strip() == "[]"


async def tried(*outcomes: Exception | str, patience: Patience) -> tuple[str, int]:
    left = list(outcomes)

    async def attempt() -> str:
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return await persist(attempt, patience), len(left)


async def test_an_attempt_is_repeated_within_the_patience_only() -> None:
    patience = Patience(attempts=2, first_wait=0)
    assert await tried(ModelAPIError("500"), "done", patience=patience) == ("done", 0)
    with pytest.raises(ModelFailed):
        await tried(ModelAPIError("500"), OSError("gone"), "too late", patience=patience)


async def test_an_error_that_another_try_cannot_mend_ends_it() -> None:
    with pytest.raises(ModelFailed, match="refused"):
        await tried(ModelInvalidRequestError("400: no"), "not asked", patience=Patience(first_wait=0))


async def test_errors_of_our_own_are_not_taken_for_the_models() -> None:
    with pytest.raises(ZeroDivisionError):
        await tried(ZeroDivisionError(), patience=Patience())


def test_what_a_programming_error_says_is_not_told_to_customers():
    assert "zip" not in words(ValueError("zip() argument 2 is longer than argument 1"), 1)


@contextmanager
def collecting() -> Iterator[tuple[str, list[bytes]]]:
    """Somewhere traces could go: its address, and what came."""
    came: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers.get("content-length", 0))))
            self.send_response(202)
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


ASKING = """
import asyncio
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.tracers.langchain import wait_for_all_tracers
model = FakeListChatModel(responses=["said"])
{made}
async def ask():
    return [piece async for piece in model.astream("words of a customer")]
asyncio.run(ask())
wait_for_all_tracers()
"""
OURS = "from runtime.models import chat_model; from runtime.settings import Settings; model = chat_model(Settings(), 'builtin', lambda: model)"


@pytest.mark.parametrize(("made", "comes"), [("", True), (OURS, False)], ids=["LangChain by itself", "as we make it"])
def test_no_variable_has_a_conversation_traced_elsewhere(made: str, comes: bool) -> None:
    with collecting() as (url, came):
        switches = dict.fromkeys(("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"), "true")
        environment = {**os.environ, **switches, "LANGSMITH_ENDPOINT": url, "LANGSMITH_API_KEY": "lsv2_x"}
        subprocess.run([sys.executable, "-c", ASKING.format(made=made)], env=environment, check=True, timeout=60)
    assert any(b"words of a customer" in each for each in came) is comes
    assert bool(came) is comes
