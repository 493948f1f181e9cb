"""What a turn has used, from its events, and what the next question to a model can use at most. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import orjson

from engine.context import Message
from engine.events import JSON, Event, ModelReplied, UserSaid
from engine.session import Session, Turn
from tools.schema import ToolDefinition

FRAME = 16  # tokens around each message and tool, which are in no text


@dataclass(frozen=True, slots=True)
class Cost:
    """`nano_dollars` is what is known; `unpriced` counts the model calls whose price is not."""

    model_calls: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    nano_dollars: int = 0
    unpriced: int = 0

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


def cost(turn: Turn) -> Cost:
    return of_replies(turn.replies)


def of_replies(replies: Sequence[ModelReplied]) -> Cost:
    used = [reply.usage for reply in replies]
    return Cost(
        len(replies), sum(len(reply.calls) for reply in replies), sum(each.input_tokens for each in used), sum(each.output_tokens for each in used),
        sum(each.nano_dollars or 0 for each in used), sum(each.nano_dollars is None for each in used),
    )  # fmt: skip


def shown(used: Cost) -> dict[str, JSON]:
    """For clients. `dollars` is null where the price of a call is not known: a part of the sum would look like the sum."""
    names = ("model_calls", "tool_calls", "input_tokens", "output_tokens")
    return {name: getattr(used, name) for name in names} | {"dollars": None if used.unpriced else used.nano_dollars / 1_000_000_000}


def by_turn(events: Sequence[Event], first: int) -> list[dict[str, JSON]]:
    """What each turn that begins among these events has used so far; `first` is the number of the first of them."""
    found: dict[int, list[ModelReplied]] = {}
    for number, event in enumerate(events, first):
        if isinstance(event, UserSaid):
            found[number] = []
        elif isinstance(event, ModelReplied) and found:
            found[max(found)].append(event)
    return [{"turn": number, **shown(of_replies(replies))} for number, replies in found.items()]


def most_read(messages: Sequence[Message], tools: Sequence[ToolDefinition]) -> int:
    """No less than the tokens of what a model is shown: a token has a byte at least."""
    said = sum(_bytes(message.text) + sum(_bytes(call.tool) + len(orjson.dumps(call.arguments)) for call in message.calls) for message in messages)
    return said + sum(_size(tool) for tool in tools) + FRAME * (len(messages) + len(tools))


def most_written(reply: ModelReplied) -> int:
    return _bytes(reply.text) + sum(_bytes(call.tool) + len(orjson.dumps(call.arguments)) for call in reply.calls) + FRAME


@lru_cache(maxsize=4096)
def _size(tool: ToolDefinition) -> int:
    return _bytes(tool.name) + _bytes(tool.description) + len(orjson.dumps(tool.parameters))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def ticket(session: Session) -> str:
    """Names the message that a turn runs for: the one that began it, or the newest answer."""
    trail = session.turn.trail if session.turn else ()
    message = next((e.message_id for _, e in reversed(trail) if e.type in ("UserSaid", "QuestionAnswered")), "")
    return ticket_of(session.id, message)


def ticket_of(*names: object) -> str:
    """Short, and without anybody's words or names in it: what is counted outlives an erased session by minutes."""
    return sha256(" ".join(map(str, names)).encode("utf-8", "surrogatepass")).hexdigest()[:20]
