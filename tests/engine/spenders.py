"""A process of many turns that spend a tenant's day at once, for test_quota.py: each reserves, asks a model that takes a moment, and settles."""

import asyncio
import json
import secrets
import sys

from engine.budget import Cost
from engine.quota import Held, Item, Quota
from runtime.limits import Limits
from runtime.redis import connect


async def turn(quota: Quota, limits: Limits, one: int, hold: int) -> int:
    """The tokens it has used when the day's are used up."""
    used = 0
    while True:
        held = Held(secrets.token_hex(10), (hold, 0))
        word = await quota.reserve("t", held, limits)
        if word == "tokens":
            return used
        await asyncio.sleep(0.02 if word == "ok" else 0.1)  # the model takes a moment; others' reservations are waited for
        if word == "ok":
            step = quota.settlement("t", [Item(held.id, Cost(1, 0, one - 100, 100), held=held.most)])
            await quota.redis.eval(step.script, len(step.keys), *step.keys, *step.args)
            used += one


async def main(url: str, turns: int, limit: int, one: int, hold: int) -> None:
    redis = connect(url)
    quota = Quota(redis)
    print("ready", flush=True)
    sys.stdin.readline()
    found = await asyncio.gather(*(turn(quota, Limits(tokens_per_day=limit), one, hold) for _ in range(turns)))
    await redis.aclose()
    print(json.dumps({"tokens": sum(found), "refused": len(found)}))


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.argv[1])))
