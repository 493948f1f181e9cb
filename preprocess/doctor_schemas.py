"""The doctor's rules for schemas: values nobody can choose, examples that mislead, fields that say too little. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from preprocess.doctor_credentials import credentials
from preprocess.doctor_facts import Facts, Finding, SchemaAt, label
from preprocess.doctor_parameters import unclear
from preprocess.doctor_values import converted, fits_type, misfit, number, types
from specs.overlay import Action
from specs.pointers import join, parts
from specs.references import Broken, follow, followed
from specs.words import split
from tools.fields import SECRET_PAIRS, SECRET_WORDS, marked_secret, named_secret, names
from tools.prune import ENUM_LIMIT

_EXPLAINED = ("x-enum-descriptions", "x-enumDescriptions", "x-enum-varnames", "x-enumNames", "x-enum-names", "x-ms-enum")
_KNOWN_LETTERS = names("unit units gender sex size")
_ALTERNATIVES, _WIDTH = 50, 100  # that are looked at: of a choice, and properties of one of them
_MOMENTS = frozenset(("at", "date", "datetime", "timestamp"))
_DATE_FORM = re.compile(r"iso|rfc|yyyy|unix|epoch|\d{4}-\d\d|format|seconds|milliseconds|%[YHd]|timestamp|e\.g\.|example", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_LIMITS = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"))
_COMPOSING = ("allOf", "oneOf", "anyOf", "not", "$ref", "if")
_SAYING = ("type", "enum", "const", "properties", "items", "format", "pattern", *_COMPOSING)


def codes(facts: Facts) -> Iterator[Finding]:
    for one in facts.each(facts.asked):
        values = one.node.get("enum")
        if not isinstance(values, list):
            continue
        if len(values) > ENUM_LIMIT:
            yield Finding("enum_long", join(one.pointer, "enum"), f"There are {len(values)} values for {_named(one)}.", _short(one))
        if _are_codes(values) and not _explained(one, values) and not _known(one, values):
            shown = ", ".join(str(value) for value in values[:4])
            yield Finding("enum_unexplained", join(one.pointer, "enum"), f"Nothing says what the values of {_named(one)} mean: {shown}.", _short(one))
        declared = types(one.node)
        if declared and values and not any(fits_type(value, kind) for value in values for kind in declared):
            yield _mistyped(facts, one, values)


def _are_codes(values: list[Any]) -> bool:
    """Numbers, or letters that are no word; a single value leaves nothing to choose."""
    plain = [value for value in values if value is not None]
    coded = all(
        (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and (value.isdigit() or len(value) == 1))
        for value in plain
    )
    return len(plain) > 1 and coded


def _known(one: SchemaAt, values: list[Any]) -> bool:
    """S, M and L of a size need no explanation."""
    return bool(set(split(one.name)) & _KNOWN_LETTERS) and all(isinstance(value, str) and value.isalpha() for value in values)


def _explained(one: SchemaAt, values: list[Any]) -> bool:
    """The description speaks of at least one of them, or an extension does."""
    words = set(re.findall(r"[\w-]+", one.described))
    return any(key in one.node for key in _EXPLAINED) or any(str(value) in words for value in values)


def _mistyped(facts: Facts, one: SchemaAt, values: list[Any]) -> Finding:
    right = [converted({key: value for key, value in one.node.items() if key == "type"}, value) for value in values]
    actions: tuple[Action, ...] = ()
    items = one.node.get("items")
    if types(one.node) == ["array"] and isinstance(items, dict) and "$ref" not in items:
        target = facts.target(one.pointer)
        actions = (Action(f"{target}.enum", "They are values of the items.", remove=True), Action(target, "", {"items": {"enum": values}}))
    elif all(value is not None for value in right):
        target = facts.target(one.pointer)
        actions = (Action(f"{target}.enum", "The values in the declared type.", remove=True), Action(target, "", {"enum": right}))
    message = f"No value of {_named(one)} is of its type {types(one.node)[0]}."
    return Finding("enum_contradicts_type", join(one.pointer, "enum"), message, _short(one), actions)


def defaults(facts: Facts) -> Iterator[Finding]:
    for one in facts.each(facts.asked):
        value = one.node.get("default")
        reason = misfit(facts.root, {key: kept for key, kept in one.node.items() if key != "default"}, value) if value is not None else None
        if reason:
            right = converted(one.node, value)
            note = "The default in the declared type." if right is not None else "Without the default that it refuses itself."
            actions = (facts.update(one.pointer, {"default": right}, note),) if right is not None else facts.without(one.pointer, "default", note)
            yield Finding("default_contradicts", join(one.pointer, "default"), f"The default of {_named(one)}: {reason}.", _short(one), actions)


def examples(facts: Facts) -> Iterator[Finding]:
    """Of parameters, of request bodies, and of the schemas themselves."""
    for raw, part in facts.each(facts.all_parameters):
        if reason := misfit(facts.root, part.node.get("schema"), part.node.get("example")):
            yield _example(
                facts, SchemaAt(part.node, part.pointer, part.name, "", composed=False), f"The example of {part.label}: {reason}.", label(raw)
            )
    for raw, part in facts.each(facts.all_bodies):
        for _, media, pointer in facts.content(part):
            if reason := misfit(facts.root, media.get("schema"), media.get("example")):
                yield _example(
                    facts, SchemaAt(media, pointer, "", "", composed=False), f"The example of the body of {label(raw)}: {reason}.", label(raw)
                )
    for one in facts.each(facts.asked):
        if reason := misfit(facts.root, {key: value for key, value in one.node.items() if key != "example"}, one.node.get("example")):
            yield _example(facts, one, f"The example of {_named(one)}: {reason}.", _short(one))


def _example(facts: Facts, owner: SchemaAt, message: str, short: str) -> Finding:
    """`owner` has the example, and the schema or is it."""
    schema = followed(facts.root, owner.node.get("schema", owner.node))
    right = converted(schema, owner.node.get("example"))
    if right is not None:
        actions: tuple[Action, ...] = (facts.update(owner.pointer, {"example": right}, "The example in the declared type."),)
    else:
        actions = facts.without(owner.pointer, "example", "Without the example that its schema refuses.")
    return Finding("example_contradicts", join(owner.pointer, "example"), message, short, actions)


def limits(facts: Facts) -> Iterator[Finding]:
    for one in facts.each(facts.asked):
        for low, high in _LIMITS:
            least, most = number(one.node.get(low)), number(one.node.get(high))
            if least is not None and most is not None and least > most:
                yield Finding(
                    "limits_contradict", join(one.pointer, low), f"No value fits {_named(one)}: {low} is {least} and {high} {most}.", _short(one)
                )


def objects(facts: Facts) -> Iterator[Finding]:
    for one in facts.each(facts.asked):
        properties, needed = one.node.get("properties"), one.node.get("required")
        plain = not one.composed and not any(key in one.node for key in _COMPOSING)
        if plain and isinstance(properties, dict) and properties and isinstance(needed, list):
            missing = [name for name in needed if isinstance(name, str) and name not in properties]
            if missing:
                yield _undeclared(facts, one, needed, missing)
        for name, value in properties.items() if isinstance(properties, dict) else ():
            yield from _property(one, name, value)


def _undeclared(facts: Facts, one: SchemaAt, needed: list[Any], missing: list[str]) -> Finding:
    kept = [name for name in needed if name not in missing]
    target = facts.target(one.pointer)
    actions = [Action(f"{target}.required", "Only what is declared.", remove=True), *([Action(target, "", {"required": kept})] if kept else [])]
    message = f"Required of {_named(one)} but not declared: {', '.join(name[:40] for name in missing[:3])}."
    return Finding("required_undeclared", join(one.pointer, "required"), message, _short(one), tuple(actions))


def _property(owner: SchemaAt, name: str, value: Any) -> Iterator[Finding]:
    if not isinstance(value, Mapping) or value.get("readOnly") is True:
        return
    pointer = join(owner.pointer, "properties", name)
    said = any(value.get(key) for key in ("description", "title", "enum", "$ref", "const", *_COMPOSING))
    if not said and unclear(name):
        yield Finding("parameter_undescribed", pointer, f"The field {name[:80]!r} is not described.", f"field {name[:40]}")
    if not any(key in value for key in _SAYING):
        yield Finding("property_untyped", pointer, f"The field {name[:80]!r} has no type.", f"field {name[:40]}")


def bodies(facts: Facts) -> Iterator[Finding]:
    for raw, part in facts.each(facts.all_bodies):
        for name, media, pointer in facts.content(part):
            if "json" not in name.lower():
                continue
            if isinstance(follow(facts.root, media.get("schema"), pointer), Broken):
                continue  # that is told where the reference stands
            node = followed(facts.root, media.get("schema"))
            known = any(node.get(key) for key in ("properties", "allOf", "oneOf", "anyOf", "items", "enum")) or types(node) not in ([], ["object"])
            described = isinstance(node.get("additionalProperties"), dict) and node["additionalProperties"]
            if not known and not described:
                yield Finding("body_without_schema", pointer, f"The body of {label(raw)} has no described properties.", label(raw))
                break


def secrets(facts: Facts) -> Iterator[Finding]:
    known = {one.part.pointer for one in credentials(facts)}  # these have a rule of their own
    for one in facts.each((*facts.asked, *facts.answered)):
        if (
            one.pointer.removesuffix("/schema") not in known
            and types(one.node) == ["string"]
            and "enum" not in one.node
            and _secret(one.name)
            and not marked_secret(dict(one.node))
        ):
            action = facts.update(one.pointer, {"format": "password"}, "It is named like a secret.")
            yield Finding("secret_unmarked", one.pointer, f"By its name, {_named(one)} is a secret, and it is not marked.", _short(one), (action,))


def _secret(name: str) -> bool:
    """A secret itself, not something about secrets: "exclude_secret_types" is none."""
    words = split(name)
    return named_secret(name) and (words[-1].removesuffix("s") in SECRET_WORDS or tuple(words[-2:]) in SECRET_PAIRS)


def dates(facts: Facts) -> Iterator[Finding]:
    for one in facts.each(facts.asked):
        words = split(one.name)
        plain = types(one.node) == ["string"] and not any(key in one.node for key in ("format", "enum", "pattern", "const"))
        if plain and words and (words[-1] in _MOMENTS or words[0] == "date") and len(one.described) < 400 and not _DATE_FORM.search(one.described):
            yield _date(facts, one, words)


def _date(facts: Facts, one: SchemaAt, words: list[str]) -> Finding:
    example = one.node.get("example")
    form: str | None = "date" if words[-1] == "date" or words[0] == "date" else "date-time"
    if isinstance(example, str):
        form = "date" if _DATE.fullmatch(example) else "date-time" if _MOMENT.fullmatch(example) else None
    actions = (facts.update(one.pointer, {"format": form}, "By its name; correct it if it is written otherwise."),) if form else ()
    return Finding("date_without_format", one.pointer, f"By its name, {_named(one)} is a date, and it has no format.", _short(one), actions)


def choices(facts: Facts) -> Iterator[Finding]:
    for one in facts.each(facts.asked):
        for key in ("oneOf", "anyOf"):
            listed = one.node.get(key)
            if not isinstance(listed, list) or "discriminator" in one.node:
                continue
            objects = [followed(facts.root, each) for each in listed[:_ALTERNATIVES]]
            if len([each for each in objects if each.get("properties")]) > 1:
                field = _telling(facts, objects)
                refs = all(isinstance(each, dict) and isinstance(each.get("$ref"), str) for each in listed)
                action = (
                    facts.update(one.pointer, {"discriminator": {"propertyName": field}}, "Its value differs in each.") if field and refs else None
                )
                message = f"Nothing tells the {len(listed)} alternatives of {_named(one)} apart."
                yield Finding("choice_undiscriminated", join(one.pointer, key), message, _short(one), (action,) if action else ())


def _telling(facts: Facts, objects: list[Mapping[str, Any]]) -> str | None:
    """A property that has one fixed value in each alternative, a different one every time."""
    fixed: list[dict[str, str]] = []
    for each in objects:
        properties = each.get("properties")
        nodes = {name: followed(facts.root, value) for name, value in list(properties.items())[:_WIDTH]} if isinstance(properties, dict) else {}
        fixed.append({name: str(only[0]) for name, node in nodes.items() if len(only := _only(node)) == 1})
    common = [name for name in fixed[0] if all(name in one for one in fixed)]
    return next((name for name in common if len({one[name] for one in fixed}) == len(fixed)), None)


def _only(node: Mapping[str, Any]) -> list[Any]:
    values = node.get("enum")
    return [node["const"]] if "const" in node else values if isinstance(values, list) else []


def _named(one: SchemaAt) -> str:
    return f"the field {one.name[:80]!r}" if one.name else "the body"


def _short(one: SchemaAt) -> str:
    component = parts(one.pointer)
    owner = component[2] if one.pointer.startswith("/components/schemas/") and len(component) > 3 else ""
    return f"{owner}.{one.name}"[:80] if owner and owner != one.name else one.name[:80] or "a body"


RULES = (codes, defaults, examples, limits, objects, bodies, secrets, dates, choices)
