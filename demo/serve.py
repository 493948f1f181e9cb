"""Runs the example product: inside another process, or by itself (`python -m demo.serve`)."""

import argparse
import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from demo.app import create_app
from demo.tokens import CLIENT_ID, CLIENT_SECRET


@asynccontextmanager
async def serve(app: web.Application, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """The product's address while the block runs; port 0 takes a free one."""
    runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0]
        yield f"http://{bound[0]}:{bound[1]}"
    finally:
        await runner.cleanup()


async def run(port: int, database: str, token_seconds: int) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with serve(create_app(database, token_seconds=token_seconds), port) as url:
        sys.stdout.write(f"Identity Administration: {url}  (document: {url}/openapi.yaml, client {CLIENT_ID}, secret {CLIENT_SECRET})\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The example product")
    parser.add_argument("--port", type=int, default=8600)
    parser.add_argument("--database", default=":memory:", help="a file that keeps the data")
    parser.add_argument("--token-seconds", type=int, default=60)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.port, arguments.database, arguments.token_seconds))
