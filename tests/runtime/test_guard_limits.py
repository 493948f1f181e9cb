"""Limits of one exchange: time, bytes, headers, what is packed."""

import asyncio
import gzip
import tracemalloc
import zlib

import pytest

from runtime.guard import MOST_MEMBERS, Answer, Limits, Lost, NotSent, Outgoing, guarded_session, unpacked
from tests.raw import OK, Silent, Writes, bytes_of, for_ever, nothing, server, taking_none

MEGABYTE = 2**20


async def sent(write: Writes, limits: Limits) -> Answer | NotSent | Lost:
    async with server(write) as url, guarded_session(allow_private=True) as http:
        return await http.send(Outgoing("GET", url, fresh=True), limits)


SHORT = Limits(seconds=0.4, connect=0.2, bytes=MEGABYTE)


@pytest.mark.parametrize(
    "write",
    [
        nothing,
        for_ever(OK, b"X", 0.02),  # a head, letter by letter
        for_ever(OK, b"X-Header: y\r\n", 0.02),
        for_ever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.02),
    ],
)
async def test_a_head_that_does_not_end_is_given_up_in_time(write: Writes) -> None:
    answer = await sent(write, SHORT)
    assert answer == Lost("it did not answer in time")


@pytest.mark.parametrize("head", [b"Content-Length: 1000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"])
async def test_a_body_that_drips_is_given_up_in_time_and_its_status_is_known(head: bytes) -> None:
    answer = await sent(for_ever(OK + head, b"1\r\nx\r\n", 0.02), SHORT)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.whole, answer.unread) == (200, False, "it broke off")


@pytest.mark.parametrize(
    "head",
    [
        OK + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n",
        OK + b"".join(b"X-%d: y\r\n" % n for n in range(100_000)) + b"\r\n",
        OK + b"X" * 100_000 + b": y\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * 100_000 + b"\r\n\r\n",
    ],
)
async def test_a_flood_of_headers_is_no_answer(head: bytes) -> None:
    answer = await sent(bytes_of(head), Limits(seconds=5))
    assert isinstance(answer, Lost)


async def test_a_body_is_read_to_its_limit_and_no_further() -> None:
    answer = await sent(for_ever(OK + b"\r\n", b"x" * 65_536), Limits(seconds=20, bytes=MEGABYTE))
    assert isinstance(answer, Answer)
    assert (answer.status, answer.unread) == (200, "it is too large")
    assert len(answer.body) < MEGABYTE + 200_000


BOMB = gzip.compress(bytes(500 * MEGABYTE), 9)  # 500 MB in half a megabyte


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate"])
async def test_a_packed_bomb_unfolds_to_the_limit_and_no_further(encoding: bytes) -> None:
    assert len(BOMB) < 520_000
    tracemalloc.start()
    packed = b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (encoding, len(BOMB))
    answer = await sent(bytes_of(OK + packed + BOMB), Limits(seconds=20, bytes=4 * MEGABYTE))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(answer, Answer)
    assert (answer.status, answer.unread, len(answer.body)) == (200, "it is too large", 4 * MEGABYTE)
    assert peak < 40 * MEGABYTE


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


RAW = zlib.compressobj(wbits=-15)
BARE = RAW.compress(b"some text") + RAW.flush()


@pytest.mark.parametrize(
    ("encoding", "packed", "expected"),
    [
        ("gzip", gz(b"some text"), (b"some text", "")),
        ("GZip", gz(b"some ") + gz(b"text"), (b"some text", "")),
        ("gzip", gz(b"some text") + b"\0\0\0", (b"some text", "")),
        ("x-gzip", gz(b"some text")[:-9], (b"some text", "it broke off")),
        ("gzip", gz(b"some ") + gz(b"text")[:8], (b"some ", "it broke off")),
        ("gzip", gz(b"x" * 60) + gz(b"x" * 60), (b"x" * 100, "it is too large")),
        ("gzip", gz(b"") * (MOST_MEMBERS + 1), (b"", "it cannot be unpacked")),
        ("gzip", b"\x1f\x8bnonsense", (b"", "it cannot be unpacked")),
        ("gzip", b"", (b"", "")),
        ("deflate", zlib.compress(b"some text"), (b"some text", "")),
        ("deflate", BARE, (b"some text", "")),
        ("identity", b"some text", (b"some text", "")),
        ("", b"some text", (b"some text", "")),
        ("br", b"x", (b"", "it is packed as br")),
        ("gzip, gzip", b"x", (b"", "it is packed as gzip, gzip")),
    ],
)
def test_what_is_packed_is_unpacked_whole_or_said_to_be_not(encoding: str, packed: bytes, expected: tuple[bytes, str]) -> None:
    assert unpacked(packed, {"content-encoding": encoding}, 100) == expected


async def test_a_name_server_that_does_not_answer_means_not_sent() -> None:
    async with guarded_session(resolver=Silent) as http:
        assert await http.send(Outgoing("GET", "https://slow.test/"), SHORT) == NotSent("no connection came about in time")


async def test_a_handshake_that_does_not_end_means_not_sent() -> None:
    async with server(nothing) as url, guarded_session(allow_private=True) as http:  # it waits for a head that is not encrypted
        outgoing = Outgoing("POST", url.replace("http://", "https://"), body=b"x", fresh=True)
        assert await http.send(outgoing, SHORT) == NotSent("no connection came about in time")


async def test_a_host_that_takes_no_connection_means_not_sent() -> None:
    with taking_none() as url:
        async with guarded_session(allow_private=True) as http:
            assert await http.send(Outgoing("POST", url, body=b"x", fresh=True), SHORT) == NotSent("no connection came about in time")


async def test_a_host_that_speaks_no_tls_means_not_sent() -> None:
    async def on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(OK + b"\r\n")
        writer.close()

    async with await asyncio.start_server(on, "127.0.0.1", 0) as plain, guarded_session(allow_private=True) as http:
        url = f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}/"
        assert await http.send(Outgoing("GET", url), Limits()) == NotSent("its certificate is not valid, or it does not speak TLS")


@pytest.mark.parametrize("size", [0, 10, 3 * MEGABYTE])
async def test_a_body_is_sent_whole_with_its_length(size: int) -> None:
    heads: list[bytes] = []

    async def on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(size)
        writer.write(OK + b"Content-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(on, "127.0.0.1", 0) as listening, guarded_session(allow_private=True) as http:
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
        assert isinstance(await http.send(Outgoing("POST", url, (("Content-Type", "text/x"),), b"x" * size, fresh=True), Limits()), Answer)
    assert b"content-type: text/x\r\n" in heads[0].lower()
    assert b"content-length: %d\r\n" % size in heads[0].lower()
    assert b"chunked" not in heads[0].lower()
