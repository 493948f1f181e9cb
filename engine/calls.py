"""Carries out calls that passed every checkpoint, and settles those whose outcome nobody wrote down. A change is written down before it is sent."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

import orjson
import structlog
from pydantic import ValidationError
from redis.exceptions import RedisError

from engine import results
from engine.artifacts import file_of
from engine.attached import files
from engine.events import JSON, CallReturned, CallStarted, CallUnknown, Late
from engine.facts import speaks_korean
from engine.keys import conclusive, key_for
from engine.own import own
from engine.phrases import warned
from engine.session import Call
from engine.sign_in_question import question, unsigned
from engine.work import Run
from runtime.errors import LeaseLost
from specs.model import Operation
from tools.call import SOON, Returned, Work
from tools.drift import note
from tools.execute import attempt, prepared, signed
from tools.files import File
from tools.following import followed
from tools.own import OWN
from tools.reading import execute
from tools.redact import without_personal
from tools.request import Unbuildable, handles_in, honours_key
from tools.schema import definition

log = structlog.get_logger()
ATTEMPTS = 3
GROWS = 10  # times, each pause between two attempts


def absorb_late(work: Run) -> None:
    """What a worker that lost its lease still heard from the product counts where nothing better is known (turn-protocol.md, "late")."""
    for raw in work.lease.inbox:
        late = _readable(raw, work.session.id)
        known = next((c for t in work.session.turns for c in t.calls if late and c.id == late.event.call_id), None)
        if late is None or late.epoch != work.session.epoch or known is None or known.started is None or known.returned:
            continue
        if late.event.outcome == "done" or late.attempt == known.started.attempt:  # a refusal says nothing of the attempts after it
            work.add(late.event)


def _readable(raw: bytes, session_id: str) -> Late | None:
    """None: another version's, or damaged. The call stays unknown; the session must go on."""
    try:
        return Late.model_validate_json(raw)
    except ValidationError as error:
        log.warning("late_result_unreadable", session=session_id, problems=error.error_count())
        return None


async def carry_out(work: Run, calls: Sequence[Call]) -> None:
    """Several safe calls together, or one changing call."""
    product = [c for c in calls if c.wish.tool not in OWN]
    for call in calls:
        if call.wish.tool in OWN:
            work.add(await own(work, call))
    if not product:
        return
    if lacking := [call for call in product if unsigned(work.product.connection, operation(work, call), work.product.document)]:
        _sign_in(work, lacking[0])
    elif operation(work, product[0]).safe:
        await _read(work, product)
    else:
        await _change(work, product[0], await _order(work, product[0], key_for(work.session, product[0])), attempt_number=1)


async def reconcile(work: Run, call: Call) -> None:
    """A changing call was started by somebody who is gone: the same request is sent again if the product honours the key, else it is unknown.

    Not with credentials that came with a message: whose they were is known nowhere, and a key is one account's.
    """
    started = call.started
    assert started is not None
    again = _repeatable(work, call) and started.attempt < ATTEMPTS and not work.product.connection.passed
    order = await _order(work, call, started.key) if again else None
    if order and digest(order) == started.request:  # else it has another address by now, other settings or credentials: that was not approved
        request = prepared(order)
        if not isinstance(request, Unbuildable):
            await signed(work.parts.wire, order, request)  # who is gone may have been renewing the token: that wait costs no attempt
        await _change(work, call, order, started.attempt + 1)
    else:
        reason = "The connection to the product was lost after the request was sent, so its outcome is not known."
        work.add(CallUnknown(call_id=call.id, reason=reason, at=work.parts.now()))
    await work.save()


def operation(work: Run, call: Call) -> Operation:
    return work.product.document.operation(call.wish.tool)


def _repeatable(work: Run, call: Call) -> bool:
    """Whether the product carries the same key out once only."""
    return honours_key(operation(work, call), work.product.settings)


async def _read(work: Run, calls: Sequence[Call]) -> None:
    if work.pending:
        await work.save()  # a finished model step is never asked again
    order = [await _order(work, call, key=None) for call in calls]
    wire = work.parts.wire
    found = [await execute(wire, order[0])] if len(order) == 1 else await asyncio.gather(*(execute(wire, each) for each in order))
    for call, returned in zip(calls, found, strict=True):
        await _note_drift(work, call, returned)
    refused = [call for call, returned in zip(calls, found, strict=True) if returned.sign_in]
    for call, returned in zip(calls, found, strict=True):
        if call not in refused:
            work.add(_returned(work, call, returned))
    if refused:  # the others wait for the same
        _sign_in(work, refused[0])


async def _note_drift(work: Run, call: Call, returned: Returned) -> None:
    """For the product's team. It is worth no turn."""
    if returned.drift:
        started = work.session.started
        with suppress(RedisError):
            await note(work.parts.store.redis, started.tenant, started.spec, call.wish.tool, returned.drift)


def _sign_in(work: Run, call: Call) -> None:
    work.add(question(work.session, call, work.product.connection, work.product.document.title, work.parts.now()))


async def _change(work: Run, call: Call, order: Work, attempt_number: int) -> None:
    """At most one attempt at a time, each with its intent saved first and the same key."""
    assert order.key is not None
    request = digest(order)
    stale: str | None = None
    unsure = attempt_number > 1  # an attempt before may have arrived
    while True:
        work.add(CallStarted(call_id=call.id, key=order.key, attempt=attempt_number, request=request, at=work.parts.now()))
        await work.save()
        returned = await _send(work, order, stale)
        again = returned.outcome == "not_executed" or (returned.outcome == "unknown" and _repeatable(work, call))
        if not again or attempt_number >= ATTEMPTS or not _worth_waiting(work, returned):
            break
        await asyncio.sleep(pause_after(attempt_number, returned, work.parts.settings.product_timeout))
        stale, attempt_number, unsure = returned.stale, attempt_number + 1, unsure or returned.outcome == "unknown"
    if returned.sign_in and not unsure:
        _sign_in(work, call)
        await work.save()
        return
    in_flight = returned.outcome == "not_executed" and returned.status == 409
    if in_flight or (unsure and not conclusive(returned.outcome, returned.status)):
        event: CallReturned | CallUnknown = _unknown(work, call, returned, "The product did not say what became of the request.")
    else:
        event = _returned(work, call, returned)
    await _settle(work, event, attempt_number)
    await _note_drift(work, call, returned)
    if returned.follow is not None:
        await _follow(work, call, order, returned)


async def _follow(work: Run, call: Call, order: Work, returned: Returned) -> None:
    """What a change made, or how it goes on, is read when the change itself is on record; a worker that dies here loses only the reading."""
    found = await followed(work.parts.wire, order, returned)
    if found is not returned:
        work.add(_returned(work, call, found))
        await work.save()


def _worth_waiting(work: Run, returned: Returned) -> bool:
    return returned.retry_in is not None and returned.retry_in <= work.parts.settings.product_timeout


def pause_after(attempt_number: int, returned: Returned, most: float) -> float:
    """What the product asks for; where it does not say, longer each time: one that starts anew needs more than a moment."""
    asked = returned.retry_in or 0.0
    return min(SOON * GROWS ** (attempt_number - 1), most) if asked == SOON else asked


async def _send(work: Run, order: Work, stale: str | None) -> Returned:
    """A last look at a monotonic clock: a process that was frozen after its append must not send any more."""
    settings = work.parts.settings
    spare = settings.lease_seconds - settings.product_timeout
    if time.monotonic() - work.renewed > spare:
        await work.renew()
    return await attempt(work.parts.wire, replace(order, leaves_by=work.renewed + spare), stale)


async def _settle(work: Run, event: CallReturned | CallUnknown, attempt_number: int) -> None:
    """What the product said is kept even if the lease is gone by now, or Redis did not take it for as long as was waited."""
    work.add(event)
    try:
        await work.save()
    except (LeaseLost, RedisError):
        if isinstance(event, CallReturned):
            with suppress(RedisError):
                await work.parts.store.late(work.lease, event, attempt_number)
        raise


async def _order(work: Run, call: Call, key: str | None) -> Work:
    product, wanted = work.product, operation(work, call)
    return Work(
        operation=wanted, definition=definition(wanted, product.settings), arguments=dict(call.arguments), secrets=await _secrets(work, call),
        connection=product.connection, settings=product.settings, document=product.document, key=key,
        files=await _files(work, call),
    )  # fmt: skip


async def _files(work: Run, call: Call) -> dict[str, File]:
    """The files whose handles are in the arguments."""
    known = files(work.session)
    wanted = sorted({leaf for leaf in _leaves(call.arguments) if isinstance(leaf, str)} & known.keys())
    kept = {handle: known[handle][1].call or handle for handle in wanted}  # what the product gave is kept under the id of its call
    found = await work.parts.artifacts.many(work.lease.tenant, work.session.id, list(kept.values()))
    return {handle: file_of(found[name]) for handle, name in kept.items() if name in found}


def digest(order: Work) -> str:
    """Of the request as it was approved, and as whom: its secrets as handles, without the key. "" when none can be made."""
    request = prepared(replace(order, secrets={handle: handle for handle in handles_in(dict(order.arguments))}, key=None))
    if isinstance(request, Unbuildable):
        return ""
    whose = [[each.id, each.revision] for each in (order.connection, order.connection.under) if each]
    return sha256(orjson.dumps([request.method, request.url, request.headers, whose, order.connection.acting]) + (request.body or b"")).hexdigest()


async def _secrets(work: Run, call: Call) -> dict[str, str]:
    """The secret values behind the handles in the arguments; they leave this process in the request only."""
    handles = sorted({leaf for leaf in _leaves(call.arguments) if isinstance(leaf, str) and leaf.startswith("secret:")})
    found = await work.parts.store.sealed(work.lease.tenant, work.session.id, handles)
    return {h: work.parts.ring.open(sealed, tenant=work.lease.tenant, purpose=purpose(work.session.id, h)).decode() for h, sealed in found.items()}


def purpose(session_id: str, handle: str) -> str:
    """What a sealed value is bound to beside its tenant."""
    return f"session:{session_id}:{handle}"


def _leaves(value: JSON) -> list[JSON]:
    if isinstance(value, Mapping):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _returned(work: Run, call: Call, returned: Returned) -> CallReturned | CallUnknown:
    if returned.outcome == "unknown":
        return _unknown(work, call, returned, "The product answered with an error, so the outcome is not known." if returned.status else "")
    work.bodies[call.id] = returned.data
    if speaks_korean(work.session.started.locale, work.turn):
        returned = replace(returned, warnings=tuple(map(warned, returned.warnings)))
    event, kept = results.returned(call.id, returned, results.secrets_of(operation(work, call), work.product.settings))
    if kept is not None:
        work.artifacts[call.id] = kept
    return event.model_copy(update={"at": work.parts.now()})


def _unknown(work: Run, call: Call, returned: Returned, reason: str) -> CallUnknown:
    """With a status came an answer, whose message is in the product's words; without one it is in ours."""
    message = without_personal(returned.message, "")
    if returned.status is None:
        reason, message = f"{reason} {message}".strip(), ""
    return CallUnknown(call_id=call.id, reason=reason, said=message, at=work.parts.now())
