"""An app over HTTP on a port of ours, until somebody asks us to end."""

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from runtime.errors import SettingsInvalid

GRACE_SECONDS = 1  # for requests under way when we end; streams end at once


class Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are ours: uvicorn would raise them again after its end."""
        yield


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Takes the port, before anything is started for it."""
    try:
        listener = socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise SettingsInvalid(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port (make demo PORT={port + 10})") from None
    with listener:
        yield listener


@asynccontextmanager
async def answering(app: FastAPI, listener: socket.socket) -> AsyncIterator[str]:
    """The app over HTTP while the block runs; yields its address. Who connects before it has started waits in the backlog."""
    server = Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=GRACE_SECONDS))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    host, port = listener.getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        words = logging.getLogger("uvicorn.error")
        words.setLevel(logging.CRITICAL)  # what is cut off now is cut off on purpose
        app.state.leaving.set()
        server.should_exit = True
        await running
        words.setLevel(logging.NOTSET)


def stopping() -> asyncio.Event:
    """Set when somebody asks us to end: Ctrl-C, `kill`, the terminal closed."""
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    return asked
