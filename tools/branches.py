"""Which branch of a discriminated schema a value belongs to, and what of a value only answers may hold. Pure."""

from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from specs.model import Schema
from tools.shape import BRANCHES, PREFIX, all_properties, followed, object_view, read_only

Definitions = Mapping[str, Schema]


def discriminated(value: Mapping[str, Any], schema: Schema, definitions: Definitions) -> tuple[str, str] | None:
    """The discriminator's property and its value, where it is missing and the others leave only one branch (OpenAPI 3.1, 4.8.25)."""
    said = schema.get("discriminator") if isinstance(schema, dict) else None
    if not isinstance(schema, dict) or not isinstance(said, dict) or value.get(said["propertyName"]) is not None:
        return None
    name = str(said["propertyName"])
    targets = {str(target): key for key, target in reversed(list((said.get("mapping") or {}).items()))}
    branches = [each for each in (*(schema.get("oneOf") or ()), *(schema.get("anyOf") or ())) if isinstance(each, dict)]
    if len(branches) > BRANCHES:
        return None
    fitting = {each for branch in branches if (each := meant(value, branch, name, targets, definitions)) is not None}
    return (name, fitting.pop()) if len(fitting) == 1 else None


def meant(value: Mapping[str, Any], branch: Schema, name: str, targets: Mapping[str, str], definitions: Definitions) -> str | None:
    """What the discriminator says of this branch, if the value can be one of it."""
    view = object_view(branch, definitions)
    if view is None or not isinstance(branch, dict) or not value.keys() <= view.properties.keys():
        return None
    reference = str(branch.get("$ref", ""))
    own = followed(view.properties.get(name, True), definitions)
    members = [own["const"]] if isinstance(own, dict) and "const" in own else own.get("enum", []) if isinstance(own, dict) else []
    said = targets.get(reference) or (members[0] if len(members) == 1 else reference.removeprefix(PREFIX))
    return str(said) if said and is_valid({**value, name: said}, branch, definitions) else None


def is_valid(value: Mapping[str, Any], schema: Schema, definitions: Definitions) -> bool:
    whole = {**schema, "$defs": dict(definitions)} if isinstance(schema, dict) else schema
    try:
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=False, retriever=nowhere).is_valid(value)
    except (ValueError, jsonschema_rs.ReferencingError):
        return True  # what cannot be checked does not speak against it


def nowhere(uri: str) -> Any:
    raise ValueError(f"{uri} is outside of the document")


def hidden(schema: Schema, definitions: Definitions) -> frozenset[str]:
    """Properties of an object that are readOnly wherever they are declared: a request has none of them."""
    declared = all_properties(schema, definitions)
    out = {name for name, each in declared if read_only(each, definitions)}
    return frozenset(out - {name for name, each in declared if not read_only(each, definitions)}) if out else frozenset()
