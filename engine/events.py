"""What happens in a conversation, as data. Pure; knows no Redis, model, clock or web.

The stored format: one JSON object an event, tagged by `type`. FORMAT is its number; a reader refuses numbers it does not know.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from tools.show import ShownFile, View

FORMAT = 1
JSON: TypeAlias = Any  # JSON that belongs to the customer, the product or the model
Outcome = Literal["done", "rejected", "not_executed"]
SourceKind = Literal["user", "answer", "document", "tool", "response", "chosen", "composed", "none"]
Mark = Literal["", "show"]  # "show": allowed only through an approval that marks the value and where it came from


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64")


class ToolCall(Frozen):
    """A model's wish. `tool` is an operation id of the document, or one of the engine's own tools."""

    id: str
    tool: str
    arguments: dict[str, JSON]


class Source(Frozen):
    """Where one value of an argument comes from.

    user, answer: `said` is the span of words; `at` the number of the event that holds them.
    response, tool: `call` is the call whose result holds the value, `pointer` the JSON pointer into that result.
    `label` is for people: "from user1's record", "your words", "default of the document".
    """

    kind: SourceKind
    label: str = ""
    said: str | None = None
    at: int | None = None
    call: str | None = None
    pointer: str | None = None
    mark: Mark = ""


class Preview(Frozen):
    """The exact request as it will be sent; secret values stand as their handle's mask, credentials are not in it."""

    method: str
    url: str
    headers: dict[str, str] = {}
    body: JSON = None


class PreviewValue(Frozen):
    """One argument on an approval card. `before` is the value of the approval that this one mends, if it differs. `shown`: in place of a handle."""

    name: str
    label: str
    value: JSON
    source: Source
    before: JSON = None
    changed: bool = False
    form: dict[str, JSON] = {}  # the field's JSON Schema, for editing
    shown: str = ""


class QuestionField(Frozen):
    """One field of a form. `name` is an argument's name, or a JSON pointer ("/address/city") inside the arguments.

    `form` is the field's JSON Schema (type, enum, format, description, default); `hidden` for secrets.
    """

    name: str
    label: str
    form: dict[str, JSON]
    hidden: bool = False
    required: bool = True


class SignIn(Frozen):
    """How the customer signs in to the product again. `way`: in a browser window, by typing a new credential, or by the page that sends it."""

    way: Literal["browser", "credential", "client"]
    connection: str | None = None


class Question(Frozen):
    """What the customer is asked. kind "values": a form (`fields`); "approval": a yes to `preview`; "sign_in": to sign in again (`sign_in`).

    `call` is the call that waits for the answer. `seal` is the approval's HMAC (engine/approval.py), never shown to a model.
    """

    id: str
    kind: Literal["values", "approval", "sign_in"]
    call: str
    text: str
    fields: tuple[QuestionField, ...] = ()
    operation: str | None = None
    summary: str | None = None
    preview: Preview | None = None
    values: tuple[PreviewValue, ...] = ()
    notes: tuple[str, ...] = ()  # "This step was the model's idea", "The product refused the first try: ..."
    seal: str | None = None
    expires: int | None = None  # epoch ms
    sign_in: SignIn | None = None


class Attached(ShownFile):
    """A file that the customer attached or the product gave. `handle` stands for it in arguments, and names the artifact of what was attached."""

    handle: str


class Result(Frozen):
    """What came of a call, as far as events hold it. `id` names the artifact with the whole body (the call's id).

    `data` is the body itself when it is small, else a sample; `whole` says which. `outline` describes the shape with counts.
    `masked`: without what is personal or secret in it.
    `rows` is how many were read, `total` how many the product says there are. `path` is the JSON pointer of the rows in the body.
    """

    id: str
    data: JSON = None
    whole: bool = True
    masked: bool = False
    outline: str = ""
    rows: int | None = None
    total: int | None = None
    path: str = ""
    media_type: str = "application/json"
    warnings: tuple[str, ...] = ()
    file: Attached | None = None  # the answer is one, and the artifact its bytes


class Receipt(Frozen):
    """One line of what was done in a turn, made from events by code."""

    call: str
    operation: str
    summary: str
    changing: bool
    outcome: Literal["done", "accepted", "rejected", "not_executed", "unknown", "declined", "refused"]
    status: int | None = None


class Usage(Frozen):
    """What a model's reply took. `cached_tokens`: how many of the input the vendor had read before.

    `estimated`: the vendor reported nothing, so every byte counts as a token, which is more than it was.
    `nano_dollars`: billionths of a US dollar; None where the price is not known (and in older events).
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    estimated: bool = False
    nano_dollars: int | None = None


class SessionStarted(Frozen):
    type: Literal["SessionStarted"] = "SessionStarted"
    format: int = FORMAT
    document: str  # hash: the version this session keeps
    spec: str  # the document's id: its settings
    tenant: str
    user: str
    connection: str | None = None
    locale: str = "en"
    timezone: str = "UTC"
    consent: bool = False  # to keep what was said for improvement
    passes: bool = False  # credentials come with each message and are kept nowhere
    at: int = 0  # epoch ms, as everywhere


class UserSaid(Frozen):
    type: Literal["UserSaid"] = "UserSaid"
    message_id: str
    text: str
    files: tuple[Attached, ...] = ()
    at: int = 0


class ModelReplied(Frozen):
    type: Literal["ModelReplied"] = "ModelReplied"
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    model: str = ""
    usage: Usage = Usage()
    at: int = 0


class CallApproved(Frozen):
    """The call passed every checkpoint. `arguments` is what will be sent: repaired, answered, with secrets as handles."""

    type: Literal["CallApproved"] = "CallApproved"
    call_id: str
    arguments: dict[str, JSON]
    sources: dict[str, Source] = {}  # by JSON pointer into arguments: "/name", "/address/city"
    repairs: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()  # optional arguments without a source, left out
    at: int = 0


class CallRejected(Frozen):
    type: Literal["CallRejected"] = "CallRejected"
    call_id: str
    checkpoint: str
    reason: str  # for the model: worded so that it can mend the call
    told: str | None = None  # for the customer, where it concerns them
    final: bool = False  # the model must not try this again in this turn (declined, refused for intent)
    at: int = 0


class QuestionAsked(Frozen):
    type: Literal["QuestionAsked"] = "QuestionAsked"
    question: Question
    arguments: dict[str, JSON] = {}  # the call's arguments as known when it was asked
    at: int = 0


class QuestionAnswered(Frozen):
    """`values`: by the question field's name; a hidden field's value is its handle ("secret:..."). `edits`: by JSON pointer into arguments."""

    type: Literal["QuestionAnswered"] = "QuestionAnswered"
    question_id: str
    message_id: str
    approved: bool | None = None
    values: dict[str, JSON] = {}
    edits: dict[str, JSON] = {}
    files: tuple[Attached, ...] = ()  # whose handles are among the values
    closed: bool = False  # not answered: a new request closed it as declined
    at: int = 0


class CallStarted(Frozen):
    """Saved before a changing request leaves. `key` is its idempotency key; `attempt` counts from 1.

    `request` is the digest of what leaves (method, address, headers, body), by which a later attempt is known to be the same; "" in older events.
    """

    type: Literal["CallStarted"] = "CallStarted"
    call_id: str
    key: str
    attempt: int = 1
    request: str = ""
    at: int = 0


class CallReturned(Frozen):
    """A product's answer, or an engine tool's result. outcome "rejected": the product refused, nothing changed.

    `accepted`: of what is "done", that the product works on it still. A second one for a call tells what came after the first (decision 15).
    """

    type: Literal["CallReturned"] = "CallReturned"
    call_id: str
    outcome: Outcome
    status: int | None = None
    accepted: bool = False
    result: Result | None = None
    message: str = ""  # for the model and the customer, when there is no result to show
    errors: dict[str, str] = {}  # the product's field errors, by argument name
    view: View | None = None  # of `show`
    offered: tuple[str, ...] = ()  # operations that find_operations adds to the offer
    at: int = 0


class CallUnknown(Frozen):
    """A changing request was sent and its outcome cannot be known. `reason` is in Parlance's words, `said` in the product's, masked: data."""

    type: Literal["CallUnknown"] = "CallUnknown"
    call_id: str
    reason: str
    said: str = ""
    at: int = 0


class ReplyRejected(Frozen):
    type: Literal["ReplyRejected"] = "ReplyRejected"
    checkpoint: str
    reason: str
    final: bool = False  # another try of the model mends nothing: code makes the reply
    at: int = 0


class Replied(Frozen):
    type: Literal["Replied"] = "Replied"
    text: str
    views: tuple[View, ...] = ()
    receipt: tuple[Receipt, ...] = ()
    kind: Literal["answer", "refusal"] = "answer"
    suggestions: tuple[str, ...] = ()  # what the customer may say next, word for word
    at: int = 0


class TurnFailed(Frozen):
    type: Literal["TurnFailed"] = "TurnFailed"
    code: str
    text: str
    receipt: tuple[Receipt, ...] = ()
    at: int = 0


class Late(Frozen):
    """No event of its own: what a worker that lost its lease puts into the inbox, with the epoch and the attempt it belongs to."""

    epoch: int
    attempt: int
    event: CallReturned


class Fact(Frozen):
    """An older turn in a few words: what was asked, what was called, what changed."""

    at: int  # number of the turn's UserSaid
    said: str
    did: tuple[str, ...] = ()
    reply: str = ""


class Snapshot(Frozen):
    """What the events before it still matter for, so that a worker reads this and the tail only."""

    type: Literal["Snapshot"] = "Snapshot"
    started: SessionStarted
    tail: int  # number of the first event that is still loaded: the turns from there on stay whole
    facts: tuple[Fact, ...] = ()
    said: tuple[tuple[int, str], ...] = ()  # (event number, text): the customer's own words that may still be sources, newest last
    results: tuple[tuple[str, str], ...] = ()  # (call id, label) of results whose artifacts may still be sources
    used: tuple[str, ...] = ()  # operations already used, newest last
    handles: tuple[str, ...] = ()  # secrets that exist
    files: tuple[tuple[Attached, Source], ...] = ()  # with what an argument's source is that holds one; newest last
    unsettled: tuple[tuple[str, str], ...] = ()  # (wish, key) of changes whose outcome is unknown, newest last: engine/keys.py
    turns: int = 0
    at: int = 0


Event: TypeAlias = Annotated[
    SessionStarted | UserSaid | ModelReplied | CallApproved | CallRejected | QuestionAsked | QuestionAnswered | CallStarted
    | CallReturned | CallUnknown | ReplyRejected | Replied | TurnFailed | Snapshot,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
