"""Stored events that were tampered with or torn: refused with a stable code, or plain data that decide takes; never run, never a crash."""

import pickle
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.decide import Limits, decide
from engine.events import EVENT, CallStarted, CallUnknown, Event, Replied, Snapshot
from engine.session import Session
from engine.stored import beginning, event_of, grown, started_of
from runtime.errors import ParlanceError
from tests.engine.talk import Talk

TAMPERED = 1_000
CODES = {"session_unreadable", "session_format_unknown"}


def conversation() -> list[bytes]:
    """A session with most kinds of events in it."""
    talk = Talk("Create a user called 'user1'")
    talk.read("listUsers", {"items": [{"id": 1, "name": "ann"}]})
    talk.call("createUser", username="user1")
    talk.answer(password="secret:p1")
    talk.approve({"/username": "user2"})
    talk.approve()
    talk.add(CallStarted(call_id=talk.last(), key="k", request="d"))
    talk.add(CallUnknown(call_id=talk.last(), reason="?"))
    talk.call("lockUser", username="nobody")
    talk.add(Replied(text="Done."))
    events: list[Event] = [talk.session.started, *(event for turn in talk.session.turns for _, event in turn.trail)]
    return [EVENT.dump_json(event) for event in events]


def load(stored: list[bytes]) -> Session:
    return grown(beginning("s1", 0, stored[0], 0), stored)


def outcome(stored: list[bytes]) -> str | None:
    """The code of the refusal; None when it was read, decided about, and could be stored again."""
    try:
        session = load(stored)
    except ParlanceError as error:
        return error.code
    decide(session, Limits(), frozenset())
    assert all(EVENT.validate_json(EVENT.dump_json(event_of(raw))) == event_of(raw) for raw in stored)
    return None


class Bomb:
    """What would happen if anything unpickled it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.mkdir, (self.path,)


def flipped(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ (1 << chance.randrange(8))]) + raw[place + 1 :]


def torn(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw))]


def doubled(raw: bytes, chance: random.Random) -> bytes:
    return raw + raw


def other_type(raw: bytes, chance: random.Random) -> bytes:
    event = orjson.loads(raw)
    name = chance.choice([each for each in event if each != "type"])
    return orjson.dumps({**event, name: 5.5 if isinstance(event[name], dict | list) else {"a": [event[name]]}})


def without_type(raw: bytes, chance: random.Random) -> bytes:
    return orjson.dumps({name: value for name, value in orjson.loads(raw).items() if name != "type"})


def unknown_type(raw: bytes, chance: random.Random) -> bytes:
    return orjson.dumps(
        {**orjson.loads(raw), "type": chance.choice(["Approved", "os.system", "callapproved", "", None, 1, ["CallApproved"], "Session"])}
    )


def more(raw: bytes, chance: random.Random) -> bytes:
    """Fields that some reader of another kind would act on."""
    name = chance.choice(["__class__", "__reduce__", "py/object", "!!python/object/apply", "$ref", "lc", "approved_by", "__proto__"])
    return orjson.dumps(
        {**orjson.loads(raw), name: chance.choice(["os.system", ["os.system", "true"], {"type": "constructor", "id": ["os", "system"]}])}
    )


def no_json(raw: bytes, chance: random.Random) -> bytes:
    texts = (b"", b"null", b"[]", b"0", b'"x"', b"NaN", b"\x00", b"\xff\xfe{}", b"!!python/object/apply:os.system ['true']", b"{'type': 'UserSaid'}")
    return chance.choice(texts)


def bottomless(raw: bytes, chance: random.Random) -> bytes:
    deep = chance.choice([b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000])
    return b'{"type":"CallApproved","call_id":"c","arguments":{"a":' + deep + b"}}"


def format_of_tomorrow(raw: bytes, chance: random.Random) -> bytes:
    return orjson.dumps({**orjson.loads(raw), "format": chance.choice([2, 0, -1, 10**9, "2", None])})


REFUSED = (torn, doubled, other_type, without_type, unknown_type, more, no_json, bottomless, format_of_tomorrow)


@pytest.mark.parametrize("tamper", REFUSED)
def test_an_event_that_was_tampered_with_is_refused_with_a_stable_code(tamper: Callable[[bytes, random.Random], bytes]) -> None:
    stored = conversation()
    for seed in range(TAMPERED // len(REFUSED) + 1):
        chance = random.Random(seed)
        place = 0 if tamper is format_of_tomorrow else chance.randrange(len(stored))
        damaged = [*stored[:place], tamper(stored[place], chance), *stored[place + 1 :]]
        with pytest.raises(ParlanceError) as refused:
            load(damaged)
        assert refused.value.code in CODES


def test_a_bit_that_flipped_is_refused_or_only_another_text() -> None:
    stored, refusals = conversation(), 0
    for seed in range(TAMPERED):
        chance = random.Random(seed)
        place = chance.randrange(len(stored))
        damaged = [*stored[:place], flipped(stored[place], chance), *stored[place + 1 :]]
        code = outcome(damaged)
        assert code in {*CODES, None}
        refusals += code is not None
    assert TAMPERED // 5 < refusals < TAMPERED


def test_events_out_of_order_are_refused_or_make_a_session() -> None:
    stored = conversation()
    for seed in range(300):
        mixed = [stored[0], *random.Random(seed).sample(stored[1:], len(stored) - 1)]
        assert outcome(mixed) in ("session_unreadable", None)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_refused_and_not_opened(tmp_path: Path, protocol: int) -> None:
    touched, stored = tmp_path / "run", conversation()
    bomb = pickle.dumps(Bomb(touched), protocol)
    for place in range(len(stored)):
        with pytest.raises(ParlanceError) as refused:
            load([*stored[:place], bomb, *stored[place + 1 :]])
        assert refused.value.code == "session_unreadable"
    assert not touched.exists()
    pickle.loads(bomb)
    assert touched.exists()  # it would have been


def test_a_session_begins_with_its_beginning_or_a_snapshot_of_a_known_format() -> None:
    stored = conversation()
    started = started_of(event_of(stored[0]))
    taken = Snapshot(started=started.model_copy(update={"format": 2}), tail=1)
    for first, code in ((stored[1], "session_unreadable"), (EVENT.dump_json(taken), "session_format_unknown"), (b"{}", "session_unreadable")):
        with pytest.raises(ParlanceError) as refused:
            beginning("s1", 0, first, 1)
        assert refused.value.code == code
    with pytest.raises(ParlanceError):
        started_of(event_of(stored[1]))


def test_what_is_stored_is_what_was() -> None:
    stored = conversation()
    types = {event_of(raw).type for raw in stored}
    assert len(types) == 11, types
    assert [EVENT.dump_json(event_of(raw)) for raw in stored] == stored
