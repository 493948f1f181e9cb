"""What a model is shown of one operation, and what its fields are. Pure; made once per operation and settings, then kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal
from weakref import ref

import jsonschema_rs
import orjson

from specs.model import Operation, Parameter, RequestBody, Schema
from specs.pointers import unescape
from tools.fields import FieldKind, is_secret, kind_of, names, plain_name
from tools.prune import fitted, sentences
from tools.settings import DocumentSettings
from tools.shape import at, followed, object_view, properties_in, reached, request_form

BUDGET = 4_000  # characters of `parameters`, about 1,000 tokens
DESCRIPTION = 400
KEPT_DEFINITIONS = 8_192

# Owned by the transport or by credentials: never shown to a model, never asked for.
TRANSPORT = names(
    "accept acceptcharset acceptencoding contenttype contentlength contentencoding authorization proxyauthorization cookie host connection upgrade",
    "te trailer transferencoding expect useragent forwarded xforwardedfor xforwardedhost xforwardedproto xhttpmethodoverride",
    "xapikey apikey xauthtoken xaccesstoken authtoken accesstoken",
)
QUERY_CREDENTIALS = frozenset({"apikey", "accesstoken", "authtoken"})
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, 5.6.2: what a header's name may be
STYLES = {"path": "simple", "query": "form", "header": "simple"}
PLAIN_BODY = names("type properties required description title example examples default deprecated $ref $comment xml")


@dataclass(frozen=True, slots=True)
class Field:
    """One argument. `wire` is its name in the request ("" when it is the whole body). `schema` may refer to the definition's `definitions`."""

    name: str
    location: Literal["path", "query", "header", "body"]
    wire: str
    required: bool
    schema: Schema
    kind: FieldKind
    description: str = ""
    secret: bool = False
    constant: bool = False  # the team's settings give its value; a model does not see it


@dataclass(frozen=True, eq=False)
class ToolDefinition:
    """`parameters` is what a model sees, `more` the properties there is no room for in it (as they would be shown); `fields` is all there is.

    `unsupported` says why no request can be built.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    fields: tuple[Field, ...] = ()
    definitions: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None  # a body whose parts depend on each other: checked once more as a whole
    sensitive: tuple[str, ...] = ()
    unsupported: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {each.name: each for each in self.fields}

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The names, in plain form, of all its fields that are secret, also inside of others."""
        inner = properties_in((each.schema for each in self.fields), self.definitions)
        found = {plain_name(name) for name, schema in inner if is_secret(name, schema, self.sensitive)}
        return frozenset(found | {plain_name(each.wire) for each in self.fields if each.secret})

    @cached_property
    def validator(self) -> jsonschema_rs.Validator:
        """Checks the arguments, all fields of them, not only those shown."""
        if not self.fields and self.parameters.get("properties"):
            return compiled(self.parameters, {})
        required = [each.name for each in self.fields if each.required]
        properties = {each.name: each.schema for each in self.fields}
        return compiled({"type": "object", "properties": properties, "required": required, "additionalProperties": False}, self.definitions)

    @cached_property
    def body_validator(self) -> jsonschema_rs.Validator | None:
        return None if self.body is None else compiled(self.body, self.definitions)

    def schema_at(self, pointer: str) -> Schema:
        """The schema of the argument value at a JSON pointer ("/address/city")."""
        name, _, rest = pointer.removeprefix("/").partition("/")
        found = self.by_name.get(unescape(name))
        return at(found.schema, f"/{rest}" if rest else "", self.definitions) if found else True

    def kind_at(self, pointer: str) -> FieldKind:
        """A value inside an object or a list has the kind of its own name; an item of a list that of the list."""
        parts = [part for part in pointer.split("/") if part and not part.isdigit()]
        found = self.by_name.get(unescape(parts[0])) if parts else None
        if found is None:
            return "plain"
        if len(parts) == 1 or found.secret:
            return found.kind
        return kind_of(parts[-1], self.schema_at(pointer), found.location, self.sensitive)


def compiled(schema: Schema, definitions: Mapping[str, Schema]) -> jsonschema_rs.Validator:
    """One bad pattern or reference in a document must not stop the operation: then only the outer form is checked."""
    whole = {**schema, "$defs": dict(definitions)} if isinstance(schema, dict) and definitions else schema
    try:
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=False, retriever=never_fetched)
    except (ValueError, jsonschema_rs.ReferencingError):
        required = schema.get("required", []) if isinstance(schema, dict) else []
        return jsonschema_rs.Draft202012Validator({"type": ["object", "array", "string", "number", "boolean", "null"], "required": required})


def never_fetched(uri: str) -> Any:
    """Without this, a reference that leaves the document would be fetched by the validator."""
    raise ValueError(f"{uri} is outside of the document")


KEPT: dict[tuple[Any, ...], tuple[ref[Operation], ToolDefinition]] = {}


def definition(operation: Operation, settings: DocumentSettings) -> ToolDefinition:
    """Kept while the operation lives, whose identity is in the key. It is not held itself: with it its whole document would stay in memory."""
    constants = orjson.dumps(settings.constants, option=orjson.OPT_SORT_KEYS) if settings.constants else b""
    known = (id(operation), settings.tips.get(operation.id), settings.sensitive, constants)
    kept = KEPT.get(known)
    if kept is None:
        if len(KEPT) >= KEPT_DEFINITIONS:
            KEPT.clear()
        kept = KEPT[known] = (ref(operation, lambda _: KEPT.pop(known, None)), made(operation, settings))
    return kept[1]


def made(operation: Operation, settings: DocumentSettings) -> ToolDefinition:
    fields = tuple(distinct([*parameter_fields(operation, settings), *body_fields(operation, settings)]))
    shown = [each for each in fields if not each.constant]
    definitions = reached((each.schema for each in fields), operation.definitions)
    required = [each.name for each in shown if each.required and not each.secret]
    ordered = sorted(shown, key=lambda each: not each.required)
    parameters, more = fitted({each.name: with_hints(each, operation) for each in ordered}, required, definitions, BUDGET)
    for each in shown:
        supply(more if each.name in more else parameters["properties"], each, operation)
    whole = interdependent(operation)
    return ToolDefinition(
        name=operation.id,
        description=described(operation, settings),
        parameters=parameters,
        fields=fields,
        definitions=definitions if whole is None else reached([whole, *(each.schema for each in fields)], operation.definitions),
        body=whole,
        sensitive=settings.sensitive,
        unsupported=unsupported(operation),
        more=more,
    )


def described(operation: Operation, settings: DocumentSettings) -> str:
    summary, text = operation.summary.strip(), sentences(operation.description, DESCRIPTION)
    first = summary or f"{operation.method} {operation.path}"
    parts = [first if first.endswith((".", "!", "?")) else f"{first}.", "" if text.startswith(summary) and summary == text else text]
    tip = settings.tips.get(operation.id, "")
    return " ".join(part for part in (*parts, f"Tip: {tip}" if tip else "") if part)


def parameter_fields(operation: Operation, settings: DocumentSettings) -> Iterator[Field]:
    for each in operation.parameters:
        if each.location != "cookie" and not owned(each, operation) and buildable(each):
            needed = each.required or each.location == "path"
            yield settled(Field(each.name, each.location, each.name, needed, each.schema, "plain", each.description), operation, settings)


def settled(field: Field, operation: Operation, settings: DocumentSettings) -> Field:
    """The field with its schema in request form, its kind and its description."""
    form = request_form(followed(field.schema, operation.definitions), operation.definitions)
    constant = field.wire in settings.constants
    if constant:
        form = {**(form if isinstance(form, dict) else {}), "const": settings.constants[field.wire]}
    kind = kind_of(field.name, form, field.location, settings.sensitive)
    text = field.description or (str(form.get("description", "")) if isinstance(form, dict) else "")
    text = sentences(text, DESCRIPTION)
    return replace(field, schema=form, kind=kind, description=text, secret=kind == "secret", constant=constant)


def owned(parameter: Parameter, operation: Operation) -> bool:
    """A query parameter only where a security scheme stands behind it; without one, the caller has to say it."""
    name = plain_name(parameter.name)
    if parameter.location == "header":
        return name in TRANSPORT or is_idempotency_header(parameter.name) or not TOKEN.fullmatch(parameter.name)
    return parameter.location == "query" and name in QUERY_CREDENTIALS and any(operation.security)


def is_idempotency_header(name: str) -> bool:
    return plain_name(name).removeprefix("x") in {"idempotencykey", "idempotenttoken", "idempotencytoken", "idempotencyid", "idempotentkey"}


def buildable(parameter: Parameter) -> bool:
    """`form` on a path or header parameter is only the default of a style nobody gave."""
    return parameter.media_type is None and parameter.style in {"form", STYLES[parameter.location]}


def unsupported(operation: Operation) -> str | None:
    """What this operation needs and no request can have yet, in words; None when a request can be built."""
    for each in operation.parameters:
        if each.required and not owned(each, operation) and not (each.location in STYLES and buildable(each)):
            how = each.media_type or each.style
            return f"The {each.location} parameter {each.name} is sent as {how}, which Parlance cannot build yet."
    if operation.body and operation.body.content and body_schema(operation) is None and wants_body(operation, operation.body):
        return f"The request body is {operation.body.content[0].name}, which Parlance cannot build yet; it builds JSON bodies."
    return None


def wants_body(operation: Operation, body: RequestBody) -> bool:
    """Without a body that is only said to be optional, a change would not be the one that was asked for."""
    return body.required or (not operation.safe and object_view(body.content[0].schema, operation.definitions) is not None)


def body_schema(operation: Operation) -> Schema | None:
    """The schema of the JSON body, if there is one."""
    return next((each.schema for each in (operation.body.content if operation.body else ()) if is_json(each.name)), None)


def is_json(media_type: str) -> bool:
    name = media_type.partition(";")[0].strip().lower()
    return name in {"application/json", "text/json", "*/*", "application/*"} or name.endswith("+json")


def json_media_type(operation: Operation) -> str:
    """What the request's Content-Type says: as declared, but a range is no type."""
    names = [each.name for each in (operation.body.content if operation.body else ()) if is_json(each.name)]
    return next((name for name in names if "*" not in name), "application/json")


def body_fields(operation: Operation, settings: DocumentSettings) -> Iterator[Field]:
    body = body_schema(operation)
    if body is None or operation.body is None:
        return
    # Documents often forget `required: true` on a body whose schema has required properties.
    needed = operation.body.required or operation.method in ("POST", "PUT", "PATCH")
    view = object_view(body, operation.definitions)
    if view is None:
        whole = Field("body", "body", "body", operation.body.required, body, "plain", operation.body.description)
        yield replace(settled(whole, operation, settings), wire="")
        return
    for name, schema in view.properties.items():
        yield settled(Field(name, "body", name, needed and name in view.required, schema, "plain"), operation, settings)


def interdependent(operation: Operation) -> Schema | None:
    """The schema of a body whose properties depend on each other, in request form; None when checking each of them is enough."""
    body = body_schema(operation)
    resolved = followed(body, operation.definitions) if body is not None else True
    if not isinstance(resolved, dict) or resolved.keys() <= PLAIN_BODY or object_view(resolved, operation.definitions) is None:
        return None
    form: Schema = request_form(resolved, operation.definitions)
    return form


def distinct(fields: list[Field]) -> Iterator[Field]:
    """Side by side by name; who comes later is called LOCATION_NAME."""
    taken: set[str] = set()
    for each in fields:
        name = each.name
        while name in taken:
            name = f"{each.location}_{name}"
        taken.add(name)
        yield each if name == each.name else replace(each, name=name)


def with_hints(each: Field, operation: Operation) -> Schema:
    """The field's schema with the description a model reads."""
    hints = [each.description]
    if each.secret:
        hints.append("Secret: leave it out, the customer types it into a hidden field.")
    hints += [f"Comes from {supplier.operation}." for supplier in operation.suppliers.get(each.wire, ())[:1]]
    text = " ".join(part for part in hints if part)
    schema = each.schema if isinstance(each.schema, dict) else {}
    return {**schema, "description": text} if text else schema


def supply(properties: dict[str, Any], each: Field, operation: Operation) -> None:
    """For the built-in model and the retrieval; engine/ask.py leaves x- keywords out for vendors."""
    shown = properties.get(each.name)
    suppliers = operation.suppliers.get(each.wire, ())
    if shown is not None and each.secret:
        shown["x-secret"] = True
    if shown is not None and suppliers:
        shown["x-supplied-by"] = [{"operation": supplier.operation, "pointer": supplier.pointer} for supplier in suppliers]
