"""Tokens that expire: one renewal for all, rotated ones stored before use, refusals remembered, nothing lost when an answer is."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from runtime.guard import guarded_session
from runtime.redis import AWAY
from runtime.secrets import KeyRing, new_key
from tests.tools.authority import Authority, customers, exchanging, guarding, sign_in, tenants
from tests.tools.product import Product, document, drop, work
from tools.call import Returned, Wire, Work
from tools.credentials import slot_of
from tools.execute import attempt
from tools.security import REMOVED, REMOVED_SECONDS, Connection, remove_connection
from tools.settings import DocumentSettings
from tools.signin import client_of, stands
from tools.tokens import CredentialsFailed, Grant, Kept, Slot, current, keep, kept_of, noted, refuse, start

MADE: dict[str, Callable[[Authority], Connection]] = {"client": tenants, "refresh": customers, "exchange": exchanging}
KINDS = pytest.mark.parametrize("kind", list(MADE))


def todo(product: Product, connection: Connection) -> Work:
    return work(document({"/things": {"get": {"operationId": "list_things"}}}), {}, DocumentSettings(base_url=product.url), connection)


async def ready(kind: str, wire: Wire, product: Product, authority: Authority) -> Work:
    """A product that wants tokens, and a connection that has one, or can get it."""
    authority.subjects["his-own-token"] = "ann"
    product.otherwise = guarding(authority)
    connection = MADE[kind](authority)
    if kind == "refresh":
        assert await sign_in(wire, connection) is None
    return todo(product, connection)


async def expire(redis: Redis) -> None:
    """The known end of every access token has come."""
    for name in await redis.keys("parlance:*:token*"):
        await redis.pexpire(name, 0)


async def once(wire: Wire, job: Work) -> Returned:
    """As the engine does it: a token that was refused is renewed, and the call repeated once."""
    first = await attempt(wire, job)
    return await attempt(wire, job, first.stale) if first.stale else first


@KINDS
@pytest.mark.parametrize("known", [True, False])
async def test_twenty_calls_on_an_expired_token_cause_one_renewal(wire: Wire, product: Product, authority: Authority, kind: str, known: bool) -> None:
    job = await ready(kind, wire, product, authority)
    assert (await once(wire, job)).outcome == "done"
    before = len(authority.asked)
    authority.revoke()
    authority.slow = 0.05  # so that all find it expired while one renews it
    if known:
        await expire(wire.redis)
    found = await asyncio.gather(*(once(wire, job) for _ in range(20)))
    assert [each.outcome for each in found] == ["done"] * 20
    assert authority.issued[-1] == kind
    assert len(authority.asked) - before == 1


OTHER_PROCESS = """
import asyncio, sys
sys.path.insert(0, ".")
from runtime.guard import guarded_session
from runtime.redis import connect
from runtime.secrets import KeyRing
from tests.tools.authority import Authority
from tests.tools.product import Product
from tests.tools.test_tokens import MADE, once, todo
from tools.call import Wire

async def main(redis_url, secret, product_url, authority_url, kind):
    redis = connect(redis_url)
    job = todo(Product(url=product_url), MADE[kind](Authority(url=authority_url)))
    async with guarded_session(allow_private=True) as http:
        wire = Wire(http, redis, KeyRing.of([secret]))
        print("ready", flush=True)
        sys.stdin.readline()
        print(*[each.outcome for each in await asyncio.gather(*(once(wire, job) for _ in range(10)))], flush=True)
    await redis.aclose()

asyncio.run(main(*sys.argv[1:]))
"""


@KINDS
async def test_ten_calls_in_each_of_two_processes_cause_one_renewal(
    redis: Redis, redis_url: str, product: Product, authority: Authority, kind: str
) -> None:
    secret = new_key()
    async with guarded_session(allow_private=True) as http:
        job = await ready(kind, wire := Wire(http, redis, KeyRing.of([secret])), product, authority)
        assert (await once(wire, job)).outcome == "done"
    before = len(authority.asked)
    authority.revoke()
    authority.slow = 0.05
    start = [sys.executable, "-c", OTHER_PROCESS, redis_url, secret, product.url, authority.url, kind]
    root = Path(__file__).parents[2]
    both = [await asyncio.create_subprocess_exec(*start, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    for each in both:
        assert await each.stdout.readline() == b"ready\n"
    for each in both:
        each.stdin.write(b"go\n")
    told = [(await each.communicate())[0].split() for each in both]
    assert told == [[b"done"] * 10] * 2
    assert len(authority.asked) - before == 1


async def test_rotated_tokens_are_stored_before_they_are_used_and_renew_again_and_again(wire: Wire, product: Product, authority: Authority) -> None:
    job = await ready("refresh", wire, product, authority)
    for _ in range(4):
        authority.revoke()
        assert (await once(wire, job)).data == {"whose": "ann"}
    assert authority.issued == ["code", *["refresh"] * 4]
    assert authority.refusals == []


async def test_a_server_that_does_not_rotate_keeps_its_refresh_token(wire: Wire, product: Product, authority: Authority) -> None:
    authority.rotates = False
    job = await ready("refresh", wire, product, authority)
    for _ in range(3):
        authority.revoke()
        assert (await once(wire, job)).outcome == "done"
    assert authority.refusals == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((status, None) for status in (503, 429, 408, 500, 302, 400, 401, 403, 404, 418)),
        (400, {"error": "temporarily_unavailable"}),
        (400, {"error": "invalid_request"}),
        (400, {"error": "slow_down"}),
        (400, {"error": ["invalid_grant"]}),
        (404, {"error": "invalid_grant"}),
        (503, {"error": "invalid_grant"}),
    ],
)
async def test_a_token_server_that_does_not_refuse_the_token_ends_no_sign_in(
    wire: Wire, product: Product, authority: Authority, status: int, body: dict | None
) -> None:
    """A gateway before it, a page of its maintenance: only the words of the standard end what a customer signed in for."""
    job = await ready("refresh", wire, product, authority)
    await expire(wire.redis)
    authority.answers.append(web.json_response(body, status=status) if body else web.Response(status=status, text="<html>blocked</html>"))
    failed = await attempt(wire, job)
    assert (failed.outcome, failed.sign_in, failed.retry_in is not None) == ("not_executed", False, True)
    assert (await attempt(wire, job)).outcome == "done"
    assert authority.refusals == []


async def test_a_lost_answer_is_not_lasting_and_the_old_refresh_token_is_kept(wire: Wire, product: Product, authority: Authority) -> None:
    job = await ready("refresh", wire, product, authority)
    await expire(wire.redis)
    before = await kept_of(wire.redis, wire.ring, slot_of(client_of(job.connection, None), "ann"))
    authority.rotates = False
    authority.after.append(drop)
    failed = await attempt(wire, job)
    assert (failed.outcome, failed.sign_in) == ("not_executed", False)
    assert await kept_of(wire.redis, wire.ring, slot_of(client_of(job.connection, None), "ann")) == before
    assert (await attempt(wire, job)).outcome == "done"


async def test_those_who_waited_for_a_renewal_that_failed_do_not_try_it_each(wire: Wire, product: Product, authority: Authority) -> None:
    job = await ready("refresh", wire, product, authority)
    await expire(wire.redis)
    before = len(authority.asked)
    authority.slow = 0.1
    authority.answers.extend(web.Response(status=503) for _ in range(20))
    found = await asyncio.gather(*(attempt(wire, job) for _ in range(20)))
    assert {each.outcome for each in found} == {"not_executed"}
    assert len(authority.asked) - before == 1


@pytest.mark.parametrize("kind", ["refresh", "exchange"])
async def test_a_refused_renewal_asks_for_a_sign_in_and_no_worker_tries_again(wire: Wire, product: Product, authority: Authority, kind: str) -> None:
    job = await ready(kind, wire, product, authority)
    assert (await once(wire, job)).outcome == "done"
    authority.refreshes.clear()
    authority.subjects.clear()
    authority.revoke()
    found = await asyncio.gather(*(once(wire, job) for _ in range(20)))
    assert {(each.outcome, each.sign_in, each.retry_in) for each in found} == {("not_executed", True, None)}
    assert authority.refusals == ["invalid_grant"]
    again = await once(wire, job)
    assert (again.sign_in, authority.refusals) == (True, ["invalid_grant"])
    assert await stands(wire.redis, wire.ring, job.connection) == (False, None)
    if kind == "refresh":
        assert await sign_in(wire, job.connection) is None
        assert (await once(wire, job)).data == {"whose": "ann"}


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_grant_that_is_refused_ends_the_sign_in(wire: Wire, product: Product, authority: Authority, status: int) -> None:
    job = await ready("refresh", wire, product, authority)
    await expire(wire.redis)
    authority.answers.append(web.json_response({"error": "invalid_grant"}, status=status))
    assert (await attempt(wire, job)).sign_in
    before = len(authority.asked)
    assert ((await attempt(wire, job)).sign_in, len(authority.asked)) == (True, before)


@pytest.mark.parametrize(("kind", "sign_in"), [("exchange", True), ("refresh", False), ("client", False)])
async def test_an_invalid_request_is_what_a_token_to_exchange_is_refused_with(
    wire: Wire, product: Product, authority: Authority, kind: str, sign_in: bool
) -> None:
    job = await ready(kind, wire, product, authority)
    await expire(wire.redis)
    authority.answers.append(web.json_response({"error": "invalid_request"}, status=400))
    assert (await attempt(wire, job)).sign_in == sign_in


@pytest.mark.parametrize(("status", "code"), [(401, "invalid_client"), (400, "unauthorized_client"), (400, "invalid_scope"), (400, "invalid_target")])
async def test_a_wrong_client_is_no_matter_of_signing_in_again(wire: Wire, product: Product, authority: Authority, status: int, code: str) -> None:
    job = await ready("refresh", wire, product, authority)
    await expire(wire.redis)
    authority.answers.append(web.json_response({"error": code}, status=status))
    failed = await attempt(wire, job)
    assert (failed.outcome, failed.sign_in) == ("rejected", False)
    assert code in failed.message
    assert (await attempt(wire, job)).outcome == "done"


async def test_who_has_not_signed_in_is_asked_to_before_anything_is_sent(wire: Wire, product: Product, authority: Authority) -> None:
    failed = await attempt(wire, todo(product, customers(authority)))
    assert (failed.outcome, failed.sign_in, product.seen, authority.asked) == ("not_executed", True, [], [])


async def test_a_tenants_exchange_without_a_customers_token_asks_for_one(wire: Wire, product: Product, authority: Authority) -> None:
    shared = exchanging(authority).model_copy(update={"user": None})
    without = shared.model_copy(update={"credential": shared.credential.model_copy(update={"subject_token": None})})
    failed = await attempt(wire, todo(product, without))
    assert (failed.outcome, failed.sign_in, authority.asked) == ("not_executed", True, [])


async def test_a_refused_token_of_the_tenant_is_no_matter_of_signing_in(wire: Wire, product: Product, authority: Authority) -> None:
    failed = await attempt(wire, todo(product, exchanging(authority).model_copy(update={"user": None})))
    assert (failed.outcome, failed.sign_in, authority.refusals) == ("rejected", False, ["invalid_grant"])


async def test_a_token_without_an_end_is_used_until_it_is_refused(wire: Wire, product: Product, authority: Authority) -> None:
    authority.lifetime, authority.refreshable = None, False
    job = await ready("refresh", wire, product, authority)
    assert await wire.redis.pttl(slot_of(client_of(job.connection, None), "ann").key("token")) > 86_400_000
    assert (await once(wire, job)).outcome == "done"
    authority.revoke()
    refused = await once(wire, job)
    assert (refused.outcome, refused.sign_in) == ("not_executed", True)


async def test_customers_never_share_a_token(wire: Wire, product: Product, authority: Authority) -> None:
    product.otherwise = guarding(authority)
    ann, bob = customers(authority, "ann"), customers(authority, "bob")
    assert await sign_in(wire, ann) is None
    assert (await attempt(wire, todo(product, bob))).sign_in
    authority.customer = "bob"
    assert await sign_in(wire, bob) is None
    assert [(await once(wire, todo(product, each))).data["whose"] for each in (ann, bob)] == ["ann", "bob"]


async def test_a_sign_in_during_a_renewal_is_not_overwritten_by_it(wire: Wire, authority: Authority) -> None:
    slot = slot_of(client_of(customers(authority), None), "ann")
    await start(wire, slot, Grant("old", 3600, "r1"))
    await wire.redis.pexpire(slot.key("token"), 0)
    before = await kept_of(wire.redis, wire.ring, slot)

    async def renew(refresh: str | None) -> Grant:
        await start(wire, slot, Grant("of the new sign-in", 3600, "r9"))
        return Grant("of the renewal", 3600, "r2")

    found = await current(wire, slot, (), renew)
    assert (found.value, (await kept_of(wire.redis, wire.ring, slot)).refresh) == ("of the new sign-in", "r9")
    assert (await keep(wire, slot, Grant("late", 3600, "r3"), before, time.monotonic())).value == "of the new sign-in"


@pytest.mark.parametrize("name", ["", "a-scheme"])
async def test_a_token_that_is_fetched_while_its_connection_is_removed_is_kept_nowhere(wire: Wire, name: str) -> None:
    slot = Slot("t", "cn_1", name)

    async def renew(refresh: str | None) -> Grant:
        await noted(wire.redis, slot)  # by whoever fetched one before
        await remove_connection(wire.redis, "t", "cn_1")
        return Grant("new", 3600, "r1")

    assert isinstance(await current(wire, slot, (), renew), CredentialsFailed)
    left = [each for each in await wire.redis.keys("*") if await wire.redis.type(each) == b"string"]
    assert {await wire.redis.get(each) for each in left} == {REMOVED}
    assert all([0 < await wire.redis.ttl(each) <= REMOVED_SECONDS for each in left])


async def test_a_rotated_token_is_stored_though_whoever_waited_for_it_is_gone(wire: Wire, authority: Authority) -> None:
    slot = slot_of(client_of(customers(authority), None), "ann")
    await start(wire, slot, Grant("old", 3600, "r1"))
    asking, go_on, used = asyncio.Event(), asyncio.Event(), []

    async def renew(refresh: str | None) -> Grant:
        used.append(refresh)
        asking.set()
        await go_on.wait()
        return Grant("new", 3600, "r2")

    version = (await current(wire, slot, (), renew)).version
    waiting = asyncio.create_task(current(wire, slot, (version,), renew))
    await asking.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    go_on.set()
    found = await current(wire, slot, (version,), renew)
    assert (found.value, (await kept_of(wire.redis, wire.ring, slot)).refresh, used) == ("new", "r2", ["r1"])


REFUSALS = pytest.mark.parametrize("refusal", ["replica", "full"])


@asynccontextmanager
async def refusing(redis: Redis, refusal: str, most: int = 1) -> AsyncIterator[None]:
    """A Redis that takes no writes until it has refused so many."""

    async def count() -> int:
        return sum(int(each["count"]) for each in (await redis.info("errorstats")).values())

    async def relent(before: int) -> None:
        while True:
            if await count() >= before + most:
                break
            await asyncio.sleep(0.005)
        await redis.replicaof("NO", "ONE")
        await redis.config_set("maxmemory", 0)

    before = await count()
    await (redis.replicaof("127.0.0.1", "1") if refusal == "replica" else redis.config_set("maxmemory", 1))
    relenting = asyncio.create_task(relent(before))
    try:
        yield
        await asyncio.wait_for(relenting, 5)
    finally:
        relenting.cancel()
        await redis.replicaof("NO", "ONE")
        await redis.config_set("maxmemory", 0)


@REFUSALS
async def test_a_rotated_token_outlasts_a_redis_that_takes_no_writes_just_then(wire: Wire, authority: Authority, refusal: str) -> None:
    slot = slot_of(client_of(customers(authority), None), "ann")
    await start(wire, slot, Grant("old", 3600, "r1"))
    version = (await current(wire, slot, (), asked_for_nothing)).version
    async with AsyncExitStack() as stack:

        async def renew(refresh: str | None) -> Grant:
            await stack.enter_async_context(refusing(wire.redis, refusal, most=2))
            return Grant("new", 3600, "r2")

        assert (await current(wire, slot, (version,), renew)).value == "new"
    assert (await kept_of(wire.redis, wire.ring, slot)).refresh == "r2"
    assert await wire.redis.exists(slot.key("refreshing")) == 0


@REFUSALS
async def test_a_sign_in_and_a_refusal_outlast_it_too(wire: Wire, authority: Authority, refusal: str) -> None:
    slot = slot_of(client_of(customers(authority), None), "ann")
    async with refusing(wire.redis, refusal):
        await start(wire, slot, Grant("old", 3600, "r1"))
    assert (await current(wire, slot, (), asked_for_nothing)).value == "old"
    async with refusing(wire.redis, refusal):
        await refuse(wire, slot, await kept_of(wire.redis, wire.ring, slot), time.monotonic() + 3)
    assert (await kept_of(wire.redis, wire.ring, slot)).refused


async def test_a_redis_that_stays_away_is_waited_for_no_longer_than_the_lock_holds(wire: Wire, authority: Authority) -> None:
    slot = slot_of(client_of(customers(authority), None), "ann")
    await wire.redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(AWAY):
            await keep(wire, slot, Grant("new", 3600, "r2"), Kept(), time.monotonic() + 0.1)
    finally:
        await wire.redis.config_set("maxmemory", 0)


async def asked_for_nothing(refresh: str | None) -> Grant:
    raise AssertionError("a token that is there is not renewed")


async def test_tokens_sealed_with_a_key_that_is_gone_ask_for_a_sign_in(wire: Wire, product: Product, authority: Authority) -> None:
    job = await ready("refresh", wire, product, authority)
    other = replace(wire, ring=KeyRing.of([new_key()]))
    assert (await attempt(other, job)).sign_in
    assert await sign_in(other, job.connection) is None
    assert (await attempt(other, job)).outcome == "done"


async def test_tokens_of_a_former_credential_are_not_used_for_the_next(wire: Wire, product: Product, authority: Authority) -> None:
    job = await ready("refresh", wire, product, authority)
    changed = job.connection.model_copy(update={"revision": "2"})
    assert (await attempt(wire, replace(job, connection=changed))).sign_in
    assert Kept() == await kept_of(wire.redis, wire.ring, slot_of(client_of(changed, None), "ann"))


async def test_what_is_passed_through_leaves_nothing_in_redis_and_is_the_customers_to_renew(
    wire: Wire, product: Product, authority: Authority
) -> None:
    job = await ready("exchange", wire, product, authority)
    passed = replace(job, connection=job.connection.model_copy(update={"passed": True, "user": None}))
    assert (await once(wire, passed)).data == {"whose": "ann"}
    authority.revoke()
    assert (await once(wire, passed)).outcome == "done"
    authority.subjects.clear()
    refused = await once(wire, passed)
    assert (refused.sign_in, refused.outcome) == (True, "not_executed")
    assert await wire.redis.keys("*") == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"access_token": ""}',
        b'{"access_token": 5}',
        b'{"access_token": "a\\nb"}',
        b'{"access_token": "a", "token_type": "DPoP"}',
    ],
)
async def test_what_is_no_usable_token_is_not_used(wire: Wire, product: Product, authority: Authority, body: bytes) -> None:
    authority.answers.append(web.Response(body=body))
    failed = await attempt(wire, todo(product, tenants(authority)))
    assert (failed.outcome, failed.message, product.seen) == ("rejected", "The token server gave no usable token.", [])


@pytest.mark.parametrize(
    ("expires_in", "most"), [(60, 60_000), ("60", 60_000), (None, 3_600_000), (True, 3_600_000), (-1, 3_600_000), ("x", 3_600_000)]
)
async def test_a_lifetime_that_is_none_is_an_hour(wire: Wire, product: Product, authority: Authority, expires_in: object, most: int) -> None:
    authority.answers.append(web.json_response({"access_token": "a", "token_type": "bearer", "expires_in": expires_in}))
    await attempt(wire, todo(product, tenants(authority)))
    assert most * 0.8 < await wire.redis.pttl("parlance:{t:connection:cn_1}:token") < most
