"""The loops Parlance is measured against: what people write with the same parts, and with the usual libraries. One tool call a turn.

Each opens as `async with REFERENCES[name](place) as turn`; `await turn(session)` is one turn: message, model, tool, model, reply, all kept in Redis.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

ASKED = "Get the user details of 'user1'"
SHOWN = 12  # messages the bare loop shows a model: three turns, as Parlance does
PROMPT = "You help customers of a product through its API."


@dataclass(frozen=True, slots=True)
class Place:
    """Where the stubs are, and the tool definitions every loop shows its model."""

    http: str
    redis: str
    tools: list[dict[str, Any]]
    secret: str = ""


Turn = Callable[[str], Awaitable[str]]
Loop = Callable[[Place], AbstractAsyncContextManager[Turn]]


def key(session: str) -> str:
    return f"bench:{session}"


@asynccontextmanager
async def bare(place: Place) -> AsyncIterator[Turn]:
    """aiohttp, orjson and redis, nothing between. It streams, appends, and shows the model the last three turns: as little as works."""
    from redis.asyncio import Redis

    redis = Redis.from_url(place.redis)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

        async def ask(messages: list[Any]) -> dict[str, Any]:
            body = {"model": "stub", "messages": [{"role": "system", "content": PROMPT}, *messages], "tools": place.tools, "stream": True}
            async with http.post(f"{place.http}/v1/chat/completions", data=orjson.dumps(body)) as response:
                return assembled(await response.read())

        async def turn(session: str) -> str:
            old = [orjson.loads(line) for line in await redis.lrange(key(session), -SHOWN, -1)]
            new: list[dict[str, Any]] = [{"role": "user", "content": ASKED}, await ask([*old, {"role": "user", "content": ASKED}])]
            for call in new[-1]["tool_calls"]:
                arguments = orjson.loads(call["function"]["arguments"])
                async with http.get(f"{place.http}/users/{arguments['id']}") as response:
                    new.append({"role": "tool", "tool_call_id": call["id"], "content": (await response.read()).decode()})
            new.append(await ask([*old, *new]))
            async with redis.pipeline() as pipe:
                pipe.rpush(key(session), *(orjson.dumps(message) for message in new)).expire(key(session), 86_400)
                await pipe.execute()
            return str(new[-1]["content"])

        yield turn
    await redis.aclose()


def assembled(body: bytes) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": ""}
    for line in body.split(b"\n"):
        if not line.startswith(b"data: {"):
            continue
        choices = orjson.loads(line[6:])["choices"]
        delta = choices[0]["delta"] if choices else {}
        message["content"] += delta.get("content") or ""
        if calls := delta.get("tool_calls"):
            message.setdefault("tool_calls", []).extend(calls)
    return message


@asynccontextmanager
async def chat_openai(place: Place) -> AsyncIterator[Turn]:
    """ChatOpenAI in a plain loop over a list of LangChain messages in Redis, the whole conversation shown, as in the tutorials."""
    from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage, messages_from_dict, messages_to_dict
    from langchain_openai import ChatOpenAI
    from redis.asyncio import Redis

    redis = Redis.from_url(place.redis)
    model = ChatOpenAI(model="stub", base_url=f"{place.http}/v1", api_key="k", max_retries=0).bind_tools(place.tools)  # type: ignore[arg-type]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

        async def turn(session: str) -> str:
            old = messages_from_dict([orjson.loads(line) for line in await redis.lrange(key(session), 0, -1)])
            new: list[Any] = [HumanMessage(ASKED)]
            while new[-1].type != "ai" or new[-1].tool_calls:
                new.append(await model.ainvoke([SystemMessage(PROMPT), *old, *new]))
                for call in new[-1].tool_calls:
                    async with http.get(f"{place.http}/users/{call['args']['id']}") as response:
                        new.append(ToolMessage((await response.read()).decode(), tool_call_id=call["id"]))
            async with redis.pipeline() as pipe:
                pipe.rpush(key(session), *(orjson.dumps(message) for message in messages_to_dict(new))).expire(key(session), 86_400)
                await pipe.execute()
            return str(new[-1].text)

        yield turn
    await redis.aclose()


@asynccontextmanager
async def agent(place: Place, saver: Any = None) -> AsyncIterator[Turn]:
    """LangChain's create_agent. Without a saver every turn is the first: the caller of such an agent keeps the messages."""
    from langchain.agents import create_agent
    from langchain_core.tools import StructuredTool
    from langchain_openai import ChatOpenAI

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

        async def call(**arguments: Any) -> str:
            async with http.get(f"{place.http}/users/{arguments['id']}") as response:
                return (await response.read()).decode()

        functions = [tool["function"] for tool in place.tools]
        tools = [StructuredTool(name=f["name"], description=f["description"], args_schema=f["parameters"], coroutine=call) for f in functions]
        model = ChatOpenAI(model="stub", base_url=f"{place.http}/v1", api_key="k", max_retries=0)  # type: ignore[arg-type]
        graph = create_agent(model, tools, system_prompt=PROMPT, checkpointer=saver)
        kept: dict[str, list[Any]] = {}

        async def turn(session: str) -> str:
            asked = {"role": "user", "content": ASKED}
            given = [asked] if saver else [*kept.get(session, []), asked]
            state = await graph.ainvoke({"messages": given}, {"configurable": {"thread_id": session}})
            if not saver:
                kept[session] = state["messages"]
            return str(state["messages"][-1].text)

        yield turn


@asynccontextmanager
async def agent_with_saver(place: Place) -> AsyncIterator[Turn]:
    from langgraph_checkpoint_aws import AsyncValkeySaver

    async with AsyncValkeySaver.from_conn_string(place.redis, ttl_seconds=86_400, pool_size=512) as saver, agent(place, saver) as turn:
        yield turn


REFERENCES: dict[str, Loop] = {
    "bare aiohttp + redis": bare,
    "ChatOpenAI, plain loop": chat_openai,
    "create_agent, no saver": agent,
    "create_agent + AsyncValkeySaver": agent_with_saver,
}
