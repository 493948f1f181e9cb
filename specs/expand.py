"""One raw operation to an Operation with everything it needs. What cannot be used is left out and becomes a problem."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, get_args

from specs.catalogue import Raw, placeholders
from specs.definitions import Definitions, Reached
from specs.head import Head, requirements, servers, text
from specs.model import Encoding, Location, MediaType, Operation, Parameter, Problem, RequestBody, Response, Schema
from specs.origin import Origins
from specs.pointers import join
from specs.references import Broken, Found, follow
from specs.swagger import MOST_MEDIA_TYPES, TABS, is_swagger

_MOST_PROBLEMS = 500  # of one operation
_MOST_HEADERS = 100  # of one response
_LOCATIONS: Mapping[str, Location] = {name: name for name in get_args(Location)}
_STYLES: Mapping[Location, tuple[str, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}


def expand(root: Mapping[str, Any], raw: Raw, head: Head, definitions: Definitions) -> tuple[Operation, tuple[Problem, ...]]:
    """The problems are those of the operation itself; those of the schemas it reaches are told by definitions.py."""
    operation, problems = _Expansion(root, raw, definitions, frozenset(placeholders(raw.path))).operation(head)
    if problems and is_swagger(root):
        origins = Origins(root, raw.pointer)
        problems = tuple(replace(problem, pointer=origins.original(problem.pointer)) for problem in problems)
    return operation, problems


@dataclass(slots=True)
class _Expansion:
    root: Mapping[str, Any]
    raw: Raw
    definitions: Definitions
    placeholders: frozenset[str]
    pointers: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def operation(self, head: Head) -> tuple[Operation, tuple[Problem, ...]]:
        raw, source = self.raw, self.raw.operation
        parameters, body, responses = self._parameters(), self._body(), self._responses()
        security = requirements(source.get("security"))
        operation = Operation(
            id=raw.id,
            method=raw.method.upper(),
            path=raw.path,
            summary=raw.summary,
            description=raw.description,
            tags=raw.tags,
            parameters=parameters,
            body=body,
            responses=responses,
            security=head.security if security is None else security,
            public=source.get("security") == [],
            servers=servers(source.get("servers")) or servers(raw.item.get("servers")) or head.servers,
            deprecated=source.get("deprecated") is True,
            consequential=_consequential(source),
            definitions=Reached(self.definitions, self.pointers),
        )
        return operation, tuple(self.problems)

    def _problem(self, pointer: str, code: str, message: str, fix: str | None = None) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem("warning", code, pointer, message, fix))

    def _schema(self, node: Any, pointer: str) -> Schema:
        normal = self.definitions.inline(node, pointer)
        self.pointers |= normal.pointers
        self.problems += normal.problems[: max(0, _MOST_PROBLEMS - len(self.problems))]
        return normal.schema

    def _object(self, node: Any, pointer: str) -> Found | None:
        """The object at a place, through references; a problem if there is none."""
        found = follow(self.root, node, pointer)
        if isinstance(found, Broken):
            self._problem(pointer, found.code, found.message + " It is left out.")
            return None
        if not isinstance(found.node, dict):
            self._problem(pointer, "object_malformed", "This must be an object; it is left out.")
            return None
        return found

    def _parameters(self) -> tuple[Parameter, ...]:
        """The path item's, overridden by the operation's of the same name and place; then what only the path names."""
        both = ((self.raw.item, self.raw.item_pointer), (self.raw.operation, self.raw.pointer))
        read = [one for owner, pointer in both for one in self._listed(owner.get("parameters"), join(pointer, "parameters"))]
        kept = {(one.location, one.name): one for one in read}
        for name in placeholders(self.raw.path):
            if ("path", name) not in kept:
                message = f"The path names {{{name[:80]}}}, which is no parameter."
                self._problem(self.raw.pointer, "path_parameter_undeclared", message, "Declare it with in: path.")
                kept["path", name] = Parameter(name, "path", True, {"type": "string"}, style="simple", explode=False)
        return tuple(kept.values())

    def _listed(self, value: Any, pointer: str) -> Iterator[Parameter]:
        if value is not None and not isinstance(value, list):
            self._problem(pointer, "parameters_malformed", "Parameters must be a list; they are left out.")
            return
        for number, node in enumerate(value or ()):
            found = self._object(node, join(pointer, number))
            parameter = self._parameter(found) if found else None
            if parameter:
                yield parameter

    def _parameter(self, found: Found) -> Parameter | None:
        node, pointer = found.node, found.pointer
        name, location = node.get("name"), _LOCATIONS.get(text(node.get("in")))
        if node.get("in") == "querystring" and isinstance(name, str) and name:
            return self._querystring(node, pointer)
        if not isinstance(name, str) or not name or location is None:
            self._problem(pointer, "parameter_malformed", "A parameter needs a name and 'in' of path, query, header or cookie; it is left out.")
            return None
        if location == "path" and name not in self.placeholders:
            self._problem(pointer, "path_parameter_unused", f"{name[:80]!r} is a path parameter but does not occur in the path; it is left out.")
            return None
        if location == "path" and node.get("required") is not True:
            message = f"The path parameter {name[:80]!r} must be required; it is taken as such."
            self._problem(pointer, "path_parameter_not_required", message, "Set required: true.")
        return self._made(node, pointer, location)

    def _querystring(self, node: Mapping[str, Any], pointer: str) -> Parameter | None:
        """OpenAPI 3.2, 4.12.2.2: the whole query as one value. An urlencoded one is written as an exploded object is, JSON as its text."""
        media = self._content(node.get("content"), join(pointer, "content"))
        form = next((one for one in media if one.name.startswith("application/x-www-form-urlencoded")), None)
        whole = form or next((one for one in media if one.name.partition(";")[0].strip().lower().endswith(("/json", "+json"))), None)
        if whole is None:
            message = f"The query {node['name'][:80]!r} is neither application/x-www-form-urlencoded nor JSON; it is left out."
            self._problem(pointer, "querystring_unsupported", message, "Describe it as parameters with in: query.")
            return None
        style, media_type = ("form", None) if whole is form else ("querystring", whole.name)
        said, required = text(node.get("description")), node.get("required") is True
        schema = _hidden(node, whole.schema)
        return Parameter(node["name"], "query", required, schema, said, style=style, media_type=media_type, example=_example(node))

    def _made(self, node: Mapping[str, Any], pointer: str, location: Location) -> Parameter:
        given, known = node.get("style"), _STYLES[location]
        if location == "query" and is_swagger(self.root):
            known = (*known, TABS)
        style = given if isinstance(given, str) and given in known else known[0]
        if given is not None and given != style:
            message = f"The style {text(given)[:40]!r} is none of a {location} parameter; {style!r} is taken."
            self._problem(pointer, "style_unknown", message, "Use one of " + ", ".join(_STYLES[location]) + ".")
        media_type, schema = self._parameter_schema(node, pointer)
        return Parameter(
            name=node["name"],
            location=location,
            required=location == "path" or node.get("required") is True,
            schema=_hidden(node, schema),
            description=text(node.get("description")),
            style=style,
            explode=node["explode"] if isinstance(node.get("explode"), bool) else style == "form",
            allow_reserved=node.get("allowReserved") is True,
            media_type=media_type,
            example=_example(node),
            allow_empty_value=location == "query" and node.get("allowEmptyValue") is True,
        )

    def _parameter_schema(self, node: Mapping[str, Any], pointer: str) -> tuple[str | None, Schema]:
        content = node.get("content")
        if isinstance(content, dict) and content:
            first = next(iter(self._content(content, join(pointer, "content"))), None)
            return (first.name, first.schema) if first else (None, True)
        return None, self._schema(node["schema"], join(pointer, "schema")) if "schema" in node else True

    def _body(self) -> RequestBody | None:
        node, pointer = self.raw.operation.get("requestBody"), join(self.raw.pointer, "requestBody")
        found = self._object(node, pointer) if node is not None else None
        if found is None:
            return None
        content = self._content(found.node.get("content"), join(found.pointer, "content"))
        return RequestBody(found.node.get("required") is True, content, text(found.node.get("description"))) if content else None

    def _responses(self) -> tuple[Response, ...]:
        declared, pointer = self.raw.operation.get("responses"), join(self.raw.pointer, "responses")
        if declared is not None and not isinstance(declared, dict):
            self._problem(pointer, "responses_malformed", "Responses must be an object; they are left out.")
            return ()
        items = [(status, self._object(node, join(pointer, status))) for status, node in (declared or {}).items() if not status.startswith("x-")]
        return tuple(
            Response(
                status,
                text(found.node.get("description")),
                self._content(found.node.get("content"), join(found.pointer, "content")),
                _headers(found.node.get("headers")),
            )
            for status, found in items
            if found
        )

    def _content(self, content: Any, pointer: str) -> tuple[MediaType, ...]:
        if isinstance(content, dict) and len(content) > MOST_MEDIA_TYPES:
            self._problem(pointer, "media_types_many", f"Of more than {MOST_MEDIA_TYPES} media types the first are read.")
        return tuple(self._media_types(islice(content.items(), MOST_MEDIA_TYPES), pointer)) if isinstance(content, dict) else ()

    def _media_types(self, items: Iterable[tuple[str, Any]], pointer: str) -> Iterator[MediaType]:
        for name, node in items:
            if not isinstance(node, dict):
                self._problem(join(pointer, name), "media_type_malformed", "A media type must be an object; it is left out.")
            elif found := self._object(node, join(pointer, name)):
                schema = self._schema(found.node["schema"], join(found.pointer, "schema")) if "schema" in found.node else True
                yield MediaType(name, schema, _encodings(found.node.get("encoding")))


def _headers(declared: Any) -> tuple[str, ...]:
    return tuple(islice((name for name in declared if isinstance(name, str)), _MOST_HEADERS)) if isinstance(declared, dict) else ()


def _encodings(declared: Any) -> dict[str, Encoding]:
    """What is of a wrong type is as good as unsaid."""
    nodes = declared.items() if isinstance(declared, dict) else ()
    return {name: _encoding(node) for name, node in nodes if isinstance(node, dict)}


def _encoding(node: Mapping[str, Any]) -> Encoding:
    style, explode = node.get("style"), node.get("explode")
    return Encoding(
        content_type=text(node.get("contentType")).strip() or None,
        style=style if isinstance(style, str) and style in _STYLES["query"] else None,
        explode=explode if isinstance(explode, bool) else None,
        allow_reserved=node.get("allowReserved") is True,
    )


def _hidden(node: Mapping[str, Any], schema: Schema) -> Schema:
    """What the parameter itself says of secrecy is true of its value."""
    if node.get("x-sensitive") is not True:
        return schema
    return {**(schema if isinstance(schema, Mapping) else {}), "x-sensitive": True}


def _example(node: Mapping[str, Any]) -> Any:
    examples = node.get("examples")
    first = next(iter(examples.values()), None) if isinstance(examples, dict) else None
    return first.get("value") if isinstance(first, dict) and "example" not in node else node.get("example")


def _consequential(operation: Mapping[str, Any]) -> bool | None:
    said = [operation[key] for key in ("x-openai-isConsequential", "x-requireConfirmation") if isinstance(operation.get(key), bool)]
    return any(said) if said else None
