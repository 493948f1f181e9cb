"""Sealing what must not be read in Redis, and signing what comes back to us. Keys come from settings; the first seals, all open."""

import base64
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from runtime.errors import ParlanceError, SettingsInvalid

VERSION = b"\x01"  # of the sealed format: version, key id (4 bytes), nonce (12), ciphertext with tag
KEY_ID, NONCE = 4, 12
HEADER = len(VERSION) + KEY_ID
KEY_BYTES = 32


class SealBroken(ParlanceError):
    """A sealed value that was changed, copied from elsewhere, or sealed with a key that is gone."""

    code = "seal_broken"
    title = "A stored secret cannot be read"


class SecretSettings(Protocol):
    @property
    def secret_keys(self) -> tuple[SecretStr, ...]: ...


@dataclass(frozen=True, slots=True)
class Key:
    """One secret of the installation and what is made of it: apart for sealing and for signing."""

    id: bytes
    seal: bytes
    sign: bytes

    def __repr__(self) -> str:
        return f"Key({self.id.hex()})"


def key_from(secret: bytes) -> Key:
    def derived(use: bytes) -> bytes:
        return hmac.new(secret, b"parlance " + use, sha256).digest()

    return Key(derived(b"key id")[:KEY_ID], derived(b"seal"), derived(b"sign"))


@dataclass(frozen=True, slots=True)
class KeyRing:
    keys: tuple[Key, ...]

    @classmethod
    def from_settings(cls, settings: SecretSettings) -> "KeyRing":
        return cls.of([key.get_secret_value() for key in settings.secret_keys])

    @classmethod
    def of(cls, encoded: Sequence[str]) -> "KeyRing":
        """From keys of 32 random bytes in base64."""
        if not encoded:
            raise SettingsInvalid("there is no secret key; set PARLANCE_SECRET_KEYS to 32 random bytes in base64")
        return cls(tuple(key_from(decoded(each)) for each in encoded))

    def seal(self, plain: bytes, *, tenant: str, purpose: str) -> bytes:
        """Can only be opened for the same tenant and purpose: a copied ciphertext fails elsewhere."""
        key, nonce = self.keys[0], os.urandom(NONCE)
        return VERSION + key.id + nonce + AESGCM(key.seal).encrypt(nonce, plain, bound(tenant, purpose))

    def open(self, sealed: bytes, *, tenant: str, purpose: str) -> bytes:
        key_id, nonce, rest = sealed[len(VERSION) : HEADER], sealed[HEADER : HEADER + NONCE], sealed[HEADER + NONCE :]
        key = next((each for each in self.keys if each.id == key_id), None)
        if key is None or not sealed.startswith(VERSION) or len(nonce) != NONCE:
            raise SealBroken("A stored secret was sealed with a key this installation no longer has. Enter it again.")
        try:
            return AESGCM(key.seal).decrypt(nonce, rest, bound(tenant, purpose))
        except InvalidTag:
            raise SealBroken("A stored secret was changed or belongs elsewhere. Enter it again.") from None

    def sign(self, data: bytes) -> str:
        key = self.keys[0]
        return f"{key.id.hex()}.{hmac.new(key.sign, data, sha256).hexdigest()}"

    def verify(self, data: bytes, signature: str) -> bool:
        """In constant time for each key."""
        key_id, _, given = signature.partition(".")
        key = next((each for each in self.keys if each.id.hex() == key_id), None)
        expected = hmac.new(key.sign, data, sha256).hexdigest() if key else ""
        return key is not None and hmac.compare_digest(given.encode(), expected.encode())


def bound(tenant: str, purpose: str) -> bytes:
    """Lengths first, so that no other pair gives the same bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in (tenant.encode(), purpose.encode()))


def new_key() -> str:
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def decoded(text: str) -> bytes:
    try:
        secret = base64.b64decode(text.strip().replace("-", "+").replace("_", "/") + "=" * (-len(text.strip()) % 4), validate=True)
    except ValueError:
        raise SettingsInvalid("a secret key is not base64") from None
    if len(secret) < KEY_BYTES:
        raise SettingsInvalid("a secret key is shorter than 32 bytes; make one with: openssl rand -base64 32")
    return secret
