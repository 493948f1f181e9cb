"""The doctor's rule for parameters and form fields that are credentials: one judgement, wherever they stand. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preprocess.doctor_facts import Facts, Finding, Part, label
from specs.catalogue import Raw
from specs.credentials import Senders
from specs.jsonpath import quoted
from specs.model import SecurityScheme
from specs.overlay import Action
from specs.pointers import join
from specs.references import followed
from tools.fields import plain_name
from tools.schema import QUERY_CREDENTIALS

_HEADERS = ("authorization", "apikey", "authtoken", "accesstoken", "apitoken")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_MANY_MEANINGS = "token"  # an invitation has one, too: beside a header, only where most operations take it
_USERS = 50  # operations that a proposed scheme is required by one by one


@dataclass(frozen=True, slots=True)
class Place:
    """A parameter, or a field of a form: then `schema` is where its form is described, and `needed` the form's required fields."""

    raw: Raw
    part: Part
    location: str
    name: str
    schema: str = ""
    needed: tuple[str, ...] = ()


class Signing:
    """What the schemes send that operations require."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._declared = Senders(facts.document.security_schemes.values())
        self._required: dict[str, Senders] = {}

    def declared(self, location: str, name: str) -> bool:
        return self._declared.send((location, name))

    def required(self, raw: Raw, location: str, name: str) -> bool:
        return self.declared(location, name) and self._of(raw).send((location, name))

    def _of(self, raw: Raw) -> Senders:
        if raw.id not in self._required:
            schemes: Mapping[str, SecurityScheme] = self._facts.document.security_schemes
            needed = self._facts.operation(raw).security
            self._required[raw.id] = Senders(schemes[name] for one in needed for name in one if name in schemes)
        return self._required[raw.id]


def credentials(facts: Facts) -> list[Place]:
    signing = Signing(facts)
    places = [*_parameters(facts, signing), *_fields(facts, signing)]
    usual = _most(facts, [one for one in places if plain_name(one.name) == _MANY_MEANINGS])
    return [one for one in places if one.location == "header" or plain_name(one.name) != _MANY_MEANINGS or usual]


def _most(facts: Facts, places: Iterable[Place]) -> bool:
    """Whether most operations have one of them."""
    having = {raw.id for one in places for raw in (one.raw, *(raw for raw, _ in facts.users.get(one.part.pointer, ())))}
    return 2 * len(having) >= len(facts.raws)


def _parameters(facts: Facts, signing: Signing) -> Iterator[Place]:
    for raw, part in facts.each(facts.all_parameters):
        plain = plain_name(part.name)
        in_header = part.location == "header" and (plain == _MANY_MEANINGS or plain.endswith(_HEADERS))
        in_query = part.location == "query" and (plain in QUERY_CREDENTIALS or signing.required(raw, "query", part.name))
        if in_header or in_query:
            yield Place(raw, part, part.location, part.name)


def _fields(facts: Facts, signing: Signing) -> Iterator[Place]:
    """Where a body may be a form, what it is otherwise has the same fields."""
    for raw, body in facts.each(facts.all_bodies):
        content = list(facts.content(body))
        if not any(name.partition(";")[0].strip().lower() in _FORMS for name, _, _ in content):
            continue
        for _, media, pointer in content:
            form = facts.part(media.get("schema"), join(pointer, "schema"))
            properties = form.node.get("properties") if form else None
            if form is None or not isinstance(properties, dict):
                continue
            needed = form.node.get("required")
            for name in properties:
                if signing.required(raw, "form", name):
                    at = join(form.pointer, "properties", name)
                    part = Part(followed(facts.root, properties[name]), at, at)
                    yield Place(raw, part, "form", name, form.pointer, tuple(needed) if isinstance(needed, list) else ())


def rule(facts: Facts) -> Iterator[Finding]:
    """A scheme instead, unless one stands there; where others are declared, only the team knows how they belong together."""
    places = credentials(facts)
    most, signing = _most(facts, places), Signing(facts)
    for one in facts.each(places):
        what = "form field" if one.location == "form" else f"{one.location} parameter"
        message = f"The {what} {one.name[:80]!r} is a credential."
        sent = signing.required(one.raw, one.location, one.name)
        declared = signing.declared(one.location, one.name)
        if sent or (declared and "security" not in one.raw.operation):
            actions = _taken_out(facts, one)
        else:  # where a scheme is declared that this operation does not want, the call might be refused without the parameter
            actions = () if declared else _scheme(facts, one, most)
        fix = "Take it out: a security scheme sends it." if sent else None
        yield Finding("credential_parameter", one.part.pointer, message, label(one.raw), actions, fix)


def _taken_out(facts: Facts, one: Place) -> tuple[Action, ...]:
    note = f"{one.name[:80]} belongs to the connection."
    if not one.schema or facts.swagger:
        return (facts.removed(one.part, note),)
    if not one.schema.startswith("/paths/"):
        return ()  # others may use the same schema
    form = facts.target(one.schema)
    kept = [name for name in one.needed if name != one.name]
    field = Action(facts.target(one.part.pointer), note, remove=True)
    if len(kept) == len(one.needed):
        return (field,)
    return (Action(f"{form}.required" + (f"[?@ == {quoted(one.name)}]" if kept else ""), note, remove=True), field)


def _scheme(facts: Facts, one: Place, most: bool) -> tuple[Action, ...]:
    """Required by every operation if most have such a parameter, else by those that have this one."""
    name = "bearer" if plain_name(one.name).endswith("authorization") else "apiKey"
    if name in facts.document.security_schemes or facts.swagger:  # which declares them in another shape
        return ()
    scheme = {"type": "http", "scheme": "bearer"} if name == "bearer" else {"type": "apiKey", "in": one.location, "name": one.name}
    declared: dict[str, Any] = {"components": {"securitySchemes": {name: scheme}}}
    note = f"Declares what the parameter {one.name[:80]} stood for."
    remove = _taken_out(facts, one)
    if most:
        if "security" not in facts.root:
            declared["security"] = [{name: []}]
        return (facts.update("", declared, note), *remove)
    users = [raw for raw, _ in facts.users[one.part.pointer] if "security" not in raw.operation]
    return (facts.update("", declared, note), *(facts.update(raw.pointer, {"security": [{name: []}]}, note) for raw in users[:_USERS]), *remove)


RULES = (rule,)
