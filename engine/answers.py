"""A customer's answer to an open question: what of it fits, and whether a typed sentence is one. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any

import jsonschema_rs
import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from engine.ask import plain
from engine.events import JSON, Question, QuestionField
from engine.intent import asks_anew
from engine.typed import member, stops, value_in
from runtime.errors import InvalidRequest
from tools.files import FILE_HANDLE

YES = (
    r"(?:yes|yeah|yep|yup|ok|okay|sure|fine|correct|right|approved?|confirm(?:ed)?|agreed?|go ahead|go on|go for it|do (?:it|that|so)|proceed|send it"
    r"|please|looks? good|i (?:approve|confirm|agree)|네|넵|예|응|그래요?|좋아요?|맞아요?|승인(?:해 ?줘|합니다)?|진행(?:해 ?줘|해 ?주세요)?)"
)
AGREES = re.compile(rf"\W*{YES}(?:\W+{YES})*\W*", re.IGNORECASE)
PLAIN = frozenset("no nope never cancel stop quit exit nevermind skip later help back wait hello hi thanks 아니 아니요 취소 중지 그만".split())  # noqa: SIM905
LONGEST = 100_000  # bytes of the values of one answer


def storable(values: dict[str, Any]) -> dict[str, Any]:
    """Only what every JSON reader gives back as it was: an event that cannot be read again would end its session."""
    found = {name: plain(value, 1) for name, value in values.items()}
    if any("\0" in text for text in texts(found)):
        raise ValueError("an answer may hold no NUL character")  # nobody types one, and without it a password would be another one
    if len(orjson.dumps(found)) > LONGEST:
        raise ValueError(f"an answer may have {LONGEST:,} bytes at most")
    return found


def texts(value: JSON) -> Iterator[str]:
    """Every text in it, names included."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from (name, *texts(each))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


Values = Annotated[dict[str, Any], AfterValidator(storable)]


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question_id: Annotated[str, Field(max_length=200)]
    values: Values | None = None
    approved: bool | None = None
    edits: Values = {}


def given(question: Question, answer: Answer) -> dict[str, JSON]:
    """The values of an answer, if it fits its question."""
    if question.kind == "approval":
        if (answer.approved is None and not answer.edits) or answer.values:
            raise InvalidRequest("An approval is answered with `approved` (and `edits` to change values first).", code="answer_invalid")
        editable = {v.name for v in question.values}
        if unknown := sorted(set(answer.edits) - editable):
            raise InvalidRequest(f"There is nothing to edit at {', '.join(unknown)}.", code="answer_invalid")
        return {}
    if question.kind == "sign_in":
        if answer.approved is None or answer.values or answer.edits:
            raise InvalidRequest("A question to sign in is answered with `approved`, when it is done.", code="answer_invalid")
        return {}
    if answer.values is None or answer.approved is not None or answer.edits:
        raise InvalidRequest("This question is answered with `values`.", code="answer_invalid")
    names = {f.name for f in question.fields}
    if unknown := sorted(set(answer.values) - names):
        raise InvalidRequest(f"The question has no field {', '.join(unknown)}.", code="answer_invalid")
    if missing := sorted(f.label for f in question.fields if f.required and answer.values.get(f.name) in (None, "")):
        raise InvalidRequest(f"Still missing: {', '.join(missing)}.", code="answer_incomplete")
    return {name: value for name, value in answer.values.items() if value not in (None, "")}


def file_handles(question: Question, answer: Answer) -> list[str]:
    """What is given where the form has a file: handles of uploads, one or a list of them."""
    forms = {field.name: field.form for field in question.fields} | {value.name: value.form for value in question.values}
    given_for = [(forms.get(name, {}), value) for name, value in ((answer.values or {}) | answer.edits).items()]
    return [each for form, value in given_for for each in texts(value) if is_file(form) and FILE_HANDLE.fullmatch(each)]


def is_file(form: Mapping[str, JSON]) -> bool:
    items = form.get("items")
    return form.get("format") == "binary" or (isinstance(items, Mapping) and items.get("format") == "binary")


def hidden(question: Question) -> frozenset[str]:
    """Names (of fields, or JSON pointers of edits) whose values must not be stored in the clear."""
    fields = {f.name for f in question.fields if f.hidden}
    return frozenset(fields | {v.name for v in question.values if isinstance(v.value, str) and v.value.startswith("secret:")})


def sealable(value: JSON) -> bytes:
    """A hidden answer as text, which is sent in the type of its place (tools/request.py)."""
    return value.encode() if isinstance(value, str) else orjson.dumps(value)


def typed_answer(text: str, questions: Sequence[Question]) -> Mapping[str, JSON] | None:
    """The answer that free text is, while one form with one visible field is open. Never to an approval, and never when it asks for something."""
    if len(questions) != 1 or questions[0].kind != "values" or len(questions[0].fields) != 1:
        return None
    field = questions[0].fields[0]
    if field.hidden or stops(text):
        return None
    choices = field.form.get("enum")
    if isinstance(choices, list) and (chosen := member(text, choices)) is not None:
        return {field.name: chosen}
    said = None if asks_anew(text) else value_in(text, field.name, field.label, field.form)
    value = None if said is None else _fitting(said, field)
    return None if value is None else {field.name: value}


def only_agrees(text: str) -> bool:
    """A yes and nothing else: it must not approve, and it asks for nothing new either."""
    return AGREES.fullmatch(text) is not None


def perhaps_secret(text: str, questions: Sequence[Question]) -> bool:
    """A lone word while nothing but hidden fields is asked for: it may be what belongs into one, and must not be kept in the clear."""
    fields = [field for each in questions for field in each.fields]
    words = text.split()
    return bool(fields) and all(field.hidden for field in fields) and len(words) == 1 and text.lower().strip(".!?") not in PLAIN


def _fitting(text: str, field: QuestionField) -> JSON:
    """The text as a value that the field's form takes: as it is, or as the number or truth value it spells. None when it is neither."""
    values: list[Any] = [text]
    with suppress(orjson.JSONDecodeError):
        values.insert(0, orjson.loads(text))
    form = {name: rule for name, rule in field.form.items() if not name.startswith("x-")}
    return next((v for v in values if not isinstance(v, dict) and jsonschema_rs.is_valid(form, v)), None)


def clean(text: str) -> str:
    """Without lone surrogates and NUL, which JSON, Redis clients and models trip over."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
