"""A model that is asked one thing outside of any conversation, and answers by one tool call: to write cases, to judge replies."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from engine.ask import MALFORMED, ChatModel, ask
from engine.budget import most_read, most_written
from engine.builtin.model import BuiltinModel
from engine.context import Message
from engine.events import ModelReplied
from engine.work import nobody
from runtime.completions import ReplyUnusable
from runtime.errors import ModelFailed, SettingsInvalid
from runtime.models import MISREAD, chat_model, close
from runtime.prices import Price, price_of
from runtime.settings import Settings
from tools.schema import ToolDefinition

Adviser: TypeAlias = Callable[[str, str, ToolDefinition], Awaitable[dict[str, Any]]]


@asynccontextmanager
async def adviser(settings: Settings) -> AsyncIterator[Adviser]:
    """Takes what it is told, what it is asked and the tool it answers by; gives its call's `arguments` (None: none that is JSON) and its price."""
    if settings.model.strip() == "builtin":
        raise SettingsInvalid(
            "The built-in model plans calls; it writes no sentences and judges none. Name a vendor's model.", code="model_writes_nothing"
        )
    model, price = chat_model(settings, settings.model, BuiltinModel), price_of(settings)
    try:
        yield lambda told, asked, tool: _advice(model, price, (Message("system", told), Message("user", asked)), tool)
    finally:
        await close(model)


async def _advice(model: ChatModel, price: Price, messages: tuple[Message, ...], tool: ToolDefinition) -> dict[str, Any]:
    try:
        reply = await ask(model, messages, [tool], nobody)
    except ModelFailed as error:
        if not isinstance(error.__cause__, (ReplyUnusable, *MISREAD)):
            raise
        reply = ModelReplied(text=error.detail)  # the vendor answers, with what is no reply: the next question may bring one
    usage = reply.usage
    read, written = usage.input_tokens, usage.output_tokens
    if not read:
        read, written = most_read(messages, [tool]), most_written(reply)
    given = next((call.arguments for call in reply.calls if call.tool == tool.name and MALFORMED not in call.arguments), None)
    return {
        "arguments": given, "text": reply.text, "input_tokens": read, "output_tokens": written,
        "nano_dollars": price(read, written, usage.cached_tokens),
    }  # fmt: skip
