"""A small product for the tests of the built-in model: its tools as a model is handed them, and a conversation to hold."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from engine.builtin.model import BuiltinModel

SYSTEM = "Be brief.\nNow: 2026-11-20T10:00:00+01:00\nTime zone: Europe/Berlin\nLocale: en\nProduct: Office"
TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
SWITCH = {"type": "boolean"}
TEAM_ID = {"type": "string", "x-supplied-by": [{"operation": "listTeams", "pointer": "/items/*/id"}]}
PERSON = {
    "login": {"type": "string", "description": "The name the person signs in with."},
    "password": {"type": "string", "format": "password"},
    "first_name": TEXT,
    "email": {"type": "string", "format": "email"},
    "level": {"enum": ["guest", "person", "editor"]},
    "description": TEXT,
}
YESTERDAY = {
    "from": "parlance", "tool": "resolve_dates", "text": "yesterday",
    "start": "2026-11-19T00:00:00+01:00", "end": "2026-11-20T00:00:00+01:00", "last": "2026-11-19T23:59:59+01:00",
    "first_day": "2026-11-19", "last_day": "2026-11-19",
}  # fmt: skip


def tool(name: str, description: str, required: tuple[str, ...] = (), /, **properties: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


OFFICE = [
    tool("listPersons", "List persons.", search=TEXT, state={"enum": ["active", "locked"]}, limit=NUMBER),
    tool("getPerson", "Get a person. Returns the details of one person.", ("login",), login=TEXT),
    tool("createPerson", "Create a person.", ("login", "password"), **PERSON),
    tool("updatePerson", "Change a person.", ("login",), **{k: v for k, v in PERSON.items() if k != "password"}, enabled=SWITCH),
    tool("deletePerson", "Delete a person.", ("login",), login=TEXT),
    tool("listTeams", "List teams.", name={"type": "string", "description": "Only teams whose name contains this text."}),
    tool("createTeam", "Create a team.", ("name",), name=TEXT, description=TEXT),
    tool("updateTeam", "Change a team.", ("team_id",), team_id=TEAM_ID, name=TEXT, description=TEXT),
    tool("deleteTeam", "Delete a team.", ("team_id",), team_id=TEAM_ID),
    tool("addTeamMember", "Add a person to a team.", ("team_id", "login"), team_id=TEAM_ID, login=TEXT),
    tool("listPersonTeams", "List the teams of a person.", ("login",), login=TEXT),
    tool(
        "listDoorEvents", "List door events. What happened at the doors, the newest first.", (),
        since={"type": "string", "format": "date-time"}, until={"type": "string", "format": "date-time"}, day={"type": "string", "format": "date"},
        actor={"type": "string", "description": "Only events of this person."},
    ),
    tool("unlockDoor", "Unlock a door.", ("door_id",), door_id={"type": "integer"}),
    tool("resolve_dates", "Turn words for a time into bounds.", ("text",), text=TEXT),
    tool("ask_user", "Ask the customer.", ("question",), question=TEXT),
    tool("show", "Choose how a result is shown.", ("result",), result=TEXT),
]  # fmt: skip
PERSON1 = {
    "id": "p_1", "login": "person1", "first_name": "Una", "email": "una@example.test", "level": "editor", "description": None,
    "created": "2026-01-01",
}  # fmt: skip


@dataclass
class Talk:
    """A conversation with the model; `say` and `result` give its next message."""

    tools: list[dict[str, Any]] = field(default_factory=lambda: OFFICE)
    messages: list[BaseMessage] = field(default_factory=lambda: [SystemMessage(SYSTEM)])

    def say(self, text: str) -> "Talk":
        return self._next(HumanMessage(text))

    def done(self, data: Any = None, **more: Any) -> "Talk":
        return self.result({"from": "product", "outcome": "done", "status": 200, "data": data, "whole": True, **more})

    def rejected(self, **more: Any) -> "Talk":
        return self.result({"from": "product", "outcome": "rejected", "status": 422, **more})

    def result(self, result: Mapping[str, Any]) -> "Talk":
        return self._next(ToolMessage(json.dumps(result), tool_call_id=self.last.tool_calls[0]["id"]))

    def _next(self, message: BaseMessage) -> "Talk":
        self.messages.append(message)
        answer = BuiltinModel().bind_tools(self.tools).invoke(self.messages)
        assert isinstance(answer, AIMessage)
        self.messages.append(answer)
        return self

    @property
    def last(self) -> AIMessage:
        found = self.messages[-1]
        assert isinstance(found, AIMessage)
        return found

    @property
    def call(self) -> tuple[str, dict[str, Any]] | None:
        """(tool, arguments) of the last message, None when it is text."""
        calls = self.last.tool_calls
        return (calls[0]["name"], calls[0]["args"]) if calls else None

    @property
    def text(self) -> str:
        return str(self.last.text)
