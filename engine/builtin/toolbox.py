"""The tools a model is offered, read for choosing and filling: their words, and their arguments down to the leaves."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

from engine.builtin import words
from engine.builtin.words import Action
from engine.numbers import SCALES, spelled
from tools.fields import is_secret, types

Role = Literal["secret", "switch", "choice", "time", "number", "email", "url", "identifier", "name", "search", "page", "text", "file"]
OWN_TOOLS = frozenset({"ask_user", "resolve_dates", "find_operations", "show"})
DEPTH = 4
UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
NUMBER = re.compile(r"[$€£]?([-+]?\d[\d,]*(?:\.\d+)?)(?:%|st|nd|rd|th|[a-zA-Zµ°]{1,3})?")  # with its unit: 6cm, $250, 19th

PERCENT = re.compile(r"(?:%| ?percent)$", re.IGNORECASE)
FRACTION = re.compile(
    r"\b(?:as (?:a )?decimals?|in decimal form|a fraction)\b|\b(?:between|from) 0(?:\.0)? (?:and|to) 1(?:\.0)?\b(?!\d|\.\d)"
    r"|\b0\.\d+ (?:for|means|is|=)",
    re.IGNORECASE,
)
SIDE = re.compile(r"(\d+(?:\.\d+)?)°? ?([NSEW])\b")  # 119.5 W


def _number(text: str) -> float | None:
    """In digits with a unit, spelled, or by the side of the globe."""
    plain = PERCENT.sub("%", text)
    if side := SIDE.fullmatch(plain):
        return float(side[1]) * (-1 if side[2] in "SW" else 1)
    if found := NUMBER.fullmatch(str(words.NUMBERS.get(plain.lower(), plain))):
        return float(found.group(1).replace(",", ""))
    many = re.split(r"[ -]", plain.lower())
    if (value := spelled(many)) is not None:
        return float(value)
    scaled = NUMBER.fullmatch(many[0]) if len(many) == 2 and many[1] in SCALES else None
    return float(scaled.group(1).replace(",", "")) * SCALES[many[1]] if scaled else None


@dataclass(frozen=True, slots=True)
class Supplier:
    operation: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Field:
    """A leaf of a tool's arguments. `path` leads to it; a list of plain values is a leaf too."""

    path: tuple[str, ...]
    schema: Mapping[str, Any] = field(compare=False)
    required: bool
    role: Role
    words: tuple[str, ...]  # stems of its name
    suppliers: tuple[Supplier, ...] = ()
    many: bool = field(init=False, compare=False)
    item: Mapping[str, Any] = field(init=False, compare=False)  # the schema of one value
    kinds: set[str] = field(init=False, compare=False)  # of one value
    choices: tuple[Any, ...] = field(init=False, compare=False)
    own_words: tuple[str, ...] = field(init=False, compare=False)  # those of its name that tell it from other fields
    numbered: bool = field(init=False, compare=False)  # an id that is a number: pet 7

    def __post_init__(self) -> None:  # asked for at every pair of field and span
        many = types(dict(self.schema)) == {"array"}
        item = self.schema.get("items") or {} if many else self.schema
        object.__setattr__(self, "many", many)
        object.__setattr__(self, "item", item)
        object.__setattr__(self, "kinds", types(dict(item)))
        object.__setattr__(self, "choices", tuple(v for v in item.get("enum", ()) if v is not None))
        object.__setattr__(self, "own_words", tuple(w for w in self.words if w not in words.GENERIC_STEMS))
        object.__setattr__(self, "numbered", self.role == "number" and len(self.path) == 1 and words.parts(self.name)[-1:] == ["id"])

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def said(self) -> str:
        return str(self.schema.get("description", ""))

    def value(self, text: str) -> Any:
        """A text as the schema's type wants it; None when it cannot be that."""
        if not self.kinds or "string" in self.kinds:
            return text
        number = _number(text) if self.kinds & {"integer", "number"} else None
        if number is None:
            return None
        if PERCENT.search(text) and self.fraction:
            number = round(number / 100, 10)
        if number.is_integer():
            return int(number)
        return number if "number" in self.kinds else None

    @property
    def fraction(self) -> bool:
        """Whether 5% is 0.05 to it."""
        return float(self.item.get("maximum", 100)) <= 1 or FRACTION.search(self.said) is not None

    def formed(self, text: str) -> bool:
        """Whether the text has the form that the schema declares: a UUID is nothing that people say."""
        return self.item.get("format") != "uuid" or UUID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, eq=False)  # read once for each definition: two of one name can take different values
class Tool:
    name: str
    summary: str
    action: Action | None
    verbs: frozenset[str]
    nouns: tuple[str, ...]  # stems of the name without verbs and little words, in order
    topics: tuple[str, ...]  # the same of its summary
    fields: tuple[Field, ...] = field(compare=False)
    vocabulary: Mapping[str, float] = field(compare=False)  # stem -> how much it says about the tool
    plural: bool = False
    told: str = ""  # what its description says beyond the summary

    @property
    def reads(self) -> bool:
        return self.action == "read"

    @property
    def changes(self) -> bool:
        """Whether its verb says that it changes something; of a name without one nothing is known."""
        return not self.reads and (self.action is not None or bool(self.verbs & words.CHANGING_STEMS))

    def known(self, stem: str) -> str:
        """The stem as the tool has it: who calculates wants the calculator."""
        return f"{stem}or" if len(stem) > 3 and stem not in self.vocabulary and f"{stem}or" in self.vocabulary else stem

    @property
    def identifiers(self) -> tuple[Field, ...]:
        """Required fields that say which one is meant."""
        return tuple(f for f in self.fields if f.required and f.role in ("identifier", "name"))


def which(tool: Tool) -> tuple[Field, ...]:
    """The fields that say which one an operation is for, rather than what becomes of it: ids, else the first name."""
    ids = tuple(f for f in tool.fields if len(f.path) == 1 and (f.numbered or (f.required and f.role == "identifier")))
    return ids or tool.identifiers[:1]


def paired(fields: Sequence[Field]) -> tuple[Field, Field] | None:
    """The first two required fields side by side that a name may go into: owner and repository, project and branch."""
    plain = [f.required and len(f.path) == 1 and not f.many and f.role in ("identifier", "name", "text") and "string" in f.kinds for f in fields]
    return next((both for n, both in enumerate(pairwise(fields)) if plain[n] and plain[n + 1]), None)


def read(definitions: Sequence[Mapping[str, Any]]) -> dict[str, Tool]:
    """The product's operations by name; the engine's own tools are known by theirs."""
    functions = [d.get("function", d) for d in definitions]
    return {f["name"]: _tool(json.dumps(f)) for f in functions if f["name"] not in OWN_TOOLS}


def owned(definitions: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(d.get("function", d)["name"] for d in definitions) & OWN_TOOLS


@lru_cache(maxsize=1_000)
def _tool(text: str) -> Tool:
    function = json.loads(text)
    name, description = function["name"], function.get("description", "")
    summary, _, rest = description.partition(". ")
    name_words, summary_words = words.parts(name), words.parts(summary)
    verbs = _verbs(name_words)
    nouns = tuple(words.stem(w) for w in name_words if w not in verbs and w not in words.STOP and w not in words.GENERIC_FIELD_WORDS)
    fields = tuple(_fields(function.get("parameters", {}), frozenset(nouns)))
    return Tool(
        name=name,
        summary=summary,
        action=_action(name_words, summary_words),
        verbs=frozenset(words.stem(w) for w in (*verbs, *summary_words[:1]) if _is_verb(w)),
        nouns=nouns,
        topics=tuple(words.stem(w) for w in summary_words[1:] if w not in words.STOP),
        fields=fields,
        vocabulary=_vocabulary(name_words, summary_words, rest, fields),
        plural=_plural(name_words, summary_words),
        told=rest,
    )


def _verbs(name: Sequence[str]) -> Sequence[str]:
    """The verb a name begins with, or ends with: listUsers, users_list. Elsewhere a word like "log" or "order" is a thing."""
    if _group(name):
        return name[1:2]
    if name and _is_verb(name[0]):
        return name[:1]
    return name[-1:] if name and _is_verb(name[-1]) else ()


def _group(name: Sequence[str]) -> bool:
    """issues_list, orders/get: things in the plural that read like a verb, and what is done with them."""
    return len(name) > 1 and words.is_plural(name[0]) and _is_verb(name[0]) and words.action_of(name[1]) is not None


def _is_verb(word: str) -> bool:
    return words.stem(word) in words.COMMAND_STEMS or words.action_of(word) is not None


def _action(name: list[str], summary: list[str]) -> Action | None:
    """What the operation does, by the first verb of its name, else of its summary."""
    for word in (*name[_group(name) :][:1], *summary[:1], *name[1:]):
        found = words.action_of(word)
        if found and not (found == "create" and word == "new"):
            return found
    return None


def _plural(name: list[str], summary: list[str]) -> bool:
    """Whether it lists: the first noun of the name, or of the summary, is in the plural."""
    if name[:1] == ["list"] or summary[:1] == ["list"]:
        return True
    for source in (name, summary):
        nouns = [w for w in source if not _is_verb(w) and w not in words.STOP]
        if nouns:
            return any(words.is_plural(w) for w in nouns[:2])
    return False


def _vocabulary(name: list[str], summary: list[str], rest: str, fields: Sequence[Field]) -> dict[str, float]:
    """The best place a word stands in decides what it is worth."""
    weights: dict[str, float] = {}
    places: list[tuple[float, list[str]]] = [(0.35, words.parts(rest)[:80])]
    places += [(0.3, words.parts(f.said)[:20]) for f in fields]
    places += [(0.5, [*f.words, *(p for c in f.choices for p in words.parts(str(c)))]) for f in fields]
    places += [(0.9, summary), (1.0, name)]
    for weight, found in places:
        for word in found:
            if word not in words.STOP:
                stem = words.stem(word)
                weights[stem] = max(weight, weights.get(stem, 0.0))
    return weights


def _fields(parameters: Mapping[str, Any], nouns: frozenset[str]) -> Iterator[Field]:
    """The leaves. Only a name of what the tool is about is a name to it: a group's `name`, but not a user's `job_title`."""
    for leaf in _leaves(parameters, parameters.get("$defs", {}), (), True):
        foreign = leaf.role == "name" and set(leaf.own_words) - nouns - words.OWN_NAME_STEMS
        yield replace(leaf, role="text") if foreign else leaf


def _leaves(schema: Mapping[str, Any], definitions: Mapping[str, Any], path: tuple[str, ...], required: bool) -> Iterator[Field]:
    needed = schema.get("required", ())
    for name, declared in schema.get("properties", {}).items():
        found = _plain(declared, definitions)
        here, must = (*path, name), required and name in needed
        if found.get("properties") and len(here) < DEPTH:
            yield from _leaves(found, definitions, here, must)
        elif not found.get("readOnly") and types(dict(found)) != {"object"}:
            yield _field(here, found, must)


def _plain(schema: Any, definitions: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without references, taking the first real branch of a choice: enough to know what kind of value it wants."""
    found = _followed(schema, definitions)
    for _ in range(DEPTH):
        branches = [b for key in ("anyOf", "oneOf", "allOf") for b in found.get(key, ()) if isinstance(b, Mapping) and b.get("type") != "null"]
        if not branches or "type" in found:
            break
        found = {**_followed(branches[0], definitions), **{k: v for k, v in found.items() if k not in ("anyOf", "oneOf", "allOf")}}
    if "items" in found:
        found["items"] = _followed(found["items"], definitions)
    return found


def _followed(schema: Any, definitions: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = dict(schema) if isinstance(schema, Mapping) else {}
    for _ in range(DEPTH):
        if "$ref" not in found:
            break
        target = definitions.get(str(found.pop("$ref")).rsplit("/", 1)[-1], {})
        found = {**(target if isinstance(target, Mapping) else {}), **found}
    return found


def _field(path: tuple[str, ...], schema: dict[str, Any], required: bool) -> Field:
    suppliers = tuple(Supplier(s["operation"], s["pointer"]) for s in schema.get("x-supplied-by", ()))
    return Field(path, schema, required, _role(path[-1], schema), tuple(words.stems(path[-1])), suppliers)


def _role(name: str, schema: dict[str, Any]) -> Role:
    """What kind of words fill it. The order of the rows decides."""
    item = schema.get("items", {}) if types(schema) == {"array"} else schema
    kinds, form, found = types(item), str(item.get("format", "")), words.parts(name)
    last = found[-1] if found else name
    table: list[tuple[bool, Role]] = [
        (is_secret(name, item, ()), "secret"),
        (bool(schema.get("x-file")), "file"),
        (kinds == {"boolean"}, "switch"),
        ("enum" in item or "const" in item, "choice"),
        (name.lower() in words.PAGE_WORDS or (bool(found) and found[0] in ("page", "limit", "offset", "cursor")), "page"),
        (form in ("date", "date-time") or _timely(found, kinds, schema), "time"),
        (bool(kinds) and kinds <= {"integer", "number"}, "number"),
        (form == "email" or ("email" in found and "id" not in found), "email"),
        (form in ("uri", "url") or last in ("url", "uri", "link"), "url"),
        (form == "uuid" or last in ("id", "uuid", "identifier", "ids"), "identifier"),
        (last in words.NAME_WORDS, "name"),
        (last in words.SEARCH_WORDS, "search"),
    ]
    return next((role for fits, role in table if fits), "text")


def _timely(found: list[str], kinds: set[str], schema: Mapping[str, Any]) -> bool:
    if kinds != {"string"} or not found:
        return False
    return found[-1] in ("date", "datetime", "timestamp") or "RFC 3339" in str(schema.get("description", ""))
