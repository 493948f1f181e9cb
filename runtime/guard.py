"""The only way out to addresses that customers or documents name: product calls, token endpoints, callbacks, uploads from a URL.

https to public addresses, no redirects, no proxy, bounded time and bytes. What is checked is what is connected to: literal addresses before the
request, those a name leads to in the resolver, whose one answer is what aiohttp connects to (and keeps for ten seconds).
"""

import asyncio
import socket
import zlib
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from runtime.addresses import NO_HOST, Policy, plain_host, refusal, usable

MAX_POLICIES = 256
CHUNK = 64 * 1024
IN_ONE = 2**20  # bytes of a body
SYSTEM = aiohttp.ThreadedResolver  # how names are looked up
GZIP = b"\x1f\x8b"
MOST_MEMBERS = 256  # of a gzip file (RFC 1952, 2.2); each costs a copy of those behind it


class AddressRefused(aiohttp.ClientError):
    """Nothing was sent: this address may not be called."""


class ReplyLost(aiohttp.ClientError):
    """The connection broke after the request may have left."""


class Resolver(AbstractResolver):
    """One private address among several is enough to refuse: the connection would try them in turn."""

    def __init__(self, policy: Policy, inner: AbstractResolver) -> None:
        self.policy = policy
        self.inner = inner

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

    def __init__(self, policy: Policy, resolver: Callable[[], AbstractResolver]) -> None:
        self.policy = policy
        self.resolver = resolver
        self.sessions: OrderedDict[tuple[Policy, bool], aiohttp.ClientSession] = OrderedDict()  # the one used last is last
        self.used: Counter[tuple[Policy, bool]] = Counter()  # exchanges under way

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        while self.sessions:
            await self.sessions.popitem()[1].close()

    @asynccontextmanager
    async def session(self, hosts: Iterable[str], fresh: bool) -> AsyncIterator[aiohttp.ClientSession]:
        policy = replace(self.policy, hosts=self.policy.hosts | {plain_host(each) for each in hosts})
        name = (policy, fresh)
        if name not in self.sessions:
            self.sessions[name] = new_session(policy, fresh, self.resolver())
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
        # `connect` also bounds the look-up of the name and the TLS handshake, so that what ends in there is known not to have left.
        connect = min(limits.connect, limits.seconds / 2)
        timeout = aiohttp.ClientTimeout(total=limits.seconds, connect=connect, sock_connect=connect)
        if (url := usable(outgoing.url)) is None:
            return NotSent(NO_HOST, refused=True)
        try:
            async with session.request(
                outgoing.method, url, headers=outgoing.headers, data=written(outgoing.body), timeout=timeout, allow_redirects=False
            ) as response:
                return await read(response, limits.bytes)
        except AddressRefused as error:
            return NotSent(str(error), refused=True)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError):
            return NotSent("it is not usable", refused=True)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return NotSent(no_connection(error))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Lost("it did not answer in time" if isinstance(error, TimeoutError) else "the connection broke before the answer came")


def written(body: bytes | None) -> bytes | BytesIO | None:
    """Piece by piece where it is large: in one it would hold up everybody else on the loop."""
    return BytesIO(body) if body and len(body) > IN_ONE else body


def no_connection(error: aiohttp.ClientError) -> str:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "its name has no address"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return "its certificate is not valid, or it does not speak TLS"
        case aiohttp.ConnectionTimeoutError():
            return "no connection came about in time"
        case _:
            return "no connection could be made"


def guarded_session(
    allowed_hosts: Iterable[str] = (), allow_private: bool = False, plain_http: bool = False, resolver: Callable[[], AbstractResolver] = SYSTEM
) -> Guarded:
    """Use it as `async with`."""
    return Guarded(Policy(frozenset(plain_host(each) for each in allowed_hosts), allow_private, plain_http), resolver)


def new_session(policy: Policy, fresh: bool, resolver: AbstractResolver) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(resolver=Resolver(policy, resolver), force_close=fresh, limit=256, limit_per_host=0)
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
    """Never more than one byte over the limit, so that it does not matter how far it would unfold."""
    encoding = headers["content-encoding"].strip().lower()
    if encoding in {"", "identity"} or not packed:
        return packed, ""
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        return b"", f"it is packed as {encoding[:20]}"
    body = bytearray()
    try:
        for _ in range(MOST_MEMBERS):
            unpacker = zlib.decompressobj(window(packed, encoding))
            body += unpacker.decompress(packed, limit + 1 - len(body))
            packed = unpacker.unused_data
            if len(body) > limit:
                return bytes(body[:limit]), "it is too large"
            if packed[:2] != GZIP:
                return bytes(body), "" if unpacker.eof else "it broke off"
    except zlib.error:
        pass
    return b"", "it cannot be unpacked"


def window(packed: bytes, encoding: str) -> int:
    """Bare deflate is what many send as "deflate", although RFC 9110, 8.4.1.2 means zlib."""
    zlib_header = len(packed) > 1 and packed[0] & 0x0F == 8 and int.from_bytes(packed[:2]) % 31 == 0
    bare = encoding == "deflate" and packed[:2] != GZIP and not zlib_header
    return -zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32  # gzip or zlib, by its first bytes
