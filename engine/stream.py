"""Followers of a session: they read the same list of events as everybody, and resume by number. Pub/sub only wakes them and carries deltas."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

import orjson
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from engine.events import EVENT, CallRejected, Event, ModelReplied, QuestionAsked, ReplyRejected
from engine.store import Page, SessionStore, Status
from runtime.errors import NotFound

WHOLE = re.compile(r".*[.!?\n。]\s+", re.DOTALL)  # up to the end of the last whole sentence
WAKE_SECONDS = 5.0  # read anyhow after this long: a wake-up may be lost, an event may not


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a follower is told: numbered events, unnumbered deltas, and how it stands at the end."""

    kind: str  # "event", "delta", "status"
    data: bytes
    id: str | None = None

    def sse(self) -> bytes:
        if self.kind == "ping":
            return b": ping\n\n"  # a comment, so that proxies keep the connection
        head = f"id: {self.id}\n" if self.id else ""
        return f"{head}event: {self.kind}\ndata: ".encode() + self.data + b"\n\n"


def public(number: int, event: Event) -> dict[str, object]:
    """An event as clients see it. The approval's seal stays here, and so does what the model wrote before a checkpoint has read it: what may be
    shown of it is in Replied and QuestionAsked."""
    shown = orjson.loads(EVENT.dump_json(event))
    match event:
        case QuestionAsked():
            shown["question"].pop("seal", None)
        case ModelReplied():
            shown["text"] = ""
            shown["calls"] = [{**call, "arguments": {}} if call["tool"] == "ask_user" else call for call in shown["calls"]]
        case ReplyRejected() | CallRejected():
            shown["reason"] = "" if event.checkpoint == "moderated" else event.reason
    return {"number": number, **shown}


def pages(page: Page) -> list[dict[str, object]]:
    """A snapshot says nothing new: it is for workers."""
    return [public(number, event) for number, event in enumerate(page.events, page.first) if event.type != "Snapshot"]


def answer_of(page: Page) -> dict[str, object]:
    """What came of the message that the page begins with: its events up to the next message, and how it stood then."""
    message = getattr(page.events[0], "message_id", None) if page.events else None
    later = (
        n for n, e in enumerate(page.events)
        if (e.type == "UserSaid" or (e.type == "QuestionAnswered" and not e.closed)) and e.message_id != message
    )  # fmt: skip
    end = next(later, None)
    own = page.events[:end]
    ended = any(e.type in ("Replied", "TurnFailed") for e in own)
    status = page.status if end is None else "idle" if ended else "waiting"
    return {"status": outcome(status, (e.type for e in own)), "epoch": page.epoch, "events": pages(replace(page, events=own))}


def outcome(status: Status, kinds: Iterable[str]) -> str:
    """replied, failed, waiting or running, by the session's status and the types of its newest events."""
    if status != "idle":
        return status
    ends = [kind for kind in kinds if kind in ("Replied", "TurnFailed")]
    return "failed" if ends and ends[-1] == "TurnFailed" else "replied"


async def follow(store: SessionStore, tenant: str, session_id: str, after: int, *, until_quiet: bool) -> AsyncIterator[Item]:
    """Events after a number as they come. `until_quiet`: ends when the session waits for the customer or its turn has ended."""
    epoch: int | None = None
    async with store.redis.pubsub() as feed:
        await feed.subscribe(store.feed(tenant, session_id))
        while page := await _page(store, tenant, session_id, after):
            if epoch not in (None, page.epoch):  # a reset: numbers begin anew
                epoch, after = page.epoch, -1
                continue
            epoch = page.epoch
            for shown in pages(page):
                yield Item("event", orjson.dumps(shown), f"{page.epoch}-{shown['number']}")
            after = max(after, page.first + len(page.events) - 1)
            if until_quiet and page.status != "running":
                yield Item("status", orjson.dumps({"status": outcome(page.status, (e.type for e in page.events)), "epoch": page.epoch}))
                return
            async for delta in _deltas(feed):
                yield delta


async def _page(store: SessionStore, tenant: str, session_id: str, after: int) -> Page | None:
    """None: the session was erased while it was followed."""
    try:
        return await store.read(tenant, session_id, after)
    except NotFound:
        return None


async def _deltas(feed: PubSub) -> AsyncIterator[Item]:
    """Text as the model writes it, until an event wakes us or some time has passed."""
    loop = asyncio.get_running_loop()
    end = loop.time() + WAKE_SECONDS
    while (left := end - loop.time()) > 0:
        message = await feed.get_message(ignore_subscribe_messages=True, timeout=left)
        if message is None:
            continue
        if message["data"] == b"event":
            return
        yield Item("delta", message["data"])
    yield Item("ping", b"")


class Deltas:
    """Publishes one reply as it is written, by whole sentences, and only such as `may_say` lets pass: what the finished reply could not say is
    never seen. The last sentence, and a reply that is written in no time, is in the event that follows. Losing a publish is not worth a turn.
    """

    def __init__(self, store: SessionStore, tenant: str, session_id: str, may_say: Callable[[str], bool], *, after: float = 0.1) -> None:
        self._publish = store.redis.publish
        self._channel = store.feed(tenant, session_id)
        self._may_say = may_say
        self._after = after  # seconds from the first piece
        self._begun: float | None = None
        self._held = ""
        self._silent = False

    async def __call__(self, text: str) -> None:
        self._held += text
        now = asyncio.get_running_loop().time()
        self._begun = now if self._begun is None else self._begun
        whole = WHOLE.match(self._held) if now - self._begun >= self._after and not self._silent else None
        if whole is None:
            return
        self._held = self._held[whole.end() :]
        if not self._may_say(whole.group()):
            self._silent = True
            return
        with suppress(RedisError):
            await self._publish(self._channel, orjson.dumps({"text": whole.group()}))
