import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from redis import Redis

from runtime.embedded import answers, embedded_redis, server_binary, standing_redis
from runtime.errors import Unavailable
from runtime.memory import memory_redis
from runtime.settings import Settings

pytestmark = pytest.mark.usefixtures("redis_server")  # skips or fails where there is no server
REPOSITORY = Path(__file__).parents[2]
PARENT = """
import signal, sys
from pathlib import Path
from runtime.embedded import embedded_redis
with embedded_redis(Path(sys.argv[1])):
    print("up", flush=True)
    signal.pause()
"""


def client(url: str) -> Redis:
    return Redis.from_url(url)


def test_what_was_stored_is_there_after_a_restart(tmp_path):
    with embedded_redis(tmp_path) as first, client(first.url) as redis:
        assert first.lasting
        redis.set("a", "1")
    with embedded_redis(tmp_path) as second, client(second.url) as redis:
        assert redis.get("a") == b"1"


def test_only_its_owner_reaches_it(tmp_path):
    folder = tmp_path / "data"
    with embedded_redis(folder) as embedded, client(embedded.url) as redis:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "redis.sock").stat().st_mode) == 0o700
        assert redis.config_get("port") == {"port": "0"}


def test_a_folder_is_used_by_one_parlance_at_a_time(tmp_path):
    with embedded_redis(tmp_path), pytest.raises(Unavailable, match="another Parlance uses"), embedded_redis(tmp_path):
        pass


def test_a_second_command_joins_the_server_that_runs(tmp_path):
    settings = Settings(data=tmp_path)
    with standing_redis(settings) as first, client(first) as redis, standing_redis(settings) as second, client(second) as joined:
        redis.set("a", "1")
        assert joined.get("a") == b"1"


def test_a_redis_of_the_settings_is_taken_as_it_is(tmp_path):
    with standing_redis(Settings(data=tmp_path, redis_url="redis://elsewhere:1")) as url:
        assert url == "redis://elsewhere:1"
    assert list(tmp_path.iterdir()) == []


def test_a_long_folder_name_does_not_break_the_socket(tmp_path):
    folder = tmp_path / ("long" * 30)
    with embedded_redis(folder, keep=False) as embedded, client(embedded.url) as redis:
        assert redis.ping()


def test_a_short_folder_is_made_only_for_a_long_name(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with embedded_redis(tmp_path / "data", keep=False):
        assert [each.name for each in tmp_path.iterdir()] == ["data"]


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="PARLANCE_DATA"), embedded_redis(tmp_path / "file"):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends a child with its parent on Linux only")
def test_the_server_ends_when_its_parent_is_killed(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, cwd=REPOSITORY)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"up\n"
    assert answers(tmp_path / "redis.sock")
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    with embedded_redis(tmp_path):  # waits for the lock, which the old server holds until it is gone
        pass


def test_a_server_is_found_on_path_before_the_bundled_one(tmp_path, monkeypatch):
    own = tmp_path / "valkey-server"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert server_binary() == str(own)


def test_the_redis_in_memory_does_what_we_ask_of_a_real_one():
    with memory_redis() as url, client(url) as redis, client(url) as other:
        script = redis.register_script(
            "local n = redis.call('RPUSH', KEYS[1], ARGV[1]); redis.call('PUBLISH', 'news', n); return {n, redis.call('TIME')[1]}"
        )
        with redis.pubsub() as follower:
            follower.subscribe("news")
            assert follower.get_message(timeout=5)["type"] == "subscribe"
            assert script(keys=["list"], args=[b"\x00\r\n\xff"])[0] == 1
            assert follower.get_message(timeout=5)["data"] == b"1"
        large = b'{"name": 12345}' * 200_000
        redis.set("large", large, px=60_000, nx=True)
        assert other.get("large") == large
        assert other.lrange("list", 0, -1) == [b"\x00\r\n\xff"]
        with pytest.raises(Exception, match="WRONGTYPE"):
            redis.incr("list")
        assert redis.xread({"stream": "0"}) in ({}, [])
        redis.xadd("stream", {"a": "1"})
        assert len(redis.xrange("stream")) == 1
