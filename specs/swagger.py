"""Swagger 2.0 seen as OpenAPI 3: a path item, an operation and the head get the newer shape, one level deep. Pure.

Schemas are the document's own and references keep pointing into it; origin.py says where something of a view stands there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from specs.model import Problem
from specs.pointers import join
from specs.references import followed

_JSON = "application/json"
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_FLOWS = {"implicit": "implicit", "password": "password", "application": "clientCredentials", "accessCode": "authorizationCode"}
_OF_PARAMETER = frozenset(("name", "in", "required", "description", "allowEmptyValue", "deprecated", "example", "x-example", "schema"))
TABS = "tabDelimited"  # no style of OpenAPI 3, and of a query only
_STYLES = {"ssv": "spaceDelimited", "pipes": "pipeDelimited", "tsv": TABS}
_BINARY: Mapping[str, Any] = {"type": "string", "format": "binary"}
MOST_MEDIA_TYPES = 20  # of one body; a view keeps one more, by which expand.py sees that there are too many


def is_swagger(root: Mapping[str, Any]) -> bool:
    return "swagger" in root and "openapi" not in root


def servers(root: Mapping[str, Any], schemes: Any) -> list[dict[str, Any]]:
    """One for each scheme, https first. Without a host the address is relative to the document's own."""
    host, base = root.get("host"), root.get("basePath")
    path = base.rstrip("/") if isinstance(base, str) else ""
    path = path if path.startswith("/") or not path else "/" + path
    if not isinstance(host, str) or not host:
        return [{"url": path or "/"}]
    usable = [one for one in schemes if one in ("https", "http")] if isinstance(schemes, list) else []
    bare = host.rpartition("://")[2].rstrip("/")  # a scheme does not belong into it, and is often written there
    return [{"url": f"{scheme}://{bare}{path}"} for scheme in sorted(dict.fromkeys(usable), reverse=True) or ["https"]]


def schemes_place(root: Mapping[str, Any]) -> str:
    """Where security schemes are declared, in any version."""
    return "/securityDefinitions" if is_swagger(root) else "/components/securitySchemes"


def security_scheme(node: Mapping[str, Any]) -> Mapping[str, Any]:
    if node.get("type") == "basic":
        return {**node, "type": "http", "scheme": "basic"}
    flow = node.get("flow")
    if node.get("type") != "oauth2" or not isinstance(flow, str):
        return node
    return {**node, "flows": {_FLOWS.get(flow, flow): {key: node[key] for key in ("authorizationUrl", "tokenUrl", "scopes") if key in node}}}


def parameter(node: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter that is no body, or a header of a response: what describes the value goes into a schema of its own."""
    view = {key: value for key, value in node.items() if key in _OF_PARAMETER}
    if "x-example" in view:
        view.setdefault("example", view.pop("x-example"))
    if "schema" not in view:
        view["schema"] = _schema({key: value for key, value in node.items() if key not in _OF_PARAMETER and key != "collectionFormat"})
    if node.get("type") == "array":
        view |= _format(node.get("collectionFormat"))
    return view


def _format(given: Any) -> dict[str, Any]:
    style = _STYLES.get(given) if isinstance(given, str) else None
    return {"style": style, "explode": False} if style else {"explode": given == "multi"}


def _schema(schema: Any) -> Any:
    if not isinstance(schema, dict) or schema.get("type") != "file":
        return schema
    return {**schema, **_BINARY}


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of parameters taken apart."""

    plain: Any  # what is no list is kept, so that it is told
    bodies: tuple[Mapping[str, Any], ...] = ()
    fields: Mapping[str, Mapping[str, Any]] | None = None


class Views:
    """Of one document; what many places share is seen once. `problems` grows as it is looked at."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.problems: list[Problem] = []
        self._root = root
        self._consumes = _media_types(root.get("consumes"), (_JSON,))
        self._produces = _media_types(root.get("produces"), (_JSON,))
        # By identity: all of these are parts of the document, which lives as long as this.
        self._lists: dict[int, _Listed] = {}
        self._references: dict[str, Mapping[str, Any]] = {}
        self._parameters: dict[int, dict[str, Any]] = {}
        self._operations: dict[tuple[int, int], dict[str, Any]] = {}

    def item(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**item, "parameters": self._listed(item["parameters"]).plain} if "parameters" in item else item

    def operation(self, operation: Mapping[str, Any], item: Mapping[str, Any], pointer: str) -> dict[str, Any]:
        key = id(operation), id(item.get("parameters"))
        known = self._operations.get(key)
        if known is None:
            known = self._operations[key] = self._operation(operation, item, pointer)
        return known

    def _operation(self, operation: Mapping[str, Any], item: Mapping[str, Any], pointer: str) -> dict[str, Any]:
        view = dict(operation)
        own, shared = self._listed(operation.get("parameters")), self._listed(item.get("parameters"))
        if "parameters" in operation:
            view["parameters"] = own.plain
        consumes = _media_types(operation.get("consumes"), self._consumes)
        if body := self._body(own, shared, consumes, join(pointer, "parameters")):
            view["requestBody"] = body
        if isinstance(responses := operation.get("responses"), dict):
            produces = _media_types(operation.get("produces"), self._produces)
            seen = {status: self._response(node, produces) for status, node in responses.items()}
            if any(seen[status] is not node for status, node in responses.items()):
                view["responses"] = seen
        if "schemes" in operation and self._root.get("host") and operation["schemes"] != self._root.get("schemes"):
            view["servers"] = servers(self._root, operation["schemes"])
        return view

    def _listed(self, given: Any) -> _Listed:
        if not isinstance(given, list):
            return _Listed(given)
        known = self._lists.get(id(given))
        if known is None:
            known = self._lists[id(given)] = self._apart(given)
        return known

    def _apart(self, given: Sequence[Any]) -> _Listed:
        plain: list[Any] = []
        bodies: list[Mapping[str, Any]] = []
        fields: dict[str, Mapping[str, Any]] = {}
        for node in given:
            target = self._followed(node)
            match kind(target):
                case "body":
                    bodies.append(target)
                case "formData":
                    fields[target["name"]] = target
                case _:
                    plain.append(self._parameter(target) if target else node)
        return _Listed(plain, tuple(bodies), fields)

    def _followed(self, node: Any) -> Mapping[str, Any]:
        """What is referred to again and again, as Kubernetes' `pretty` is by every operation, is looked up once."""
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str):
            return followed(self._root, node)
        known = self._references.get(reference)
        if known is None:
            known = self._references[reference] = followed(self._root, node)
        return known

    def _parameter(self, node: Mapping[str, Any]) -> dict[str, Any]:
        known = self._parameters.get(id(node))
        if known is None:
            known = self._parameters[id(node)] = parameter(node)
        return known

    def _body(self, own: _Listed, shared: _Listed, consumes: Sequence[str], pointer: str) -> dict[str, Any] | None:
        """The operation's own body or form, else the path item's. Swagger 2.0 allows one body, or form fields, not both."""
        bodies = own.bodies or (() if own.fields else shared.bodies)
        # What a path item has holds for an operation beside what that has itself: a body of its own takes the place of a body only.
        if len(bodies) > 1 or ((own.bodies or shared.bodies) and (own.fields or shared.fields)):
            message = "An operation has one body, or form fields, and not both; its own comes before its path's, and a body before a form."
            self.problems.append(Problem("error", "body_and_form", pointer, message, "Describe all that is sent in one body's schema."))
        if bodies:
            return _of_body(bodies[0], consumes)
        fields = {**(shared.fields or {}), **(own.fields or {})}
        return _of_form(fields, consumes) if fields else None

    def _response(self, node: Any, produces: Sequence[str]) -> Any:
        given = self._followed(node)
        if given.keys().isdisjoint(("schema", "examples", "headers")):
            return given or node  # the same in both
        view = {key: value for key, value in given.items() if key not in ("schema", "examples")}
        if isinstance(headers := given.get("headers"), dict):
            view["headers"] = {name: parameter(one) if isinstance(one, dict) else one for name, one in headers.items()}
        if "schema" in given:
            examples = given.get("examples")
            media = {"schema": _schema(given["schema"])}
            view["content"] = {
                name: {**media, "example": examples[name]} if isinstance(examples, dict) and name in examples else media for name in produces
            }
        return view


def kind(node: Any) -> str:
    """What of a list of parameters is none in OpenAPI 3: "body" or "formData". Empty for all others."""
    place, name = (node.get("in"), node.get("name")) if isinstance(node, dict) else (None, None)
    return str(place) if place == "body" or (place == "formData" and isinstance(name, str) and name) else ""


def _media_types(given: Any, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """An empty list takes the document's own away (2.0, Operation Object): then nothing is known, and JSON is likeliest."""
    if not isinstance(given, list):
        return otherwise
    return tuple(dict.fromkeys(islice((one for one in given if isinstance(one, str)), MOST_MEDIA_TYPES + 1))) or (_JSON,)


def _of_body(node: Mapping[str, Any], consumes: Sequence[str]) -> dict[str, Any]:
    view = parameter(node)
    media = {key: view[key] for key in ("schema", "example") if key in view}
    # What is sent needs a type; a product that takes any takes JSON.
    names = dict.fromkeys(_JSON if name == "*/*" else name for name in consumes)
    return {**_described(node), "required": node.get("required") is True, "content": dict.fromkeys(names, media)}


def _of_form(fields: Mapping[str, Mapping[str, Any]], consumes: Sequence[str]) -> dict[str, Any]:
    views = {name: parameter(node) for name, node in fields.items()}
    required = [name for name, node in fields.items() if node.get("required") is True]
    schema = {
        "type": "object",
        "properties": {name: {**view["schema"], **_described(view)} if isinstance(view["schema"], dict) else True for name, view in views.items()},
        **({"required": required} if required else {}),
    }
    encoding = {name: {key: view[key] for key in ("style", "explode") if key in view} for name, view in views.items() if "explode" in view}
    media = {"schema": schema, **({"encoding": encoding} if encoding else {})}
    forms = [name for name in consumes if name.partition(";")[0].strip().lower() in (_URLENCODED, _MULTIPART)]
    # 2.0, Parameter Object: form fields are sent as a form, whatever else the operation consumes.
    named = [_MULTIPART] if any(node.get("type") == "file" for node in fields.values()) else forms or [_URLENCODED]
    return {"required": bool(required), "content": dict.fromkeys(named, media)}


def _described(node: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": node["description"]} if "description" in node else {}
