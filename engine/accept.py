"""A customer's message or answers into a session, and the turn that follows: begun here, followed by whoever asked, ended by any worker."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

import structlog
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from redis.exceptions import RedisError

from engine import replies
from engine.answering import answered, answered_files
from engine.answers import Answer, clean, only_agrees, perhaps_secret, typed_answer
from engine.artifacts import file_of
from engine.attached import attached
from engine.budget import ticket
from engine.calls import absorb_late
from engine.events import Attached, QuestionAnswered, SessionStarted, TurnFailed, UserSaid
from engine.masking import masked
from engine.phrases import say
from engine.quota import Item
from engine.receipts import receipt
from engine.run import leave_open, reply_facts, run
from engine.session import Session
from engine.spending import Admission, ended, reserves, settled
from engine.store import Extra, Known, Lease
from engine.stream import Deltas
from engine.work import Parts, Product, Run
from runtime.auth import Principal
from runtime.errors import (
    ApprovalNeedsPress,
    Forbidden,
    InvalidRequest,
    LeaseLost,
    NotFound,
    ParlanceError,
    SecretInTheOpen,
    SessionBusy,
    Unavailable,
)
from specs.store import load
from tools.files import FILE_HANDLE
from tools.oauth import addresses
from tools.security import NO_CONNECTION, AnyCredential, Connection, NoCredential, load_connection, over_shared
from tools.store import load_all_settings

log = structlog.get_logger()
LONGEST = 8_000  # characters of a message
Handle = Annotated[str, StringConstraints(max_length=120, pattern=f"^{FILE_HANDLE.pattern}$")]
MessageId = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")]


class Incoming(BaseModel):
    """A message: text, or answers to open questions. `id` is chosen by the client; sent twice, it is one turn.

    `files`: handles of uploads. `credential`: of a session whose credentials come with each message; kept nowhere.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: MessageId
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)] | None = None
    answers: Annotated[tuple[Answer, ...], Field(max_length=16)] = ()
    files: Annotated[tuple[Handle, ...], Field(max_length=10)] = ()
    credential: AnyCredential | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A turn that is being worked on (here, if there is a `task`). `first` is the number of the first event that answers this message."""

    first: int
    epoch: int
    running: bool = False  # as far as was seen
    work: Run | None = None
    task: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Turns:
    """The turns this worker is busy with. Tasks are held here, so that they outlive the request that began them."""

    parts: Parts
    admission: Admission
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    leaving: bool = False  # turns are handed back after the step they are in
    dry: bool = False  # turns stop before any request to the product

    async def begin(self, who: Principal, session_id: str, message: Incoming) -> Begun:
        """Take a message in and start working on it. What is refused is not kept, and not counted."""
        let_in = await self.admission.admit(who.tenant, session_id, message.id)
        begun = None
        try:
            begun = await self._begin(who, session_id, message)
        finally:
            if let_in and not (begun and begun.running):
                await self.admission.withdraw(who.tenant, let_in)
        return begun

    async def _begin(self, who: Principal, session_id: str, message: Incoming) -> Begun:
        if (message.text is None) == (not message.answers):
            raise InvalidRequest("A message has either `text` or `answers`.")
        if message.credential:
            await self._may_pass(who, session_id, message.credential)
        if message.answers:
            return await self._answers(who, session_id, message)
        text = clean(message.text or "").strip()
        if not text:
            raise InvalidRequest("A message's text must say something.")
        files = await self._attached(who, session_id, message.files)
        said = UserSaid(message_id=message.id, text=masked(text), files=files, at=self.parts.now())
        accepted = await self.parts.store.accept(who.tenant, session_id, who.user, said)
        if isinstance(accepted, Known):
            return await self._known(who.tenant, session_id, accepted)
        if accepted.state == "unfinished":
            await self._go(accepted.lease)
            raise SessionBusy("An earlier turn had not ended and goes on now. Nothing of this message was kept; send it again when that has ended.")
        if accepted.state == "waiting":
            return await self._said_while_waiting(accepted.lease, said, message.credential)
        return await self._go(accepted.lease, accepted.lease.session.length - 1, message.credential)

    async def resume(self, tenant: str, session_id: str) -> bool:
        """Go on with a session that nobody works on, if there is anything to do. False: somebody works on it."""
        try:
            accepted = await self.parts.store.claim(tenant, session_id)
        except SessionBusy:
            return False
        await self._go(accepted.lease)
        return True

    async def cancel(self, who: Principal, session_id: str) -> None:
        """Stop the turn: what was sent stays sent and is in the receipt, open questions are closed as declined."""
        await self.owned(who, session_id)
        if await self.parts.store.ask_to_stop(who.tenant, session_id):
            return
        lease = (await self.parts.store.claim(who.tenant, session_id)).lease
        try:
            work = await self._run(lease)
        except ParlanceError:  # the turn has ended with it
            return
        leave_open(work, "cancel")
        await work.save("idle", release=True)

    async def _may_pass(self, who: Principal, session_id: str, credential: AnyCredential) -> None:
        """An address in it would have the tenant's secrets sent to whoever a customer names."""
        if not (await self.owned(who, session_id)).passes:
            raise InvalidRequest("This session uses stored credentials; begin one with `credential: passed`.", code="credential_not_expected")
        if addresses(credential):
            raise Forbidden("A credential that comes with a message names no addresses; the product's team sets them in a shared connection.")

    async def _attached(self, who: Principal, session_id: str, handles: Sequence[str]) -> tuple[Attached, ...]:
        """What the handles stand for, in this session of this user."""
        if not handles:
            return ()
        await self.owned(who, session_id)
        found = await self.parts.artifacts.many(who.tenant, session_id, list(dict.fromkeys(handles)))
        if len(found) < len(set(handles)):
            raise InvalidRequest("A file of this message is not kept, or not any more. Nothing was sent; attach it again.", code="file_not_found")
        return tuple(attached(file_of(found[handle])) for handle in dict.fromkeys(handles))

    async def owned(self, who: Principal, session_id: str) -> SessionStarted:
        """The session's beginning, if it is this principal's; another user's session does not exist for them."""
        page = await self.parts.store.read(who.tenant, session_id, after=2**53)
        if page.started.user != who.user:
            raise NotFound(f"There is no session {session_id}.", code="session_not_found")
        return page.started

    async def _known(self, tenant: str, session_id: str, known: Known) -> Begun:
        if known.left:
            await self.resume(tenant, session_id)
        return Begun(known.number, known.epoch, known.running)

    async def _answers(self, who: Principal, session_id: str, message: Incoming) -> Begun:
        claimed = await self.parts.store.claim_for(who.tenant, session_id, who.user, message.id)
        if isinstance(claimed, Known):
            return await self._known(who.tenant, session_id, claimed)
        work = await self._run(claimed.lease, message.credential)
        first = work.session.length
        try:
            files = await self._attached(who, session_id, answered_files(work, message.answers))
            sealed = answered(work, message.id, message.answers, files)
        except ParlanceError:
            await _left(work)
            raise
        work.sealed.update(sealed)
        await _kept(work, message.id, first)
        return self._start(work, first)

    async def _said_while_waiting(self, lease: Lease, said: UserSaid, credential: AnyCredential | None) -> Begun:
        """Free text can answer the one open question for a value, never an approval; anything else closes what is open as declined."""
        work = await self._run(lease, credential)
        first = work.session.length
        turn = work.session.running
        questions = turn.questions() if turn else []
        if any(each.kind != "values" for each in questions) and only_agrees(said.text):
            await _left(work)
            raise ApprovalNeedsPress(say("needs_a_press", korean=reply_facts(work).korean))
        if perhaps_secret(said.text, questions):
            await _left(work)
            raise SecretInTheOpen(say("needs_the_field", korean=reply_facts(work).korean))
        values = typed_answer(said.text, questions)
        if values is not None:
            work.add(QuestionAnswered(question_id=questions[0].id, message_id=said.message_id, values=values, at=said.at))
        else:
            leave_open(work, said.message_id, said.text)
            first = work.session.length
            work.add(said)
        await _kept(work, said.message_id, first)
        return self._start(work, first)

    async def _go(self, lease: Lease, first: int | None = None, credential: AnyCredential | None = None) -> Begun:
        first = lease.session.length if first is None else first
        try:
            work = await self._run(lease, credential)
        except ParlanceError:  # the turn has ended with it
            return Begun(first, lease.session.epoch)
        return self._start(work, first)

    async def _run(self, lease: Lease, credential: AnyCredential | None = None) -> Run:
        """The work on a session, with what came late for it already in its events: whatever is saved first takes the inbox away."""
        try:
            work = Run(self.parts, await product(self.parts, lease.session.started, credential), lease, dry=self.dry)
            self.admission.learn(lease.tenant, work.limits)
            absorb_late(work)
        except ParlanceError as error:  # the document or the connection is gone, or cannot be read
            await self._fail(lease, error, _bare(lease.session))
            raise
        return work

    def _start(self, work: Run, first: int) -> Begun:
        if self.parts.streams:
            work.listener = partial(Deltas, self.parts.store, work.lease.tenant, work.session.id)
        work.leaving = lambda: self.leaving
        task = asyncio.create_task(self._work(work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return Begun(first, work.session.epoch, running=True, work=work, task=task)

    async def _work(self, work: Run) -> None:
        """A turn outlives its request, so what ends it early is said here: the session stays as stored, and another worker goes on."""
        if work.dry:  # nobody goes on with it: whoever rehearses is told
            await run(work)
            return
        try:
            await run(work)
        except LeaseLost:
            log.info("lease_lost", session=work.session.id)
            await self._perhaps_erased(work)
        except (RedisError, Unavailable) as error:
            log.warning("turn_interrupted", session=work.session.id, error=type(error).__name__)
        except Exception as error:  # the job loop: a fault of ours must end the turn, not the worker, and not be tried for ever
            log.exception("turn_failed", session=work.session.id)
            work.session = work.lease.session
            await self._fail(work.lease, error, reply_facts(work) if work.session.running else None, work.spent)

    async def _perhaps_erased(self, work: Run) -> None:
        """A turn of a session that was erased runs nowhere, and no append will say so. If this fails, the entry ends by itself."""
        with suppress(RedisError):
            if work.limits.turns_at_once and await self.parts.store.standing(work.lease.tenant, work.session.id) is None:
                await self.parts.quota.left(work.lease.tenant, ticket(work.session))

    async def _fail(self, lease: Lease, error: Exception, facts: replies.ReplyFacts | None, spent: Sequence[Item] = ()) -> None:
        """Ends the turn, if one runs, with what its saved events say was done. What came late stays for the next claim, what was spent is counted."""
        code = error.code if isinstance(error, ParlanceError) else "internal_error"
        text = error.detail if isinstance(error, ParlanceError) else "Something went wrong on our side, and the turn was ended."
        events = [_last_words(code, text, facts).model_copy(update={"at": self.parts.now()})] if facts else []
        by_call = reserves(self.admission.learned(lease.tenant), self.parts.price)
        ends = [ended(lease.session, facts.turn, by_call=by_call)] if facts else []
        beside, after = settled(self.parts.quota, lease.tenant, spent, ends, ticket(lease.session))
        try:
            await self.parts.store.append(lease, events, Extra("idle", release=True, beside=beside, after=after))
        except (RedisError, LeaseLost):
            log.warning("turn_not_ended", session=lease.session.id)


def _last_words(code: str, text: str, facts: replies.ReplyFacts) -> TurnFailed:
    """If the fault lies in what words a reply, the turn still ends: it would be tried for ever."""
    try:
        return replies.failed(code, text, facts)
    except Exception:
        log.exception("turn_failed_twice", session=facts.session.id)
        return TurnFailed(code=code, text=text, receipt=receipt(facts.turn, facts.summaries, facts.safe))


async def _kept(work: Run, message_id: str, first: int) -> None:
    """A lease that was lost over it does not tell whether the message was written: an append may have been repeated. So it is not refused."""
    work.message = (message_id, first)
    try:
        await work.save()
    except LeaseLost:
        raise Unavailable("Another worker took the session over just now. Send the same message again: it counts once.") from None


async def _left(work: Run) -> None:
    """The session as it was, for a message that is refused. Whoever has the lease by now gives it back."""
    with suppress(LeaseLost):
        await work.save(standing(work.session), release=True)


async def product(parts: Parts, started: SessionStarted, credential: AnyCredential | None = None) -> Product:
    """What a session's calls go to. The document is the version the session began with. `credential`: what came with the message."""
    redis = parts.store.redis
    document, (settings, tenant) = await asyncio.gather(
        load(redis, started.tenant, started.document, days=parts.settings.document_days), load_all_settings(redis, started.tenant, started.spec)
    )
    connection = NO_CONNECTION
    if started.connection:
        connection = await load_connection(redis, parts.ring, started.tenant, started.connection, started.user)
    if started.passes:
        about = {"tenant": started.tenant, "spec": started.spec, "user": started.user, "acting": started.user}
        own = Connection(id=started.connection or "-", credential=credential or NoCredential(), passed=True, **about)
        connection = own.laid_over(connection) if started.connection else await over_shared(redis, parts.ring, own)
    return Product(document, settings.with_constants(connection.constants), connection, tenant)


def _bare(session: Session) -> replies.ReplyFacts | None:
    """What is known of the running turn without its document."""
    turn = session.running
    if turn is None:
        return None
    return replies.ReplyFacts(turn=turn, session=session, bodies={}, summaries={}, safe=frozenset(), services=(), title="")


def standing(session: Session) -> Any:
    """The status a session has by its events, when nothing was done with it. A change that was started is still to be reconciled."""
    turn = session.running
    if turn is None:
        return "idle"
    started = any(c.started and not c.settled for c in turn.calls)
    return "waiting" if turn.questions() and not started else "running"
