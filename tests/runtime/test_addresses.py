"""Public, private, never: by the address alone."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.addresses import NEVER, Policy, address_of, is_public, usable, within

PUBLIC = "8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 198.17.0.1 223.255.255.254 2606:4700:4700::1111 2a00:1450::1 ::ffff:8.8.8.8"


@pytest.mark.parametrize("address", [*PUBLIC.split(), "64:ff9b::8.8.8.8"])  # the last: a network without IPv4 reaches the public IPv4 this way
def test_public_addresses_are_public(address: str) -> None:
    assert Policy().admits("api.example.test", address)


SPECIAL = "127.0.0.1 10.0.0.1 100.64.0.1 169.254.1.1 192.168.0.1 192.0.2.9 224.0.0.1 fe80::1 fc00::1 fec0::1 ff02::1 2001:db8::1 ::1 ::"
EDGES = st.sampled_from(SPECIAL.split())


@given(st.one_of(st.ip_addresses().map(str), EDGES))
def test_what_python_calls_not_global_is_not_public(address: str) -> None:
    found = address_of(address)
    assert found is not None
    if not found.is_global or found.is_multicast or found.is_link_local:
        assert not is_public(found)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_by_what_it_is(inner: IPv4Address) -> None:
    mapped, translated = IPv6Address(int(inner) + (0xFFFF << 32)), IPv6Address(f"64:ff9b::{inner}")
    assert Policy().admits("x.test", str(mapped)) == Policy().admits("x.test", str(translated)) == is_public(inner)
    for carrier in (f"::{inner}", f"64:ff9b:1::{inner}", f"2002:{int(inner) >> 16:x}:{int(inner) & 0xFFFF:x}::1", f"2001::{inner}"):
        assert not Policy(frozenset({"x.test"}), private=True).admits("x.test", carrier) or carrier == "::0.0.0.1"


@given(st.one_of(st.ip_addresses().map(str), EDGES))
def test_listing_a_host_opens_private_addresses_and_no_others(address: str) -> None:
    listed, found = Policy(frozenset({"x.test"})), address_of(address)
    assert found is not None
    assert listed.admits("x.test", address) or not Policy().admits("x.test", address)
    assert listed.admits("y.test", address) == Policy().admits("y.test", address)
    if listed.admits("x.test", address) and not is_public(found):
        assert found.is_private or address.startswith("100.")
        assert not within(found, NEVER)


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ("https://api.example.test/a%2Fb/%7Bx%7D?q=%20&r[]=1", "https://api.example.test/a%2Fb/%7Bx%7D?q=%20&r[]=1"),
        ("https://münchen.test:8443/a%20b", "https://xn--mnchen-3ya.test:8443/a%20b"),
        ("https://api_1.example.test", "https://api_1.example.test"),
        ("HTTPS://API.example.test./x", "HTTPS://API.example.test./x"),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/"),
    ],
)
def test_an_address_is_called_exactly_as_it_was_encoded(given: str, called: str) -> None:
    found = usable(given)
    assert found is not None
    assert str(found).lower() == called.lower()
