"""Whether a value fits a schema as documents write it: what is certain only, so that nothing is blamed by mistake. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from specs.pointers import escape
from specs.references import followed

_DEEP = 12
_MOST = 1_000  # of a list that every example is held against
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_PYTHON: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def misfit(root: Mapping[str, Any], schema: Any, value: Any, place: str = "", depth: int = 0) -> str | None:
    """Why not, in words; None if it fits or nothing is certain."""
    node = followed(root, schema)
    if depth > _DEEP or not node:
        return None
    at = f" at {place}" if place else ""
    if value is None:
        return None  # nullable in one of many ways, or a placeholder
    declared = types(node)
    if declared and not any(fits_type(value, one) for one in declared):
        return f"{str(value)[:40]!r}{at} is not of type {' or '.join(declared)}"
    values = node.get("enum")
    if isinstance(values, list) and 0 < len(values) <= _MOST and value not in values:
        return f"{str(value)[:40]!r}{at} is not one of its values"
    return _limits(node, value, at) or _parts(root, node, value, place, depth)


def types(node: Mapping[str, Any]) -> list[str]:
    given = node.get("type")
    return [one for one in (given if isinstance(given, list) else [given]) if isinstance(one, str) and one in _PYTHON]


def fits_type(value: Any, declared: str) -> bool:
    if isinstance(value, bool):
        return declared == "boolean"
    return isinstance(value, _PYTHON[declared]) and not (declared == "integer" and isinstance(value, float) and value != int(value))


def _limits(node: Mapping[str, Any], value: Any, at: str) -> str | None:
    if (given := number(value)) is not None and _outside(given, node.get("minimum"), node.get("maximum")):
        return f"{value}{at} is outside of its limits"
    if isinstance(value, str) and _outside(len(value), node.get("minLength"), node.get("maxLength")):
        return f"{value[:40]!r}{at} is too short or too long"
    return None


def _outside(value: float, low: Any, high: Any) -> bool:
    least, most = number(low), number(high)
    return (least is not None and value < least) or (most is not None and value > most)


def number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _parts(root: Mapping[str, Any], node: Mapping[str, Any], value: Any, place: str, depth: int) -> str | None:
    if isinstance(value, dict):
        return _object(root, node, value, place, depth)
    if isinstance(value, list):
        for place_in, one in enumerate(value[:20]):
            if found := misfit(root, node.get("items"), one, f"{place}/{place_in}", depth + 1):
                return found
    return None


def _object(root: Mapping[str, Any], node: Mapping[str, Any], value: Mapping[str, Any], place: str, depth: int) -> str | None:
    properties, needed = node.get("properties"), node.get("required")
    given = properties if isinstance(properties, dict) else {}
    for name in needed[:_MOST] if isinstance(needed, list) else ():
        if isinstance(name, str) and name not in value and followed(root, given.get(name)).get("readOnly") is not True:
            return f"{name[:40]!r} is missing" + (f" at {place}" if place else "")
    for name, one in value.items():
        if name in given and (found := misfit(root, given[name], one, f"{place}/{escape(name)}", depth + 1)):
            return found
    return None


def converted(node: Mapping[str, Any], value: Any) -> Any:
    """The value as the schema wants it, where that is plain ("10" for an integer); None where it is not."""
    candidates: list[Any] = []
    if isinstance(value, str):
        text = value.strip()
        candidates += [{"true": True, "false": False}.get(text.lower())]
        if _NUMBER.fullmatch(text):
            candidates += [float(text)] if "." in text else [int(text), float(text)]
        values = node.get("enum")
        candidates += [one for one in (values if isinstance(values, list) else ()) if isinstance(one, str) and one.lower() == text.lower()]
    elif isinstance(value, bool):
        candidates.append(str(value).lower())
    elif isinstance(value, int | float):
        candidates.append(str(value))
    if isinstance(value, str | int | float | bool) and types(node) == ["array"]:
        candidates.append([value])
    return next((one for one in candidates if one is not None and misfit({}, node, one) is None), None)
