import subprocess
import sys

import pytest

from runtime.prices import NANO, price_of
from runtime.settings import Settings


@pytest.mark.parametrize("settings", [
    {"model": "openai:gpt-4o"}, {"model": "azure_openai:gpt-4o", "model_url": "https://ours.openai.azure.com"},
    {"model": "openai:gpt-4o", "model_url": "https://api.openai.com/v1"}, {"model": "anthropic:claude-sonnet-4-5"},
    {"model": "google_genai:gemini-2.5-pro"}, {"model": "compatible:llama-3.3-70b-versatile@https://api.groq.com/openai/v1"},
])  # fmt: skip
def test_a_model_in_the_table_has_a_price_that_grows_with_its_tokens(settings: dict[str, str]) -> None:
    price = price_of(Settings(**settings))
    once, more_read, more_written = price(1_000, 1_000, 0), price(2_000, 1_000, 0), price(1_000, 2_000, 0)
    assert once is not None
    assert more_read is not None
    assert more_written is not None
    assert 0 < once < min(more_read, more_written)
    assert once < NANO  # 2,000 tokens for less than a dollar


@pytest.mark.parametrize("settings", [
    {"model": "openai:no-such-model"}, {"model": "azure_openai:our-deployment"}, {"model": "compatible:llama3@http://127.0.0.1:11434/v1"},
    {"model": "compatible:gpt-4o", "model_url": "http://10.0.0.1/v1"}, {"model": "openai:gpt-4o", "model_url": "http://10.0.0.1/v1"},
    {"model": "nobody:gpt-4o"},
])  # fmt: skip
def test_what_the_table_does_not_have_is_unknown_and_not_free(settings: dict[str, str]) -> None:
    assert price_of(Settings(**settings))(1_000, 1_000, 0) is None


def test_what_the_vendor_had_in_its_cache_costs_less() -> None:
    price = price_of(Settings(model="openai:gpt-4o"))
    assert price(1_000, 0, 900) < price(1_000, 0, 0)  # type: ignore[operator]


def test_a_fraction_of_the_smallest_unit_is_rounded_up() -> None:
    assert price_of(Settings(model="openai:gpt-4o-mini"))(0, 0, 0) == 0
    assert (price_of(Settings(model="openai:gpt-4o-mini"))(1, 0, 0) or 0) >= 1


def told(code: str) -> list[str]:
    """What a fresh process prints."""
    imports = "import sys\nfrom runtime.prices import price_of\nfrom runtime.settings import Settings\n"
    return subprocess.run([sys.executable, "-c", imports + code], capture_output=True, text=True, check=True).stdout.split()


def test_the_table_is_not_read_for_the_built_in_model() -> None:
    assert told("print(price_of(Settings())(9, 9, 0), 'genai_prices' in sys.modules)") == ["0", "False"]


def test_nothing_is_fetched() -> None:
    """The library's updater runs in a thread of its own when it is told to: nobody here tells it."""
    watched = "sys.addaudithook(lambda name, _: print(name) if name in ('socket.connect', 'socket.getaddrinfo') else None)\n"
    found = told(watched + "import threading\nprint(price_of(Settings(model='openai:gpt-4o'))(9, 9, 0) > 0, threading.active_count())")
    assert found == ["True", "1"]
