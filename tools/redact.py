"""Secrets in an answer, masked before anybody reads it: by the document's marks, the team's names and the values just sent. Pure."""

import base64
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote, quote_plus

from specs.model import Operation
from tools.fields import NEVER_TOLD, marked_secret, plain_name
from tools.request import MASK
from tools.schema import ToolDefinition
from tools.shape import properties_in

SHORTEST = 4  # a shorter secret would mask ordinary text
KEPT: dict[int, tuple[Operation, frozenset[str]]] = {}
MOST_KEPT = 8_192


def secret_names(operation: Operation, definition: ToolDefinition) -> frozenset[str]:
    """Names of properties that hold secrets in the operation's answers."""
    if id(operation) not in KEPT:
        if len(KEPT) >= MOST_KEPT:
            KEPT.clear()
        schemas = [media.schema for response in operation.responses for media in response.content]
        found = properties_in(schemas, operation.definitions)
        KEPT[id(operation)] = (operation, frozenset(plain_name(name) for name, schema in found if marked_secret(schema)))
    return KEPT[id(operation)][1] | definition.secrets | {plain_name(name) for name in definition.sensitive} | NEVER_TOLD


def spellings(secrets: Iterable[str]) -> tuple[str, ...]:
    """Each secret as a product may write it back: as it is, in an address, in base64 or hexadecimal; the longest first."""
    found: set[str] = set()
    for secret in secrets:
        if len(secret) >= SHORTEST:
            data = secret.encode("utf-8", "surrogatepass")
            packed = base64.b64encode(data).decode()
            found |= {secret, quote(data, safe=""), quote_plus(data), packed, packed.rstrip("="), data.hex()}
    return tuple(sorted(found, key=len, reverse=True))


def redacted(data: Any, names: frozenset[str], secrets: Sequence[str] = ()) -> Any:
    """The same object where nothing had to be masked. `secrets` in all their `spellings`."""
    if isinstance(data, dict):
        made = {masked(name, secrets): MASK if hides(name, value, names) else redacted(value, names, secrets) for name, value in data.items()}
        return data if all(made.get(name, MASK) is value for name, value in data.items()) else made
    if isinstance(data, list):
        items = [redacted(each, names, secrets) for each in data]
        return data if all(one is other for one, other in zip(items, data, strict=True)) else items
    if isinstance(data, str):
        return masked(data, secrets)
    return MASK if type(data) in (int, float) and str(data) in secrets else data


def masked(text: str, secrets: Sequence[str]) -> str:
    if any(secret in text for secret in secrets):
        for secret in secrets:
            text = text.replace(secret, MASK)
    return text


def hides(name: str, value: Any, names: frozenset[str]) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and value != "" and plain_name(name) in names
