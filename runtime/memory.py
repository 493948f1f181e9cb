"""A Redis inside this process, for machines where no server is found: fakeredis over loopback. It forgets everything at exit."""

import io
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from redis.exceptions import ResponseError

if TYPE_CHECKING:
    from typing_extensions import Buffer

SEND_SECONDS = 30.0


@contextmanager
def memory_redis() -> Iterator[str]:
    from fakeredis import TcpFakeServer  # 0.3 s to import, and only here where it is used

    server = TcpFakeServer(("127.0.0.1", 0), server_type="redis", server_version=(7, 0))
    server.RequestHandlerClass = handler()
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="memory-redis", daemon=True)
    thread.start()
    try:
        yield f"redis://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(2)


def handler() -> Any:
    """fakeredis' own handler, with the three things mended that differ from a real server (2.40)."""
    from fakeredis._clients._tcp_server import TCPFakeRequestHandler, Writer

    class BulkWriter(Writer):
        def dump(self, value: Any) -> None:
            """Bytes with their length in front; fakeredis sends them as one line, which clients limit."""
            self.write(b"$%d\r\n%s\r\n" % (len(value), value)) if isinstance(value, bytes) else super().dump(value)

    class Handler(TCPFakeRequestHandler):
        rbufsize = 2**20

        def setup(self) -> None:
            super().setup()
            self.current_client = ErrorsAsReplies(self.current_client)  # type: ignore[assignment]  # stands in for it whole
            self.whole = WholeReplies(self.connection)
            self.writer = BulkWriter(self.client_address, self.whole, self)

        def finish(self) -> None:
            self.whole.close()
            super().finish()

    return Handler


class ErrorsAsReplies:
    """An error is a reply like another; fakeredis would close the connection after it."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def read_response(self) -> Any:
        try:
            return self.client.read_response()
        except ResponseError as error:
            return error

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)


class WholeReplies(io.BufferedIOBase):
    """Waits where the socket's buffer is full; fakeredis' socket never blocks and would cut a large reply."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = socket.socket(fileno=os.dup(connection.fileno()))
        self.socket.settimeout(SEND_SECONDS)

    def write(self, data: "Buffer") -> int:
        self.socket.sendall(data)
        return memoryview(data).nbytes

    def close(self) -> None:
        self.socket.close()
        super().close()
