"""Which addresses may be called: tried on real listeners, checked where the connection is made."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from runtime.guard import MAX_POLICIES, Answer, Limits, Lost, NotSent, Outgoing, guarded_session
from tests.raw import Nowhere

WRITTEN = """
127.0.0.1 127.0.0.2 127.255.255.254 127.0.0.1. 127.1 127.0.1 127.1. 2130706433 2130706433. 0x7f000001 0X7F000001 0x7f.1 0x7f.0x0.0x0.0x1
0x7f.0.0.1 0177.0.0.1 017700000001 0177.1 00000177.0.0.1 127.0.0.01 127.000.000.001 127.0.0.256 127.0.0.1.1 0 0x0 0x 00 0.0.0.0 1 localhost
LOCALHOST localhost. foo.localhost a.b.localhost. 10.0.0.1 10.255.255.255 0xa.1 172.16.0.1 172.31.255.254 192.168.0.1 192.168.1 3232235521
100.64.0.1 100.127.255.254 198.18.0.1 198.19.0.1 192.0.0.1 192.0.2.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1 239.255.255.255
240.0.0.1 255.255.255.255 0.1.2.3 169.254.0.1 169.254.169.254 169.254.169.253 169.254.170.2 169.254.169.254. 2852039166 0xa9fea9fe
0251.0376.0251.0376 169.16689662 100.100.100.200 192.0.0.192 168.63.129.16 [::1] [0:0:0:0:0:0:0:1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1]
[0:0:0:0:0:ffff:7f00:0001] [::ffff:10.0.0.1] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::127.0.0.1] [::7f00:1] [::ffff:0:127.0.0.1]
[::ffff:0:a9fe:a9fe] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::10.0.0.1] [64:ff9b::169.254.169.254] [64:ff9b:1::1]
[64:ff9b:1::8.8.8.8] [2002:7f00:1::] [2002:a00:1::1] [2002:a9fe:a9fe::1] [2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001::1] [2001:10::1]
[2001:db8::1] [3fff::1] [100::1] [5f00::1] [fe80::1] [fe80::1%251] [fe80::1%lo] [::1%25lo] [::1%lo] [fec0::1] [fc00::1] [fd00::1]
[fd00:ec2::254] [fd20:ce::254] [fd00:42::42] [ff01::1] [ff02::1] [ff05::2] [::ffff:127.1] [::ffff:0x7f.1] [127.0.0.1] [v1.127.0.0.1] []
%31%32%37.0.0.1 127%2e0%2e0%2e1 127.0.0%2e1 loc%61lhost １２７.0.0.1 ①②⑦.0.0.1 127。0。0。1 127．0．0．1 127｡0｡0｡1 ⓛⓞⓒⓐⓛⓗⓞⓢⓣ
ｌｏｃａｌｈｏｓｔ loc\u00adalhost [：：1] ⑯⑨.254.169.254 0ｘ7f.1 user@127.0.0.1 user:word@127.0.0.1 @127.0.0.1 :@127.0.0.1
good.example@127.0.0.1 good.example\\@127.0.0.1 127.0.0.1\\@good.example 127.0.0.1\\.good.example good.example%00.127.0.0.1
127.0.0.1%00.good.example 127.0.0.1%0d%0a.good.example good..example . a_b!.example -a.example 127.0.0.1:80 127.0.0.1: \u2025
"""
PORTS = [f"https://good.example:{port}/" for port in ("0", "00000", "65536", "99999", "-1")]
OTHERS = """
file:///etc/passwd ftp://127.0.0.1:{p}/ gopher://127.0.0.1:{p}/_x ws://127.0.0.1:{p}/ wss://127.0.0.1:{p}/ unix:///var/run/x http+unix://x/
data:,x dict://127.0.0.1:{p}/ tcp://127.0.0.1:{p}/ ldap://127.0.0.1:{p}/ jar:http://127.0.0.1:{p}/!/ javascript:alert(1) //127.0.0.1:{p}/
/127.0.0.1:{p}/ 127.0.0.1:{p}/ https:127.0.0.1:{p}/ http:///x https:///127.0.0.1:{p}/ http://:{p}/ https://?@127.0.0.1:{p}/
https://#@127.0.0.1:{p}/ https:\\\\127.0.0.1:{p}/ https:/\\127.0.0.1:{p}/ https://
"""
HOSTILE = [*(f"{scheme}://{host}:{{p}}/" for host in WRITTEN.split() for scheme in ("http", "https")), *PORTS, *OTHERS.split()]
SPLIT = ["https://127.0.0.1\n.good.example/", "https://127.0.0.1 .good.example:{p}/", "https://\t127.0.0.1:{p}/", " https://127.0.0.1:{p}/", ""]


@dataclass
class Listener:
    """On every address of this machine, IPv4 and IPv6."""

    port: int = 0
    came: list[object] = field(default_factory=list)
    answer: bytes = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came.append(writer.get_extra_info("peername"))
        await reader.readuntil(b"\r\n\r\n")
        writer.write(self.answer)
        writer.close()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    made = Listener()
    async with await asyncio.start_server(made.accept, port=0, family=socket.AF_INET) as four:
        made.port = four.sockets[0].getsockname()[1]
        async with await asyncio.start_server(made.accept, port=made.port, family=socket.AF_INET6):
            yield made


QUICK = Limits(seconds=2, connect=1)


async def test_no_hostile_address_gets_a_connection(listener: Listener) -> None:
    """With http allowed, so that the address and not the scheme is what is refused."""
    assert len(HOSTILE) >= 300
    async with guarded_session(plain_http=True) as http:
        for address in (*HOSTILE, *SPLIT):
            sent = await http.send(Outgoing("GET", address.replace("{p}", str(listener.port))), QUICK)
            assert isinstance(sent, NotSent), address
            assert sent.refused, address
    assert listener.came == []


async def test_the_listener_would_have_been_reached(listener: Listener) -> None:
    """Else the table above would prove nothing."""
    async with guarded_session(allow_private=True) as http:
        for host in ("127.0.0.1", "127.0.0.2", "127.255.255.254", "localhost", "[::1]", "[::ffff:127.0.0.1]", "１２７.0.0.1", "127。0。0。1"):
            assert isinstance(await http.send(Outgoing("GET", f"http://{host}:{listener.port}/"), QUICK), Answer), host
    assert len(listener.came) == 8


async def test_a_listed_host_is_reached_and_only_it(listener: Listener) -> None:
    async with guarded_session() as http:
        for host, listed in (("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("LOCALHOST", "LocalHost.")):
            assert isinstance(await http.send(Outgoing("GET", f"http://{host}:{listener.port}/", hosts=(listed,)), QUICK), Answer)
        assert isinstance(await http.send(Outgoing("GET", f"http://[::1]:{listener.port}/", hosts=("[::1]",)), QUICK), Answer)
        assert len(listener.came) == 4
        for host in ("127.0.0.1", "127.0.0.2", "[::1]"):
            sent = await http.send(Outgoing("GET", f"http://{host}:{listener.port}/", hosts=("localhost", "10.0.0.1")), QUICK)
            assert isinstance(sent, NotSent), host
            assert sent.refused, host
    assert len(listener.came) == 4


async def test_what_is_listed_for_one_document_is_not_open_to_another(listener: Listener) -> None:
    address = f"http://127.0.0.1:{listener.port}/"
    async with guarded_session() as http:
        assert isinstance(await http.send(Outgoing("GET", address, hosts=("127.0.0.1",)), QUICK), Answer)
        assert isinstance(await http.send(Outgoing("GET", address), QUICK), NotSent)
    assert len(listener.came) == 1


CLOSED = """
169.254.169.254 169.254.170.2 169.254.1.1 [fe80::1] [fd00:ec2::254] [fd20:ce::254] [fd00:42::42] 100.100.100.200 168.63.129.16 192.0.0.192
0.0.0.0 [::] 224.0.0.1 255.255.255.255 [ff02::1] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [64:ff9b::169.254.169.254] [64:ff9b::127.0.0.1]
[2002:7f00:1::] [::127.0.0.1] 192.0.2.1 [2001:db8::1] 2852039166
"""


@pytest.mark.parametrize("host", CLOSED.split())
async def test_metadata_and_link_local_stay_closed_whatever_is_allowed(host: str) -> None:
    async with guarded_session((host,), allow_private=True, plain_http=True) as http:
        sent = await http.send(Outgoing("GET", f"http://{host}/latest/meta-data/", hosts=(host,)), QUICK)
    assert isinstance(sent, NotSent)
    assert sent.refused


async def test_http_is_for_listed_hosts_or_where_the_operator_allows_it(listener: Listener) -> None:
    public = "http://api.example.test/"
    async with guarded_session(resolver=Nowhere) as http:
        refused = await http.send(Outgoing("GET", public), QUICK)
        assert isinstance(refused, NotSent)
        assert refused.refused
        assert refused.reason.endswith("it needs https, or to be a listed host")
        assert await http.send(Outgoing("GET", public, hosts=("api.example.test",)), QUICK) == NotSent("its name has no address")
        assert await http.send(Outgoing("GET", "https://api.example.test/"), QUICK) == NotSent("its name has no address")
    async with guarded_session(plain_http=True, resolver=Nowhere) as http:
        assert await http.send(Outgoing("GET", public), QUICK) == NotSent("its name has no address")
    assert listener.came == []


class NameServer(asyncio.DatagramProtocol):
    """DNS over a real socket. `answers`: the addresses of each look-up in turn; the last one stays."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        records = b"".join(record(each) for each in found)
        # RFC 1035, 4.1.1: the id of the question, "a response", one question, n answers; then the question as it came.
        self.transport.sendto(data[:2] + b"\x81\x80" + struct.pack(">HHHH", 1, len(found), 0, 0) + data[12:] + records, addr)


def record(address: str) -> bytes:
    kind, packed = (28, socket.inet_pton(socket.AF_INET6, address)) if ":" in address else (1, socket.inet_aton(address))
    return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(packed)) + packed  # a lifetime of 0: nobody is to keep it


class AskingDns(AbstractResolver):
    """A stub resolver: one question, one answer, nothing kept."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        question = b"".join(bytes([len(label)]) + label.encode() for label in host.split(".")) + b"\0" + struct.pack(">HH", 255, 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.setblocking(False)
            asking.connect(("127.0.0.1", self.port))
            await asyncio.get_running_loop().sock_sendall(asking, b"\x00\x07\x01\x00" + struct.pack(">HHHH", 1, 0, 0, 0) + question)
            reply = await asyncio.get_running_loop().sock_recv(asking, 4096)
        found, rest = [], reply[12 + len(question) :]
        while rest:
            kind, _, _, size = struct.unpack(">HHIH", rest[2:12])
            address = socket.inet_ntop(socket.AF_INET6 if kind == 28 else socket.AF_INET, rest[12 : 12 + size])
            found.append(ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0))
            rest = rest[12 + size :]
        return found

    async def close(self) -> None:
        pass


@asynccontextmanager
async def dns(*answers: list[str]) -> AsyncIterator[tuple[NameServer, "AskingDns"]]:
    transport, server = await asyncio.get_running_loop().create_datagram_endpoint(lambda: NameServer(*answers), ("127.0.0.1", 0))
    try:
        yield server, AskingDns(transport.get_extra_info("sockname")[1])
    finally:
        transport.close()


UNUSED = "3000::1"  # public by its form, and given to nobody: IANA has given out nothing there, so no packet arrives anywhere


async def test_a_name_that_turns_private_is_refused_and_what_was_checked_is_what_is_connected_to(listener: Listener) -> None:
    address = f"http://rebinding.test:{listener.port}/"
    async with dns([UNUSED], ["127.0.0.1"]) as (server, resolver):
        async with guarded_session(plain_http=True, resolver=lambda: resolver) as http:
            for _ in range(3):  # the first answer alone is used, for as long as it is kept
                first = await http.send(Outgoing("GET", address), Limits(seconds=0.4, connect=0.2))
                assert isinstance(first, NotSent)
                assert not first.refused
            assert server.asked == 1
        async with guarded_session(plain_http=True, resolver=lambda: resolver) as http:
            for fresh in (False, True):
                assert await http.send(Outgoing("GET", address, fresh=fresh), QUICK) == NotSent("rebinding.test has no public address", refused=True)
            assert server.asked == 3
    assert listener.came == []


async def test_a_listed_name_that_turns_to_metadata_is_refused(listener: Listener) -> None:
    outgoing = Outgoing("GET", f"http://inside.test:{listener.port}/", hosts=("inside.test",), fresh=True)
    async with dns(["127.0.0.1"], ["169.254.169.254"]) as (_, resolver):
        for expected in (Answer, NotSent):
            async with guarded_session(resolver=lambda: resolver) as http:
                assert isinstance(await http.send(outgoing, QUICK), expected)
    assert len(listener.came) == 1


@pytest.mark.parametrize(
    "addresses",
    ["127.0.0.1", "::1", f"{UNUSED} 127.0.0.1", f"127.0.0.1 {UNUSED}", f"{UNUSED} ::1", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1", "0.0.0.0", "::",
     "64:ff9b::7f00:1", "2002:7f00:1::1", f"169.254.169.254 {UNUSED}", "8.8.8.8 192.168.0.1"],
)  # fmt: skip
async def test_one_private_address_among_those_of_a_name_is_enough_to_refuse(listener: Listener, addresses: str) -> None:
    async with dns(addresses.split()) as (_, resolver), guarded_session(plain_http=True, resolver=lambda: resolver) as http:
        sent = await http.send(Outgoing("GET", f"http://mixed.test:{listener.port}/"), QUICK)
    assert sent == NotSent("mixed.test has no public address", refused=True)
    assert listener.came == []


async def test_a_redirect_is_an_answer_and_is_not_followed(listener: Listener) -> None:
    """Neither to a private host nor to a listed one: whoever called gets to see where it would lead."""
    listener.answer = f"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: http://127.0.0.2:{listener.port}/\r\nContent-Length: 0\r\n\r\n".encode()
    async with guarded_session() as http:
        sent = await http.send(Outgoing("GET", f"http://127.0.0.1:{listener.port}/", hosts=("127.0.0.1", "127.0.0.2")), QUICK)
    assert isinstance(sent, Answer)
    assert (sent.status, sent.headers["location"]) == (302, f"http://127.0.0.2:{listener.port}/")
    assert len(listener.came) == 1


async def test_proxy_variables_are_not_used(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    async with guarded_session(allow_private=True) as http:
        assert isinstance(await http.send(Outgoing("GET", f"http://127.0.0.1:{listener.port}/"), QUICK), Answer)
    assert len(listener.came) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_what_broke_is_not_sent_a_second_time(method: str) -> None:
    """aiohttp by itself repeats GET, PUT and DELETE once."""
    came = 0

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        came += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with guarded_session(allow_private=True) as http, await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        sent = await http.send(Outgoing(method, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"), Limits())
    assert isinstance(sent, Lost)
    assert came == 1


async def test_a_request_under_way_outlives_many_other_policies(listener: Listener) -> None:
    arrived, release = asyncio.Event(), asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        arrived.set()
        await release.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()

    async with guarded_session(allow_private=True) as http, await asyncio.start_server(slow, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        under_way = asyncio.create_task(http.send(Outgoing("POST", address, fresh=True), Limits(seconds=30)))
        await arrived.wait()
        others = [Outgoing("GET", f"http://127.0.0.1:{listener.port}/", hosts=(f"host{n}",)) for n in range(MAX_POLICIES + 5)]
        assert all([isinstance(await http.send(each, Limits()), Answer) for each in others])
        assert all(isinstance(each, Answer) for each in await asyncio.gather(*(http.send(others[0], Limits()) for _ in range(20))))
        assert len(http.sessions) == MAX_POLICIES
        release.set()
        assert isinstance(await under_way, Answer)
