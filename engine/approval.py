"""When a call needs the customer's yes, the question that asks for it, and the seal that binds the yes to the exact request. Pure."""

import base64
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from engine.attached import shown
from engine.events import JSON, Preview, PreviewValue, Question, Source
from engine.facts import Draft, Facts, NeedsApproval, is_handle, leaves, question_id
from engine.phrases import say, shortened
from engine.questions import form_at, label_of
from engine.receipts import NAMING
from engine.session import Call
from engine.words import read
from specs.model import Operation
from specs.pointers import parts, pointer, value_at
from tools.files import File
from tools.headers import is_idempotency_header
from tools.purpose import destructive, only_reads
from tools.request import Held, Request, Unbuildable, build, handles_in
from tools.rules import ALL, Reason, ValueRule, asks, declared
from tools.schema import ToolDefinition

LASTS = 15 * 60 * 1000  # ms
LABELS = ("name", "title", "label", "displayname", "fullname", "username", "login", "email", "subject")  # of a record, without _ and -
FULL = (("firstname", "lastname"), ("givenname", "familyname"), ("lastname", "firstname"), ("familyname", "givenname"))
LONGEST_NAME = 60


def needed(facts: Facts, operation: Operation, draft: Draft, definition: ToolDefinition) -> bool:
    """By the tenant's rule, the document, the table of intents (draft) and the marks of the sources."""
    marked = any(source.mark == "show" for source in draft.sources.values())
    if marked or draft.idea or (draft.unclear is not None and changes(operation)):
        return True
    if operation.consequential and operation.id not in facts.settings.approvals:
        return True  # x-openai-isConsequential, x-requireConfirmation
    if next(asking(facts, operation, draft, definition), None):
        return True
    match facts.settings.rule(operation.id):
        case "always":
            return True
        case "changing":
            return changes(operation)
        case "destructive":
            return not operation.safe and destructive(operation)
        case "never":
            return changes(operation) and not own_sinks(definition, draft.sources)


def changes(operation: Operation) -> bool:
    """A POST that only reads by its name, and of which the document says that it is not consequential, is no change."""
    return not operation.safe and not (operation.consequential is False and only_reads(operation))


def asking(facts: Facts, operation: Operation, draft: Draft, definition: ToolDefinition) -> Iterator[tuple[ValueRule, Reason]]:
    """The team's rules on values that want a yes for these arguments. One for all operations is about the changing ones that have its field."""
    for rule in facts.settings.when:
        every = rule.operation == ALL and changes(operation)
        why = asks(rule, draft.arguments, definition.fields) if every or rule.operation == operation.id else None
        if why and not (every and why == "missing" and not declared(rule, definition.fields, definition.definitions)):
            yield rule, why


def own_sinks(definition: ToolDefinition, sources: Mapping[str, Source]) -> bool:
    """Whether every destination, sum and right is the customer's own: only then a standing approval holds."""
    return all(source.kind in ("user", "answer") for place, source in sources.items() if definition.kind_at(place) == "sink")


def consented(facts: Facts, operation: Operation, draft: Draft) -> str | None:
    """None: the customer's yes is for exactly this request. Else what is wrong with it: "changed_since", "too_late"."""
    asked = facts.call.consent
    request = sealed_request(facts, operation, draft.arguments)
    if asked is None or asked.seal is None or asked.expires is None or request is None:
        return "changed_since"
    if not hmac.compare_digest(asked.seal, seal(facts, request, asked.id, asked.expires)):
        return "changed_since"
    shown = {value.name for value in asked.values if value.source.mark == "show"}
    if any(source.mark == "show" and place not in shown for place, source in draft.sources.items()):
        return "changed_since"
    return "too_late" if facts.now > asked.expires else None


def seal(facts: Facts, request: Request, question: str, expires: int) -> str:
    """HMAC over all that the yes is for: who, where, which call, and the exact request with its secrets as handles."""
    started = facts.session.started
    bound = {
        "tenant": started.tenant, "user": started.user, "session": facts.session.id, "epoch": facts.session.epoch, "call": facts.call.id,
        "document": started.document, "connection": facts.connection, "question": question, "expires": expires, "method": request.method,
        "url": request.url, "headers": sorted([name.lower(), value] for name, value in request.headers if not is_idempotency_header(name)),
        "body": body_of(request),
    }  # fmt: skip
    return facts.sign(orjson.dumps(bound, option=orjson.OPT_SORT_KEYS))


def sealed_request(facts: Facts, operation: Operation, arguments: Mapping[str, JSON]) -> Request | None:
    """The request with its secrets as handles: the same handle is the same secret."""
    assert facts.definition is not None
    itself = {handle: handle for handle in handles_in(arguments)}
    built = build(operation, facts.definition, arguments, facts.target, Held(itself, stand_ins(facts)))
    return None if isinstance(built, Unbuildable) else built


def stand_ins(facts: Facts) -> dict[str, File]:
    """Each file with its name and type, and its handle for its bytes: the handle says which bytes they are."""
    return {handle: File(each.name, each.media_type, handle.encode()) for handle, (each, _) in facts.files.items()}


def body_of(request: Request) -> JSON:
    if request.body is None:
        return None
    try:
        found: Any = orjson.loads(request.body)
    except orjson.JSONDecodeError:  # integers of more than 64 bits, for one
        return request.body.decode("utf-8", "replace")
    return found


def ask(facts: Facts, operation: Operation, draft: Draft, because: str | None) -> NeedsApproval | None:
    """None when no request can be made of the arguments."""
    request = sealed_request(facts, operation, draft.arguments)
    if request is None:
        return None
    identifier, expires = question_id(facts), facts.now + LASTS
    summary = heading(facts, operation, draft)
    question = Question(
        id=identifier, kind="approval", call=facts.call.id, text=say("go_ahead", korean=facts.korean, summary=summary), operation=operation.id,
        summary=summary, preview=preview(facts, operation, draft, request), values=preview_values(facts, draft),
        notes=notes(facts, operation, draft, because),
        seal=seal(facts, request, identifier, expires), expires=expires,
    )  # fmt: skip
    return NeedsApproval(question, draft.arguments)


def heading(facts: Facts, operation: Operation, draft: Draft) -> str:
    """What is to be done to what: "Delete a group: Night Shift (grp_106)"."""
    summary = operation.summary.strip().rstrip(".") or operation.id
    assert facts.definition is not None
    named = [known_as(facts, draft, name) for name in naming(facts.definition, draft.arguments)]
    return f"{summary}: {', '.join(named)}" if named else summary


def naming(definition: ToolDefinition, arguments: Mapping[str, JSON]) -> list[str]:
    """The arguments that say which one: those in the path, else a name, else ids. Never a secret."""
    fields = [each for each in definition.fields if each.kind != "secret" and isinstance(arguments.get(each.name), str | int)]
    plain = [each for each in fields if not isinstance(arguments[each.name], bool) and not is_handle(arguments[each.name])]
    in_path = [each.name for each in plain if each.location == "path" and not each.constant]
    named = sorted((each.name for each in plain if each.name.lower() in NAMING), key=lambda name: NAMING.index(name.lower()))
    return (in_path or named[:1] or [each.name for each in plain if each.kind == "identifier"])[:3]


def known_as(facts: Facts, draft: Draft, name: str) -> str:
    """A value, after what its own record calls it where it comes from a response. That is data: plain text, and short."""
    value, source = draft.arguments[name], draft.sources.get(pointer(name))
    text, label = one_line(facts.files[value][0].name if value in facts.files else str(value)), ""
    if source:
        texts = record_of(facts, source)
        label = next((one_line(texts[key]) for key in LABELS if texts.get(key)), "")
    return f"{label} ({text})" if label and label != text else text


def record_of(facts: Facts, source: Source) -> dict[str, str]:
    """The texts of the record that a value was taken from, by their names without _ and -."""
    if source.kind != "response" or not source.call or not source.pointer:
        return {}
    record = value_at(facts.bodies.get(source.call), source.pointer.rpartition("/")[0])
    named = record.items() if isinstance(record, Mapping) else ()
    return {re.sub("[_-]", "", key).lower(): each for key, each in named if isinstance(each, str)}


def named_by_record(facts: Facts, draft: Draft) -> bool:
    """Whether the words name what is meant as its own record does: Anton Fischer, whose username is afischer."""
    return any(names_said(facts, source) for source in draft.sources.values())


def names_said(facts: Facts, source: Source) -> frozenset[str]:
    """What the words say of the names of the record that a value was taken from."""
    words, texts = read(facts.words), record_of(facts, source)
    whole = [" ".join((texts.get(first, ""), texts.get(last, ""))) for first, last in FULL if texts.get(first) and texts.get(last)]
    return frozenset(each for each in (*whole, *(texts.get(key, "") for key in LABELS)) if len(each) > 1 and words.find(each))


def one_line(text: str) -> str:
    return shortened("".join(letter if letter.isprintable() else " " for letter in text), LONGEST_NAME)


def preview(facts: Facts, operation: Operation, draft: Draft, sealed: Request) -> Preview | None:
    """`sealed` itself, but for secrets, whose handles it would show."""
    assert facts.definition is not None
    secret = any(True for _ in handles_in(draft.arguments))
    built = build(operation, facts.definition, draft.arguments, facts.target, Held(files=stand_ins(facts))) if secret else sealed
    if isinstance(built, Unbuildable):
        return None
    headers = {name: value for name, value in built.headers if name != "Accept"}
    return Preview(method=built.method, url=built.url, headers=headers, body=with_names(body_of(built), file_names(facts)))


def file_names(facts: Facts) -> dict[str, str]:
    """By what stands for each file in a body: its handle, also in base64."""
    spelled = ((handle, base64.b64encode(handle.encode()).decode(), f"[{shown(each)}]") for handle, (each, _) in facts.files.items())
    return {spelling: name for *spellings, name in spelled for spelling in spellings}


def with_names(body: JSON, named: Mapping[str, str]) -> JSON:
    """With its files by their names: the bytes are not for reading."""
    if isinstance(body, Mapping):
        return {name: with_names(value, named) for name, value in body.items()}
    if isinstance(body, list):
        return [with_names(value, named) for value in body]
    if isinstance(body, str):
        for spelling, name in named.items():
            body = body.replace(spelling, name)
    return body


def preview_values(facts: Facts, draft: Draft) -> tuple[PreviewValue, ...]:
    """Every value with its label, source and form, in the document's order; against the try that the product refused, what is different now."""
    definition, before = facts.definition, refused_try(facts)
    assert definition is not None
    order = {each.name: number for number, each in enumerate(definition.fields)}
    found = []
    for place, value in sorted(leaves(draft.arguments), key=lambda leaf: order.get(parts(leaf[0])[0], 0) if leaf[0] else 0):
        if place:
            old = value_at(dict(before.arguments), place) if before else None
            changed = before is not None and old != value
            label, form = label_of(definition, place), form_at(definition, place)
            named = shown(facts.files[value][0]) if isinstance(value, str) and value in facts.files else ""
            known = {"before": old if changed else None, "changed": changed, "shown": named}
            found.append(PreviewValue(name=place, label=label, value=value, source=draft.sources[place], form=form, **known))
    return tuple(found)


def rules_told(facts: Facts, operation: Operation, draft: Draft) -> Iterator[str]:
    assert facts.definition is not None
    for rule, why in asking(facts, operation, draft, facts.definition):
        values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
        wanted = ", ".join(each if isinstance(each, str) else orjson.dumps(each).decode() for each in values)
        is_so = say(f"rule_{rule.op if why == 'holds' else why}", korean=facts.korean, value=wanted)
        yield say("rule", korean=facts.korean, field=label_of(facts.definition, pointer(*rule.steps())), is_so=is_so)


def refused_try(facts: Facts) -> Call | None:
    """The newest earlier call of this operation in this turn, if the product refused it."""
    return next((each for each in reversed(facts.earlier()) if each.returned and each.returned.outcome == "rejected"), None)


def notes(facts: Facts, operation: Operation, draft: Draft, because: str | None) -> tuple[str, ...]:
    korean, before = facts.korean, refused_try(facts)
    found = [say(because, korean=korean)] if because else []
    found += rules_told(facts, operation, draft)
    if draft.idea:
        found.append(say("idea", korean=korean))
    elif draft.unclear == "whether" or (draft.unclear and not named_by_record(facts, draft)):
        found.append(say(f"unclear_{draft.unclear}", korean=korean))
    if before and before.returned:
        errors = "; ".join(f"{name}: {text}" for name, text in before.returned.errors.items())
        found.append(say("first_try", korean=korean, why=shortened(errors or before.returned.message or str(before.returned.status))))
        gone = [name for name in before.arguments if name not in draft.arguments]
        if gone:
            found.append(say("left_out_now", korean=korean, names=", ".join(gone)))
    return tuple(found)
