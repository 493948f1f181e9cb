"""Who may use what: messages let in or refused, model calls reserved before they are made and counted with the append that follows."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from redis.exceptions import RedisError

from engine.budget import Cost, cost, most_read, most_written, ticket_of
from engine.context import Message
from engine.decide import Limits as TurnLimits
from engine.events import ModelReplied, Usage
from engine.quota import Held, Item, Quota, nano
from engine.session import Session, Turn
from engine.store import SessionStore, Step
from runtime.errors import TooMany
from runtime.limits import Limits, lowest
from runtime.prices import Price, free
from runtime.settings import Settings
from runtime.tenants import load_tenant
from tools.schema import ToolDefinition

if TYPE_CHECKING:
    from engine.work import Run

log = structlog.get_logger()
REPLY_TOKENS = 4_096  # reserved for an answer where no bound is sent to the vendor
WAIT_SECONDS = 30.0  # for others' reservations to be settled
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.8  # between two looks
BROKEN_OFF = "broken off"
GRACE_MS = 120_000  # a step that began in time may end later
KNOWN_TENANTS = 10_000
REFUSALS = {
    "messages": ("too_many_messages", "too many messages in a minute"),
    "turns": ("too_many_turns", "too many turns at once"),
    "tokens": ("tokens_used_up", "today's tokens are used up"),
    "money": ("dollars_used_up", "today's money is used up"),
}


def turn_limits(limits: Limits) -> TurnLimits:
    default = TurnLimits()
    return TurnLimits(
        limits.max_model_calls or default.model_calls, limits.max_tool_calls or default.tool_calls, limits.turn_tokens, nano(limits.turn_dollars)
    )


def reserves(limits: Limits, price: Price) -> bool:
    """Whether each model call is reserved and counted by itself. Else a turn is counted as a whole when it ends."""
    return price is not free and bool(limits.tokens_per_day or limits.dollars_per_day)


async def reserve(work: "Run", messages: Sequence[Message], tools: Sequence[ToolDefinition], over: Callable[[], object]) -> Held | str | None:
    """What the next question to the model may use at most (None: what it likes); or the limit that stands against it.

    What others have only reserved is waited for: they mostly use less than that. BROKEN_OFF: until it was `over`, for a reason of the turn's own.
    """
    limits = work.limits
    if not reserves(limits, work.parts.price):
        return None
    read, written = most_read(messages, tools), work.parts.settings.max_reply_tokens or REPLY_TOKENS
    most = work.parts.price(read, written, 0)
    if most is None and limits.dollars_per_day:
        log.warning("price_unknown", model=work.parts.settings.model)
        return "price"
    held = Held(secrets.token_hex(10), (read + written, most or 0))
    give_up, pause = time.monotonic() + WAIT_SECONDS, FIRST_PAUSE
    while (word := await work.parts.quota.reserve(work.lease.tenant, held, limits)) != "ok":
        if not word.endswith("held") or time.monotonic() > give_up:
            return f"{word.removesuffix(' held')} today"
        if over():
            return BROKEN_OFF
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
    return held


@contextmanager
def asking(work: "Run", held: Held | None) -> Iterator[None]:
    """Gives back what was held for a question that got no answer, by whoever's fault."""
    answered = False
    try:
        yield
        answered = True
    finally:
        if held and not answered:
            work.spent.append(item_of(held, None))


def used(work: "Run", reply: ModelReplied, messages: Sequence[Message], tools: Sequence[ToolDefinition]) -> Usage:
    """The reply's usage, with what it costs. Of a vendor that reports nothing, what it can have been at most."""
    usage = reply.usage
    if usage.estimated:
        usage = usage.model_copy(update={"input_tokens": most_read(messages, tools), "output_tokens": most_written(reply)})
    price = work.parts.price(usage.input_tokens, usage.output_tokens, usage.cached_tokens)
    return usage.model_copy(update={"nano_dollars": price})


def item_of(held: Held, usage: Usage | None) -> Item:
    """`usage` None: the model did not answer, and what was held for it is given back."""
    if usage is None:
        return Item(held.id, Cost(), held=held.most)
    unpriced = int(usage.nano_dollars is None)
    return Item(held.id, Cost(1, 0, usage.input_tokens, usage.output_tokens, usage.nano_dollars or 0, unpriced), held=held.most)


def ended(session: Session, turn: Turn, *, by_call: bool) -> Item:
    """A turn's end; `by_call`: its model calls were counted one by one."""
    used = cost(turn)
    return Item(ticket_of(session.id, session.epoch, turn.number), Cost(tool_calls=used.tool_calls) if by_call else used, turns=1)


def settled(quota: Quota, tenant: str, spent: Sequence[Item], ends: Sequence[Item], done: str) -> tuple[Step | None, Step | None]:
    """What goes beside an append, and what after it (store.py, Extra).

    Model calls were made, whatever becomes of it; a turn has ended, and runs no longer (`done`: its ticket), only when that was written. Without
    a ticket a turn's figures cost no round trip of their own.
    """
    beside = spent if done else [*spent, *ends]
    return quota.settlement(tenant, beside) if beside else None, quota.settlement(tenant, ends, done) if done else None


@dataclass(slots=True)
class Admission:
    """Lets messages in, or refuses them before anything of them is kept.

    What limits a tenant has is known from its last turn here, so that whoever has none pays nothing for it; changed ones count from the next
    turn on, or from the first message that the old ones would refuse.
    """

    store: SessionStore
    quota: Quota
    settings: Settings
    known: dict[str, Limits] = field(default_factory=dict)

    def learn(self, tenant: str, limits: Limits) -> Limits:
        if len(self.known) >= KNOWN_TENANTS:
            self.known.clear()
        self.known[tenant] = limits
        return limits

    def learned(self, tenant: str) -> Limits:
        """As far as is known here; else the operator's."""
        return self.known.get(tenant) or lowest(self.settings, Limits())

    async def admit(self, tenant: str, session_id: str, message_id: str) -> str | None:
        """The ticket under which the message was counted; None: it was not. TooMany: it is refused, unless it was accepted before."""
        ticket, known = ticket_of(session_id, message_id), self.known.get(tenant)
        limits = known or await self._look(tenant)
        word, wait = await self._let_in(tenant, ticket, limits)
        if word in REFUSALS and known and (newer := await self._look(tenant)) != known:
            word, wait = await self._let_in(tenant, ticket, newer)
        if word not in REFUSALS:
            return ticket if word == "new" else None
        if await self.store.knows(tenant, session_id, message_id):
            return None
        code, why = REFUSALS[word]
        detail = f"Nothing of this message was kept: {why}. Send it again later."
        raise TooMany(detail, code=code, retry_after=max(1, -(-wait // 1000)))

    async def _look(self, tenant: str) -> Limits:
        return self.learn(tenant, lowest(self.settings, (await load_tenant(self.store.redis, tenant)).limits))

    async def _let_in(self, tenant: str, ticket: str, limits: Limits) -> tuple[str, int]:
        if not limits.counts_messages:
            return "uncounted", 0
        return await self.quota.admit(tenant, ticket, limits, int((limits.turn_seconds or 0) * 1000) + GRACE_MS)

    async def withdraw(self, tenant: str, ticket: str) -> None:
        """What was let in and came to nothing. An entry that cannot be taken back ends by itself."""
        with suppress(RedisError):
            await self.quota.withdraw(tenant, ticket)
