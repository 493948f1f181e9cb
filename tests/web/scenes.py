"""What the stand-in plays: canned events of the engine, chosen by the first word of the customer's message."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from tools.show import View
from tools.show import view as engine_view

Event: TypeAlias = dict[str, Any]


class Drop:
    """The connection is cut here; what follows still happens."""


class Pause:
    """Waits until the test says go on."""


Step: TypeAlias = Event | str | Drop | Pause

VECTORS = (
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    "[click](javascript:document.title='owned')",
    "![](http://127.0.0.1:9/leak.png)",
    "<a href=\"javascript:document.title='owned'\">x</a>",
    "\"><svg onload=document.title='owned'>",
    "${document.title='owned'} {{constructor.constructor('document.title=1')()}}",
    "</textarea></style><iframe src=//127.0.0.1:9>",
    "http://127.0.0.1:9/plain?d=1 www.evil.test mailto:eve@evil.test",
)


def answered(question: str, message: str, **given: Any) -> Event:
    return {
        "type": "QuestionAnswered",
        "question_id": question,
        "message_id": message,
        "approved": given.get("approved"),
        "values": {k: "secret:abc" if k == "password" else v for k, v in (given.get("values") or {}).items()},
        "edits": given.get("edits") or {},
        "closed": given.get("closed", False),
        "at": 0,
    }


def model(call: str, tool: str, **arguments: Any) -> Event:
    return {"type": "ModelReplied", "text": "", "calls": [{"id": call, "tool": tool, "arguments": arguments}], "model": "builtin", "at": 0}


def returned(call: str, data: Any = None, **more: Any) -> Event:
    result = {
        "id": call,
        "data": data,
        "whole": True,
        "outline": "",
        "rows": None,
        "total": None,
        "path": "",
        "media_type": "application/json",
        "warnings": [],
    }
    return {
        "type": "CallReturned",
        "call_id": call,
        "outcome": "done",
        "status": 200,
        "result": {**result, **more.pop("result", {})},
        "message": "",
        "errors": {},
        "view": None,
        "offered": [],
        "at": 0,
        **more,
    }


def view(kind: str, call: str, **more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"kind": kind, "result": call, "title": "", "path": "", "columns": [], "where": {}, "sort": None, "limit": None}
    return {**base, "aggregate": None, "of": None, "value": None, "rows": None, "total": None, **more}


def replied(text: str, views: tuple[Any, ...] = (), receipt: tuple[Any, ...] = (), kind: str = "answer") -> Event:
    return {"type": "Replied", "text": text, "views": list(views), "receipt": list(receipt), "kind": kind, "at": 0}


def line(call: str, summary: str, *, changing: bool, outcome: str = "done") -> dict[str, Any]:
    return {"call": call, "operation": summary, "summary": summary, "changing": changing, "outcome": outcome, "status": 200}


def question(name: str, **more: Any) -> Event:
    base: dict[str, Any] = {
        "id": name,
        "kind": "values",
        "call": f"call_{name}",
        "text": "",
        "fields": [],
        "operation": None,
        "summary": None,
        "preview": None,
        "values": [],
        "notes": [],
        "expires": None,
    }
    return {"type": "QuestionAsked", "question": {**base, **more}, "arguments": {}, "at": 0}


def asked(name: str, label: str, form: Mapping[str, Any], *, hidden: bool = False, required: bool = True) -> dict[str, Any]:
    return {"name": name, "label": label, "form": dict(form), "hidden": hidden, "required": required}


def value(name: str, content: Any, label: str, **more: Any) -> dict[str, Any]:
    source = {"kind": more.pop("kind", "user"), "label": label, "said": None, "at": None, "call": None, "pointer": None, "mark": more.pop("mark", "")}
    return {
        "name": f"/{name}",
        "label": name,
        "value": content,
        "source": source,
        "before": None,
        "changed": False,
        "form": {"type": "string"},
        **more,
    }


FIELDS = [
    asked("name", "User name", {"type": "string", "minLength": 2, "description": "Letters, digits and dots."}),
    asked("password", "Password", {"type": "string", "format": "password", "minLength": 8}, hidden=True),
    asked("age", "Age", {"type": "integer", "minimum": 0}, required=False),
    asked("role", "Role", {"type": "string", "enum": ["viewer", "editor", "administrator"], "default": "viewer"}),
    asked("country", "Country", {"enum": ["AT", "CH", "DE", "FR", "GB", "KR", "US"]}, required=False),
    asked("start", "First day", {"type": ["string", "null"], "format": "date"}, required=False),
    asked("until", "Access until", {"type": "string", "format": "date-time"}, required=False),
    asked("active", "Active", {"type": "boolean", "default": True}),
    asked("groups", "Groups", {"type": "array", "items": {"enum": ["staff", "audit", "night shift"]}}, required=False),
    asked("note", "Note", {"type": "string", "maxLength": 500}, required=False),
]
FORM = question("form", text="What should the new user be called, and what may they do?", fields=FIELDS)

BODY = {"name": "user2", "email": "ada@example.test", "department": "Research", "description": "This is an admin user!", "password": "••••••••"}
VALUES = [
    value("name", "user2", "your words"),
    value("email", "ada@example.test", "from user1's record", kind="response", mark="show", form={"type": "string", "format": "email"}),
    value("department", "Research", "from user1's record", kind="response"),
    value(
        "description", "This is an admin user!", "written by the assistant", kind="composed", mark="show", form={"type": "string", "maxLength": 300}
    ),
    value("active", True, "default of the document", kind="document", form={"type": "boolean"}),
    value("password", "secret:abc", "your answer", kind="answer"),
]
PREVIEW = {"method": "POST", "url": "http://127.0.0.1:9000/v1/users", "headers": {"Content-Type": "application/json"}, "body": BODY}
APPROVAL = question(
    "approval",
    kind="approval",
    text="Create a user: user2: shall I send this?",
    summary="Create a user: user2",
    operation="createUser",
    preview=PREVIEW,
    values=VALUES,
)
MENDED = question(
    "mended",
    kind="approval",
    text="This creates a user.",
    summary="Create a user",
    operation="createUser",
    preview={**PREVIEW, "body": {**BODY, "description": "This is an admin user"}},
    notes=["The product refused the first try: letters, digits and spaces only."],
    values=[
        *VALUES[:3],
        value("description", "This is an admin user", "changed by you", kind="answer", before="This is an admin user!", changed=True),
    ],
)
REMOVAL = question(
    "removal",
    kind="approval",
    text="This cannot be undone.",
    summary="Delete user2",
    operation="deleteUser",
    preview={"method": "DELETE", "url": "http://127.0.0.1:9000/v1/users/user2", "headers": {}, "body": None},
    values=[value("id", "user2", "your words")],
    notes=["This step was the model's idea."],
)

LOGS = [
    {
        "id": 9007199254740993 + n,
        "time": f"2026-11-04T{n % 24:02}:{n * 7 % 60:02}:00Z",
        "actor": f"user{n % 7}",
        "action": ("login", "logout", "password changed")[n % 3],
        "seconds": n * 13 % 101,
    }
    for n in range(120)
]
RECORD = {
    "id": "user1",
    "name": "Ada Lovelace",
    "email": "ada@example.test",
    "active": True,
    "groups": ["staff", "audit"],
    "address": {"city": "London", "lines": ["12 St James's Square"]},
    "manager": None,
}
LINES = [{"id": n, "html": vector} for n, vector in enumerate(VECTORS)]
STATES = ("open", "paid", "void", "refunded", "overdue")
ORDERS = [
    {"id": n, "state": STATES[n * n % 5], "amount": (n * 37 % 9_000) / 100, "at": f"2026-{1 + n % 12:02}-03T10:00:00Z", "city": f"Ort {n % 60}"}
    for n in range(2_000)
]
PDF = b"%PDF-1.7 a report"
ARTIFACTS = {"logs": {"items": LOGS}, "orders": {"orders": ORDERS}, "report": PDF}
READ = [
    model("orders", "listOrders"),
    returned("orders", result={"data": ORDERS[:3], "whole": False, "rows": 2_000, "total": 2_000, "path": "/orders"}),
]


def drawn(**arguments: Any) -> dict[str, Any]:
    """A view as the engine makes it."""
    made = engine_view(ARTIFACTS["orders"], arguments, "orders", "/orders")
    assert isinstance(made, View)
    return made.model_copy(update={"title": arguments.get("title", "Orders")}).model_dump(mode="json")


def charted(chart: str, column: str, period: str | None = None, **more: Any) -> dict[str, Any]:
    return drawn(group=[{"column": column, "period": period}], aggregate="sum", of="amount", chart=chart, title=f"Amount by {column}", **more)

TABLE = view("table", "logs", title="Audit events of 4 November 2026", path="/items", columns=["time", "actor", "action", "seconds", "id"], total=412)
SEEN = [
    model("logs", "listAuditEvents", start="2026-11-04T00:00:00Z", end="2026-11-05T00:00:00Z"),
    returned("logs", result={"data": LOGS[:3], "whole": False, "rows": 120, "total": 412, "path": "/items", "warnings": ["120 of 412 read"]}),
]

SCENES: dict[str, list[Step]] = {
    "show": [
        model("dates", "resolve_dates", text="yesterday"),
        returned("dates"),
        *SEEN,
        replied("412 audit events were written yesterday.", (TABLE,), (line("logs", "List audit events", changing=False),)),
    ],
    "orders": [*READ, replied("These are open.", (drawn(filter={"state": "OPEN", "amount": {"ge": 1}}, columns=["id", "amount", "at"], sort="-amount"),))],
    "grouped": [*READ, replied("By state.", (drawn(group=["state"], aggregates=[{"function": "count"}, {"function": "sum", "of": "amount"}]),))],
    "bar": [*READ, replied("By state.", (charted("bar", "state"),))],
    "bars": [*READ, replied("By city.", (charted("bar", "city"),))],
    "line": [*READ, replied("By month.", (charted("line", "at", "month"),))],
    "pie": [*READ, replied("By state.", (charted("pie", "state"), charted("pie", "city")))],
    "file": [
        model("report", "getReport"),
        returned("report", result={"file": {"name": "Jahresbericht 2026.pdf", "media_type": "application/pdf", "size": len(PDF)}}),
        replied("Here is the report.", (view("file", "report", title="Report", file={"name": "Jahresbericht 2026.pdf", "media_type": "application/pdf", "size": len(PDF)}),)),
    ],
    "hostile": [
        *READ,
        replied(
            "x",
            (
                view(
                    "chart", "orders", title=VECTORS[0], columns=[VECTORS[1], VECTORS[4]], chart={"kind": "bar", "x": VECTORS[1], "y": VECTORS[4]},
                    computed=[{VECTORS[1]: vector, VECTORS[4]: n} for n, vector in enumerate(VECTORS)], notes=[VECTORS[5]],
                ),
                view("file", "report", title=VECTORS[5], file={"name": VECTORS[0], "media_type": VECTORS[1], "size": 1}),
            ),
        ),
    ],
    "get": [
        model("user", "getUser", id="user1"),
        returned("user", RECORD),
        replied(
            "This is user1.",
            (view("record", "user", title="user1"), view("value", "user", title="Users in all", value=412)),
            (line("user", "Get user1", changing=False),),
        ),
    ],
    "create": [model("call_form", "createUser", name="user2"), FORM],
    "approve": [model("call_approval", "createUser", name="user2"), APPROVAL],
    "delete": [model("call_removal", "deleteUser", id="user2"), REMOVAL],
    "again": [question("again", text="The email was refused.", fields=[asked("email", "Email", {"type": "string", "x-problem": "It is taken."})])],
    "form": [
        question(
            "pattern",
            text="Name: name has a form that “A b” does not fit.",
            fields=[asked("name", "Name", {"type": "string", "pattern": "^[a-z]+$", "x-problem": "name has a form that “A b” does not fit."})],
        )
    ],
    "two": [FORM, APPROVAL],
    "stream": ["Looking ", "this ", "up", Pause(), *SEEN, replied("Here it is.")],
    "drop": ["Half a sent", Pause(), Drop(), Pause(), *SEEN, replied("It came back.")],
    "later": ["202", Pause(), *SEEN, replied("It took longer.")],
    "fail": [
        model("fail", "createUser", name="user2"),
        returned("fail", outcome="rejected", status=422, errors={"description": "letters, digits and spaces only"}),
        {
            "type": "TurnFailed",
            "code": "too_many_calls",
            "text": "This took too many tries and was stopped. No user was created.",
            "receipt": [line("fail", "Create user2", changing=True, outcome="rejected")],
            "at": 0,
        },
    ],
    "unknown": [
        model("lost", "createUser", name="user2"),
        {"type": "CallUnknown", "call_id": "lost", "reason": "The product did not answer in time.", "at": 0},
        replied("It is not known whether user2 was created.", (), (line("lost", "Create user2", changing=True, outcome="unknown"),)),
    ],
    "who": [replied("I can only help with what this product offers: users, groups, accounts, sessions and the audit log.", kind="refusal")],
    "attack": [
        model("evil", VECTORS[0], q=VECTORS[1]),
        returned("evil", {"items": LINES}),
        question(
            "evil",
            text=VECTORS[0],
            notes=[VECTORS[5]],
            fields=[
                asked(VECTORS[5], VECTORS[1], {"type": "string", "description": VECTORS[4], "default": VECTORS[7]}),
                asked("c", "c", {"enum": list(VECTORS)}),
            ],
        ),
        question(
            "worse",
            kind="approval",
            text=VECTORS[2],
            summary=VECTORS[1],
            notes=[VECTORS[3]],
            values=[value(VECTORS[0], VECTORS[7], VECTORS[5], mark="show")],
            preview={"method": VECTORS[0], "url": VECTORS[2], "headers": {VECTORS[0]: VECTORS[1]}, "body": list(VECTORS)},
        ),
    ],
    "window": [question("signed", kind="sign_in", text="Sign in again.", sign_in={"way": "browser", "connection": "cn_1"})],
    "token": [question("signed", kind="sign_in", text="Sign in again.", sign_in={"way": "credential", "connection": "cn_2"})],
    "passed": [question("signed", kind="sign_in", text="Sign in again.", sign_in={"way": "client", "connection": None})],
    "partly": [{**replied("Locked user hkim.", (), (line("lock", "Lock a user: hkim", changing=True),)), "suggestions": ["Undo that"]}],
    "photo": [question("photo", text="Which photo?", fields=[asked("photo", "Photo", {"type": "string", "format": "binary"})])],
    "markup": [
        model("evil", "list"),
        returned("evil", {"items": LINES}),
        replied(
            "\n".join(VECTORS),
            (
                view("table", "evil", path="/items", title=VECTORS[0]),
                view("record", "evil", title=VECTORS[5]),
                view("text", "evil", value=VECTORS[3]),
            ),
            (line("evil", VECTORS[1], changing=True),),
        ),
    ],
}
DONE = replied(
    "user2 was created.",
    (view("record", "call_approval", title="user2"),),
    (line("made", "Create user2", changing=True), line("user", "Get user1", changing=False)),
)
LEFT = replied(
    "Left undone: create a user. Nothing of it was sent.", (), (line("call_approval", "Create a user: user2", changing=True, outcome="declined"),)
)


def opening(text: str) -> list[Step]:
    return list(SCENES.get(text.split(maxsplit=1)[0].lower(), SCENES["who"]))


def next_steps(answer: Mapping[str, Any], more_open: bool) -> list[Step]:
    if more_open:
        return (
            [question("again", kind="approval", summary="Create a second user", text="", preview=PREVIEW, values=VALUES[:1])]
            if answer.get("edits")
            else []
        )
    if answer.get("values"):
        return [APPROVAL]
    if answer.get("edits"):
        return [MENDED]
    if answer.get("approved"):
        return [returned("call_approval", {"id": "user2", "name": "user2", "active": True}), DONE]
    return [replied("Nothing was changed.", (), (line("made", "Create user2", changing=True, outcome="declined"),))]
