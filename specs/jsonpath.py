"""JSONPath (RFC 9535) without functions: a query is read once and then finds its places in a tree, within a budget. Pure.

A name after a dot may be any of letters, digits, "_", "-" and "$": people write `$.paths.*.get.responses.200`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

LONGEST = 2_000  # characters of a query
_DEEPEST = 20  # filters and brackets in one another
_CHARACTERS = 1_000  # of a text that are compared for the cost of one value
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?(?![\w$-]))
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<name>[\w$-]+)|(?P<sign>\.\.|&&|\|\||==|!=|<=|>=|[.\[\]()@?*,:!<>]))""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"true": True, "false": False, "null": None}
_NOTHING = object()


class QueryError(ValueError):
    """This is no query that can be read; the text says why, in words for whoever wrote it."""


class QueryTooCostlyError(Exception):
    """The budget ended before the query did."""


@dataclass(frozen=True, slots=True)
class Place:
    """A value and where it stands: `owner[key]` is `value`. The root has no owner."""

    owner: Any
    key: Any
    value: Any


@dataclass(slots=True)
class Budget:
    """Values that may still be looked at."""

    left: int

    def spend(self, cost: int = 1) -> None:
        self.left -= cost
        if self.left < 0:
            raise QueryTooCostlyError


Test: TypeAlias = Callable[[Any, Any, Budget], bool]  # of the root and the value "@"
Selector: TypeAlias = Callable[[Any, Any, Budget], Iterator[Place]]  # of the root and the value whose children are chosen


@dataclass(frozen=True, slots=True)
class Segment:
    selectors: tuple[Selector, ...]
    descends: bool
    single: bool  # names at most one child


@dataclass(frozen=True, slots=True)
class Query:
    segments: tuple[Segment, ...]
    relative: bool = False

    @property
    def single(self) -> bool:
        return all(segment.single for segment in self.segments)

    def places(self, root: Any, here: Any, budget: Budget) -> Iterator[Place]:
        found: Iterator[Place] = iter((Place(None, None, here if self.relative else root),))
        for segment in self.segments:
            found = _through(segment, root, found, budget)
        return found


def read(text: str) -> Query:
    """Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(f"it is over {LONGEST} characters long")
    reader = _Reader(_tokens(text))
    query = reader.query("$")
    reader.end()
    return query


def find(query: Query, root: Any, budget: Budget) -> list[Place]:
    """Each place once, in the document's order. Raises QueryTooCostlyError."""
    found = {(id(place.owner), place.key): place for place in query.places(root, root, budget)}
    return list(found.values())


def child(part: str) -> str:
    """How a query goes on to a name."""
    return f".{part}" if re.fullmatch(r"[A-Za-z_]\w*", part, re.ASCII) else f"[{quoted(part)}]"


def quoted(text: str) -> str:
    escaped = re.sub(r"[\x00-\x1f]", lambda found: f"\\u{ord(found.group()):04x}", text.replace("\\", "\\\\").replace("'", "\\'"))
    return f"'{escaped}'"


def _through(segment: Segment, root: Any, places: Iterator[Place], budget: Budget) -> Iterator[Place]:
    for place in places:
        for value in _descendants(place.value, budget) if segment.descends else (place.value,):
            for selector in segment.selectors:
                yield from selector(root, value, budget)


def _descendants(value: Any, budget: Budget) -> Iterator[Any]:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        budget.spend()
        if isinstance(node, dict | list):
            yield node
            waiting.extend(reversed(node.values() if isinstance(node, dict) else node))


def _children(value: Any) -> Iterator[Place]:
    if isinstance(value, dict):
        yield from (Place(value, key, child) for key, child in value.items())
    elif isinstance(value, list):
        yield from (Place(value, number, child) for number, child in enumerate(value))


def _named(wanted: str) -> Selector:
    def select(root: Any, value: Any, budget: Budget) -> Iterator[Place]:  # noqa: ARG001 - one form for all selectors
        budget.spend()
        if isinstance(value, dict) and wanted in value:
            yield Place(value, wanted, value[wanted])

    return select


def _numbered(wanted: int) -> Selector:
    def select(root: Any, value: Any, budget: Budget) -> Iterator[Place]:  # noqa: ARG001
        budget.spend()
        if isinstance(value, list) and -len(value) <= wanted < len(value):
            yield Place(value, wanted % len(value), value[wanted])

    return select


def _sliced(wanted: slice) -> Selector:
    def select(root: Any, value: Any, budget: Budget) -> Iterator[Place]:  # noqa: ARG001
        for number in range(*wanted.indices(len(value))) if isinstance(value, list) else ():
            budget.spend()
            yield Place(value, number, value[number])

    return select


def _every(root: Any, value: Any, budget: Budget) -> Iterator[Place]:  # noqa: ARG001
    for place in _children(value):
        budget.spend()
        yield place


def _filtered(test: Test) -> Selector:
    def select(root: Any, value: Any, budget: Budget) -> Iterator[Place]:
        for place in _children(value):
            budget.spend()
            if test(root, place.value, budget):
                yield place

    return select


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise QueryError(f"{text[at : at + 20]!r} cannot be read")
        found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        at = match.end()
    return found


@dataclass(slots=True)
class _Reader:
    """Reads from the front of its tokens."""

    tokens: list[tuple[str, str]]
    at: int = 0
    depth: int = 0

    def peek(self, ahead: int = 0) -> str:
        kind, text = self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ("", "")
        return "" if kind == "text" else text

    def take(self, *wanted: str) -> bool:
        if self.peek() not in wanted:
            return False
        self.at += 1
        return True

    def must(self, wanted: str) -> None:
        if not self.take(wanted):
            raise QueryError(f"{wanted!r} is missing before {self.peek() or 'the end'!r}")

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise QueryError(f"{self.tokens[self.at][1][:20]!r} cannot stand there")

    def query(self, *roots: str) -> Query:
        relative = self.peek() == "@"
        if not self.take(*roots):
            raise QueryError("it must begin with '$'")
        segments = []
        while self.peek() in (".", "..", "["):
            segments.append(self.segment())
        return Query(tuple(segments), relative)

    def segment(self) -> Segment:
        descends = self.take("..")
        if self.take("["):
            return self.bracket(descends)
        if not descends:
            self.must(".")
        if self.take("*"):
            return Segment((_every,), descends, single=False)
        kind, text = self.next()
        if kind not in ("name", "number") or (kind == "number" and not text.isdigit()):
            raise QueryError(f"{text[:20]!r} is no name")
        return Segment((_named(text),), descends, single=not descends)

    def next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise QueryError("it ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def bracket(self, descends: bool) -> Segment:
        selectors, single = [], not descends
        while True:
            selector, one = self.selector()
            selectors.append(selector)
            single = single and one
            if not self.take(","):
                break
        self.must("]")
        return Segment(tuple(selectors), descends, single and len(selectors) == 1)

    def selector(self) -> tuple[Selector, bool]:
        if self.take("*"):
            return _every, False
        if self.take("?"):
            return _filtered(self.either()), False
        kind, text = self.next()
        if kind == "text":
            return _named(_unquoted(text)), True
        self.at -= 1
        first = self.whole()
        if self.peek() != ":":
            if first is None:
                raise QueryError(f"{text[:20]!r} cannot stand in brackets; names need quotes")
            return _numbered(first), True
        self.must(":")
        last = self.whole()
        step = self.whole() if self.take(":") else None
        return (_sliced(slice(first, last, step)) if step != 0 else _sliced(slice(0, 0))), False

    def whole(self) -> int | None:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind != "number" or not re.fullmatch(r"-?\d+", text, re.ASCII):
            return None
        self.at += 1
        return int(text)

    def either(self) -> Test:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise QueryError("its filters lie too deep in one another")
        tests = [self.both()]
        while self.take("||"):
            tests.append(self.both())
        self.depth -= 1
        return tests[0] if len(tests) == 1 else lambda root, here, budget: any(test(root, here, budget) for test in tests)

    def both(self) -> Test:
        tests = [self.basic()]
        while self.take("&&"):
            tests.append(self.basic())
        return tests[0] if len(tests) == 1 else lambda root, here, budget: all(test(root, here, budget) for test in tests)

    def basic(self) -> Test:
        negated = self.take("!")
        if self.take("("):
            test = self.either()
            self.must(")")
        else:
            test = self.comparison()
        return (lambda root, here, budget: not test(root, here, budget)) if negated else test

    def comparison(self) -> Test:
        left = self.operand()
        sign = self.peek()
        if sign not in _COMPARE:
            if not isinstance(left, Query):
                raise QueryError("a filter compares, or asks whether something is there")
            return lambda root, here, budget: next(left.places(root, here, budget), None) is not None
        self.at += 1
        right, compare = self.operand(), _COMPARE[sign]
        for side in (left, right):
            if isinstance(side, Query) and not side.single:
                raise QueryError("what is compared must be one value, without '*' or '..'")
        return lambda root, here, budget: compare(_value(left, root, here, budget), _value(right, root, here, budget), budget)

    def operand(self) -> Any:
        if self.peek() in ("@", "$"):
            return self.query("@", "$")
        kind, text = self.next()
        if kind == "text":
            return _unquoted(text)
        if kind == "number":
            return float(text) if re.search(r"[.eE]", text) else int(text)
        if text in _WORDS and self.peek() != "(":
            return _WORDS[text]
        raise QueryError(f"{text[:20]!r} cannot stand in a filter" + ("; functions are not supported" if self.peek() == "(" else ""))


def _value(side: Any, root: Any, here: Any, budget: Budget) -> Any:
    if not isinstance(side, Query):
        return side
    place = next(side.places(root, here, budget), None)
    return _NOTHING if place is None else place.value


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _ESCAPED.get(found[2], found[2]), text[1:-1])


def _equal(left: Any, right: Any, budget: Budget) -> bool:
    """Of JSON: true is not 1. Whole trees may be compared, again and again, so every value in them counts."""
    waiting = [(left, right)]
    while waiting:
        one, other = waiting.pop()
        budget.spend()
        if isinstance(one, dict) and isinstance(other, dict):
            budget.spend(len(one))
            if one.keys() != other.keys():
                return False
            waiting.extend((value, other[key]) for key, value in one.items())
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            budget.spend(len(one))
            waiting.extend(zip(one, other, strict=True))
        elif not _same(one, other, budget):
            return False
    return True


def _same(left: Any, right: Any, budget: Budget) -> bool:
    if isinstance(left, str):
        budget.spend(len(left) // _CHARACTERS)
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _less(left: Any, right: Any, budget: Budget) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        budget.spend(len(left) // _CHARACTERS)
        return left < right
    return all(isinstance(side, int | float) and not isinstance(side, bool) for side in (left, right)) and bool(left < right)


_COMPARE: dict[str, Callable[[Any, Any, Budget], bool]] = {
    "==": _equal,
    "!=": lambda left, right, budget: not _equal(left, right, budget),
    "<": _less,
    ">": lambda left, right, budget: _less(right, left, budget),
    "<=": lambda left, right, budget: _less(left, right, budget) or _equal(left, right, budget),
    ">=": lambda left, right, budget: _less(right, left, budget) or _equal(left, right, budget),
}
