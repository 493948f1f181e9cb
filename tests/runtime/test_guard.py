"""Which addresses may be called: checked where the connection is made."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from runtime.guard import MAX_POLICIES, Answer, Limits, Lost, NotSent, Outgoing, Policy, Resolver, address_of, guarded_session, is_public

ADDRESSES = """
http://127.0.0.1:{p}/ http://127.1:{p}/ http://127.255.255.254:{p}/ http://2130706433:{p}/ http://0x7f000001:{p}/ http://0x7f.1:{p}/ http://0177.0.0.1:{p}/
http://017700000001:{p}/ http://0:{p}/ http://0.0.0.0:{p}/ http://localhost:{p}/ http://LOCALHOST:{p}/ http://localhost.:{p}/ http://[::1]:{p}/
http://[::]:{p}/ http://[::ffff:127.0.0.1]:{p}/ http://[::ffff:7f00:1]:{p}/ http://[0:0:0:0:0:ffff:7f00:0001]:{p}/ http://[::127.0.0.1]:{p}/
http://[64:ff9b::7f00:1]:{p}/ http://[64:ff9b::10.0.0.1]/ http://[64:ff9b:1::1]/ http://[2002:7f00:1::]:{p}/ http://[2002:0a00:0001::1]/
http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/ http://[fe80::1]:{p}/ http://[fec0::1]/ http://[fc00::1]/ http://[fd00:ec2::254]/ http://[ff02::1]/
http://169.254.169.254/latest/meta-data/ http://[::ffff:169.254.169.254]/ http://100.100.100.200/ http://192.0.0.192/ http://168.63.129.16/
http://10.0.0.1/ http://172.16.0.1/ http://192.168.0.1/ http://100.64.0.1/ http://198.18.0.1/ http://192.0.2.1/ http://224.0.0.1/ http://255.255.255.255/
http://240.0.0.1/ http://%31%32%37.0.0.1:{p}/ http://①②⑦.0.0.1:{p}/ http://127。0。0。1:{p}/ http://user:pass@127.0.0.1:{p}/ file:///etc/passwd
ftp://127.0.0.1/ gopher://127.0.0.1/ unix:///var/run/x ws://127.0.0.1:{p}/ http:///x http://:{p}/ http://127.0.0.1:99999/ //127.0.0.1:{p}/ data:,x
"""
HOSTILE = ADDRESSES.split()


@pytest.fixture
async def listener() -> AsyncIterator[tuple[int, list[object]]]:
    """Counts connections; answers nothing."""
    came: list[object] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("peername"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], came
    server.close()
    await server.wait_closed()


async def test_no_hostile_address_gets_a_connection(listener: tuple[int, list[object]]) -> None:
    port, came = listener
    assert len(HOSTILE) >= 50
    async with guarded_session() as http:
        for address in HOSTILE:
            sent = await http.send(Outgoing("GET", address.format(p=port)), Limits(seconds=1, connect=0.5))
            assert isinstance(sent, NotSent), address
    assert came == []


async def test_an_allowed_host_is_reached_and_only_it(listener: tuple[int, list[object]]) -> None:
    port, came = listener
    async with guarded_session() as http:
        allowed = Outgoing("GET", f"http://127.0.0.1:{port}/", hosts=("127.0.0.1",))
        assert isinstance(await http.send(allowed, Limits()), Answer)
        assert isinstance(await http.send(Outgoing("GET", f"http://127.0.0.1:{port}/"), Limits()), NotSent)
        assert isinstance(await http.send(Outgoing("GET", f"http://localhost:{port}/", hosts=("127.0.0.1",)), Limits()), NotSent)
    assert len(came) == 1


async def test_metadata_and_link_local_stay_closed_whatever_is_allowed() -> None:
    for policy in (Policy(private=True), Policy(frozenset({"metadata.example"}))):
        for address in ("169.254.169.254", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "0.0.0.0", "::", "224.0.0.1"):
            assert not policy.admits("metadata.example", address), address
        assert policy.admits("metadata.example", "10.0.0.1")


def test_public_addresses_are_public() -> None:
    for address in ("8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"):
        found = address_of(address)
        assert found is not None
        assert is_public(found), address


class Rebinding(AbstractResolver):
    """A public address at first, then a private one; or both at once."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=0) for each in self.answers.pop(0)]

    async def close(self) -> None:
        pass


async def test_each_lookup_is_checked_and_one_private_address_is_enough() -> None:
    resolver = Resolver(Policy())
    resolver.inner = Rebinding(["8.8.8.8"], ["10.0.0.1"], ["8.8.8.8", "127.0.0.1"])  # type: ignore[assignment]
    assert [each["host"] for each in await resolver.resolve("a.test")] == ["8.8.8.8"]
    for _ in range(2):
        with pytest.raises(Exception, match="no public address"):
            await resolver.resolve("a.test")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_what_broke_is_not_sent_a_second_time(method: str) -> None:
    """aiohttp by itself repeats GET, PUT and DELETE once."""
    came = 0

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        came += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with guarded_session(allow_private=True) as http:
        sent = await http.send(Outgoing(method, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"), Limits())
    server.close()
    await server.wait_closed()
    assert isinstance(sent, Lost)
    assert came == 1


async def test_proxy_variables_and_cookies_are_not_used(listener: tuple[int, list[object]], monkeypatch: pytest.MonkeyPatch) -> None:
    port, came = listener
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    async with guarded_session(allow_private=True) as http:
        assert isinstance(await http.send(Outgoing("GET", f"http://127.0.0.1:{port}/"), Limits()), Answer)
    assert len(came) == 1


async def test_plain_http_can_be_switched_off(listener: tuple[int, list[object]]) -> None:
    port, came = listener
    async with guarded_session(allow_private=True, plain_http=False) as http:
        assert isinstance(await http.send(Outgoing("GET", f"http://127.0.0.1:{port}/"), Limits()), NotSent)
    assert came == []


async def test_a_request_under_way_outlives_many_other_policies(listener: tuple[int, list[object]]) -> None:
    port, _ = listener
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
        others = [Outgoing("GET", f"http://127.0.0.1:{port}/", hosts=(f"host{n}",)) for n in range(MAX_POLICIES + 5)]
        assert all([isinstance(await http.send(each, Limits()), Answer) for each in others])
        assert all(isinstance(each, Answer) for each in await asyncio.gather(*(http.send(others[0], Limits()) for _ in range(20))))
        assert len(http.sessions) == MAX_POLICIES
        release.set()
        assert isinstance(await under_way, Answer)
