"""The only way out to addresses that customers or documents name: public addresses only, no redirects, no proxy, bounded bytes and time.

What is checked is what is connected to: names are checked in the resolver, literal addresses in a middleware of the same session.
"""

import asyncio
import socket
import zlib
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

MAX_POLICIES = 256
CHUNK = 64 * 1024

# Reachable only where an operator or a product team says so. Link-local and the metadata addresses of clouds never are.
PRIVATE = tuple(ip_network(each) for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7"))
METADATA = frozenset(ip_address(each) for each in ("169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254"))
# These carry an IPv4 address inside: NAT64, 6to4, Teredo, IPv4-compatible; and site-local, which Python calls global.
CARRIERS = tuple(ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10"))


class AddressRefused(aiohttp.ClientError):
    """Nothing was sent: this address may not be called."""


class ReplyLost(aiohttp.ClientError):
    """The connection broke after the request may have left."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`hosts` may have private addresses; with `private`, every host may."""

    hosts: frozenset[str] = frozenset()
    private: bool = False
    plain_http: bool = True

    def admits(self, host: str, address: str) -> bool:
        known = address_of(address)
        if known is None or known in METADATA:
            return False
        if self.private or host.lower().strip("[]").rstrip(".") in self.hosts:
            return is_public(known) or any(known in network for network in PRIVATE)
        return is_public(known)


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """The address itself: what is mapped into IPv6 is unwrapped; a zone is not part of it."""
    try:
        found = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def is_public(address: IPv4Address | IPv6Address) -> bool:
    if any(address in network for network in CARRIERS if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified) and address not in METADATA


class Resolver(AbstractResolver):
    """One private address among several is enough to refuse: the connection would try them in turn."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.inner = aiohttp.ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        found = await self.inner.resolve(host, port, family)
        if not all(self.policy.admits(host, each["host"]) for each in found):
            raise AddressRefused(f"{host} has no public address")
        return found

    async def close(self) -> None:
        await self.inner.close()


def middleware(policy: Policy) -> aiohttp.ClientMiddlewareType:
    async def guarded(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        if reason := refusal(policy, request.url):
            raise AddressRefused(reason)
        try:
            return await handler(request)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            # Left as it is, aiohttp would send a GET, PUT or DELETE a second time by itself.
            raise ReplyLost(type(error).__name__) from error

    return guarded


def refusal(policy: Policy, url: URL) -> str | None:
    """What can be said without asking the name's addresses."""
    host = url.raw_host or ""
    if url.scheme not in {"https", "http"} or (url.scheme == "http" and not policy.plain_http):
        return f"{url.scheme} is not allowed"
    if not host or url.raw_user is not None or url.raw_password is not None:
        return "the address names no host, or a user"
    if address_of(host) is not None and not policy.admits(host, host):
        return f"{host} is no public address"
    return None


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one exchange."""

    seconds: float = 8.0
    connect: float = 3.0
    bytes: int = 16 * 2**20  # of the body, unpacked


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`hosts` may have private addresses. `fresh`: on a connection of its own, so that no old one breaks under a changing call."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    hosts: tuple[str, ...] = ()
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by lower-case name. `whole`: the body was read to its end and unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True
    unread: str = ""  # why it is not whole


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing has left. `refused`: and never will, the address is not allowed."""

    reason: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """It may have arrived; there is no answer."""

    reason: str


class Guarded:
    """Sessions to the outside, one for each policy: connections and looked-up names are never shared between two."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.sessions: OrderedDict[tuple[Policy, bool], aiohttp.ClientSession] = OrderedDict()  # the one used last is last
        self.used: Counter[tuple[Policy, bool]] = Counter()  # exchanges under way

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        while self.sessions:
            await self.sessions.popitem()[1].close()

    @asynccontextmanager
    async def session(self, hosts: Iterable[str], fresh: bool) -> AsyncIterator[aiohttp.ClientSession]:
        policy = Policy(self.policy.hosts | {each.lower().rstrip(".") for each in hosts}, self.policy.private, self.policy.plain_http)
        name = (policy, fresh)
        if name not in self.sessions:
            self.sessions[name] = new_session(policy, fresh)
        self.sessions.move_to_end(name)
        self.used[name] += 1
        try:
            await self._close_idle()
            yield self.sessions[name]
        finally:
            self.used[name] -= 1

    async def _close_idle(self) -> None:
        """Never one that is in use: a request under way would be lost with it."""
        excess = len(self.sessions) - MAX_POLICIES
        if excess <= 0:
            return
        idle = [name for name in self.sessions if not self.used[name]]
        closing = [self.sessions.pop(name) for name in idle[:excess]]  # all before somebody else's turn
        self.used = +self.used  # without the names that nobody uses
        for each in closing:
            await each.close()

    async def send(self, outgoing: Outgoing, limits: Limits) -> Answer | NotSent | Lost:
        """One attempt. Redirects are answers; whatever breaks is a value that says whether the request may have left."""
        async with self.session(outgoing.hosts, outgoing.fresh) as session:
            return await self._sent(session, outgoing, limits)

    async def _sent(self, session: aiohttp.ClientSession, outgoing: Outgoing, limits: Limits) -> Answer | NotSent | Lost:
        timeout = aiohttp.ClientTimeout(total=limits.seconds, sock_connect=limits.connect)
        try:
            # What was encoded stays as it is: yarl would undo and redo parts of it.
            url = URL(outgoing.url, encoded=True)
            async with session.request(
                outgoing.method, url, headers=outgoing.headers, data=outgoing.body, timeout=timeout, allow_redirects=False
            ) as response:
                return await read(response, limits.bytes)
        except AddressRefused as error:
            return NotSent(str(error), refused=True)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError):
            return NotSent("the address is not usable", refused=True)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return NotSent(f"no connection ({type(error).__name__})")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Lost("it did not answer in time" if isinstance(error, TimeoutError) else "the connection broke before the answer came")


def guarded_session(allowed_hosts: Iterable[str] = (), allow_private: bool = False, plain_http: bool = True) -> Guarded:
    """Use it as `async with`."""
    return Guarded(Policy(frozenset(each.lower() for each in allowed_hosts), allow_private, plain_http))


def new_session(policy: Policy, fresh: bool) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(resolver=Resolver(policy), force_close=fresh, limit=256, limit_per_host=0)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        middlewares=(middleware(policy),),
        headers={"User-Agent": "Parlance", "Accept-Encoding": "gzip"},
        auto_decompress=False,
        trust_env=False,
    )


async def read(response: aiohttp.ClientResponse, limit: int) -> Answer:
    """The head has come, so the exchange has an outcome whatever becomes of the body."""
    # Bytes that are no text come as lone surrogates, which no JSON takes.
    headers = {name.lower(): value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for name, value in response.headers.items()}
    packed, unread = bytearray(), ""
    try:
        async for chunk in response.content.iter_chunked(CHUNK):
            packed += chunk
            if len(packed) > limit:
                unread = "it is too large"
                break
    except (aiohttp.ClientError, TimeoutError, OSError):
        unread = "it broke off"
    if unread:
        response.close()
    body, problem = await asyncio.to_thread(unpacked, bytes(packed), headers, limit) if "content-encoding" in headers else (bytes(packed), "")
    return Answer(response.status, headers, body, not (unread or problem), unread or problem)


def unpacked(packed: bytes, headers: Mapping[str, str], limit: int) -> tuple[bytes, str]:
    encoding = headers["content-encoding"].strip().lower()
    if encoding in {"", "identity"} or not packed:
        return packed, ""
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        return b"", f"it is packed as {encoding[:20]}"
    try:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by its first bytes
        body = unpacker.decompress(packed, limit + 1)
    except zlib.error:
        return b"", "it cannot be unpacked"
    if len(body) > limit:
        return body[:limit], "it is too large"
    return body, "" if unpacker.eof else "it broke off"
