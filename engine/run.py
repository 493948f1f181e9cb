"""The loop: load, decide, act, save. What each action does is here or in calls.py; what comes next is known by decide.py alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

import orjson
import structlog
from redis.exceptions import RedisError

from engine import context, replies, undo
from engine.artifacts import Artifact
from engine.ask import ask
from engine.attached import files
from engine.calls import carry_out, reconcile
from engine.checkpoints import Facts, NeedsAnswer, NeedsApproval, Passed, Rejected, Verdict, check
from engine.decide import AskModel, Check, Finish, Reconcile, Send, Wait, decide
from engine.events import JSON, CallApproved, CallRejected, Event, QuestionAnswered, QuestionAsked, Replied, ReplyRejected, ToolCall, TurnFailed
from engine.reading import reads
from engine.session import Call
from engine.spending import BROKEN_OFF, asking, item_of, reserve, turn_limits, used
from engine.store import Status
from engine.typed import left_form, says_values
from engine.wholes import changes_many, deletes_one
from engine.work import Run
from runtime.errors import LeaseLost, ModelFailed
from specs.document import Document
from tools.own import OWN
from tools.rank import rank
from tools.request import Target, handles_in
from tools.schema import definition

log = structlog.get_logger()
LARGE = 2**20  # bytes
NEAREST = 8  # operations that a turn's words may lead to without naming them
CLOSE = 0.6  # of the best one's score
FRESH_MS = 10_000  # since a changing call passed its checkpoints
NOWHERE = Target("", {})  # of the engine's own tools


async def run(work: Run) -> Status:
    """Go on with the session until it waits for the customer or its turn has ended."""
    async with heartbeat(work.renew, work.parts.settings.heartbeat):
        while True:
            action = decide(work.session, turn_limits(work.limits), work.safe() if work.session.turn else frozenset())
            if reason := _ended_early(work, action):
                action = Finish(None, limit=reason)
            if work.leaving() and isinstance(action, AskModel | Send | Reconcile):
                await work.save(release=True)
                return "running"
            match action:
                case Wait(questions):
                    status: Status = "waiting" if questions else "idle"
                    await work.save(status, release=True)
                    if not (work.stop and questions):
                        return status
                    leave_open(work, "cancel")  # asked to stop while the questions were being made: the lease is still ours
                case AskModel():
                    await _think(work)
                case Check(call):
                    await _check(work, call)
                case Send(calls) if work.dry and any(c.wish.tool not in OWN for c in calls):
                    return "running"
                case Send(calls) if waited := _waited(work, calls):
                    await _check(work, waited)
                case Send(calls):
                    await load_bodies(work)  # `show` looks into them
                    await carry_out(work, calls)
                case Reconcile(call):
                    await reconcile(work, call)
                case Finish(text, limit):
                    await _finish(work, text, limit)
                case _:
                    assert_never(action)


def leave_open(work: Run, message_id: str, text: str = "") -> None:
    """End the turn that waits: its questions count as declined. `text`: what was written instead of an answer."""
    turn, at = work.session.running, work.parts.now()
    if turn is None:
        return
    for question in turn.questions():
        work.add(QuestionAnswered(question_id=question.id, message_id=message_id, closed=True, at=at))
    values = says_values(text) and left_form(work.turn, message_id)
    work.add(replies.left_open(reply_facts(work), values=values).model_copy(update={"at": at}))


def _waited(work: Run, calls: tuple[Call, ...]) -> Call | None:
    """A change that passed its checkpoints some time ago, behind another question, or at another worker: its yes may have expired, its address
    may be another by now."""
    first = calls[0]
    elsewhere = any(event is first.approved for number, event in work.turn.trail if number < work.begun)
    late = first.approved is not None and (elsewhere or work.parts.now() - first.approved.at > FRESH_MS)
    return first if late and first.wish.tool not in work.safe() else None


def _ended_early(work: Run, action: object) -> str | None:
    """Time and the customer's wish to stop are not in events. What was started is still reconciled, and waiting for the customer costs no time."""
    return _over(work) if isinstance(action, AskModel | Send) and work.session.running else None


def _over(work: Run) -> str | None:
    if work.stop:
        return "cancelled"
    begun = max(e.at for _, e in work.turn.trail if e.type in ("UserSaid", "QuestionAnswered"))
    return "time" if work.parts.now() - begun > (work.limits.turn_seconds or 0) * 1000 else None


async def _think(work: Run) -> None:
    """One step of the model, saved before anything that follows from it."""
    if work.spent:
        await work.save()  # what an earlier step of ours has reserved would stand in our own way
    if work.undoing() is not None:
        await load_bodies(work)  # what was done is known from its answers
    told, tools = context.messages(work.session, surroundings(work)), work.tools()
    held = await reserve(work, told, tools, lambda: work.leaving() or _over(work))
    if held == BROKEN_OFF:
        return  # the loop knows why
    if isinstance(held, str):
        await _finish(work, None, held)
        return
    known = reply_facts(work)
    try:
        with asking(work, held):
            reply = await ask(work.parts.model, told, tools, work.listener(lambda text: replies.speakable(text, known)))
    except ModelFailed as error:
        event = replies.failed(error.code, error.detail, known).model_copy(update={"at": work.parts.now()})
        work.add(await _with_undo(work, event, known, early=True))
        return
    number = work.session.length
    # Ids of our own: a vendor's may repeat within a session, and events, questions, artifacts and idempotency keys go by them. With the epoch,
    # so that a yes to a question from before a reset is a yes to nothing.
    calls = tuple(ToolCall(id=f"c{work.session.epoch}_{number}_{i}", tool=c.tool, arguments=c.arguments) for i, c in enumerate(reply.calls))
    usage = used(work, reply, told, tools)
    work.spent += [item_of(held, usage)] if held else []
    work.add(reply.model_copy(update={"calls": calls, "usage": usage, "at": work.parts.now()}))


def surroundings(work: Run) -> context.Surroundings:
    zone = ZoneInfo(work.session.started.timezone)
    now = datetime.fromtimestamp(work.parts.now() // 1000, zone).isoformat()
    back = work.undoing()
    return context.Surroundings(
        work.parts.prompt, work.product.document.title, now, frozenset(OWN), undo=None if back is None else tuple(undo.told(back))
    )


async def _check(work: Run, call: Call) -> None:
    await load_bodies(work)
    verdict = await _verdict(work, call)
    at = work.parts.now()
    match verdict:
        case Passed(arguments, sources, repairs, omitted):
            event: Event = CallApproved(call_id=call.id, arguments=arguments, sources=sources, repairs=repairs, omitted=omitted, at=at)
        case Rejected(checkpoint, reason, told, final):
            event = CallRejected(call_id=call.id, checkpoint=checkpoint, reason=reason, told=told, final=final, at=at)
        case NeedsAnswer(question, arguments) | NeedsApproval(question, arguments):
            event = QuestionAsked(question=question, arguments=arguments, at=at)
    work.add(event)


async def _verdict(work: Run, call: Call) -> Verdict:
    """A question in the model's words is moderated when nothing else speaks against it."""
    known, lost = facts(work, call), await _lost(work, call)
    if lost:
        known = replace(known, handles=known.handles - lost, lost=lost)
    found = check(known)
    if not work.asks_a_service or call.wish.tool not in OWN or not isinstance(found, NeedsAnswer):
        return found
    labels = [text for field in found.question.fields for text in (field.label, *map(str, field.form.get("enum", ())))]
    return check(replace(known, moderation=await work.moderated([found.question.text, *labels])))


async def _lost(work: Run, call: Call) -> frozenset[str]:
    """Hidden answers of the call that are past their lifetime: they are asked for again."""
    given = handles_in(dict(call.arguments))
    return given - (await work.parts.store.sealed(work.lease.tenant, work.session.id, sorted(given))).keys()


def facts(work: Run, call: Call) -> Facts:
    name, document = call.wish.tool, work.product.document
    operation = document.operation(name) if name not in OWN and document.has(name) else None
    offered = frozenset((*OWN, *work.offered().operations))
    changed = operation if operation and not operation.safe else None
    ranked = nearest(work) if operation and reads(operation) else {}
    return Facts(
        session=work.session, turn=work.turn, call=call, operation=operation,
        definition=OWN.get(name) or (definition(operation, work.product.settings) if operation and name in offered else None),
        settings=work.product.settings, target=work.product.target(operation) if operation else NOWHERE, offered=offered,
        bodies=work.bodies, labels=work.labels(),
        said=context.words(work.session), handles=context.handles(work.session), files=files(work.session), sign=work.parts.ring.sign,
        connection=work.session.started.connection, now=work.parts.now(), limits=turn_limits(work.limits),
        secrets=frozenset().union(*(each.secrets for each in work.tools())),
        gets=frozenset(each for each in work.offered().operations if document.entry(each).method == "GET"),
        near=frozenset(name for name, score in ranked.items() if score >= CLOSE), leads=leading(work, ranked),
        for_one=deletes_one(changed, document.collections) if changed else None,
        many=changes_many(changed, document.collections) if changed else None,
        moderation=work.moderation(),
        undoes=tuple((each.inverse.operation.id, each.inverse.arguments) for each in work.undoing() or ()),
    )  # fmt: skip


def nearest(work: Run) -> dict[str, float]:
    """The operations nearest to the words, with their share of the best one's score.

    Only asked for once there was something to read: before that, every step comes from the words.
    """
    if not any(call.returned for turn in work.session.turns for call in turn.calls):
        return {}
    found = rank(work.product.document, work.turn.said.text, NEAREST)
    return {name: score / found[0][1] for name, score in found if found[0][1]}


def leading(work: Run, near: Collection[str]) -> frozenset[str]:
    """The operations nearest to the words, and the offered ones that the document says supply their ids."""
    document = work.product.document
    needed = (several for name in near for several in document.operation(name).suppliers.values())
    suppliers = {one.operation for several in needed for one in several}
    return frozenset(near) | (suppliers & set(work.offered().operations))


async def load_bodies(work: Run) -> None:
    """Bodies of earlier results that may be sources: small ones are in their events, others are fetched once. Which, and in which order, is
    known from the events alone, so that any worker finds the same sources."""
    wanted = context.readable(work.session)
    returned = {c.id: c.returned.result for t in work.session.turns for c in t.calls if c.returned and c.returned.result}
    known = {i: returned[i].data for i in wanted if i in returned and returned[i].whole} | work.bodies
    missing = [i for i in wanted if i not in known]
    found = await work.parts.artifacts.many(work.lease.tenant, work.session.id, missing)
    known |= {i: await _read(found[i].body) if i in found and found[i].kind == "data" else None for i in missing}
    work.bodies = {i: known[i] for i in wanted}


async def _read(body: bytes) -> JSON:
    """A large one beside the event loop: other sessions' leases are renewed meanwhile."""
    return orjson.loads(body) if len(body) < LARGE else await asyncio.to_thread(orjson.loads, body)


async def _finish(work: Run, text: str | None, limit: str | None) -> None:
    await load_bodies(work)
    known = reply_facts(work)
    event: Replied | ReplyRejected | TurnFailed
    if text is not None and work.asks_a_service and replies.worth_moderating(text, known):
        known = replace(known, moderation=await work.moderated([text]))
    event = replies.compose(known, limit) if text is None else replies.check_reply(text, known)
    event = event.model_copy(update={"at": work.parts.now()})
    if not isinstance(event, ReplyRejected):
        event = await _with_undo(work, event, known, early=limit is not None)
    work.add(event)
    due = context.snapshot(work.session, work.labels(), work.parts.now()) if isinstance(event, Replied) else None
    if due:
        work.artifacts.update({i: Artifact("data", orjson.dumps(data)) for i, data in context.leaving(work.session, due)})
        work.add(due)


async def _with_undo(work: Run, event: Replied | TurnFailed, facts: replies.ReplyFacts, *, early: bool) -> Replied | TurnFailed:
    """Nothing is taken back by itself: the customer is told what to say."""
    if not undo.worth_offering(facts, early=early):
        return event
    await load_bodies(work)
    return undo.offer(event, undo.undos(work.turn, work.known()), korean=facts.korean)


def reply_facts(work: Run) -> replies.ReplyFacts:
    document = work.product.document
    return replies.ReplyFacts(
        turn=work.turn, session=work.session, bodies=work.bodies, summaries={c.wish.tool: summary(document, c.wish.tool) for c in work.turn.calls},
        safe=work.safe(), services=tuple(s.name for s in document.services), title=document.title, moderation=work.moderation(),
    )  # fmt: skip


def summary(document: Document, name: str) -> str:
    entry = document.entry(name) if document.has(name) else None
    return (entry.summary if entry else "") or name


@asynccontextmanager
async def heartbeat(renew: Callable[[], Awaitable[None]], every: float) -> AsyncIterator[None]:
    """Renews the lease while the turn runs: without it a model slower than the lease livelocks the session."""

    over = False

    async def beat() -> None:
        while not over:
            await asyncio.sleep(every)
            try:
                await renew()
            except LeaseLost:
                return  # the next append says so where it can be acted on
            except RedisError as error:
                log.warning("heartbeat_failed", error=type(error).__name__)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        over = True  # on Python 3.11 asyncio.wait_for, and so Redis's client, may swallow the cancellation
        beating.cancel()
