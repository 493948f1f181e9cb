"""What is masked in an answer: what was sent as a secret, for everybody; what is marked, named or formed as personal, for a model. Pure."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, quote_plus

import orjson

from specs.model import Operation
from tools.fields import IDENTIFIER_WORDS, NEVER_TOLD, marked_secret, plain_name, words
from tools.files import File
from tools.lenient import CONTAINERS
from tools.personal import PERSONAL_NAMES, spans
from tools.request import MASK
from tools.schema import ToolDefinition
from tools.shape import properties_in

SHORTEST = 4  # a shorter secret would mask ordinary text
SHORTEST_PERSONAL = 8
KEPT: dict[int, tuple[Operation, frozenset[str]]] = {}
MOST_KEPT = 8_192
MARK = "\ue000"  # and a number, behind a mask that is to be told from others; of the private use area, which no font shows
APART = re.compile(f"{MARK}\\d*")


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
    for secret in (part for whole in secrets for part in parts_of(whole)):
        if len(secret) >= SHORTEST:
            data = secret.encode("utf-8", "surrogatepass")
            packed = base64.b64encode(data).decode()
            found |= {secret, quote(data, safe=""), quote_plus(data), packed, packed.rstrip("="), data.hex()}
    return tuple(sorted(found, key=len, reverse=True))


def parts_of(secret: str) -> Iterator[str]:
    """A secret that is a list or an object is sent, and said back, in parts."""
    yield secret
    try:
        waiting: list[Any] = [orjson.loads(secret)] if secret.startswith(("[", "{")) else []
    except orjson.JSONDecodeError:
        return
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict | list):
            waiting.extend(each.values() if isinstance(each, dict) else each)
        else:
            yield str(each)


def redacted(data: Any, names: frozenset[str], secrets: Sequence[str] = ()) -> Any:
    """The same object where nothing had to be masked. `secrets` in all their `spellings`."""
    return data if clear(data, names, secrets) else _Mask(names, tuple(secrets)).of(data)


def clear(data: Any, names: frozenset[str], secrets: Sequence[str]) -> bool:
    """Whether there is nothing to mask, found out over the bytes as a whole: fifty thousand rows are walked only if there is.

    JSON writes each character in one way, so a text holds a secret only if its JSON holds that of the secret.
    """
    try:
        written = orjson.dumps(data)
        sought = [orjson.dumps(secret)[1:-1] for secret in secrets]
    except (TypeError, orjson.JSONEncodeError):
        return False
    return not any(secret in written for secret in sought) and not any(plain_name(name) in names for name in names_in(data))


def names_in(data: Any) -> set[str]:
    """All names of all objects, without recursion."""
    found: set[str] = set()
    waiting = [data]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            found.update(each)
            waiting += [value for value in each.values() if type(value) in CONTAINERS]
        elif isinstance(each, list):
            waiting += [value for value in each if type(value) in CONTAINERS]
    return found


@dataclass(slots=True)
class _Mask:
    """`known`: what a name becomes, and whether its value is hidden; rows have the same names."""

    names: frozenset[str]
    secrets: tuple[str, ...]
    known: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def of(self, data: Any) -> Any:
        if isinstance(data, dict):
            made = {self.name(name)[0]: self.value(name, value) for name, value in data.items()}
            return data if all(made.get(name, MASK) is value for name, value in data.items()) else made
        if isinstance(data, list):
            items = [self.of(each) for each in data]
            return data if all(one is other for one, other in zip(items, data, strict=True)) else items
        if isinstance(data, str):
            return masked(data, self.secrets)
        return MASK if type(data) in (int, float) and str(data) in self.secrets else data

    def name(self, name: str) -> tuple[str, bool]:
        if name not in self.known:
            self.known[name] = (masked(name, self.secrets), plain_name(name) in self.names)
        return self.known[name]

    def value(self, name: str, value: Any) -> Any:
        made = self.of(value)
        return covered(made) if self.name(name)[1] else made


def masked(text: str, secrets: Sequence[str]) -> str:
    if any(secret in text for secret in secrets):
        for secret in secrets:
            text = text.replace(secret, MASK)
    return text


def without_secrets(file: File | None, secrets: Sequence[str]) -> File | None:
    """Of a file its name, and what is text in it; bytes in other files would no longer be what they were."""
    if file is None:
        return None
    body = file.body
    if file.media_type.startswith("text/") or file.media_type.endswith(("xml", "json", "yaml")):
        for secret in secrets:
            body = body.replace(secret.encode("utf-8", "replace"), MASK.encode())
    return replace(file, name=masked(file.name, secrets), body=body)


def covered(value: Any, mask: Callable[[Any, str], str] = lambda _, mask: mask) -> Any:
    """What stands under a hidden name: every leaf of it. Whether something is there at all stays to be seen; so does a plain yes or no."""
    return value if isinstance(value, bool) else leafless(value, mask)


def leafless(value: Any, mask: Callable[[Any, str], str]) -> Any:
    if isinstance(value, dict):
        made = {name: leafless(each, mask) for name, each in value.items()}
        return value if all(made[name] is each for name, each in value.items()) else made
    if isinstance(value, list):
        items = [leafless(each, mask) for each in value]
        return value if all(one is other for one, other in zip(items, value, strict=True)) else items
    return mask(value, MASK) if isinstance(value, str | int | float) and value != "" else value


def for_model(data: Any, names: frozenset[str], *, apart: bool = False) -> Any:
    """What a model may see of a sample, where the customer sees all of his own data. `names`: the operation's `secret_names`.

    The same object where nothing had to be masked. An identifier stays what it is, or nothing could be looked up by it.
    `apart`: values that differ stay different, so that they can be grouped and counted; `together` makes dots alone of them.
    """
    return _Personal(names | PERSONAL_NAMES, {} if apart else None).of(data, "")


def together(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: together(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [together(each) for each in data]
    return APART.sub("", data) if isinstance(data, str) else data


@dataclass(frozen=True, slots=True)
class _Personal:
    """`numbers`: of the values that were masked, to tell them apart. `known`: which names are hidden; rows have the same ones."""

    names: frozenset[str]
    numbers: dict[Any, int] | None = None
    known: dict[str, bool] = field(default_factory=dict)

    def of(self, data: Any, name: str) -> Any:
        if self.hides(name):
            return covered(data, self.mask)
        if isinstance(data, dict):
            made = {without_personal(key, ""): self.of(value, key) for key, value in data.items()}
            return data if all(made.get(key, MASK) is value for key, value in data.items()) else made
        if isinstance(data, list):
            items = [self.of(each, name) for each in data]
            return data if all(one is other for one, other in zip(items, data, strict=True)) else items
        if isinstance(data, str):
            told = without_personal(data, name)
            return data if told is data else self.mask(data, told)
        return self.mask(data, MASK) if type(data) is int and data > 10**12 and spans(str(data), named_id(name)) else data

    def hides(self, name: str) -> bool:
        if name not in self.known:
            self.known[name] = plain_name(name) in self.names
        return self.known[name]

    def mask(self, value: Any, told: str) -> str:
        return told if self.numbers is None else f"{told}{MARK}{self.numbers.setdefault(value, len(self.numbers))}"


def nameable(name: str) -> bool:
    """Whether it may stand in an event: the name of a member may be somebody's number."""
    return without_personal(name, "") == name


def named_id(name: str) -> bool:
    return words(name)[-1:] in {(each,) for each in IDENTIFIER_WORDS}


def without_personal(text: str, name: str) -> str:
    if len(text) < SHORTEST_PERSONAL:
        return text
    kept, at = [], 0
    for start, end in spans(text, named_id(name)):
        if end > at:
            kept += [text[at : max(start, at)], MASK if start >= at else ""]
            at = end
    return "".join((*kept, text[at:])) if kept else text
