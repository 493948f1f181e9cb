"""The local references of a document. What lies outside of it is never fetched."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from specs.pointers import index, unescape

_HOPS = 32  # references to references; a longer chain is a loop


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a reference leads nowhere; `code` is the problem's code."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    node: Any
    pointer: str


def resolve(root: Any, reference: Any) -> Found | Broken:
    """What a `$ref` value names, without following a further `$ref` there."""
    if not isinstance(reference, str):
        return Broken("reference_not_text", "A $ref must be a text such as '#/components/schemas/Name'.")
    if not reference.startswith("#"):
        return Broken("reference_not_local", f"{reference[:200]!r} lies outside of this document; such references are not fetched.")
    pointer = unquote(reference[1:])
    if pointer and not pointer.startswith("/"):
        return Broken("reference_not_found", f"{reference[:200]!r} is an anchor; only pointers such as '#/components/...' are followed.")
    return locate(root, pointer)


def locate(root: Any, pointer: str) -> Found | Broken:
    """What a JSON pointer names (RFC 6901)."""
    node = root
    for part in pointer.split("/")[1:]:
        name = unescape(part) if "~" in part else part
        node = node.get(name, _NOTHING) if isinstance(node, dict) else _item(node, name)
        if node is _NOTHING:
            return Broken("reference_not_found", f"'#{pointer[:200]}' names nothing in this document.")
    return Found(node, pointer)


def follow(root: Any, node: Any, pointer: str) -> Found | Broken:
    """The object itself, through as many local references as it takes."""
    for _ in range(_HOPS):
        if not isinstance(node, dict) or "$ref" not in node:
            return Found(node, pointer)
        target = resolve(root, node["$ref"])
        if isinstance(target, Broken):
            return target
        node, pointer = target.node, target.pointer
    return Broken("reference_cycle", "These references lead in a circle and never to an object.")


def followed(root: Any, node: Any) -> Mapping[str, Any]:
    """The object behind a node, or an empty one."""
    if isinstance(node, dict) and "$ref" not in node:  # most are
        return node
    found = follow(root, node, "")
    return found.node if isinstance(found, Found) and isinstance(found.node, dict) else {}


_NOTHING = object()


def _item(node: Any, part: str) -> Any:
    number = index(part, node) if isinstance(node, list) else None
    return _NOTHING if number is None else node[number]
