"""Which addresses may be called: public ones by https, others only where somebody allows it. Pure: names are not looked up here."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

Address = IPv4Address | IPv6Address


def networks(*lines: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(each) for each in " ".join(lines).split())


# IANA's special-purpose registries, as far as they are not for everybody. Not `is_global`: it differs between the Pythons we support, lets 6to4,
# NAT64 and site-local through with whatever they carry, and knows new blocks (3fff::/20) late.
NOT_PUBLIC = networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24",
    "192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3",
    "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20",
)
GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, 2.4, and IANA: nothing else is given out
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052, 2.1: how a network without IPv4 reaches the public IPv4 address in the last 32 bits
# Reachable only where an operator or a product team says so; link-local and the metadata addresses of clouds never are.
PRIVATE = networks("127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 ::1/128 fc00::/7")
NEVER = networks("169.254.0.0/16 fe80::/10 100.100.100.200/32 192.0.0.192/32 168.63.129.16/32 fd00:ec2::/32 fd20:ce::254/128 fd00:42::42/128")
AUTHORITY = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s\[\]@:/\\%?#]+)(?::(?P<port>[0-9]{1,5}))?(?=[/?#]|$)")
LABELS = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?")
NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
LONGEST_NAME = 254  # RFC 1035, 3.1, with the last dot
NO_HOST = "its host is missing, written in an unusual way, or has a user before it"
LOCAL = re.compile(r"(?:.*\.)?localhost")  # RFC 6761, 6.3: also the names below it


@dataclass(frozen=True, slots=True)
class Policy:
    """`hosts` (names in lower case, without a last dot) may have private addresses and be called by http; with `private`, every host may."""

    hosts: frozenset[str] = frozenset()
    private: bool = False
    plain_http: bool = False

    def lists(self, host: str) -> bool:
        return self.private or plain_host(host) in self.hosts

    def admits(self, host: str, address: str) -> bool:
        """Whether a connection may be made to this address for this host."""
        known = address_of(address)
        if known is None or within(known, NEVER):
            return False
        return is_public(known) or (self.lists(host) and within(known, PRIVATE))


def plain_host(host: str) -> str:
    return host.lower().strip("[]").rstrip(".")


def within(address: Address, blocks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(address in block for block in blocks if block.version == address.version)


def address_of(text: str) -> Address | None:
    """The address itself: what is mapped into IPv6 is unwrapped; a zone is not part of it."""
    try:
        found = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address in NAT64:
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    if within(address, NEVER) or within(address, NOT_PUBLIC):
        return False
    return isinstance(address, IPv4Address) or address in GLOBAL_UNICAST


def usable(text: str) -> URL | None:
    """The address with its host as it is looked up, else exactly as it came. None: its host is not beyond doubt."""
    parts = AUTHORITY.match(text)
    if parts is None:
        return None
    try:
        url = URL(text, encoded=True)  # what was encoded stays as it is: yarl would undo and redo parts of it
        if not parts["host"].isascii():
            url = url.with_host(parts["host"])  # IDNA: what looks like digits and dots becomes digits and dots
        return url if url.port != 0 and is_host(url.raw_host or "") else None
    except ValueError:
        return None


def is_host(host: str) -> bool:
    if is_literal(host):
        return address_of(host) is not None
    return len(host) <= LONGEST_NAME and LABELS.fullmatch(host) is not None


def is_literal(host: str) -> bool:
    """Meant as an address. 127.1, 0x7f.1 and 2130706433 would be read as one (WHATWG URL, 3.5); with a colon in it, nothing looks it up."""
    return ":" in host or NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) is not None


def refusal(policy: Policy, url: URL) -> str | None:
    """Why this may not be called, as far as it can be said without asking for the name's addresses."""
    host = url.raw_host or ""
    if url.scheme not in {"https", "http"}:
        return f"{url.scheme} is not allowed, only https"
    if not is_host(host) or url.raw_user is not None or url.raw_password is not None:
        return NO_HOST
    if is_literal(host) and not policy.admits(host, host):
        return f"{host} is no public address"
    if url.scheme == "http" and not (policy.plain_http or policy.lists(host)):
        return f"{host} would be called by http, where everybody on the way can read along; it needs https, or to be a listed host"
    return f"{host} is this machine" if LOCAL.fullmatch(plain_host(host)) and not policy.lists(host) else None
