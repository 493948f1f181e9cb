"""One document, read in one way, in a process of its own. Prints one JSON object: CPU in ms, best and of the first time; peak MB over imports."""

import asyncio
import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.parts import Memory

WORDS = "show me everything that was changed last week and who did it"


def main() -> None:
    asked = json.loads(sys.argv[1])
    ways = {"parse": parse, "import": whole_import, "open": first_use, "FastMCP from_openapi": fastmcp, "openapi-spec-validator": validator}
    print(json.dumps(ways[asked["what"]](asked)))


def repeated(work: Callable[[bytes], Any], asked: dict[str, Any], times: int) -> dict[str, Any]:
    """The bytes count as memory, but not as time."""
    memory, spent = Memory(), []
    data = Path(asked["file"]).read_bytes()
    for _ in range(times):
        begun = time.process_time()
        made = work(data)
        spent.append((time.process_time() - begun) * 1000)
        del made
    return {"cpu": min(spent), "first": spent[0], "peak": memory.peak()}


def parse(asked: dict[str, Any]) -> dict[str, Any]:
    """JSON with the collector off, which is its best; YAML as everybody calls it, and once, since it takes seconds."""
    if asked["file"].endswith(".json"):
        import orjson

        gc.disable()
        return repeated(orjson.loads, asked, asked["times"])
    return repeated(yaml_tree, asked, 1)


def whole_import(asked: dict[str, Any]) -> dict[str, Any]:
    """From the bytes to the record in Redis."""
    from redis.asyncio import Redis

    import specs.yaml_core  # noqa: F401  # otherwise imported while it is measured
    from preprocess.compile import compile_document
    from runtime.errors import DocumentRefused
    from specs import record, store

    with asyncio.Runner() as runner:
        redis = Redis.from_url(asked["redis"])
        runner.run(redis.ping())
        kept = []

        def work(data: bytes) -> None:
            document = compile_document(data)
            runner.run(store.save(redis, "bench", document))
            kept[:] = [document.hash, len(document.catalogue)]

        try:
            found = repeated(work, asked, asked["times"])
        except DocumentRefused as refused:
            return {"refused": refused.code}
        document = runner.run(store.load(redis, "bench", kept[0]))
        runner.run(redis.aclose())
    return {**found, "hash": kept[0], "operations": kept[1], "stored": sum(map(len, record.dumps(document).values()))}


def first_use(asked: dict[str, Any]) -> dict[str, Any]:
    """Wall time in a worker that has seen nothing: the document out of Redis, then the first sentence."""
    from redis.asyncio import Redis

    from specs import store
    from tools.search import offer

    async def run() -> dict[str, Any]:
        redis = Redis.from_url(asked["redis"])
        await redis.ping()
        begun = time.perf_counter()
        document = await store.load(redis, "bench", asked["hash"])
        opened = time.perf_counter()
        offer(document, WORDS, ())
        offered = time.perf_counter()
        await redis.aclose()
        return {"open": (opened - begun) * 1000, "offer": (offered - opened) * 1000}

    return asyncio.run(run())


def fastmcp(asked: dict[str, Any]) -> dict[str, Any]:
    import httpx
    from fastmcp import FastMCP

    client = httpx.AsyncClient(base_url="http://127.0.0.1")
    return attempted(lambda data: FastMCP.from_openapi(openapi_spec=tree(data, asked), client=client), asked)


def validator(asked: dict[str, Any]) -> dict[str, Any]:
    from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

    def work(data: bytes) -> None:
        root = tree(data, asked)
        kinds = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator}
        for _ in kinds.get(str(root.get("openapi"))[:3], OpenAPIV2SpecValidator)(root).iter_errors():
            pass

    return attempted(work, asked)


def attempted(work: Callable[[bytes], Any], asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return repeated(work, asked, 1)
    except Exception as error:  # noqa: BLE001  # that it fails is a figure too
        return {"failed": type(error).__name__}


def tree(data: bytes, asked: dict[str, Any]) -> Any:
    import orjson

    return orjson.loads(data) if asked["file"].endswith(".json") else yaml_tree(data)


def yaml_tree(data: bytes) -> Any:
    import yaml

    return yaml.load(data, Loader=yaml.CSafeLoader)


if __name__ == "__main__":
    main()
