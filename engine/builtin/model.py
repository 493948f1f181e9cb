"""The built-in model: a LangChain chat model that plans over the messages and tools it is handed, by rules and by the few learned numbers beside it.

No network, no clock, nothing fetched."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from engine.builtin import conversation, toolbox
from engine.builtin.desk import Call
from engine.builtin.plan import next_step
from engine.builtin.told import Told, in_korean
from engine.korean_words import name_in_korean


class BuiltinModel(BaseChatModel):
    """Same messages and tools, same answer. `reads_suppliers`: it understands `x-supplied-by` in a tool's schema."""

    name: str | None = "builtin"
    reads_suppliers: bool = True

    @property
    def _llm_type(self) -> str:
        return "builtin"

    def bind_tools(
        self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **({"tool_choice": tool_choice} if tool_choice else {}), **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002  LangChain's interface
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=answer(messages, kwargs.get("tools") or ()))])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002
        run_manager: AsyncCallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=answer(messages, kwargs.get("tools") or ()))])


def answer(messages: Sequence[BaseMessage], definitions: Sequence[dict[str, Any]]) -> AIMessage:
    """The one message that these messages and tools lead to."""
    talk = conversation.read(messages)
    step = next_step(talk, toolbox.read(definitions), toolbox.owned(definitions))
    if not isinstance(step, Call):
        return AIMessage(content=in_korean(step.text) if talk.korean else str(step.text))
    step = replace(step, arguments=worded(dict(step.arguments), korean=talk.korean))
    call = {"name": step.tool, "args": dict(step.arguments), "id": _call_id(messages, step), "type": "tool_call"}
    return AIMessage(content="", tool_calls=[call])


def worded(value: Any, *, korean: bool) -> Any:
    """What the customer is asked in a form, in the customer's language."""
    if isinstance(value, dict):
        return {name: _label(each) if korean and name == "label" else worded(each, korean=korean) for name, each in value.items()}
    if isinstance(value, list):
        return [worded(each, korean=korean) for each in value]
    return (value.korean if korean else str(value)) if isinstance(value, Told) else value


def _label(text: Any) -> Any:
    return text.korean if isinstance(text, Told) else name_in_korean(text) if isinstance(text, str) else text


def _call_id(messages: Sequence[BaseMessage], call: Call) -> str:
    """Unique in a conversation and the same at every repetition: a digest of all that led to the call."""
    seen = [[m.type, conversation.text_of(m), getattr(m, "tool_calls", [])] for m in messages]
    text = json.dumps([seen, call.tool, dict(call.arguments)], sort_keys=True, default=str)
    return f"call_{hashlib.sha256(text.encode()).hexdigest()[:20]}"
