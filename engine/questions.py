"""Questions for values: what is missing of one call, as one form. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.events import JSON, Question, QuestionField
from engine.facts import Facts, NeedsAnswer, question_id
from engine.korean_words import name_in_korean
from engine.masking import typed_secret
from engine.phrases import listed, lowered, reasoned, say
from specs.model import Schema
from specs.pointers import join, parts, value_at, with_value, without
from tools.fields import is_secret, plain_name, words
from tools.schema import ToolDefinition
from tools.shape import followed, properties_in, sole

FORM = (
    "type", "enum", "const", "format", "minLength", "maxLength", "minimum", "maximum", "pattern", "default", "description", "title", "minItems",
    "maxItems",
)  # fmt: skip
OWN_FORMS: Mapping[str, dict[str, JSON]] = {
    "number": {"type": "number"}, "integer": {"type": "integer"}, "boolean": {"type": "boolean"}, "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"}, "file": {"type": "string", "format": "binary"},
}  # fmt: skip
ASKED_AT_MOST = 5
DEEP = 4  # objects in objects that a question looks into for secrets


def values_question(facts: Facts, definition: ToolDefinition, arguments: dict[str, JSON], lacking: Mapping[str, str]) -> NeedsAnswer:
    """One question for everything that is lacking; the arguments are kept without it."""
    order = {each.name: number for number, each in enumerate(definition.fields)}
    for place in sorted(lacking, key=parts, reverse=True):
        arguments = without(arguments, place)
    lacking = opened(definition, lacking)
    places = sorted(lacking, key=lambda place: (order.get(parts(place)[0], len(order)), place))
    fields = tuple(field_of(definition, place, lacking[place], korean=facts.korean) for place in places)
    operation = facts.operation
    summary = (operation.summary or operation.id) if operation else None
    text = text_of(facts, fields, [lacking[place] for place in places], summary)
    question = Question(
        id=question_id(facts), kind="values", call=facts.call.id, text=text, fields=fields, summary=summary,
        operation=operation.id if operation else None,
    )  # fmt: skip
    return NeedsAnswer(question, seeded(arguments, places))


def opened(definition: ToolDefinition, lacking: Mapping[str, str]) -> dict[str, str]:
    """What holds secrets is asked for part by part: a form for the whole would show them."""
    return {each: why for place, why in lacking.items() for each in parts_with_secrets(definition, place, DEEP)}


def parts_with_secrets(definition: ToolDefinition, place: str, deep: int) -> Iterator[str]:
    """The place itself, if nothing in it is secret; else the parts that it needs, of a list those of one item."""
    schema, view = sole(definition.schema_at(place), definition.definitions), definition.view_at(place)
    within = properties_in([schema], definition.definitions)
    whole = definition.kind_at(place) == "secret" or not any(is_secret(name, each, definition.sensitive) for name, each in within)
    if whole or not deep:
        yield place
    elif isinstance(schema, Mapping) and isinstance(schema.get("items"), Mapping):
        yield from parts_with_secrets(definition, f"{place}/0", deep - 1)
    elif view is not None:
        for name in [each for each in view.properties if each in view.required] or view.properties:
            yield from parts_with_secrets(definition, join(place, name), deep - 1)
    else:
        yield place


def seeded(arguments: dict[str, JSON], places: Sequence[str]) -> dict[str, JSON]:
    """With the lists that the answers will stand in: an answer at /lines/0/pin needs a first line."""
    for place in places:
        steps = place.split("/")
        for at in (number for number, step in enumerate(steps) if step == "0"):
            if not value_at(arguments, "/".join(steps[:at])):
                arguments = with_value(arguments, "/".join(steps[:at]), [{}])
    return arguments


def text_of(facts: Facts, fields: Sequence[QuestionField], wrong: Sequence[str], summary: str | None) -> str:
    korean = facts.korean
    told = [(field.label, reasoned(why, korean=korean)) for field, why in zip(fields, wrong, strict=True) if why]
    problems = [say("wrong", korean=korean, label=label, why=why) for label, why in told]
    purpose = say("purpose", korean=korean, summary=lowered(summary)) if summary else ""
    need = say("need", korean=korean, fields=listed([field.label for field in fields], korean=korean), purpose=purpose)
    return " ".join([*problems, need, *typed_secret(facts.turn, korean=korean)])


def field_of(definition: ToolDefinition, place: str, why: str, *, korean: bool = False) -> QuestionField:
    hidden = definition.kind_at(place) == "secret"
    form = form_at(definition, place)
    if hidden:
        form.pop("default", None)
    if why:
        form["x-problem"] = why
    names = parts(place)
    label = label_of(definition, place)
    return QuestionField(name=names[0] if len(names) == 1 else place, label=name_in_korean(label) if korean else label, form=form, hidden=hidden)


def form_at(definition: ToolDefinition, place: str) -> dict[str, JSON]:
    """The form of one argument; a choice of files where it is a file, or each of a list of files."""
    form, names = form_of(definition.schema_at(place), definition.definitions), parts(place)
    field = definition.by_name.get(names[0])
    return file_form(form) if field is not None and field.file and len(names) == 1 else form


def file_form(form: Mapping[str, JSON]) -> dict[str, JSON]:
    """What a page shows as a choice of files, however the document says that it is one."""
    one: dict[str, JSON] = {"type": "string", "format": "binary"}
    return {**form, "items": one} if form.get("type") == "array" else {**form, **one}


def form_of(schema: Schema, definitions: Mapping[str, Schema]) -> dict[str, JSON]:
    """The part of a schema that a form needs, without references."""
    known = followed(schema, definitions)
    if not isinstance(known, dict):
        return {}
    for keyword in ("anyOf", "oneOf", "allOf"):
        inner = [each for each in map(lambda part: followed(part, definitions), known.get(keyword) or ()) if isinstance(each, dict)]  # noqa: C417
        filled = [each for each in inner if each.get("type") != "null"]
        if "type" not in known and filled:
            known = {**filled[0], **known}
    form: dict[str, JSON] = {name: known[name] for name in FORM if name in known}
    items = known.get("items")
    if isinstance(items, dict):
        resolved = followed(items, definitions)
        form["items"] = {name: resolved[name] for name in ("type", "enum", "format") if name in resolved} if isinstance(resolved, dict) else {}
    return form


def label_of(definition: ToolDefinition, place: str) -> str:
    """The field's title; else its name in words ("first_name" -> "First name")."""
    schema = followed(definition.schema_at(place), definition.definitions)
    title = schema.get("title") if isinstance(schema, dict) else None
    if isinstance(title, str) and 0 < len(title) <= 60:
        return title
    return humanised(" ".join(part for part in parts(place) if not part.isdigit()))


def humanised(name: str) -> str:
    text = " ".join(words(name)) or name
    return text[:1].upper() + text[1:]


def own_question(facts: Facts, wish: Mapping[str, Any]) -> NeedsAnswer:
    """What the model asks in its own words. It can only ask for values; what is secret is hidden, whatever the model says."""
    secrets = facts.secrets | {plain_name(each) for each in facts.settings.sensitive}
    fields = tuple(own_field(each, secrets) for each in wish["fields"])
    text = " ".join([str(wish["question"]), *typed_secret(facts.turn, korean=facts.korean)])
    question = Question(id=question_id(facts), kind="values", call=facts.call.id, text=text, fields=fields)
    return NeedsAnswer(question, dict(facts.call.arguments))


def own_field(wished: Mapping[str, Any], secrets: frozenset[str]) -> QuestionField:
    """`secrets`: what is one by its name in an operation on offer or by the team's word, whatever type the model gives it."""
    name, label, kind = str(wished["name"]), str(wished["label"]), str(wished["type"])
    choices = wished.get("choices")
    form: dict[str, JSON] = dict(OWN_FORMS.get(kind, {"type": "string"}))
    if kind == "choice" and choices:
        form["enum"] = list(choices)
    hidden = kind == "secret" or plain_name(name) in secrets or is_secret(name, form, ()) or is_secret(label, form, ())
    return QuestionField(name=name, label=label, form=form, hidden=hidden)


def times_asked(facts: Facts) -> int:
    asked = [event.question for _, event in facts.turn.trail if event.type == "QuestionAsked"]
    return sum(1 for question in asked if question.call == facts.call.id and question.kind == "values")


def was_answered(facts: Facts) -> bool:
    """Also when every field was left empty."""
    asked = {event.question.id for _, event in facts.turn.trail if event.type == "QuestionAsked" and event.question.call == facts.call.id}
    return any(event.type == "QuestionAnswered" and event.question_id in asked for _, event in facts.turn.trail)
