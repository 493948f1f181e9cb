"""Random faults against real workers, a real Redis, a real product and a model over HTTP; the invariants counted at the product's ledger.

    python -m bench.soak [--faults 500] [--seed N] [--batch 25] [--workers 3] [--customers 10]

Exit 1 when an invariant of shared/turn-protocol.md does not hold; what is needed to look into it is printed and kept (--keep FOLDER).
"""

import argparse
import asyncio
import json
import logging
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench import soak_model, soak_product, soak_stage
from bench.soak_check import violations
from bench.soak_customers import Customers, Tenant, Wish
from bench.soak_model import Model
from bench.soak_product import Orders, document
from bench.soak_stage import Stage, resident, staged
from runtime.auth import create_key
from tests.invariants import ENDS
from tests.line import Client, workers
from tests.vendor import Vendor

SETTINGS: dict[str, Any] = {
    "lease_seconds": 2.0, "heartbeat": 0.6, "product_timeout": 1.0, "model_seconds": 2.0, "turn_seconds": 20.0, "respond_within": 6.0,
    "max_model_calls": 6, "max_tool_calls": 12, "max_answer_bytes": 1_000_000, "log_format": "json", "log_level": "warning",
}  # fmt: skip
QUIET = 45.0  # seconds, until every turn must have ended when nothing is broken any more
MOST_MEGABYTES = 600


@dataclass
class Soak:
    stage: Stage
    customers: Customers
    orders: Orders
    model: Model
    tenants: list[Tenant]
    rng: random.Random
    most: int
    found: list[tuple[str, str]] = field(default_factory=list)  # (session, violation)
    stories: dict[str, Any] = field(default_factory=dict)  # events of sessions with a violation

    outcomes: Counter[str] = field(default_factory=Counter)

    def struck(self) -> Counter[str]:
        return self.stage.struck + self.orders.struck + self.model.struck

    async def batch(self, until: int) -> None:
        """Customers talk while things break; then everything is healed, and every session looked at."""
        self.customers.wishes.clear()
        stop = asyncio.Event()
        talking = [asyncio.create_task(self._talk(stop, random.Random(self.rng.random()))) for _ in range(self.most)]
        try:
            while self.struck().total() < until:
                await self.stage.strike(self.rng.choice(soak_stage.FAULTS))
                await asyncio.sleep(self.rng.uniform(0.0, 0.6))
        finally:
            stop.set()
        await asyncio.gather(*talking)
        await self._check()

    async def _talk(self, stop: asyncio.Event, rng: random.Random) -> None:
        """One customer: sessions of a few turns each."""
        while not stop.is_set():
            tenant = rng.choice(self.tenants)
            key = rng.choice(tenant.keys)
            session = await self.customers.begin(tenant, key)
            made: list[str] = []
            for _ in range(rng.randint(1, 4)):
                if stop.is_set():
                    return
                await self._turn(rng, Wish(tenant, session, key, "", ()), made)

    async def _turn(self, rng: random.Random, wish: Wish, made: list[str]) -> None:
        wish.kind = rng.choice(("create", "create", "create two", *(("ship", "show") if made else ())))
        fresh = tuple(f"ord-{rng.getrandbits(40):x}" for _ in range(2 if wish.kind == "create two" else 1))
        wish.names = fresh if wish.kind.startswith("create") else (made.pop(),)
        made += fresh if wish.kind.startswith("create") else ()
        fault = rng.random()
        if fault < 0.35:
            self.orders.faults[rng.choice(wish.names)] = rng.choice(soak_product.FAULTS)
        elif fault < 0.6:
            self.model.faults[wish.names[0]] = rng.choice(soak_model.FAULTS)
        self.customers.wishes.append(wish)
        copies = rng.choice((1, 1, 1, 2, 5))
        await self.customers.play(wish, copies, rng.choice(("", "", "", "talk", "press")))
        self.model.faults.pop(wish.names[0], None)

    async def _check(self) -> None:
        self.orders.faults.clear()
        self.stage.staff()
        for pid in self.stage.dead:
            self.found.append(("-", f"I10 worker {pid} ended by itself"))
        self.stage.dead.clear()
        for pid in self.stage.workers:
            if (size := resident(pid)) > MOST_MEGABYTES:
                self.found.append(("-", f"I7 worker {pid} has {size} MB"))
        sessions: dict[str, list[Wish]] = {}
        for wish in self.customers.wishes:
            sessions.setdefault(wish.session, []).append(wish)
        await asyncio.gather(*(self._look(session, wishes) for session, wishes in sessions.items()))

    async def _look(self, session: str, wishes: list[Wish]) -> None:
        read = await self._quiet(session, wishes[0].key)
        events = read.get("events", [])
        limits = {"models": SETTINGS["max_model_calls"], "tools": SETTINGS["max_tool_calls"], "seconds": SETTINGS["turn_seconds"] + 20}
        broken = violations(events, wishes, self.orders, limits)
        if read.get("status") == "running":
            broken.append(f"I2 the turn had not ended {QUIET:.0f} s after everything was healed")
        other = next(tenant for tenant in self.tenants if tenant.name != wishes[0].tenant.name)
        status, _ = await self.customers.ask("GET", self.stage.url(), other.keys[0], f"/v1/sessions/{session}")
        if status == 200:
            broken.append(f"I9 another tenant's key reads it: {status}")
        self.outcomes.update(line["outcome"] for e in events if e["type"] in ENDS for line in e["receipt"] if line["changing"])
        self.outcomes.update(e["type"] for e in events if e["type"] in ENDS)
        if broken:
            self.found += [(session, each) for each in broken]
            names = {name for wish in wishes for name in wish.names}
            ledger = [str(effect) for effect in self.orders.ledger if effect.name in names]
            self.stories[session] = {"violations": broken, "tenant": wishes[0].tenant.name, "ledger": ledger, "events": events}

    async def _quiet(self, session: str, key: str) -> Any:
        end = time.monotonic() + QUIET
        while True:
            status, answer = await self.customers.ask("GET", self.stage.url(), key, f"/v1/sessions/{session}")
            if time.monotonic() > end or (status == 200 and answer["status"] != "running"):
                return answer
            await asyncio.sleep(0.2)


async def tenant(stage: Stage, setup: str, product: str, *, honours: bool) -> Tenant:
    """A tenant with the product's document and a connection whose tokens are its own."""
    name = "keys" if honours else "nokeys"
    async with stage.redis as redis, aiohttp.ClientSession() as http:
        keys = [await create_key(redis, name, user, ("chat", "specs")) for user in ("ada", "bob", "eve")]
        client = Client(http, setup, keys[0])
        await client.upload(document(honours=honours))
        settings = {"honours_idempotency_key": None if honours else False}
        await client.ask("PUT", f"/v1/specs/{client.spec}/settings", (200, 204), json=settings)
        credential = {
            "type": "client_credentials",
            "client_id": name,
            "client_secret": "s",
            "token_url": f"{product}/token",
            "authentication": "body",
        }
        body = {"spec_id": client.spec, "base_url": product, "credential": credential, "shared": True}
        made = await client.ask("POST", "/v1/connections", 201, json=body)
        return Tenant(name, client.spec, made["id"], tuple(keys), honours)


@asynccontextmanager
async def soak(options: argparse.Namespace) -> AsyncIterator[Soak]:
    rng = random.Random(options.seed)
    orders = Orders(frozenset({"keys"}), slow=0.6, hang=SETTINGS["product_timeout"] + 1.5)
    model = Model()
    async with AsyncExitStack() as stack:
        log = stack.enter_context((options.keep / "workers.log").open("wb"))
        product = await stack.enter_async_context(orders.serving())
        vendor = await stack.enter_async_context(Vendor(model))
        settings = {**SETTINGS, "model": f"compatible:scripted@{vendor.url}"}
        stage = await stack.enter_async_context(staged(log, options.workers, rng, orders.tokens.clear, **settings))
        with workers(f"unix://{stage.store.socket}", 1) as started:
            tenants = [await tenant(stage, started[0].url, product, honours=honours) for honours in (True, False)]
        stage.staff()
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True)))
        yield Soak(stage, Customers(http, stage, rng), orders, model, tenants, rng, options.customers)
        model.never.set()


def report(run: Soak, seconds: float, seed: int) -> int:
    struck, races = run.struck(), run.customers.struck
    for title, counts in (("faults", struck), ("races", races), ("what customers were told", run.outcomes)):
        print(f"{counts.total():6} {title}: " + ", ".join(f"{times} {kind}" for kind, times in sorted(counts.items())))
    print(f"{run.customers.messages:6} messages, {len(run.orders.ledger)} changes at the product, {seconds:.0f} s, seed {seed}")
    by, bound = Counter(text.split()[0] for _, text in run.found), 3 / max(struck.total(), 1)
    told = ", ".join(f"{name} {times}" for name, times in sorted(by.items()))
    print(f"{len(run.found):6} violations" + (f": {told}" if told else f" (95 % bound: {bound:.2%} a fault)"))
    for session, text in run.found[:30]:
        print(f"  {session}: {text}")
    return 1 if run.found else 0


async def main(options: argparse.Namespace) -> int:
    print(f"seed {options.seed}; logs and stories in {options.keep}", flush=True)
    begun = time.monotonic()
    async with soak(options) as run:
        while (done := run.struck().total()) < options.faults and not (options.first and run.found):
            await run.batch(min(done + options.batch, options.faults))
            print(f"{run.struck().total():5} faults {run.customers.messages:6} messages {len(run.found)} violations", flush=True)
            (options.keep / "stories.json").write_text(json.dumps(run.stories, indent=1))
        return report(run, time.monotonic() - begun, options.seed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=500)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--batch", type=int, default=50, help="faults between two looks at everything")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--customers", type=int, default=8)
    parser.add_argument("--keep", type=Path, help="the folder for logs and stories; else a new one")
    parser.add_argument("--first", action="store_true", help="stop after the batch with the first violation")
    given = parser.parse_args()
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # who asked is often dead before the answer
    given.keep = given.keep or Path(tempfile.mkdtemp(prefix="parlance-soak-"))
    given.keep.mkdir(parents=True, exist_ok=True)
    sys.exit(asyncio.run(main(given)))
