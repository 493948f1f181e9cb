import asyncio

import httpx
import orjson
import pytest

from engine.store import SessionStore
from feedback import store
from feedback.app import Feedback, rating_of, router
from runtime.auth import create_key
from runtime.errors import NotFound
from runtime.http import create_app, standing
from runtime.redis import key
from runtime.tenants import Retention, TenantSettings, save_tenant

SECRET_WORDS = "hunter2 of Ann"


def turn(at: int, text: str = SECRET_WORDS) -> list[dict]:
    """The events of one turn as the engine stores them."""
    call = {"id": f"c{at}", "tool": "createUser", "arguments": {"name": text}}
    question = {
        "id": f"q{at}",
        "kind": "approval",
        "call": call["id"],
        "operation": "createUser",
        "text": text,
        "preview": {"body": text},
        "seal": "a-seal",
    }
    return [
        {"type": "UserSaid", "message_id": f"m{at}", "text": text, "at": at},
        {"type": "ModelReplied", "calls": [call], "text": text, "model": "builtin", "at": at},
        {"type": "QuestionAsked", "question": question, "arguments": {"name": text}, "at": at},
        {"type": "CallReturned", "call_id": call["id"], "outcome": "done", "status": 201, "result": {"id": call["id"], "data": text}, "at": at},
        {"type": "Snapshot", "said": [[at, text]], "at": at},
        {"type": "Replied", "text": text, "receipt": [{"call": call["id"], "operation": "createUser", "summary": text, "outcome": "done"}], "at": at},
    ]


class Held:
    """A session in Redis, written as the engine writes it."""

    def __init__(self, redis, tenant: str, user: str, consent: bool = True) -> None:
        self.redis, self.tenant, self.id = redis, tenant, f"s-{user}"
        self.first = {"type": "SessionStarted", "format": 1, "document": "d1", "spec": "p1", "tenant": tenant, "user": user, "consent": consent}

    def key(self, part: str) -> str:
        return key(self.tenant, "session", self.id, part)

    async def write(self, *events: dict, **head: object) -> "Held":
        await self.redis.rpush(self.key("events"), *(orjson.dumps(each) for each in (self.first, *events)))
        await self.redis.hset(
            self.key("head"), mapping={"epoch": 0, "fence": 3, "owner": "", "expires": 0, "status": "idle", "snapshot": 5, "tail": 5} | head
        )
        await self.redis.hset(self.key("seen"), "m1", 1)
        await self.redis.rpush(self.key("inbox"), "late")
        for part in ("artifacts", "sealed"):
            await self.redis.hset(self.key(part), "c1", "bytes")
        return self

    async def events(self) -> list[dict]:
        return [orjson.loads(each) for each in await self.redis.lrange(self.key("events"), 0, -1)]


@pytest.fixture
async def ann(redis, settings, serving):
    """A client of the feedback worker with Ann's key."""
    secret = await create_key(redis, "acme", "ann", ["chat", "ratings"])
    async with serving(create_app("feedback", [router], standing(settings))) as url, httpx.AsyncClient(base_url=url) as client:
        client.headers["authorization"] = f"Bearer {secret}"
        yield client


async def rate(client, session: str, **given):
    return await client.post(f"/v1/sessions/{session}/feedback", json={"turn": 1, "rating": "up"} | given)


async def test_a_rated_turn_is_kept_whole_where_the_customer_agreed(ann, redis):
    held = await Held(redis, "acme", "ann").write(*turn(1), *turn(7))
    response = await rate(ann, held.id, turn=7, rating="down", comment="wrong user", correction="user2")
    assert (response.status_code, response.json()) == (201, {"id": "s-ann-0-7", "reset": False})
    [rating] = (await ann.get("/v1/ratings")).json()["ratings"]
    assert [event["type"] for event in rating["events"]] == ["UserSaid", "ModelReplied", "QuestionAsked", "CallReturned", "Replied"]
    assert rating["events"][0]["message_id"] == "m7"
    assert (rating["rating"], rating["comment"], rating["correction"], rating["spec"]) == ("down", "wrong user", "user2", "p1")
    assert "a-seal" not in orjson.dumps(rating).decode()


async def test_without_consent_no_word_and_no_data_is_copied(ann, redis):
    held = await Held(redis, "acme", "ann", consent=False).write(*turn(1))
    await rate(ann, held.id)
    [rating] = (await ann.get("/v1/ratings")).json()["ratings"]
    assert "hunter2" not in orjson.dumps(rating).decode()
    kinds = {event["type"]: event for event in rating["events"]}
    assert kinds["ModelReplied"]["calls"] == [{"id": "c1", "tool": "createUser"}]
    assert (kinds["CallReturned"]["outcome"], kinds["CallReturned"]["status"]) == ("done", 201)
    assert kinds["Replied"]["receipt"] == [{"call": "c1", "operation": "createUser", "outcome": "done"}]


async def test_a_reset_begins_the_session_anew_after_the_turn_was_copied(ann, redis):
    held = await Held(redis, "acme", "ann").write(*turn(1))
    assert (await rate(ann, held.id, reset=True)).status_code == 201
    assert [event["type"] for event in await held.events()] == ["SessionStarted"]
    head = await redis.hgetall(held.key("head"))
    assert (head[b"epoch"], head[b"fence"], head[b"status"], head[b"snapshot"], head[b"tail"]) == (b"1", b"4", b"idle", b"0", b"0")
    assert await redis.exists(*(held.key(part) for part in ("seen", "inbox", "artifacts", "sealed"))) == 0
    [rating] = (await ann.get("/v1/ratings")).json()["ratings"]
    assert len(rating["events"]) == 5


async def test_a_running_turn_is_not_reset_under_its_worker_and_the_rating_stays(ann, redis):
    later = (await redis.time())[0] * 1000 + 60_000
    held = await Held(redis, "acme", "ann").write(*turn(1), owner="w1", expires=later, status="running")
    response = await rate(ann, held.id, reset=True)
    assert (response.status_code, response.json()["code"]) == (409, "session_busy")
    assert len(await held.events()) == 7
    assert len((await ann.get("/v1/ratings")).json()["ratings"]) == 1


async def test_a_turn_that_a_dead_worker_left_unfinished_is_not_reset_away(ann, redis):
    held = await Held(redis, "acme", "ann").write(*turn(1), *turn(7)[:2], owner="w1", expires=1, status="running")
    response = await rate(ann, held.id, reset=True)
    assert (response.status_code, response.json()["code"]) == (409, "session_busy")
    assert "unfinished" in response.json()["detail"]
    assert len(await held.events()) == 9


async def test_a_lease_that_has_ended_does_not_stop_a_reset(ann, redis):
    held = await Held(redis, "acme", "ann").write(*turn(1), owner="w1", expires=1, status="waiting")
    assert (await rate(ann, held.id, reset=True)).status_code == 201


async def test_of_two_resets_at_once_one_clears_and_none_fails_unsaid(ann, redis):
    held = await Held(redis, "acme", "ann").write(*turn(1))
    answers = await asyncio.gather(*(rate(ann, held.id, reset=True) for _ in range(8)))
    assert sorted({each.status_code for each in answers}) in ([201], [201, 404], [201, 409], [201, 404, 409])
    assert sum(each.status_code == 201 for each in answers) == 1
    assert await redis.hget(held.key("head"), "epoch") == b"1"


async def test_an_old_number_does_not_match_after_a_reset(ann, redis):
    held = await Held(redis, "acme", "ann").write(*turn(1), epoch=1)
    assert (await rate(ann, held.id, epoch=0)).json()["code"] == "turn_not_found"
    assert (await rate(ann, held.id, epoch=1)).status_code == 201


async def test_rating_a_turn_again_replaces_the_rating(ann, redis):
    held = await Held(redis, "acme", "ann").write(*turn(1))
    for word in ("up", "down"):
        await rate(ann, held.id, rating=word)
    [rating] = (await ann.get("/v1/ratings")).json()["ratings"]
    assert rating["rating"] == "down"


@pytest.mark.parametrize(("tenant", "user"), [("acme", "bob"), ("other", "ann")])
async def test_a_session_of_somebody_else_does_not_exist(ann, redis, tenant, user):
    held = await Held(redis, tenant, user).write(*turn(1))
    assert (await rate(ann, held.id, reset=True)).status_code == 404
    assert len(await held.events()) == 7
    assert (await ann.get("/v1/ratings")).json()["ratings"] == []


async def test_ratings_of_another_tenant_are_not_shown(ann, redis):
    await rate(ann, (await Held(redis, "acme", "ann").write(*turn(1))).id)
    stranger = await create_key(redis, "other", "ann", ["ratings"])
    response = await ann.get("/v1/ratings", headers={"authorization": f"Bearer {stranger}"})
    assert response.json() == {"ratings": [], "next": None}


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"turn": 2}, 404, "turn_not_found"),
        ({"turn": 99}, 404, "turn_not_found"),
        ({"turn": 7}, 409, "turn_not_ended"),
        ({"turn": 0}, 422, "invalid_request"),
        ({"turn": 2**70}, 422, "json_invalid"),
        ({"turn": True}, 422, "invalid_request"),
        ({"rating": "great"}, 422, "invalid_request"),
        ({"comment": "x" * 4001}, 422, "invalid_request"),
        ({"more": 1}, 422, "invalid_request"),
    ],
)
async def test_what_cannot_be_rated_is_refused_with_a_reason(ann, redis, given, status, code):
    held = await Held(redis, "acme", "ann").write(*turn(1), turn(7)[0])
    response = await rate(ann, held.id, **given)
    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize("session", ["none", "%7Bx%7D", "a:b", "%00"])
async def test_a_session_that_does_not_exist_is_not_found(ann, session):
    assert (await rate(ann, session)).status_code == 404


async def test_ratings_come_newest_first_in_pages_that_stand_still(ann, redis):
    held = await Held(redis, "acme", "ann").write(*(event for at in range(1, 26, 6) for event in turn(at)))
    for number in range(1, 25, 6):
        await rate(ann, held.id, turn=number)
    first = (await ann.get("/v1/ratings", params={"limit": 2})).json()
    await rate(ann, held.id, turn=25)  # a newer one in front must not shift the next page
    second = (await ann.get("/v1/ratings", params={"limit": 2, "after": first["next"]})).json()
    seen = [rating["turn"] for rating in first["ratings"] + second["ratings"]]
    assert sorted(seen) == [1, 7, 13, 19]
    for cursor in ("nonsense", "²²².a", "-1.a", "1."):
        assert (await ann.get("/v1/ratings", params={"after": cursor})).json()["code"] == "cursor_unknown"


async def test_ratings_need_their_scope(ann, redis):
    secret = await create_key(redis, "acme", "ann", ["chat"])
    assert (await ann.get("/v1/ratings", headers={"authorization": f"Bearer {secret}"})).status_code == 403


async def test_everything_kept_has_a_lifetime(ann, redis):
    held = await Held(redis, "acme", "ann").write(*turn(1))
    before = {name async for name in redis.scan_iter()}
    await rate(ann, held.id)
    kept = [name async for name in redis.scan_iter() if name not in before]
    assert len(kept) == 3  # the rating, the tenant's index, the session's own
    assert all([await redis.ttl(name) > 0 for name in kept])


async def test_a_tenants_ratings_live_as_long_as_it_says_and_earlier_ones_are_still_found(ann, redis):
    held = await Held(redis, "acme", "ann").write(*turn(1), *turn(7))
    await rate(ann, held.id, turn=1)
    await save_tenant(redis, "acme", TenantSettings(retention=Retention(ratings=7)))
    await rate(ann, held.id, turn=7)
    days = {name: round(await redis.ttl(key("acme", *name)) / 86_400) for name in (("rating", f"{held.id}-0-1"), ("rating", f"{held.id}-0-7"))}
    assert list(days.values()) == [365, 7]
    await redis.delete(key("acme", "rating", f"{held.id}-0-7"))
    assert [each["turn"] for each in (await ann.get("/v1/ratings")).json()["ratings"]] == [1]
    await SessionStore(redis, owner="w", lease_ms=1000, lifetime_ms=1000).erase("acme", held.id)
    assert [name async for name in redis.scan_iter(f"*{held.id}*")] == []


async def test_without_consent_the_judgement_is_kept_and_what_was_written_to_the_team_on_purpose(ann, redis):
    held = await Held(redis, "acme", "ann", consent=False).write(*turn(1))
    await rate(ann, held.id, rating="down", comment="too slow", correction="user2")
    [rating] = (await ann.get("/v1/ratings")).json()["ratings"]
    assert (rating["rating"], rating["comment"], rating["correction"], rating["consent"]) == ("down", "too slow", "user2", False)


@pytest.mark.parametrize("reset", [False, True])
async def test_erasing_a_session_leaves_nothing_of_it_in_its_ratings(ann, redis, reset):
    held = await Held(redis, "acme", "ann").write(*turn(1), *turn(7))
    other = await Held(redis, "acme", "bob").write(*turn(1))
    await redis.set(key("acme", "rating", f"{other.id}-0-1"), "another session's")
    for number in (1, 7):
        assert (await rate(ann, held.id, turn=number, reset=reset and number == 7)).status_code == 201
    await SessionStore(redis, owner="w", lease_ms=1000, lifetime_ms=1000).erase("acme", held.id)
    assert [name async for name in redis.scan_iter(f"*{held.id}*")] == []
    assert (await ann.get("/v1/ratings")).json() == {"ratings": [], "next": None}
    assert await redis.exists(key("acme", "rating", f"{other.id}-0-1"))


async def test_a_rating_that_comes_while_its_session_is_erased_is_not_kept(redis):
    held = await Held(redis, "acme", "ann").write(*turn(1))
    read = await store.read_turn(redis, "acme", "ann", held.id, 1)
    await SessionStore(redis, owner="w", lease_ms=1000, lifetime_ms=1000).erase("acme", held.id)
    with pytest.raises(NotFound):
        await store.save(redis, "acme", rating_of(held.id, read, Feedback(turn=1, rating="up")), 1000)
    assert [name async for name in redis.scan_iter("*")] == []


async def test_copies_from_before_the_operator_keeps_them_shorter_are_still_erased(redis):
    held = await Held(redis, "acme", "ann").write(*turn(1), *turn(7))
    for number, lifetime in ((1, 4000), (7, 1000)):
        read = await store.read_turn(redis, "acme", "ann", held.id, number)
        await store.save(redis, "acme", rating_of(held.id, read, Feedback(turn=number, rating="up")), lifetime)
    lists = (held.key("ratings"), key("acme", "ratings"))
    assert all([await redis.ttl(name) > 3000 for name in lists])  # as long as the first copy
    await SessionStore(redis, owner="w", lease_ms=1000, lifetime_ms=1000).erase("acme", held.id)
    assert [name async for name in redis.scan_iter("*")] == []


async def test_the_list_of_ratings_forgets_those_that_are_gone_and_no_other(redis):
    held = await Held(redis, "acme", "ann").write(*(event for at in (1, 7, 13) for event in turn(at)))
    ratings = [rating_of(held.id, await store.read_turn(redis, "acme", "ann", held.id, at), Feedback(turn=at, rating="up")) for at in (1, 7, 13)]
    for rating in ratings[:2]:
        await store.save(redis, "acme", rating.model_copy(update={"created": rating.created - 2_000_000}), 4000)
    await redis.delete(key("acme", "rating", ratings[0].id))
    await store.save(redis, "acme", ratings[2], 1000)
    assert {name.decode() for name in await redis.zrange(key("acme", "ratings"), 0, -1)} == {ratings[1].id, ratings[2].id}
