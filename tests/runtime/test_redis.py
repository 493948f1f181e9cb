"""Which Redis we can stand on, and which of its errors pass by themselves."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis as BlockingRedis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError, ResponseError
from redis.retry import Retry

from runtime.embedded import server_binary
from runtime.errors import SettingsInvalid
from runtime.http import create_app, standing
from runtime.redis import by_name
from runtime.settings import Settings
from tests.line import free_port


@pytest.fixture
def cluster(redis_server: str, tmp_path: Path) -> Iterator[str]:
    """A Redis Cluster of one."""
    binary, port = server_binary(), next(port for port in iter(free_port, 0) if port < 55_000)  # its bus is 10,000 above
    assert binary
    options = {"port": str(port), "bind": "127.0.0.1", "dir": str(tmp_path), "cluster-enabled": "yes", "save": ""}
    command = [binary, *(part for name, value in options.items() for part in (f"--{name}", value))]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        url = f"redis://127.0.0.1:{port}"
        with BlockingRedis.from_url(url, retry=Retry(ConstantBackoff(0.05), 200, (RedisConnectionError,))) as client:
            client.ping()
        yield url
        process.kill()


async def test_a_redis_cluster_is_refused_at_start_in_one_line(cluster: str, settings: Settings) -> None:
    on_a_cluster = standing(settings.model_copy(update={"redis_url": cluster}))
    with pytest.raises(SettingsInvalid, match="Redis Cluster"):
        async with on_a_cluster(create_app("test", [])):
            pass


async def test_a_worker_starts_without_its_redis(settings: Settings) -> None:
    async with standing(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"}))(create_app("test", [])):
        pass


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Error running script (call to f_1): @user_script:1: @user_script: 1: -READONLY You can't write against a read only replica.", True),
        ("Error running script (call to f_1): @user_script:1: @user_script: 1: -OOM command not allowed when used memory > 'maxmemory'.", True),
        ("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.", True),
        ("NOREPLICAS Not enough good replicas to write.", True),
        ("WRONGTYPE Operation against a key holding the wrong kind of value", False),
        ("Error running script: attempt to index a nil value (READONLY is no reason)", False),
    ],
)
def test_what_a_script_was_refused_for_is_known_by_its_name(text: str, passes: bool) -> None:
    assert isinstance(by_name(ResponseError(text)), ReadOnlyError) == passes
