"""Language models by name, and how long one is asked again. Vendors' packages are imported when they are used, not before."""

import asyncio
import os
import random
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
from langchain_core.exceptions import ContextOverflowError, ModelAuthenticationError, ModelError, ModelPermissionDeniedError, ModelRateLimitError
from langchain_core.language_models import BaseChatModel
from langsmith.run_trees import configure as configure_tracing

from runtime.chat import CompatibleChat
from runtime.completions import ReplyUnusable
from runtime.errors import ModelFailed, SettingsInvalid
from runtime.settings import Settings

T = TypeVar("T")

# The variable each vendor's users already have; named in the message when a key is missing.
KEYS: Mapping[str, str] = {
    "openai": "OPENAI_API_KEY",
    "azure_openai": "AZURE_OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
}
AZURE_VERSION = "2024-10-21"  # of Azure's API, where OPENAI_API_VERSION does not say: the first with everything we use
AZURE_KNOWS_STORE = "2024-10-01-preview"  # and previews since; others answer 400 to `store`, and have nothing that stores

# What a vendor's package raises of its own, by module, looked up only where the module is loaded already.
VENDOR_ERRORS: Mapping[str, str] = {
    "openai": "OpenAIError",
    "anthropic": "AnthropicError",
    "google.genai.errors": "APIError",
    "botocore.exceptions": "BotoCoreError",
    "httpx": "HTTPError",
    "httpx2": "HTTPError",
}
# A stranger's answer in a shape its package did not foresee ends in one of these, in every package we tried.
MISREAD = (ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits double from `first_wait`, and a vendor that asks for more than `longest_wait` is not waited for."""

    attempts: int = 3
    seconds: float = 90  # for all attempts together; each has the model's own limit (PARLANCE_MODEL_SECONDS)
    first_wait: float = 0.5
    longest_wait: float = 15


def chat_model(settings: Settings, name: str, builtin: Callable[[], BaseChatModel]) -> BaseChatModel:
    """`name`: "builtin", "compatible:MODEL@http://address/v1" (or the address in PARLANCE_MODEL_URL), or VENDOR:MODEL as LangChain knows them."""
    # LANGSMITH_TRACING and its older names would have LangChain send every word of a conversation to somebody nobody chose for it.
    configure_tracing(enabled=False)
    vendor, _, model = name.strip().partition(":")
    if vendor == "builtin" and not model:
        return builtin()
    if not model:
        raise SettingsInvalid(f'PARLANCE_MODEL is "{name}": say builtin, openai:MODEL, azure_openai:DEPLOYMENT or compatible:MODEL@http://address/v1')
    if vendor == "compatible":
        return compatible(settings, model)
    return of_vendor(settings, vendor, model)


def compatible(settings: Settings, model: str) -> CompatibleChat:
    # The last "@http", since names of models hold colons, slashes and sometimes an "@".
    name, _, rest = model.rpartition("@http")
    address = (f"http{rest}" if name else settings.model_url or "").rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise SettingsInvalid("compatible:MODEL needs the server's address: compatible:MODEL@http://address/v1, or PARLANCE_MODEL_URL=http://address/v1")
    most = settings.max_reply_tokens
    return CompatibleChat(model=name or model, address=address, key=settings.model_key, seconds=settings.model_seconds, max_tokens=most)


def of_vendor(settings: Settings, vendor: str, model: str) -> BaseChatModel:
    from langchain.chat_models import init_chat_model  # 1 s of imports: only who uses a vendor pays it

    try:
        made: BaseChatModel = init_chat_model(model, model_provider=vendor, **options(settings, vendor))
    except ImportError as error:
        package = error.name or f"langchain-{vendor.replace('_', '-')}"
        raise SettingsInvalid(f"{vendor}:{model} needs a package that is not installed: {package.replace('_', '-')}") from error
    except failures() as error:
        raise SettingsInvalid(f"{vendor}:{model} cannot be used: {missing(settings, vendor) or first_line(error)}") from error
    return made


def options(settings: Settings, vendor: str) -> dict[str, Any]:
    """Our bounds instead of the vendor's: the openai SDK's own are 2 retries and 600 s."""
    given: dict[str, Any] = {"max_retries": 0, "timeout": settings.model_seconds}
    if settings.model_key is not None:
        given["api_key"] = settings.model_key
    if settings.max_reply_tokens is not None:
        given["max_tokens"] = settings.max_reply_tokens
    if vendor not in ("openai", "azure_openai"):
        return given | ({"base_url": settings.model_url} if settings.model_url else {})
    # With an address of one's own LangChain leaves usage out unless told.
    given |= {"stream_usage": True, "http_async_client": own_client(settings)}
    if vendor == "azure_openai":
        return given | azure(settings)
    # What is said is not for the vendor to keep: its Responses API stores unless told.
    return given | {"store": False} | ({"base_url": settings.model_url} if settings.model_url else {})


def azure(settings: Settings) -> dict[str, Any]:
    endpoint = {"azure_endpoint": settings.model_url} if settings.model_url else {}
    version = os.environ.get("OPENAI_API_VERSION", AZURE_VERSION)
    knows = version.endswith("-preview") and version >= AZURE_KNOWS_STORE
    return endpoint | {"api_version": version} | ({"store": False} if knows else {})


def own_client(settings: Settings) -> Any:
    """LangChain shares one HTTP client per address over all event loops and never closes it; ours lives as long as its model."""
    try:
        import openai
    except ImportError:
        return None
    return openai.DefaultAsyncHttpxClient(timeout=settings.model_seconds)


def missing(settings: Settings, vendor: str) -> str | None:
    variable = KEYS.get(vendor)
    if variable and settings.model_key is None and not os.environ.get(variable):
        return f"it has no key. Set {variable} (or PARLANCE_MODEL_KEY)"
    if vendor == "azure_openai" and not settings.model_url and not os.environ.get("AZURE_OPENAI_ENDPOINT"):
        return "it has no address. Set AZURE_OPENAI_ENDPOINT (or PARLANCE_MODEL_URL) to https://NAME.openai.azure.com"
    return None


async def close(model: BaseChatModel) -> None:
    """Gives back a model's connections; to be called in the event loop it was used in."""
    if isinstance(model, CompatibleChat):
        await model.close()
    elif (client := getattr(model, "root_async_client", None)) is not None:
        await client.close()


async def persist(attempt: Callable[[], Awaitable[T]], patience: Patience) -> T:
    """The result of the first attempt that succeeds. What another try cannot mend, such as a 400, is not tried again."""
    number, end = 1, asyncio.get_running_loop().time() + patience.seconds
    while True:
        try:
            async with asyncio.timeout_at(end):
                return await attempt()
        except failures() as error:
            pause = pause_after(error, number, patience)
            if pause is None or asyncio.get_running_loop().time() + pause >= end:
                raise ModelFailed(words(error, number), retryable=retryable(error)) from error
        await asyncio.sleep(pause)
        number += 1


def failures() -> tuple[type[Exception], ...]:
    """Every error by which a model can fail: each vendor brings a tree of its own."""
    loaded = [(sys.modules[module], name) for module, name in VENDOR_ERRORS.items() if module in sys.modules]
    return (ModelError, aiohttp.ClientError, OSError, *MISREAD, *(getattr(module, name) for module, name in loaded if hasattr(module, name)))


def pause_after(error: Exception, number: int, patience: Patience) -> float | None:
    """Seconds until the next try; None when there is no use in one."""
    if number >= patience.attempts or not retryable(error):
        return None
    asked = asked_wait(error)
    if asked is not None:
        return asked if asked <= patience.longest_wait else None
    # Spread, so that sessions that were refused together do not come back together.
    return min(patience.first_wait * 2.0 ** (number - 1), patience.longest_wait) * random.uniform(0.75, 1.25)  # noqa: S311


def retryable(error: Exception) -> bool:
    if isinstance(error, ModelError):
        return error.is_retryable
    status = status_of(error)
    if status is not None:
        return status in (408, 409, 429) or status >= 500
    return not isinstance(error, MISREAD)


def status_of(error: BaseException) -> int | None:
    for each in (error, error.__cause__):
        for name in ("status_code", "status"):
            if isinstance(status := getattr(each, name, None), int):
                return status
    return None


def asked_wait(error: BaseException) -> float | None:
    """Retry-After in seconds (RFC 9110, 10.2.3). Its other form, a date, is left to our own waits: clocks differ."""
    for each in (error, error.__cause__):
        headers = getattr(each, "headers", None) or getattr(getattr(each, "response", None), "headers", None)
        value = "" if headers is None else str(headers.get("retry-after", ""))
        if value.isascii() and value.isdigit():
            return float(value)
    return None


def words(error: Exception, attempts: int) -> str:
    """What failed, for the customer and the operator; never with a key in it."""
    if isinstance(error, (ModelAuthenticationError, ModelPermissionDeniedError)):
        return f"The language model's vendor did not accept our key ({status_of(error) or 401}). The operator has to set a valid one."
    if isinstance(error, ContextOverflowError):
        return "This conversation has become too long for the language model. Please start a new one."
    if isinstance(error, ReplyUnusable):
        return f"The language model's answer could not be read: {first_line(error)}"
    if isinstance(error, MISREAD):  # whatever raised it words it for programmers
        return "The language model's answer could not be read. Please say it in other words."
    if not retryable(error):
        return f"The language model's vendor refused the request: {first_line(error)}"
    times = "once" if attempts == 1 else f"{attempts} times"
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return f"The language model was asked {times} and gave no answer in time. Please send the message again in a while."
    if isinstance(error, ModelRateLimitError) or status_of(error) == 429:
        return f"The language model is busy: it was asked {times} and refused for now (429). Please send the message again in a while."
    return f"The language model was asked {times} and failed each time: {first_line(error)}. Please send the message again in a while."


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
