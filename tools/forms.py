"""The forms that a request's body can have: one for each media type that can be written, and which of them the given arguments need. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from specs.model import Encoding, MediaType, Operation, RequestBody, Schema
from tools.fields import Field, is_of, kind_of, names, types
from tools.files import FILE_HANDLE, File
from tools.media import JSON_PATCH, MERGE_PATCH, Writing, essence, is_base64, is_binary, is_bytes, rank, writing
from tools.prune import sentences
from tools.settings import DocumentSettings
from tools.shape import followed, object_view, request_form, sole

DESCRIPTION = 400
PLAIN_BODY = names("type properties required description title example examples default deprecated $ref $comment xml")


@dataclass(frozen=True, eq=False)
class BodyForm:
    """One media type, and the arguments that are its parts. `schema`: of the whole. `joint`: the same in request form, of parts that depend on
    each other, so that they are checked once more as a whole.
    """

    media: MediaType
    writing: Writing
    fields: tuple[Field, ...]
    schema: Schema
    joint: Schema | None = None

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {each.name: each for each in self.fields}

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(each.name for each in self.fields if each.required)

    @property
    def merges(self) -> bool:
        return essence(self.media.name) == MERGE_PATCH


def forms_of(operation: Operation, settings: DocumentSettings) -> tuple[BodyForm, ...]:
    """The preferred first. What can only be sent as one text is left out where something else has its parts as arguments."""
    body = operation.body
    ordered = sorted(body.content if body else (), key=lambda each: rank(each.name))
    found: list[BodyForm] = []
    for media in ordered:
        made = form_of(media, operation, settings) if body and not any(same(media, other.media) for other in found) else None
        opaque = made is not None and made.writing in ("text", "binary") and found and types(made.schema) & {"object", "array"}
        if made is not None and not opaque:
            found.append(made)
    return tuple(found)


def same(one: MediaType, other: MediaType) -> bool:
    """Two names for one form of the body, as application/json and text/json of the same schema are."""
    patches = {JSON_PATCH, MERGE_PATCH}
    alike = writing(one.name) == writing(other.name) and essence(one.name) not in patches and essence(other.name) not in patches
    return alike and writing(one.name) not in ("text", "binary") and one.schema == other.schema and one.encoding == other.encoding


def form_of(media: MediaType, operation: Operation, settings: DocumentSettings) -> BodyForm | None:
    """None when nothing can be written in it."""
    how = writing(media.name)
    fields = tuple(parts(media, how, operation, settings))
    if not fields:
        return None
    resolved = followed(media.schema, operation.definitions)
    return BodyForm(media, how, fields, resolved, interdependent(resolved, operation))


def parts(media: MediaType, how: Writing, operation: Operation, settings: DocumentSettings) -> Iterator[Field]:
    body = operation.body
    assert body is not None
    view = None if how in ("text", "binary") else object_view(media.schema, operation.definitions)
    if view is None:
        if (schema := whole_schema(media, how, operation.definitions)) is not None:
            yield whole(body, schema, how, operation, settings)
        return
    # Documents often forget `required: true` on a body whose schema has required properties.
    needed = body.required or operation.method in ("POST", "PUT", "PATCH")
    for name, schema in view.properties.items():
        made = settled(Field(name, "body", name, needed and name in view.required, schema, "plain"), operation, settings)
        yield replace(made, file=carries(made.schema, how, media, name, operation.definitions))


def whole(body: RequestBody, schema: Schema, how: Writing, operation: Operation, settings: DocumentSettings) -> Field:
    made = settled(Field("body", "body", "body", body.required, schema, "plain", body.description), operation, settings)
    file = how == "binary" or (how == "json" and is_base64(made.schema))
    return replace(made, wire="", file=file)


def whole_schema(media: MediaType, how: Writing, definitions: Mapping[str, Schema]) -> Schema | None:
    """Of a body that is one argument. A form is made of members, so nothing but an object can be one."""
    resolved = followed(media.schema, definitions)
    kinds = types(resolved)
    if how in ("form", "multipart"):
        nothing = isinstance(resolved, dict) and resolved.get("properties") == {} and not resolved.get("additionalProperties")
        return media.schema if not nothing and (not kinds or "object" in kinds) else None
    if how in ("json", "xml") or (kinds and not kinds & {"object", "array"}):
        return media.schema
    text: dict[str, Any] = {"type": "string", **({"format": "binary"} if how == "binary" else {})}
    return text | ({key: resolved[key] for key in ("description", "title") if key in resolved} if isinstance(resolved, dict) else {})


def carries(schema: Schema, how: Writing, media: MediaType, name: str, definitions: Mapping[str, Schema]) -> bool:
    """Whether a file can be this part, or one of its items."""
    one = sole(schema, definitions)
    one = sole(one.get("items", True), definitions) if isinstance(one, dict) and types(one) == {"array"} else one
    if how in ("json", "xml", "form"):
        return is_base64(one)
    # OpenAPI 3.1, 4.8.15.1: where nothing is said of a part, it is bytes.
    unsaid = isinstance(one, bool) or one.keys().isdisjoint(("type", "enum", "const", "properties", "items", "allOf", "anyOf", "oneOf"))
    return how == "multipart" and (unsaid or is_base64(one) or is_file(one, media.encoding.get(name)))


def is_file(schema: Schema, encoding: Encoding | None) -> bool:
    """Whether a part is one, also when it is given as text: by its schema, or by the types that its encoding allows."""
    text = types(schema) <= {"string"} and not (isinstance(schema, dict) and "enum" in schema)
    return is_binary(schema) or (text and encoding is not None and is_bytes(encoding.content_type or ""))


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


def interdependent(resolved: Schema, operation: Operation) -> Schema | None:
    """The schema of a body whose properties depend on each other, in request form; None when checking each of them is enough."""
    if not isinstance(resolved, dict) or resolved.keys() <= PLAIN_BODY or object_view(resolved, operation.definitions) is None:
        return None
    form: Schema = request_form(resolved, operation.definitions)
    return form


def chosen(forms: tuple[BodyForm, ...], given: Mapping[str, Any]) -> BodyForm | None:
    """The first that carries all arguments of the body and has all that it requires; else what comes nearest."""
    if len(forms) < 2:
        return forms[0] if forms else None
    named = {name: value for name, value in given.items() if any(name in form.by_name for form in forms)}
    return min(forms, key=lambda form: (sum(not fits(form, name, value) for name, value in named.items()), not form.required <= named.keys()))


def fits(form: BodyForm, name: str, value: Any) -> bool:
    found = form.by_name.get(name)
    if found is None or (holds_file(value) and not found.file):
        return False
    if found.wire:
        return True
    if essence(form.media.name) in (JSON_PATCH, MERGE_PATCH):
        return isinstance(value, list) == (essence(form.media.name) == JSON_PATCH)
    kinds = types(found.schema)
    return not kinds or isinstance(value, File) or is_of(value, kinds)


def holds_file(value: Any) -> bool:
    if isinstance(value, str):
        return FILE_HANDLE.fullmatch(value) is not None
    if isinstance(value, Mapping):
        return any(holds_file(each) for each in value.values())
    return any(holds_file(each) for each in value) if isinstance(value, list) else isinstance(value, File)
