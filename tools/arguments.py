"""Are these arguments what the operation takes? Mended where nothing is lost, then all problems at once. Pure."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from specs.pointers import join, parts
from tools.fields import Field
from tools.files import FILE_HANDLE
from tools.forms import BodyForm
from tools.media import is_base64
from tools.repair import repaired, said
from tools.schema import ToolDefinition
from tools.shape import at, sole

MAX_DEPTH = 32
MAX_NODES = 20_000
MAX_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class ArgumentProblem:
    """`pointer` into the arguments, `field` the argument's name, `code` the JSON Schema keyword, or what else is wrong."""

    pointer: str
    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    arguments: dict[str, Any]
    repairs: tuple[str, ...] = ()
    problems: tuple[ArgumentProblem, ...] = ()


def check(definition: ToolDefinition, arguments: Mapping[str, Any], handles: frozenset[str] = frozenset()) -> Checked:
    """`handles`: of secrets and files that are known. One passes any string schema, but only in a field for secrets, or for files."""
    if definition.unsupported:
        return Checked(dict(arguments), (), (ArgumentProblem("", "", "unsupported", definition.unsupported),))
    bad = tuple(unreadable(dict(arguments)))
    if bad:
        return Checked(dict(arguments), (), bad)
    found, repairs = repaired(definition, arguments, handles)
    form = definition.form_of(found)
    problems = list(schema_problems(definition, form, found, handles))
    problems += misplaced(definition, form, found, handles)
    problems += [problem for each in definition.fields if (problem := path_problem(each, found))]
    if form is not None and not problems:
        problems += body_problems(definition, form, found, handles)
    return Checked(found, repairs, tuple(dict.fromkeys(problems))[:MAX_PROBLEMS])


def unreadable(arguments: dict[str, Any]) -> Iterator[ArgumentProblem]:
    """What cannot be JSON at all: lone surrogates, numbers that are none, more nesting or more values than any request needs."""
    waiting: list[tuple[str, Any, int]] = [("", arguments, 0)]
    seen = 0
    while waiting:
        pointer, value, depth = waiting.pop()
        seen += 1
        if depth > MAX_DEPTH or seen > MAX_NODES:
            yield problem(pointer, "too_large", "is nested too deeply or holds too many values")
            return
        if isinstance(value, str):
            if not is_text(value):
                yield problem(pointer, "not_text", "holds characters that are no valid text")
        elif isinstance(value, dict):
            waiting.extend((join(pointer, str(name)), each, depth + 1) for name, each in value.items() if is_text(str(name)))
        elif isinstance(value, list):
            waiting.extend((join(pointer, number), each, depth + 1) for number, each in enumerate(value))
        elif isinstance(value, float) and not math.isfinite(value):
            yield problem(pointer, "not_a_number", "is not a finite number")


def is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def problem(pointer: str, code: str, what: str) -> ArgumentProblem:
    name = next(iter(parts(pointer)), "")
    where = pointer.removeprefix("/").replace("/", ".") or "The arguments"
    return ArgumentProblem(pointer, name, code, f"{where} {what}.")


def schema_problems(
    definition: ToolDefinition, form: BodyForm | None, arguments: dict[str, Any], handles: frozenset[str]
) -> Iterator[ArgumentProblem]:
    for error in definition.checks_of(form).arguments.iter_errors(arguments):
        if not holds_handle(error, handles) and not open_to(error, definition, form):
            yield from worded(error, definition, form)


def open_to(error: jsonschema_rs.ValidationError, definition: ToolDefinition, form: BodyForm | None) -> bool:
    """What a request may hold whatever the schema says: an empty value that is allowed, and null in a merge patch (RFC 7396, 2)."""
    path = error.instance_path
    found = definition.by_name.get(str(path[0])) if path else None
    if error.instance == "" and found is not None and found.parameter is not None:
        return len(path) == 1 and found.parameter.allow_empty_value
    return error.instance is None and form is not None and form.merges and found is not None and found.location == "body"


def body_problems(definition: ToolDefinition, form: BodyForm, arguments: dict[str, Any], handles: frozenset[str]) -> Iterator[ArgumentProblem]:
    """Of a body whose parts depend on each other. Its pointers are those of the arguments."""
    given = {each.wire: arguments[each.name] for each in form.fields if each.name in arguments}
    validator = definition.checks_of(form).body
    if validator is None or not given:
        return
    names = {each.wire: each.name for each in form.fields}
    for error in validator.iter_errors(given):
        if holds_handle(error, handles) or (form.merges and error.instance is None):
            continue
        path = [str(part) for part in error.instance_path]
        yield problem(join("", *([names.get(path[0], path[0]), *path[1:]] if path else [])), error.kind.name, told(error))


def holds_handle(error: jsonschema_rs.ValidationError, handles: frozenset[str]) -> bool:
    """Nothing can be said about a value that is not there yet."""
    instance = error.instance
    if isinstance(instance, dict) and error.kind.name in {"anyOf", "oneOf", "allOf", "not", "if"}:
        return any(isinstance(value, str) and value in handles for value in instance.values())
    return isinstance(instance, str) and instance in handles


def worded(error: jsonschema_rs.ValidationError, definition: ToolDefinition, form: BodyForm | None) -> Iterator[ArgumentProblem]:
    path = [str(part) for part in error.instance_path]
    kind: Any = error.kind
    if kind.name == "required":
        yield problem(join("", *path, kind.property), "required", "is required")
    elif kind.name == "additionalProperties" and not path:
        known = ", ".join(list(definition.by_name)[:30])
        for name in kind.unexpected:
            if form is not None and name in definition.by_name:
                yield problem(join("", name), "not_together", f"cannot be sent together with the others: {form.media.name} has no place for it")
                continue
            yield problem(join("", name), "unknown", f"is no argument of {definition.name}; there are: {known}")
    else:
        yield problem(join("", *path), str(kind.name), told(error))


def told(error: jsonschema_rs.ValidationError) -> str:
    """In words a model can act on; jsonschema's own text where ours has none."""
    kind: Any = error.kind
    match kind.name:
        case "type":
            return f"must be {' or '.join(kind.types)}, not {said(error.instance)}"
        case "enum":
            return f"must be one of {', '.join(str(each) for each in kind.options[:30])}, not {said(error.instance)}"
        case "pattern":
            return f"has a form that {said(error.instance)} does not fit"  # the pattern itself is in the tool definition, and in the form
        case "oneOf" if error.message.endswith("listed in the 'oneOf' keyword") and "more than one" in error.message:
            return "fits more than one of its forms, of which only one can be given"
        case "anyOf" | "oneOf":
            inner = [each.message for branch in kind.context[:4] for each in branch[:2]]
            return f"fits none of its forms ({'; '.join(text[:100] for text in inner)})"
        case _:
            return f"is not right: {error.message[:200]}"


def misplaced(definition: ToolDefinition, form: BodyForm | None, arguments: dict[str, Any], handles: frozenset[str]) -> list[ArgumentProblem]:
    """A secret may go where a secret belongs and nowhere else, or a model could have it sent as a description; a file where a file belongs."""
    waiting: list[tuple[str, Any]] = [("", arguments)] if handles or any(each.file for each in definition.fields) else []
    found = []
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting.extend((join(pointer, str(name)), each) for name, each in value.items())
        elif isinstance(value, list):
            waiting.extend((join(pointer, str(number)), each) for number, each in enumerate(value))
        elif isinstance(value, str) and FILE_HANDLE.fullmatch(value):
            found += file_problems(definition, form, pointer, known=value in handles)
        elif isinstance(value, str) and value in handles and definition.fields and definition.kind_at(pointer) != "secret":
            found.append(problem(pointer, "secret_misplaced", "is no field for a secret"))
    return found


def file_problems(definition: ToolDefinition, form: BodyForm | None, pointer: str, *, known: bool) -> list[ArgumentProblem]:
    name, *rest = parts(pointer)
    each = definition.checks_of(form).fields.get(name)
    if each is None:
        return []
    inner = at(each.schema, join("", *rest), definition.definitions) if rest else each.schema
    inner = sole(inner, definition.definitions)
    shallow = not rest or (len(rest) == 1 and rest[0].isdigit())
    takes = is_base64(inner) or (each.file and shallow)
    if takes and not known:
        return [problem(pointer, "file_unknown", "is no file that the customer attached")]
    return [problem(pointer, "file_misplaced", "is no field for a file")] if known and not takes else []


def path_problem(each: Field, arguments: Mapping[str, Any]) -> ArgumentProblem | None:
    value = arguments.get(each.name)
    if each.location != "path" or value is None:
        return None
    alone = value[0] if isinstance(value, list) and len(value) == 1 else value
    text = str(alone)
    if text in {"", ".", ".."}:
        # RFC 3986, 5.2.4: dot segments are removed, so an id of ".." would reach another operation; an empty one, its parent.
        return problem(f"/{each.name}", "path", f"cannot be {said(alone)}: it is one part of an address")
    if any(ord(c) < 32 or ord(c) == 127 for c in text):
        return problem(f"/{each.name}", "path", "holds control characters")
    return None
