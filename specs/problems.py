"""Problems of a whole document: references that lead nowhere. A document without any is not walked."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import orjson

from specs.model import Problem
from specs.pointers import join
from specs.references import Broken, resolve

_REFERENCE = re.compile(rb'"\$ref":("[^"\\]*(?:\\.[^"\\]*)*")')
_DATA = frozenset(("example", "examples", "default", "enum", "const"))  # what looks like a reference in there is the customer's data
_NAMED = frozenset(("properties", "schemas", "definitions"))  # whose keys are names that the author chose
_MOST = 500


def reference_problems(root: Mapping[str, Any], canonical: bytes) -> list[Problem]:
    """`canonical` is the tree as compact JSON: the distinct references are read from it, 5 ms for 10,000 of them."""
    distinct = {orjson.loads(text) for text in set(_REFERENCE.findall(canonical))}
    if not any(isinstance(resolve(root, reference), Broken) for reference in distinct):
        return []
    found = ((resolve(root, reference), pointer) for reference, pointer in _references(root))
    return list(islice((_problem(broken, pointer) for broken, pointer in found if isinstance(broken, Broken)), _MOST))


def _problem(broken: Broken, pointer: str) -> Problem:
    if broken.code == "reference_not_local":
        return Problem("warning", broken.code, pointer, broken.message + " Any value is accepted here.", "Bundle the document into one file.")
    return Problem("error", broken.code, pointer, broken.message, "Add what it names, or correct the name.")


def _references(root: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every `$ref` with its pointer, in the document's order."""
    waiting: list[tuple[Any, str, bool]] = [(root, "", False)]
    while waiting:
        node, pointer, named = waiting.pop()
        if isinstance(node, list):
            waiting.extend((node[i], f"{pointer}/{i}", False) for i in range(len(node) - 1, -1, -1))
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and not named:
                yield reference, join(pointer, "$ref")
            children = [(value, join(pointer, key), key in _NAMED) for key, value in node.items() if named or not _is_data(key)]
            waiting.extend(reversed(children))


def _is_data(key: str) -> bool:
    return key in _DATA or key.startswith("x-")
