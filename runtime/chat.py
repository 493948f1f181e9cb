"""A chat model at any address that speaks OpenAI's chat-completions protocol, straight over aiohttp.

The openai SDK walks every field of every message at each call; this costs a third of its CPU (bench/turn.py).
Whether to try again, and what to tell people, is its caller's matter (runtime/models.py).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

import aiohttp
import orjson
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.exceptions import (
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelError,
    ModelInvalidRequestError,
    ModelNotFoundError,
    ModelPermissionDeniedError,
    ModelRateLimitError,
    ModelTimeoutError,
)
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.chat_models import agenerate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import PrivateAttr, SecretStr

from runtime.completions import Reply, ReplyUnusable, complaint, request_json

MAX_REPLY = 4 * 2**20  # bytes on the wire: a token costs some 200
MAX_LINE = 2**20
MAX_ERROR = 8 * 2**10
CONNECT_SECONDS = 10
LAST_SECONDS = 0.25

STATUS: Mapping[int, type[ModelError]] = {
    401: ModelAuthenticationError,
    403: ModelPermissionDeniedError,
    404: ModelNotFoundError,
    408: ModelTimeoutError,
    429: ModelRateLimitError,
}


class CompatibleChat(BaseChatModel):
    """`address` ends before /chat/completions. Holds connections: `close` it in the loop it was used in."""

    model: str
    address: str
    key: SecretStr | None = None
    seconds: float = 60
    max_tokens: int | None = None

    _session: aiohttp.ClientSession | None = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "compatible"

    def bind_tools(
        self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        ready = [tool if isinstance(tool, dict) and tool.get("type") == "function" else convert_to_openai_tool(tool) for tool in tools]
        more = {"tool_choice": "required" if tool_choice == "any" else tool_choice} if tool_choice else {}
        return self.bind(tools=ready, **more, **kwargs)

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> ChatResult:
        raise NotImplementedError("this model has no blocking form: use ainvoke or astream")

    async def _agenerate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: AsyncCallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> ChatResult:
        return await agenerate_from_stream(self._astream(messages, stop, run_manager, **kwargs))

    async def astream(
        self,
        input: LanguageModelInput,
        config: RunnableConfig | None = None,  # noqa: ARG002 (LangChain's signature)
        *,
        stop: list[str] | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[AIMessageChunk]:
        """Without LangChain's callbacks, which nobody here listens to: they cost a third of the call's CPU."""
        async for chunk in self._astream(self._convert_input(input).to_messages(), stop, **kwargs):
            chunk.message.response_metadata = chunk.generation_info or {}
            yield cast("AIMessageChunk", chunk.message)  # `_astream` makes no other

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,  # noqa: ARG002 (LangChain's signature)
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        asked = {"model": self.model, "messages": request_json(messages), "stream": True, "stream_options": {"include_usage": True}, **kwargs}
        asked |= {"max_tokens": self.max_tokens} if self.max_tokens else {}
        body = orjson.dumps(asked | ({"stop": stop} if stop else {}))
        reply = Reply()
        try:
            async with self.session().post(f"{self.address}/chat/completions", data=body, allow_redirects=False) as response:
                if response.status != 200:
                    raise await self.refused(response)
                async for together in pieces(response):
                    if text := "".join([reply.add(piece) for piece in together]):
                        yield ChatGenerationChunk(message=AIMessageChunk(content=text))
        except TimeoutError as error:
            raise ModelTimeoutError(f"no whole answer within {self.seconds:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise ModelConnectionError(f"{type(error).__name__}: the connection failed") from error
        if not reply.finish:
            raise ModelConnectionError("the answer was cut off")
        yield reply.rest()

    def session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
            if self.key is not None:
                headers["Authorization"] = f"Bearer {self.key.get_secret_value()}"
            timeout = aiohttp.ClientTimeout(total=self.seconds, sock_connect=CONNECT_SECONDS)
            self._session = aiohttp.ClientSession(headers=headers, timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        return self._session

    async def refused(self, response: aiohttp.ClientResponse) -> ModelError:
        body = await response.content.read(MAX_ERROR)
        try:
            reason = complaint(orjson.loads(body))
        except orjson.JSONDecodeError:
            reason = "no reason given"
        if self.key is not None:  # some servers say back which key was wrong
            reason = reason.replace(self.key.get_secret_value(), "***")
        kind = ModelAPIError if response.status >= 500 else STATUS.get(response.status, ModelInvalidRequestError)
        error = kind(f"{response.status}: {reason}")
        error.__cause__ = aiohttp.ClientResponseError(response.request_info, (), status=response.status, message=reason, headers=response.headers)
        return error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


async def pieces(response: aiohttp.ClientResponse) -> AsyncIterator[list[Any]]:
    """The JSON of the server-sent events that arrived together, or the one JSON body of a server that does not stream."""
    if response.content_type == "application/json":
        yield [decoded(b"".join([part async for part in bounded(response)]))]
        return
    async for together in lines(bounded(response)):
        data = [line[5:].strip() for line in together if line.startswith(b"data:")]
        yield [decoded(each) for each in data if each not in (b"", b"[DONE]")]
        if b"[DONE]" in data:
            await ended(response)
            return


async def ended(response: aiohttp.ClientResponse) -> None:
    """Reads what little may follow the last event: only a connection that was read to its end is used again."""
    with suppress(TimeoutError, aiohttp.ClientError):
        async with asyncio.timeout(LAST_SECONDS):
            await response.content.readany()


async def bounded(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    size = 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > MAX_REPLY:
            raise ReplyUnusable(f"the answer is longer than {MAX_REPLY} bytes")
        yield part


async def lines(parts: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    waiting = b""
    async for part in parts:
        *whole, waiting = (waiting + part).split(b"\n")
        if len(waiting) > MAX_LINE:
            raise ReplyUnusable(f"a line of the answer is longer than {MAX_LINE} bytes")
        yield whole
    yield [waiting]


def decoded(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data)  # takes the half of a surrogate pair, which some vendors cut in two between pieces
    except (ValueError, RecursionError):
        raise ReplyUnusable("a piece of the answer is not JSON") from None
