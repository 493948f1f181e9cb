"""A product team's rules on values, like "amount > 1000 needs a yes": what one is, and whether it asks for given arguments. Pure.

Numbers are compared as they stand in the field: 1000 cents are 1000. What cannot be compared asks.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeAlias

import jsonschema_rs
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from specs.model import Schema
from specs.pointers import parts
from tools import fields
from tools.shape import DEEP, object_view, properties_in, sole

Op = Literal[">", ">=", "<", "<=", "=", "!=", "in", "matches"]
Reason = Literal["holds", "missing", "incomparable"]  # why a rule asks
JSON: TypeAlias = Any  # a value of an argument
Scalar: TypeAlias = StrictBool | StrictInt | StrictFloat | Annotated[StrictStr, Field(max_length=500)]
ALL = "*"
NUMBER = re.compile(r"[+-]?[0-9]{1,1000}(?:\.[0-9]{1,1000})?")  # as text; "1e9" and "1,000" are not the same number to everybody
EXACT = 2**53  # from here on a browser's JSON loses digits, and the console writes back what it read
ORDERS = (">", ">=", "<", "<=")
MISSING = object()
HANDLES = ("secret:", "file:")  # stand for what is not here to be compared


class ValueRule(BaseModel):
    """A yes is wanted for calls of `operation` ("*": every changing one) whose `field` has such a value.

    `field`: a name, wherever it stands in the arguments, or a JSON pointer ("/order/total"), in which a list stands for each of its items.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    operation: Annotated[str, Field(min_length=1, max_length=500)] = ALL
    field: Annotated[str, Field(min_length=1, max_length=500)]
    op: Op
    value: Scalar | Annotated[tuple[Scalar, ...], Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def comparable(self) -> "ValueRule":
        if (self.op == "in") != isinstance(self.value, tuple):
            raise ValueError("`in` takes a list of values, every other `op` takes one value")
        if self.op in ORDERS and number(self.value) is None:
            raise ValueError(f'`{self.op}` compares numbers: write 1000, or "1000.50" as text')
        if self.op == "matches" and not (isinstance(self.value, str) and readable(self.value)):
            raise ValueError("`matches` takes a regular expression as text, as JSON Schema's `pattern` does, without looking around or back")
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        if any(isinstance(each, int) and abs(each) > EXACT for each in values) or any(isinstance(e, float) and not math.isfinite(e) for e in values):
            raise ValueError(f"write a number beyond {EXACT} as text, so that no digit of it is lost")
        return self

    def steps(self) -> list[str]:
        return parts(self.field) if self.field.startswith("/") else [self.field]


def asks(rule: ValueRule, arguments: Mapping[str, JSON], known: Iterable[fields.Field]) -> Reason | None:
    """Whether this rule wants a yes for these arguments, whatever their operation. `known`: the fields of the operation."""
    found = list(values(rule, arguments, known))
    results = [compared(rule, value) for value in found if value is not MISSING]
    if True in results:
        return "holds"
    if MISSING in found or not found:
        return "missing"
    return "incomparable" if None in results else None


def values(rule: ValueRule, arguments: Mapping[str, JSON], known: Iterable[fields.Field]) -> Iterator[JSON]:
    """What stands in the rule's field; MISSING where it should and nothing does."""
    first, *rest = rule.steps()
    names = {first} | {each.name for each in known if each.wire == first}  # two of one name are told apart in the arguments
    if not rule.field.startswith("/"):
        yield from anywhere(arguments, names)
        return
    for name in names & arguments.keys() or [""]:
        yield from along(arguments.get(name, MISSING), rest)


def anywhere(arguments: JSON, names: AbstractSet[str]) -> Iterator[JSON]:
    waiting = [arguments]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            for name in names & value.keys():
                yield from along(value[name], [])
            waiting.extend(each for name, each in value.items() if name not in names)
        elif isinstance(value, list):
            waiting.extend(value)
            if len({isinstance(each, Mapping) and not names.isdisjoint(each) for each in value}) > 1:
                yield MISSING  # some of its items have it


def along(value: JSON, steps: Sequence[str]) -> Iterator[JSON]:
    """What is at the end of the way; a list is all of its items."""
    waiting = [(value, 0)]
    while waiting:
        value, at = waiting.pop()
        if isinstance(value, list):
            waiting.extend((each, at) for each in value or [MISSING])
        elif at == len(steps):
            yield value
        else:
            waiting.append((value[steps[at]], at + 1) if isinstance(value, Mapping) and steps[at] in value else (MISSING, len(steps)))


def compared(rule: ValueRule, value: JSON) -> bool | None:
    """Whether the rule holds for one value; None: the two cannot be compared."""
    wanted = rule.value
    match rule.op:
        case "in":
            assert isinstance(wanted, tuple)
            found = {same(value, each) for each in wanted}
            return True if True in found else None if found == {None} else False
        case "=":
            return same(value, wanted)
        case "!=":
            equal = same(value, wanted, exact=True)
            return None if equal is None else not equal
        case "matches":
            return pattern(str(wanted)).is_valid(value) if isinstance(value, str) and not value.startswith(HANDLES) else None
        case _:
            one, other = number(value), number(wanted)
            return None if one is None or other is None else ordered(rule.op, one, other)


def ordered(op: Op, one: Decimal, other: Decimal) -> bool:
    return {">": one > other, ">=": one >= other, "<": one < other}.get(op, one <= other)


def same(value: JSON, wanted: JSON, *, exact: bool = False) -> bool | None:
    """Numbers by what they are worth, texts without regard to case (`exact`: with it), truth values. None: of two kinds."""
    if isinstance(value, str) and value.startswith(HANDLES):
        return None
    one, other = number(value), number(wanted)
    if one is not None and other is not None:
        return one == other
    if isinstance(value, bool) and isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, str) and isinstance(wanted, str):
        return value == wanted if exact else value.strip().casefold() == wanted.strip().casefold()
    return None


def number(value: JSON) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    return Decimal(value.strip()) if isinstance(value, str) and NUMBER.fullmatch(value.strip()) else None


@lru_cache(maxsize=512)
def pattern(text: str) -> jsonschema_rs.Validator:
    """Without looking around or back: what backtracks for ever would hold up every turn, or give up and not ask."""
    return jsonschema_rs.Draft202012Validator({"pattern": text}, pattern_options=jsonschema_rs.RegexOptions())


def readable(text: str) -> bool:
    try:
        pattern(text)
    except ValueError:
        return False
    return True


def declared(rule: ValueRule, known: Iterable[fields.Field], definitions: Mapping[str, Schema]) -> bool:
    """Whether an operation with these fields has the one the rule is about."""
    first, *rest = rule.steps()
    own = [each for each in known if first in (each.name, each.wire)]
    if not rule.field.startswith("/"):
        return bool(own) or any(name == first for name, _ in properties_in((each.schema for each in known), definitions))
    return any(leads_on(each.schema, rest, definitions) for each in own)


def leads_on(schema: Schema, steps: Sequence[str], definitions: Mapping[str, Schema]) -> bool:
    """Where nothing is declared, anything may stand."""
    for step in steps:
        schema = item_of(schema, definitions)
        view = object_view(schema, definitions)
        if view is None or step not in view.properties:
            return view is None and schema in (True, {})
        schema = view.properties[step]
    return True


def item_of(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    for _ in range(DEEP):
        schema = sole(schema, definitions)
        if not isinstance(schema, dict) or "items" not in schema:
            break
        schema = schema["items"]
    return schema
