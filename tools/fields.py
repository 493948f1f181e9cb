"""One argument of an operation, and what kind of thing it holds (design.md, 5): one table of schema marks, then one of name words. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from specs.model import Location, Parameter, Schema

FieldKind = Literal["identifier", "secret", "sink", "choice", "text", "plain"]


@dataclass(frozen=True, slots=True)
class Field:
    """One argument. `wire` is its name in the request ("" when it is the whole body). `schema` may refer to the definition's `definitions`.

    `file`: it takes a file's handle. `parameter`: as declared; None of a body's part.
    """

    name: str
    location: Location | Literal["body"]
    wire: str
    required: bool
    schema: Schema
    kind: FieldKind
    description: str = ""
    secret: bool = False
    constant: bool = False  # the team's settings give its value; a model does not see it
    file: bool = False
    parameter: Parameter | None = None


def names(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


SECRET_WORDS = names("password passwd passphrase pwd secret token pin cvv cvc otp passcode credential credentials totp")
SECRET_PAIRS = frozenset((each, "key") for each in ("api", "private", "secret", "access", "auth", "encryption")) | {("card", "number")}
# "token" and "pin" are also ordinary words: a page token or a pin count is no secret.
NOT_SECRET = names("page next cursor continuation sync count type id max min length name expires policy reset required enabled")
# Masked in every answer (as plain names), whatever the document says. Not all of `named_secret`: who makes a token is to see it.
NEVER_TOLD = names("password passwd clientsecret privatekey secretkey passphrase")
SINK_WORDS = names(
    "to cc bcc email emails mail recipient recipients receiver url uri webhook callback redirect phone mobile fax amount price balance currency",
    "account accounts iban bic role roles permission permissions scope scopes privilege privileges admin owner access grant grants payee beneficiary",
    "destination host address endpoint",
)
TIME_WORDS = names("date time day from until since before after valid")  # "date_to" is no destination
TEXT_WORDS = names(
    "description message note notes subject comment comments body content text summary reason remark remarks details caption bio about memo",
    "instructions title",
)
IDENTIFIER_WORDS = names("id ids uuid guid username login slug key handle ref reference sku")
IDENTIFIER_FORMATS = frozenset({"uuid", "guid"})
SINK_FORMATS = frozenset({"email", "idn-email", "uri", "url", "uri-reference", "iri", "hostname", "ipv4", "ipv6"})

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")


def words(name: str) -> tuple[str, ...]:
    """accountId, account-id, ACCOUNT_ID -> account, id."""
    return tuple(match.lower() for match in WORD.findall(name))


def plain_name(name: str) -> str:
    """Two spellings of one name are equal in this form."""
    return "".join(c for c in name.lower() if c.isalnum())


def marked_secret(schema: Schema) -> bool:
    """The document itself says so. Generators write `writeOnly` on ids, switches and lists, too: there it is no word about secrecy."""
    if not isinstance(schema, Mapping):
        return False
    if types(schema) == {"array"} and marked_secret(schema.get("items", True)):
        return True
    return format_of(schema) == "password" or bool(schema.get("x-sensitive") or (schema.get("writeOnly") and is_text(schema)))


def named_secret(name: str) -> bool:
    parts = words(name)
    if any(pair in SECRET_PAIRS for pair in pairwise(parts)):
        return "id" not in parts
    return any(part in SECRET_WORDS for part in parts) and not any(part in NOT_SECRET for part in parts)


def is_secret(name: str, schema: Schema, sensitive: Collection[str]) -> bool:
    if marked_secret(schema) or plain_name(name) in {plain_name(each) for each in sensitive}:
        return True
    return named_secret(name) and not is_choice(schema) and types(schema) <= {"string", "integer", "number"}


def kind_of(name: str, schema: Schema, location: str, sensitive: Collection[str] = ()) -> FieldKind:
    if is_secret(name, schema, sensitive):
        return "secret"
    if location == "path" or format_of(schema) in IDENTIFIER_FORMATS:
        return "identifier"
    parts = set(words(name))
    if format_of(schema) in SINK_FORMATS or (parts & SINK_WORDS and not parts & TIME_WORDS and not format_of(schema).startswith("date")):
        return "sink"  # also an enum of roles, and the id of an account: they hand out rights or say where money goes
    if words(name)[-1:] and words(name)[-1] in IDENTIFIER_WORDS:
        return "identifier"
    if is_choice(schema):
        return "choice"
    return "text" if parts & TEXT_WORDS and is_text(schema) else "plain"


def is_text(schema: Schema) -> bool:
    return not is_choice(schema) and types(schema) <= {"string"}


def is_choice(schema: Schema) -> bool:
    if not isinstance(schema, Mapping):
        return False
    if "enum" in schema or "const" in schema or types(schema) == {"boolean"}:
        return True
    items = schema.get("items")
    return types(schema) == {"array"} and isinstance(items, Mapping) and "enum" in items


JSON_TYPES: Mapping[type, frozenset[str]] = {
    bool: frozenset({"boolean"}), int: frozenset({"integer", "number"}), float: frozenset({"number"}), str: frozenset({"string"}),
    list: frozenset({"array"}), dict: frozenset({"object"}),
}  # fmt: skip


def is_of(value: Any, wanted: Collection[str]) -> bool:
    """Whether a value has one of these types; a 5.0 is no integer here."""
    return not JSON_TYPES.get(type(value), frozenset()).isdisjoint(wanted)


def types(schema: Schema) -> set[str]:
    """The declared types without null; empty when any."""
    declared: Any = schema.get("type", []) if isinstance(schema, Mapping) else []
    return {declared} - {"null"} if isinstance(declared, str) else set(declared) - {"null"}


def format_of(schema: Schema) -> str:
    return str(schema.get("format", "")) if isinstance(schema, Mapping) else ""
