import asyncio
import json

from typer.testing import CliRunner

from feedback import store
from feedback.cli import app
from feedback.store import Rating

BASE = {"epoch": 0, "user": "ann", "spec": "p", "document": "d", "consent": True, "session": "s", "rating": "up"}


async def test_ratings_are_exported_one_json_object_a_line(redis, redis_url, monkeypatch):
    await redis.rpush(store.session_keys("local", "s")[0], b"{}")
    for number in range(1, 131):
        rating = Rating(id=f"s-0-{number}", turn=number, created=number, events=({"type": "UserSaid", "text": "zwei\nZeilen"},), **BASE)
        await store.save(redis, "local", rating, 1000)
    monkeypatch.setenv("PARLANCE_REDIS_URL", redis_url)
    result = await run("export")
    assert [json.loads(line)["turn"] for line in result.stdout.splitlines()] == list(range(130, 0, -1))
    listed = await run("list", "--limit", "3", "--json")
    assert [each["turn"] for each in json.loads(listed.stdout)] == [130, 129, 128]
    assert "turn 130" in (await run("list")).stdout
    assert (await run("export", "--tenant", "other")).stdout == ""


async def run(*arguments: str):
    result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
    assert result.exit_code == 0, result.output
    return result
