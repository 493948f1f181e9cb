"""Whole results and files of a session: sealed, bounded, apart, and gone with it. A real Redis, a real folder."""

import os
from pathlib import Path
from typing import Any

import orjson
import pytest
from redis.asyncio import Redis

from engine.artifacts import IN_FOLDER, LARGEST, SMALL, YOUNG, Artifact, Artifacts, open_artifact, purpose
from engine.events import ModelReplied, SessionStarted, UserSaid
from engine.scripts import ARTIFACT_BYTES, ARTIFACTS, NAME
from engine.store import Accepted, Extra, Lease, SessionStore
from runtime.errors import LeaseLost, TooLarge
from runtime.secrets import KeyRing, SealBroken, new_key

RING = KeyRing.of([new_key()])
HASH = "parlance:{t:session:s}:artifacts"
TEXT = b"the-customer's-own-words "


@pytest.fixture(params=["redis", "folder"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "kept" if request.param == "folder" else None


async def begun(redis: Redis, folder: Path | None = None, tenant: str = "t") -> tuple[Artifacts, Lease]:
    store = SessionStore(redis, owner="a", lease_ms=60_000, lifetime_ms=60_000)
    await store.create("s", SessionStarted(document="d", spec="sp", tenant=tenant, user="u"))
    found = await store.accept(tenant, "s", "u", UserSaid(message_id="m", text="m"))
    assert isinstance(found, Accepted)
    return Artifacts(store, RING, folder), found.lease


def fresh(artifacts: Artifacts) -> Artifacts:
    """Another process: it remembers nothing."""
    return Artifacts(artifacts.store, RING, artifacts.folder)


async def saved(artifacts: Artifacts, lease: Lease, made: dict[str, Artifact]) -> Lease:
    stowed = await artifacts.stow(lease, made)
    return await artifacts.store.append(lease, [ModelReplied(text="x")], Extra(artifacts=stowed))


def data(size: int, text: bytes = TEXT) -> Artifact:
    return Artifact("data", (text * (size // len(text) + 1))[:size])


def left(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def files(folder: Path) -> list[Path]:
    return [path for path in left(folder) if path.name != "owner"]


@pytest.mark.parametrize("size", [0, 10, SMALL, SMALL + 1, 3 * 2**20])
async def test_what_is_kept_is_what_is_read(redis: Redis, folder: Path | None, size: int) -> None:
    artifacts, lease = await begun(redis, folder)
    made = {"c0_1_0": data(size), "c0_1_1": Artifact("file", bytes(range(256)) * (size // 256), "Jahr 2026.pdf", "application/pdf")}
    await saved(artifacts, lease, made)
    assert await fresh(artifacts).many("t", "s", [*made, "c0_9_9"]) == made
    assert await fresh(artifacts).get("t", "s", "nothing") is None


@pytest.mark.parametrize("size", [1_000, SMALL * 2])
async def test_nothing_is_kept_in_plain_text(redis: Redis, folder: Path | None, size: int) -> None:
    artifacts, lease = await begun(redis, folder)
    await saved(artifacts, lease, {"c0_1_0": data(size), "c0_1_1": Artifact("file", TEXT * (size // 20), "secret-name.txt", "text/plain")})
    stored = b"".join([value for values in [await redis.hvals(HASH)] for value in values])
    stored += b"".join(path.read_bytes() + str(path).encode() for path in (folder or Path("/nowhere")).rglob("*") if path.is_file())
    assert TEXT.strip() not in stored
    assert b"secret-name" not in stored
    assert len(stored) > 0


@pytest.mark.parametrize(("tenant", "artifact"), [("t", "c0_1_1"), ("other", "c0_1_0")])
async def test_a_copied_artifact_opens_nowhere_else(redis: Redis, tenant: str, artifact: str) -> None:
    artifacts, lease = await begun(redis)
    await saved(artifacts, lease, {"c0_1_0": data(100)})
    await begun(redis, tenant="other")
    (stored,) = await redis.hvals(HASH)
    await redis.hset(HASH.replace("t:", tenant + ":", 1), artifact, stored)
    assert await fresh(artifacts).get(tenant, "s", artifact) is None
    with pytest.raises(SealBroken):
        open_artifact(RING, tenant, purpose("s", artifact), stored)


async def test_a_result_whose_key_or_folder_is_gone_is_as_one_that_is_no_longer_kept(redis: Redis, tmp_path: Path) -> None:
    artifacts, lease = await begun(redis, tmp_path)
    await saved(artifacts, lease, {"c0_1_0": data(100), "c0_1_1": data(SMALL * 2)})
    assert await Artifacts(artifacts.store, KeyRing.of([new_key()]), tmp_path).many("t", "s", ["c0_1_0", "c0_1_1"]) == {}
    assert list(await Artifacts(artifacts.store, RING).many("t", "s", ["c0_1_0", "c0_1_1"])) == ["c0_1_0"]
    newer = RING.seal(b"\x02", tenant="t", purpose=purpose("s", "c0_1_0"))
    await redis.hset(HASH, "c0_1_0", newer)
    assert await fresh(artifacts).get("t", "s", "c0_1_0") is None


async def test_a_small_result_rides_on_the_append_and_a_large_one_goes_ahead_of_it(redis: Redis) -> None:
    artifacts, lease = await begun(redis)
    stowed = await artifacts.stow(lease, {"c0_1_0": data(SMALL), "c0_1_1": data(SMALL + 1)})
    assert list(stowed) == ["c0_1_0"]
    assert await redis.hkeys(HASH) == [b"c0_1_1"]
    assert await redis.pttl(HASH) > 0


async def test_who_lost_the_lease_writes_over_nothing(redis: Redis, folder: Path | None) -> None:
    artifacts, old = await begun(redis, folder)
    await redis.hset("parlance:{t:session:s}:head", "expires", 0)
    new = (await artifacts.store.claim("t", "s")).lease
    await saved(artifacts, new, {"c0_1_0": data(SMALL * 2, b"new ")})
    if folder is None:
        with pytest.raises(LeaseLost):
            await artifacts.stow(old, {"c0_1_0": data(SMALL * 2, b"old ")})
    else:
        with pytest.raises(LeaseLost):
            await saved(artifacts, old, {"c0_1_0": data(SMALL * 2, b"old ")})
    assert await fresh(artifacts).get("t", "s", "c0_1_0") == data(SMALL * 2, b"new ")


async def test_what_is_too_large_is_refused_and_does_not_cost_the_turn(redis: Redis) -> None:
    artifacts, lease = await begun(redis)
    large = Artifact("file", bytes(LARGEST + 1), "x", "text/plain")
    with pytest.raises(TooLarge):
        await artifacts.put("t", "s", "file:x", large)
    lease = await saved(artifacts, lease, {"c0_1_0": large, "c0_1_1": data(5)})
    assert list(await artifacts.many("t", "s", ["c0_1_0", "c0_1_1"])) == ["c0_1_1"]
    assert lease.session.length == 3


async def test_the_largest_is_kept(redis: Redis, folder: Path | None) -> None:
    artifacts, lease = await begun(redis, folder)
    largest = data(LARGEST)
    await saved(artifacts, lease, {"c0_1_0": largest})
    found = await fresh(artifacts).get("t", "s", "c0_1_0")
    assert found == largest


async def test_an_upload_needs_no_turn_and_no_session_comes_back_for_it(redis: Redis, folder: Path | None) -> None:
    artifacts, _ = await begun(redis, folder)
    upload = Artifact("file", b"x" * (SMALL + 1), "a.txt", "text/plain")
    assert await artifacts.put("t", "s", "file:abc", upload)
    assert await fresh(artifacts).get("t", "s", "file:abc") == upload
    await artifacts.store.erase("t", "s")
    await artifacts.erase("t", "s")
    assert not await artifacts.put("t", "s", "file:abc", upload)
    assert [name async for name in redis.scan_iter("*t:session:s*")] == []
    assert folder is None or left(folder) == []


async def test_a_session_keeps_its_newest_results_and_the_customers_files(redis: Redis) -> None:
    artifacts, lease = await begun(redis)
    await artifacts.put("t", "s", "file:abc", Artifact("file", b"1", "a", "text/plain"))
    for first in range(0, ARTIFACTS + 20, 20):
        lease = await saved(artifacts, lease, {f"c0_{number}_0": data(1) for number in range(first, first + 20)})
    kept = await redis.hkeys(HASH)
    assert len(kept) == ARTIFACTS
    assert b"file:abc" in kept
    assert sorted(int(name.split(b"_")[1]) for name in kept if name != b"file:abc") == list(range(21, ARTIFACTS + 20))


async def test_all_results_of_a_session_together_are_bounded(redis: Redis, tmp_path: Path) -> None:
    artifacts, lease = await begun(redis, tmp_path)
    sizes = {f"c0_{number}_0": IN_FOLDER + f"{ARTIFACT_BYTES // 4}-{'0' * 24}".encode() for number in range(1, 7)}
    assert all(len(value) < NAME for value in sizes.values())
    await artifacts.store.append(lease, [ModelReplied(text="x")], Extra(artifacts=sizes))
    assert sorted(await redis.hkeys(HASH)) == [b"c0_3_0", b"c0_4_0", b"c0_5_0", b"c0_6_0"]


async def test_files_are_for_this_user_only_and_their_names_say_nothing(redis: Redis, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    artifacts, lease = await begun(redis, folder)
    await saved(artifacts, lease, {"c0_1_0": data(SMALL * 2)})
    (path,) = files(folder)
    assert [oct(each.stat().st_mode & 0o777) for each in (path, path.parent, path.parent / "owner")] == ["0o600", "0o700", "0o600"]
    assert len(await redis.hget(HASH, "c0_1_0")) < NAME


async def test_a_field_names_no_file_outside(redis: Redis, tmp_path: Path) -> None:
    artifacts, _ = await begun(redis, tmp_path)
    (tmp_path / "other").write_bytes(b"x")
    for name in ("../../other", "../other", "owner", "/etc/passwd", ""):
        await redis.hset(HASH, "c0_1_0", IN_FOLDER + name.encode())
        assert await artifacts.get("t", "s", "c0_1_0") is None


async def test_an_erased_session_leaves_no_file(redis: Redis, tmp_path: Path) -> None:
    artifacts, lease = await begun(redis, tmp_path)
    await saved(artifacts, lease, {"c0_1_0": data(SMALL * 2)})
    assert files(tmp_path)
    await artifacts.store.erase("t", "s")
    await artifacts.erase("t", "s")
    assert left(tmp_path) == []


async def test_what_was_written_for_an_append_that_was_refused_is_taken_back(redis: Redis, tmp_path: Path) -> None:
    artifacts, old = await begun(redis, tmp_path)
    await redis.hset("parlance:{t:session:s}:head", "expires", 0)
    new = (await artifacts.store.claim("t", "s")).lease
    await saved(artifacts, new, {"c0_1_0": data(SMALL * 2, b"new ")})
    stowed = await artifacts.stow(old, {"c0_1_0": data(SMALL * 2, b"old ")})
    assert len(files(tmp_path)) == 2
    await artifacts.discard(old, stowed)
    assert len(files(tmp_path)) == 1
    assert await fresh(artifacts).get("t", "s", "c0_1_0") == data(SMALL * 2, b"new ")
    stowed = await artifacts.stow(old, {"c0_1_0": data(SMALL * 2, b"old ")})
    await artifacts.store.erase("t", "s")
    await artifacts.erase("t", "s")
    stowed = await artifacts.stow(old, {"c0_1_0": data(SMALL * 2, b"old ")})
    await artifacts.discard(old, stowed)
    assert left(tmp_path) == []


def aged(folder: Path, now: float) -> None:
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (now, now))


async def test_files_go_when_their_session_is_past_its_lifetime_and_not_before(redis: Redis, tmp_path: Path) -> None:
    artifacts, lease = await begun(redis, tmp_path)
    await saved(artifacts, lease, {"c0_1_0": data(SMALL * 2), "c0_1_1": data(SMALL * 3)})
    aged(tmp_path, 1_000_000)
    await redis.hdel(HASH, "c0_1_1")
    assert await artifacts.prune(1_000_000 + YOUNG - 1) == 0
    assert len(files(tmp_path)) == 2
    assert await artifacts.prune(1_000_000 + YOUNG + 1) == 0
    assert len(files(tmp_path)) == 1
    assert await fresh(artifacts).get("t", "s", "c0_1_0") is not None
    await redis.flushall()
    aged(tmp_path, 1_000_000)
    assert await artifacts.prune(1_000_000 + YOUNG + 1) == 1
    assert left(tmp_path) == []


async def test_files_past_their_own_lifetime_go_while_their_session_goes_on(redis: Redis, tmp_path: Path) -> None:
    artifacts, lease = await begun(redis, tmp_path)
    await saved(artifacts, lease, {"c0_1_0": data(SMALL * 2)})
    await redis.delete(HASH)
    assert await fresh(artifacts).get("t", "s", "c0_1_0") is None
    aged(tmp_path, 1_000_000)
    assert await artifacts.prune(1_000_000 + YOUNG + 1) == 1
    assert left(tmp_path) == []
    assert await redis.exists("parlance:{t:session:s}:events")


async def test_a_folder_that_cannot_be_written_does_not_cost_the_turn(redis: Redis, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder")
    artifacts, lease = await begun(redis, tmp_path / "kept")
    lease = await saved(artifacts, lease, {"c0_1_0": data(SMALL * 2), "c0_1_1": data(5)})
    assert list(await artifacts.many("t", "s", ["c0_1_0", "c0_1_1"])) == ["c0_1_1"]


async def test_small_results_are_remembered_when_they_are_the_sessions(redis: Redis) -> None:
    artifacts, lease = await begun(redis)
    made: dict[str, Any] = {"c0_1_0": Artifact("data", orjson.dumps([1]))}
    lease = await saved(artifacts, lease, made)
    artifacts.remember(lease, made)
    await redis.delete(HASH)
    assert await artifacts.get("t", "s", "c0_1_0") == made["c0_1_0"]
    assert await fresh(artifacts).get("t", "s", "c0_1_0") is None
