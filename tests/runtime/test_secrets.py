"""Sealing and signing: what is bound to what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import SettingsInvalid
from runtime.secrets import KeyRing, SealBroken, new_key
from runtime.settings import Settings

OLD, NEW = new_key(), new_key()
RING = KeyRing.of([NEW])


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_what_is_sealed_opens_again_for_the_same_tenant_and_purpose(plain: bytes, tenant: str, purpose: str) -> None:
    sealed = RING.seal(plain, tenant=tenant, purpose=purpose)
    assert RING.open(sealed, tenant=tenant, purpose=purpose) == plain
    assert len(plain) < 4 or plain not in sealed


@pytest.mark.parametrize(("tenant", "purpose"), [("b", "p"), ("a", "q"), ("ap", ""), ("", "ap")])
def test_a_copied_ciphertext_fails_elsewhere(tenant: str, purpose: str) -> None:
    with pytest.raises(SealBroken):
        RING.open(RING.seal(b"x", tenant="a", purpose="p"), tenant=tenant, purpose=purpose)


@given(st.integers(0, 60), st.integers(1, 255))
def test_a_changed_ciphertext_is_refused(place: int, change: int) -> None:
    sealed = bytearray(RING.seal(b"twenty-four bytes of text", tenant="a", purpose="p"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(SealBroken):
        RING.open(bytes(sealed), tenant="a", purpose="p")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" * 10, b"\x02" * 60, b"{}"])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        RING.open(sealed, tenant="a", purpose="p")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old = KeyRing.of([OLD])
    both = KeyRing.of([NEW, OLD])
    sealed, signed = old.seal(b"x", tenant="a", purpose="p"), old.sign(b"x")
    assert both.open(sealed, tenant="a", purpose="p") == b"x"
    assert both.verify(b"x", signed)
    with pytest.raises(SealBroken):
        old.open(both.seal(b"x", tenant="a", purpose="p"), tenant="a", purpose="p")


def test_two_seals_of_one_value_differ() -> None:
    assert RING.seal(b"x", tenant="a", purpose="p") != RING.seal(b"x", tenant="a", purpose="p")


OTHERS = {"other data": RING.sign(b"other"), "one more digit": RING.sign(b"data") + "0", "another key": KeyRing.of([OLD]).sign(b"data")}


# By name: keys are made anew in each process, and tests that run in several must be called the same in all.
@pytest.mark.parametrize("signature", ["", ".", "00000000.00", "é", *(pytest.param(each, id=name) for name, each in OTHERS.items())])
def test_a_wrong_signature_is_refused(signature: str) -> None:
    assert RING.verify(b"data", RING.sign(b"data"))
    assert not RING.verify(b"data", signature)


def test_keys_come_from_settings_and_are_in_no_text() -> None:
    ring = KeyRing.from_settings(Settings(secret_keys=(NEW,)))
    assert ring.open(RING.seal(b"x", tenant="a", purpose="p"), tenant="a", purpose="p") == b"x"
    assert NEW not in repr(ring)
    assert ring.keys[0].seal.hex() not in repr(ring)
    assert str(ring.keys[0].seal) not in repr(ring)


@pytest.mark.parametrize("keys", [(), ("short",), ("!!!!",), ("YWJj",)])
def test_a_key_that_cannot_be_used_is_refused(keys: tuple[str, ...]) -> None:
    with pytest.raises(SettingsInvalid):
        KeyRing.of(keys)
