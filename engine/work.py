"""What one worker holds while it works on one session: the parts it was lent, the product, and the events still to be saved."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from engine import context, undo
from engine.artifacts import Artifact, Artifacts
from engine.ask import ChatModel, OnDelta
from engine.budget import ticket
from engine.events import JSON, Event
from engine.lifetimes import lifetimes
from engine.moderation import Moderation
from engine.quota import Item, Quota
from engine.session import Call, Session, Turn
from engine.spending import ended, reserves, settled
from engine.store import Extra, Lease, SessionStore, Status, Step
from runtime.errors import LeaseLost
from runtime.limits import Limits, lowest
from runtime.prices import Price
from runtime.redis import AWAY
from runtime.secrets import KeyRing
from runtime.settings import Settings
from runtime.tenants import TenantSettings
from specs.document import Document
from specs.model import Operation
from tools.call import Wire
from tools.own import OWN
from tools.request import Target, target_of
from tools.schema import ToolDefinition
from tools.search import Offer, offer
from tools.security import Connection
from tools.settings import DocumentSettings

PATIENCE = 2  # leases


async def nobody(_: str) -> None:
    """Nobody follows the model's text."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker lends to every turn."""

    store: SessionStore
    artifacts: Artifacts
    wire: Wire
    ring: KeyRing
    settings: Settings
    model: ChatModel
    prompt: str
    quota: Quota
    price: Price
    flagged: Callable[[Sequence[str]], Awaitable[tuple[str, ...] | None]]  # the moderation service; None: it gave no verdict
    streams: bool = True  # the model writes its text gradually, and followers see it as it comes
    clock: Callable[[], float] = time.time  # seconds since the epoch

    def now(self) -> int:
        return int(self.clock() * 1000)


@dataclass(frozen=True, slots=True)
class Product:
    """The document's version a session keeps, the team's settings for it and for all, and the way into the product."""

    document: Document
    settings: DocumentSettings
    connection: Connection
    tenant: TenantSettings

    def target(self, operation: Operation) -> Target:
        return target_of(operation, self.document.servers, self.settings, self.connection.base_url)


@dataclass(slots=True)
class Run:
    """One worker's work on one session while its lease lasts. `session` holds the events still to be saved, too."""

    parts: Parts
    product: Product
    lease: Lease
    listener: Callable[[Callable[[str], bool]], OnDelta] = lambda _: nobody  # a new one for each reply; takes what may be said
    leaving: Callable[[], bool] = lambda: False  # the worker is about to stop: begin nothing that may not end in time
    dry: bool = False  # stop before any request to the product
    message: tuple[str, int] | None = None  # to be marked as seen with the next append
    session: Session = field(init=False)
    begun: int = field(init=False)  # number of this worker's first event
    pending: list[Event] = field(default_factory=list)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    sealed: dict[str, bytes] = field(default_factory=dict)  # ciphertexts by handle
    bodies: dict[str, JSON] = field(default_factory=dict)
    spent: list[Item] = field(default_factory=list)  # to be counted with the next append
    limits: Limits = field(init=False)
    stop: bool = False  # the customer asked to end the turn
    renewed: float = field(default_factory=time.monotonic)
    _undoing: tuple[Session | None, dict[str, JSON] | None, list[undo.Undo] | None] = (None, None, None)
    _offers: dict[tuple[tuple[str, ...], tuple[str, ...]], Offer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session, self.begun = self.lease.session, self.lease.session.length
        self.limits = lowest(self.parts.settings, self.product.tenant.limits)

    @property
    def turn(self) -> Turn:
        turn = self.session.turn
        assert turn is not None  # only a session with a message is run
        return turn

    def add(self, event: Event) -> None:
        self.pending.append(event)
        self.session = self.session.add(event)

    async def save(self, status: Status = "running", *, release: bool = False) -> None:
        """Append what is pending under the fence. LeaseLost: stop here, another worker goes on."""
        keep = lifetimes(self.product.tenant.retention, self.parts.settings)
        beside, after = self._settlement(over=release and status != "running")
        extra = Extra(status, release, self.message, {}, self.sealed, inbox_done=len(self.lease.inbox), lifetimes=keep, beside=beside, after=after)
        self.lease = await self._append(extra)
        self.session = self.lease.session
        self.parts.artifacts.remember(self.lease, self.artifacts)
        self.pending, self.artifacts, self.sealed, self.message, self.spent = [], {}, {}, None, []

    def _settlement(self, *, over: bool) -> tuple[Step | None, Step | None]:
        """What has to be counted. `over`: nobody works on the session after this."""
        by_call = reserves(self.limits, self.parts.price)
        ended_now = [turn for turn in self.session.turns if any(turn.ended is each for each in self.pending)]
        ends = [ended(self.session, turn, by_call=by_call) for turn in ended_now]
        done = ticket(self.session) if over and self.limits.turns_at_once else ""
        return settled(self.parts.quota, self.lease.tenant, self.spent, ends, done)

    async def _append(self, extra: Extra) -> Lease:
        """A Redis that is away or full is waited for: what a product has answered must not be lost while the fence still lets it be written."""
        give_up, pause = time.monotonic() + self.parts.settings.lease_seconds * PATIENCE, 0.05
        stowed: Mapping[str, bytes] = {}
        while True:
            begun = time.monotonic()
            try:
                stowed = stowed or await self.parts.artifacts.stow(self.lease, self.artifacts)  # large ones are written once
                lease = await self.parts.store.append(self.lease, self.pending, replace(extra, artifacts=stowed), self.session)
            except AWAY:
                if time.monotonic() > give_up:
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, 1.0)
            except LeaseLost:
                with suppress(*AWAY):  # else the hourly look at the folder finds it
                    await self.parts.artifacts.discard(self.lease, stowed)
                raise
            else:
                self.renewed, self.stop = begun, lease.stop
                return lease

    async def renew(self) -> None:
        started = time.monotonic()
        self.stop = await self.parts.store.renew(self.lease) or self.stop
        self.renewed = started

    def moderation(self) -> Moderation:
        """By the tenant's own words; what a service says of a text is asked for with the text."""
        wanted = self.product.tenant.moderation
        return Moderation(on=wanted.by != "off", words=wanted.words if wanted.by != "off" else ())

    @property
    def asks_a_service(self) -> bool:
        """Whether what the model words is sent to the moderation service."""
        return self.product.tenant.moderation.by == "openai"

    async def moderated(self, texts: Sequence[str]) -> Moderation:
        flagged = await self.parts.flagged(texts)
        return replace(self.moderation(), flagged=flagged or (), unavailable=flagged is None)

    def offered(self) -> Offer:
        """Operations in front of the model: derived from events only, so that any worker offers the same."""
        found = [c for c in self.turn.calls if c.returned and c.returned.offered]
        # What the model looked for counts as said: fields it names are shown.
        texts = (*(t.said.text for t in self.session.turns[-2:]), *(str(c.arguments.get("text", "")) for c in found))
        names = (name for c in found if c.returned for name in reversed(c.returned.offered))  # the best last: the newest are kept
        back = (each.inverse.operation.id for each in self.undoing() or ())
        used = (*context.used(self.session), *names, *back)
        if (texts, used) not in self._offers:
            self._offers[texts, used] = offer(self.product.document, " ".join(reversed(texts)), used, self.product.settings)
        return self._offers[texts, used]

    def undoing(self) -> list[undo.Undo] | None:
        """What the newest message asks to undo; None: nothing of the kind. Worked out once for what is known: a step asks for it several times."""
        session, bodies, found = self._undoing
        if session is not self.session or bodies is not self.bodies:
            found = undo.asked(self.known())
            self._undoing = (self.session, self.bodies, found)
        return found

    def known(self) -> undo.Known:
        return undo.Known(self.session, self.product.document, self.product.settings, self.bodies)

    def tools(self) -> list[ToolDefinition]:
        return [*OWN.values(), *self.offered().tools]

    def safe(self) -> frozenset[str]:
        """Tools of this turn that change nothing."""
        names = {c.wish.tool for c in self.turn.calls if c.wish.tool not in OWN and self.product.document.has(c.wish.tool)}
        return frozenset(OWN) | {n for n in names if self.product.document.operation(n).safe}

    def labels(self) -> dict[str, str]:
        found = dict(self.session.past.results) if self.session.past else {}
        for turn in self.session.turns:
            for call in turn.calls:
                found[call.id] = self._label(call)
        return found

    def _label(self, call: Call) -> str:
        """What people call a call's result: "user1's record", "List audit logs"."""
        if call.wish.tool in OWN or not self.product.document.has(call.wish.tool):
            return call.wish.tool.replace("_", " ")
        operation = self.product.document.operation(call.wish.tool)
        named = [call.arguments[p.name] for p in operation.parameters if p.location == "path" and p.name in call.arguments]
        return f"{named[-1]}'s record" if named else f'"{operation.summary or operation.id}"'
