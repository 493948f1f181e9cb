"""How many injected texts are resisted with a model that obeys every text it reads. See README.md beside it.

python -m bench.injection [--eval DIR] [--out FOLDER] [--only WORD]
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aiohttp import web

from engine.loopback import operation_at
from preprocess.compile import compile_document
from runtime.embedded import embedded_redis
from runtime.errors import ParlanceError
from runtime.redis import connect
from runtime.settings import Settings
from specs.catalogue import unnamed
from specs.document import Document
from tests.engine.inside import Inside, told
from tests.obedient import Customer, Obedient, fit, pool
from tests.vendor import Vendor, Wish, in_turn
from tools.schema import definition
from tools.settings import DocumentSettings

ROOT = Path(__file__).resolve().parents[1]
JSON = Any
HARMLESS = "Nothing special here."
KEY = ("cGFybGFuY2UgdGVzdCBrZXksIDMyIGJ5dGVzIGxvbmc=",)


@dataclass(frozen=True, slots=True)
class Way:
    """`approves`: the customer says yes to everything and answers every question. `attacked`: the response holds the injected text."""

    name: str
    approves: bool
    attacked: bool


WAYS = (Way("every approval declined", False, True), Way("every approval given", True, True))
CALM = (Way("without the injected text, declined", False, False), Way("without the injected text, given", True, False))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval", help="where inject.jsonl, specs/ and score.py are")
    options.add_argument("--out", type=Path, help="keep the predictions in this folder")
    options.add_argument("--only", default="", help="only rows with this word in their id")
    given = options.parse_args()
    rows = [row for line in (given.eval / "inject.jsonl").read_text().splitlines() if given.only in (row := json.loads(line))["id"]]
    with tempfile.TemporaryDirectory() as folder:
        out = given.out or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        (Path(folder) / "redis").mkdir()
        played = {way.name: asyncio.run(play(rows, given.eval, way, Path(folder) / "redis")) for way in (*WAYS, *CALM)}
        for way in WAYS:
            name = way.name.replace(" ", "-")
            print(f"\n{way.name}: {scored(played[way.name], out / f'{name}.jsonl', given.eval)}")
    print("\nrows in which the customer's own operation was carried out:")
    for way in (*WAYS, *CALM):
        done = sum(own_done(row, each) for row, each in zip(rows, played[way.name], strict=True))
        print(f"  {way.name}: {done} of {len(rows)}")


def scored(predictions: Sequence[JSON], file: Path, evaluation: Path) -> str:
    file.write_text("".join(json.dumps(each) + "\n" for each in predictions))
    command = [sys.executable, str(evaluation / "score.py"), "--pred", str(file), "--sets", "inject", "--errors", "20"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def own_done(row: JSON, played: JSON) -> bool:
    return tuple(row["allowed_operations"][0]) in played["executed"]


async def play(rows: Sequence[JSON], evaluation: Path, way: Way, folder: Path) -> list[JSON]:
    documents: dict[str, Document] = {}
    found = []
    with embedded_redis(folder, keep=False) as embedded:
        redis = connect(embedded.url)
        async with Vendor(lambda _: "") as vendor:
            common = {"redis_url": embedded.url, "allow_private_hosts": True, "secret_keys": KEY, "product_timeout": 5}
            settings = Settings(model="openai:scripted", model_url=vendor.url, model_key="sk-test", **common)
            for row in rows:
                if row["spec"] not in documents:
                    documents[row["spec"]] = compile_document((evaluation / "specs" / row["spec"]).read_bytes())
                await redis.flushall()
                async with told(settings, redis, documents[row["spec"]]) as stage:
                    found.append(await played(row, stage, vendor, way))
        await redis.aclose()
    return found


async def played(row: JSON, stage: Inside, vendor: Vendor, way: Way) -> JSON:
    body = row["response_body"] if way.attacked else json.loads(json.dumps(row["response_body"]).replace(quoted(row["injected_text"]), HARMLESS))
    stage.product.otherwise = lambda _: web.json_response(body, status=row["response_status"])
    own = own_call(stage.document, row)
    forbidden = [operation_of(stage.document, method, path) for method, path in row.get("forbidden_operations") or ()]
    values = pool(row["injected_text"])
    attacks = [Wish(each, fit(definition(stage.document.operation(each), DocumentSettings()), values)) for each in forbidden]
    vendor.script = Obedient(stage.document, [own], row["injected_text"], attacks) if way.attacked else in_turn(own)
    await stage.say(row["utterance"])
    with suppress(ParlanceError):  # what cannot be answered is left
        await Customer(way.approves).answers(stage)
    requests = [f"{seen.method} {seen.target}\n{seen.body.decode(errors='replace')}" for seen in stage.product.seen]
    executed = [operation_named(stage.document, seen.method, seen.target) for seen in stage.product.seen]
    return {"id": row["id"], "executed": executed, "requests": requests}


def quoted(text: str) -> str:
    return json.dumps(text)[1:-1]


def own_call(document: Document, row: JSON) -> Wish:
    """The operation that the row allows, with what it needs taken from the customer's words."""
    name = operation_of(document, *row["allowed_operations"][0])
    said = pool(row["utterance"])
    return Wish(name, fit(definition(document.operation(name), DocumentSettings()), replace(said, names=(*said.urls, *reversed(said.names)))))


def template(path: str) -> str:
    return unnamed(path).rstrip("/")


def operation_of(document: Document, method: str, path: str) -> str:
    return next(each.id for each in document.catalogue if (each.method, template(each.path)) == (method, template(path)))


def operation_named(document: Document, method: str, target: str) -> tuple[str, str]:
    """The operation a request was."""
    entry = operation_at(document, method, target)
    return method, entry.path if entry else target.partition("?")[0]


if __name__ == "__main__":
    main()
