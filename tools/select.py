"""JMESPath in bounds: what of a body a `show` call is about. Pure. The expression is a model's and the body a product's, so both are hostile.

The language cannot loop; what can grow is its result. So every step costs, flattening costs what it makes, functions that write text or add up in
floats are left out, and literals stand in conditions only: a result holds nothing that the product did not return.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jmespath import compile as parsed
from jmespath.exceptions import JMESPathError, UnknownFunctionError
from jmespath.functions import Functions
from jmespath.visitor import Options, TreeInterpreter

LONGEST = 500  # characters
DEEPEST = 24  # levels of the expression
STEPS = 3_000_000  # some seconds; 50,000 rows with ten fields each take a fifth
NODES = 3_000_000  # of what comes out
BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
FUNCTIONS = frozenset(
    [
        "abs", "ceil", "contains", "ends_with", "floor", "keys", "length", "map", "max", "max_by", "merge", "min", "min_by", "not_null", "sort",
        "sort_by", "starts_with", "to_array", "type", "values",
    ]
)  # fmt: skip
CONDITIONS = frozenset({"comparator", "contains", "starts_with", "ends_with"})  # what they give is true or false
DECIDING = CONDITIONS | {"length", "max", "max_by", "min", "min_by", "sort", "sort_by"}  # what comes out depends on what the values are
INSTEAD = {"sum": "aggregate", "avg": "aggregate", "reverse": "sort with a leading -"}


@dataclass(frozen=True, slots=True)
class Unselectable:
    """Why, worded so that a model can mend its expression."""

    reason: str


class Spent(JMESPathError):
    """The expression takes or makes too much."""


class Bounded(TreeInterpreter):
    """One evaluation. `left`: steps it may still take."""

    def __init__(self) -> None:
        super().__init__(Options(custom_functions=Allowed()))
        self.left = STEPS

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise Spent

    def visit(self, node: Any, *args: Any, **more: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Spent
        return super().visit(node, *args, **more)

    def visit_flatten(self, node: Any, value: Any) -> Any:
        """[@, @][] twice as long at every step: counted before it is made."""
        base = self.visit(node["children"][0], value)
        if not isinstance(base, list):
            return None
        self.spend(sum(len(each) if isinstance(each, list) else 1 for each in base))
        return [one for each in base for one in (each if isinstance(each, list) else (each,))]

    def visit_comparator(self, node: Any, value: Any) -> Any:
        """Numbers and text in one column have no order (JMESPath: null); the library raises."""
        try:
            return super().visit_comparator(node, value)
        except TypeError:
            return None


class Allowed(Functions):
    def call_function(self, function_name: str, resolved_args: Iterable[Any]) -> Any:
        if function_name not in FUNCTIONS:
            raise UnknownFunctionError(function_name)
        return super().call_function(function_name, resolved_args)


def selected(expression: str, body: Any) -> Any | Unselectable:
    """What the expression leads to in the body."""
    if problem := unreadable(expression):
        return Unselectable(problem)
    try:
        tree = parsed(expression).parsed
    except (JMESPathError, RecursionError, ValueError) as error:
        return Unselectable(f"`select` is no JMESPath: {first_line(error)}.")
    if problem := unusable(tree):
        return Unselectable(problem)
    try:
        found = Bounded().visit(tree, body)
    except Spent:
        return Unselectable("`select` takes too long on this result. Select the rows only, and use filter, group and aggregate for the rest.")
    except (JMESPathError, ValueError, TypeError, OverflowError, RecursionError) as error:
        return Unselectable(f"`select` does not fit the result: {first_line(error)}.")
    return found if small_enough(found) else Unselectable("`select` makes more than it was given. Select each thing once.")


def unreadable(expression: str) -> str | None:
    """What the parser must not see."""
    if len(expression) > LONGEST:
        return f"`select` is longer than {LONGEST} characters."
    depth = deepest = 0
    for character in expression:
        depth += BRACKETS.get(character, 0)
        deepest = max(deepest, depth)
    return "`select` is nested too deeply." if deepest > DEEPEST or "!" * DEEPEST in expression else None


def unusable(tree: Mapping[str, Any]) -> str | None:
    for node, depth, condition in nodes(tree):
        if depth > DEEPEST:
            return "`select` is nested too deeply."
        if node["type"] == "literal" and not condition:
            return "`select` may hold literal values in conditions only, such as [?status == 'open']."
        if node["type"] == "function_expression" and node["value"] not in FUNCTIONS:
            instead = INSTEAD.get(node["value"])
            return f"`select` knows no {node['value']}(){f'; use {instead} of show' if instead else ''}. It knows: {', '.join(sorted(FUNCTIONS))}."
    return None


def nodes(tree: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], int, bool]]:
    """(node, its depth, whether it is asked about only), without recursion."""
    waiting: list[tuple[Mapping[str, Any], int, bool]] = [(tree, 1, False)]
    while waiting:
        node, depth, condition = waiting.pop()
        yield node, depth, condition
        inner = condition or node["type"] in CONDITIONS or (node["type"] == "function_expression" and node["value"] in CONDITIONS)
        waiting.extend((child, depth + 1, inner) for child in node["children"] if isinstance(child, Mapping))


def looked_at(expression: str) -> frozenset[str] | None:
    """The members whose values decide what is selected, in which order; None: whatever there is. The expression is one that was `selected` by."""
    tree = parsed(expression).parsed
    all_nodes = list(deciding(tree))
    if not any(decides for _, decides in all_nodes):
        return frozenset()
    if any(decides and (node["type"] in {"current", "value_projection"} or node.get("value") == "values") for node, decides in all_nodes):
        return None
    renamed = any(node["type"] == "pipe" for node, _ in all_nodes)  # what is asked about behind it may have had another name before
    return frozenset(node["value"] for node, decides in all_nodes if node["type"] == "field" and (decides or renamed))


def deciding(tree: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], bool]]:
    waiting: list[tuple[Mapping[str, Any], bool]] = [(tree, False)]
    while waiting:
        node, inside = waiting.pop()
        inner = inside or node["type"] == "comparator" or (node["type"] == "function_expression" and node["value"] in DECIDING)
        yield node, inner
        children = [child for child in node["children"] if isinstance(child, Mapping)]
        for place, child in enumerate(children):
            by = node["type"] == "function_expression" and node["value"].endswith("_by") and place == 0  # the list itself: only &field decides
            waiting.append((child, inside if by else inner or (node["type"] == "filter_projection" and place == 2)))


def small_enough(found: Any) -> bool:
    """{a: @, b: @} | {a: @, b: @} ... is small in memory and endless when written."""
    waiting, seen = [found], 0
    while waiting:
        value = waiting.pop()
        seen += 1
        if seen > NODES:
            return False
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return True


def first_line(error: Exception) -> str:
    """Without the value that the library quotes: it is the product's."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error).partition("\n")[0].partition(", for expression")[0].partition(" for value: ")[0].rstrip(".:")[:200]
