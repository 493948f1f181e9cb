"""What a model is shown of one operation, and what its fields are. Pure; made once per operation and settings, then kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from weakref import ref

import jsonschema_rs
import orjson

from specs.model import Operation, Parameter, RequestBody, Schema
from specs.pointers import unescape
from tools.fields import Field, FieldKind, is_secret, kind_of, names, plain_name, types
from tools.forms import DESCRIPTION, BodyForm, chosen, forms_of, settled
from tools.headers import TOKEN, is_idempotency_header, transported
from tools.media import writing
from tools.prune import fitted, sentences
from tools.settings import DocumentSettings
from tools.shape import ObjectView, at, object_view, properties_in, reached

BUDGET = 4_000  # characters of `parameters`, about 1,000 tokens
KEPT_DEFINITIONS = 8_192
KEPT_SCHEMAS, MANY = 50_000, 100  # that the kept definitions refer to, each by copies of its own; of one definition, from which on they are counted

QUERY_CREDENTIALS = frozenset({"apikey", "accesstoken", "authtoken"})
SESSION_COOKIES = QUERY_CREDENTIALS | names("session sessionid sid jsessionid phpsessid connectsid")
KEPT_PLACES = 2_000  # of one definition, by what models wrote
SUPPLIED_BY = "x-supplied-by"  # for the built-in model alone
FILE = "A file the customer attached: its handle file:..., or plain text that becomes the file."


@dataclass(frozen=True, eq=False)
class ToolDefinition:
    """`parameters` is what a model sees, `more` the properties there is no room for in it (as they would be shown); `fields` is all there is.

    `forms`: those that the request's body can have, the preferred first. `unsupported` says why no request can be built.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    fields: tuple[Field, ...] = ()
    definitions: Mapping[str, Schema] = field(default_factory=dict)
    forms: tuple[BodyForm, ...] = ()
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

    @property
    def validator(self) -> jsonschema_rs.Validator:
        """Checks the arguments, all fields of them, not only those shown."""
        return self.checks_of(next(iter(self.forms), None)).arguments

    def form_of(self, arguments: Mapping[str, Any]) -> BodyForm | None:
        """The media type that these arguments need."""
        return chosen(self.forms, arguments)

    def checks_of(self, form: BodyForm | None) -> "Checks":
        """Made when they are first asked for, then kept."""
        name = form.media.name if form else ""
        found = self._checks.get(name)
        if found is None:
            found = self._checks[name] = checks(self, form)
        return found

    @cached_property
    def _checks(self) -> "dict[str, Checks]":
        return {}

    @cached_property
    def _seen(self) -> "dict[str, tuple[Schema, FieldKind, ObjectView | None]]":
        return {}

    def _at(self, pointer: str) -> "tuple[Schema, FieldKind, ObjectView | None]":
        """A checked call asks for each of its places ten times, and every call for the same ones."""
        found = self._seen.get(pointer)
        if found is None:
            if len(self._seen) >= KEPT_PLACES:
                self._seen.clear()
            schema = self._schema_at(pointer)
            found = self._seen[pointer] = (schema, self._kind_at(pointer, schema), object_view(schema, self.definitions))
        return found

    def schema_at(self, pointer: str) -> Schema:
        """The schema of the argument value at a JSON pointer ("/address/city")."""
        return self._at(pointer)[0]

    def kind_at(self, pointer: str) -> FieldKind:
        """A value inside an object or a list has the kind of its own name; an item of a list that of the list."""
        return self._at(pointer)[1]

    def view_at(self, pointer: str) -> "ObjectView | None":
        """What an object at this place has; None where its schema names nothing."""
        return self._at(pointer)[2]

    def _schema_at(self, pointer: str) -> Schema:
        name, _, rest = pointer.removeprefix("/").partition("/")
        found = self.by_name.get(unescape(name))
        return at(found.schema, f"/{rest}" if rest else "", self.definitions) if found else True

    def _kind_at(self, pointer: str, schema: Schema) -> FieldKind:
        parts = [part for part in pointer.split("/") if part and not part.isdigit()]
        found = self.by_name.get(unescape(parts[0])) if parts else None
        if found is None:
            return "plain"
        if len(parts) == 1 or found.secret:
            return found.kind
        if any(is_secret(unescape(name), self._schema_at(around), self.sensitive) for around, name in surrounding(pointer)):
            return "secret"  # all that a secret object holds is secret
        return kind_of(unescape(parts[-1]), schema, found.location, self.sensitive)


def surrounding(pointer: str) -> Iterator[tuple[str, str]]:
    """(place, name) of the objects between an argument and a value within it."""
    steps = pointer.split("/")
    return (("/".join(steps[:length]), steps[length - 1]) for length in range(3, len(steps)) if not steps[length - 1].isdigit())


@dataclass(frozen=True, slots=True)
class Checks:
    """How arguments are checked when the body is in one form. `fields`: by name, those of the body as they are in it.

    `body`: of one whose parts depend on each other, so that it is checked once more as a whole. `mended`: whether something in a body may have to
    be left out or filled in before it is sent.
    """

    fields: Mapping[str, Field]
    arguments: jsonschema_rs.Validator
    body: jsonschema_rs.Validator | None = None
    mended: bool = False


def checks(definition: ToolDefinition, form: BodyForm | None) -> Checks:
    fields = {each.name: each for each in definition.fields if each.location != "body"} | dict(form.by_name if form else {})
    if not definition.fields and definition.parameters.get("properties"):
        return Checks(fields, compiled(definition.parameters, {}))
    required = [each.name for each in fields.values() if each.required]
    schemas = {each.name: each.schema for each in fields.values()}
    outer: Schema = {"type": "object", "properties": schemas, "required": required, "additionalProperties": False}
    body = None if form is None or form.joint is None else compiled(form.joint, definition.definitions)
    mended = form is not None and any(mends(each) for each in (form.schema, *definition.definitions.values()))
    return Checks(fields, compiled(outer, definition.definitions), body, mended)


def mends(schema: Any) -> bool:
    """Whether it says somewhere that something is only the product's to set, or which branch a value is of."""
    if isinstance(schema, dict):
        return "readOnly" in schema or "discriminator" in schema or any(map(mends, schema.values()))
    return isinstance(schema, list) and any(map(mends, schema))


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
        kept = (ref(operation, lambda _: KEPT.pop(known, None)), made(operation, settings))
        if len(KEPT) >= KEPT_DEFINITIONS or too_many(kept[1]):
            KEPT.clear()
        KEPT[known] = kept
    return kept[1]


def too_many(added: ToolDefinition) -> bool:
    """Five thousand operations over one chain of schemas would fill the memory."""
    return len(added.definitions) > MANY and sum(len(one.definitions) for _, one in list(KEPT.values())) > KEPT_SCHEMAS


def made(operation: Operation, settings: DocumentSettings) -> ToolDefinition:
    forms = forms_of(operation, settings)
    fields = tuple(distinct([*parameter_fields(operation, settings), *merged(forms)]))
    shown = [each for each in fields if not each.constant]
    definitions = reached(schemas_of(fields, forms), operation.definitions)
    required = [each.name for each in shown if each.required and not each.secret]
    ordered = sorted(shown, key=lambda each: not each.required)
    parameters, more = fitted({each.name: with_hints(each, operation) for each in ordered}, required, definitions, BUDGET)
    for each in shown:
        supply(more if each.name in more else parameters["properties"], each, operation)
    return ToolDefinition(
        name=operation.id,
        description=described(operation, settings),
        parameters=parameters,
        fields=fields,
        definitions=definitions,
        forms=tuple(named(form, fields) for form in forms),
        sensitive=settings.sensitive,
        unsupported=unsupported(operation, forms),
        more=more,
    )


def schemas_of(fields: tuple[Field, ...], forms: tuple[BodyForm, ...]) -> Iterator[Schema]:
    yield from (each.schema for each in fields)
    for form in forms:
        yield form.schema
        yield True if form.joint is None else form.joint
        yield from (each.schema for each in form.fields)


def merged(forms: tuple[BodyForm, ...]) -> Iterator[Field]:
    """The parts of all forms of the body, each once by its name; required is what is so in each."""
    if len(forms) == 1:
        yield from forms[0].fields
        return
    found: dict[str, list[Field]] = {}
    for form in forms:
        for each in form.fields:
            found.setdefault(each.wire, []).append(each)
    for alike in found.values():
        needed = len(alike) == len(forms) and all(each.required for each in alike)
        yield replace(alike[0], required=needed, file=any(each.file for each in alike), secret=any(each.secret for each in alike))


def named(form: BodyForm, fields: tuple[Field, ...]) -> BodyForm:
    """The form with its fields under the names that its operation's arguments have."""
    known = {each.wire: each.name for each in fields if each.location == "body"}
    return replace(form, fields=tuple(replace(each, name=known[each.wire]) for each in form.fields))


def described(operation: Operation, settings: DocumentSettings) -> str:
    summary, text = operation.summary.strip(), sentences(operation.description, DESCRIPTION)
    first = summary or f"{operation.method} {operation.path}"
    parts = [first if first.endswith((".", "!", "?")) else f"{first}.", "" if text.startswith(summary) and summary == text else text]
    tip = settings.tips.get(operation.id, "")
    return " ".join(part for part in (*parts, f"Tip: {tip}" if tip else "") if part)


def parameter_fields(operation: Operation, settings: DocumentSettings) -> Iterator[Field]:
    for each in operation.parameters:
        if not owned(each, operation) and buildable(each):
            needed = each.required or each.location == "path"
            made = Field(each.name, each.location, each.name, needed, each.schema, "plain", each.description, parameter=each)
            yield settled(made, operation, settings)


def owned(parameter: Parameter, operation: Operation) -> bool:
    """A query parameter only where a security scheme stands behind it; without one, the caller has to say it."""
    name = plain_name(parameter.name)
    if parameter.location == "header":
        return transported(parameter.name) or is_idempotency_header(parameter.name) or not TOKEN.fullmatch(parameter.name)
    known = SESSION_COOKIES if parameter.location == "cookie" else QUERY_CREDENTIALS if parameter.location == "query" else frozenset[str]()
    return name in known and any(operation.security)


def buildable(parameter: Parameter) -> bool:
    """Of a parameter declared by `content`: whether it is of a type that is text."""
    return parameter.media_type is None or writing(parameter.media_type) in ("json", "form", "xml", "text")


def unsupported(operation: Operation, forms: tuple[BodyForm, ...]) -> str | None:
    """What this operation needs and no request can have, in words; None when a request can be built."""
    for each in operation.parameters:
        if each.required and not owned(each, operation) and not buildable(each):
            return f"The {each.location} parameter {each.name} is sent as {each.media_type}, which Parlance cannot build."
    if operation.body and operation.body.content and not forms and wants_body(operation, operation.body):
        return f"The request body is {operation.body.content[0].name} and no object, so Parlance cannot tell its parts."
    return None


def wants_body(operation: Operation, body: RequestBody) -> bool:
    """Without a body that is only said to be optional, a change would not be the one that was asked for."""
    return body.required or (not operation.safe and object_view(body.content[0].schema, operation.definitions) is not None)


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
    if each.file:
        hints.append(FILE)
    hints += [f"Comes from {supplier.operation}." for supplier in operation.suppliers.get(each.wire, ())[:1]]
    text = " ".join(part for part in hints if part)
    schema = each.schema if isinstance(each.schema, dict) else {}
    if each.file and not types(schema):
        schema = {**schema, "type": "string"}
    return {**schema, "description": text} if text else schema


def supply(properties: dict[str, Any], each: Field, operation: Operation) -> None:
    """For the built-in model and the retrieval; engine/ask.py leaves x- keywords out for vendors."""
    shown = properties.get(each.name)
    suppliers = operation.suppliers.get(each.wire, ())
    if shown is not None and each.secret:
        shown["x-secret"] = True
    if shown is not None and each.file:
        shown["x-file"] = True
    if shown is not None and suppliers:
        shown[SUPPLIED_BY] = [{"operation": supplier.operation, "pointer": supplier.pointer} for supplier in suppliers]
