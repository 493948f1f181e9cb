"""Which values of a wished call a sentence does not hold, by the checkpoints' own search for sources: for whoever makes cases. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.decide import Limits
from engine.events import ModelReplied, SessionStarted, SourceKind, ToolCall, UserSaid
from engine.facts import Facts
from engine.session import Session
from engine.sources import trace
from specs.document import Document
from tools.request import Target
from tools.schema import definition
from tools.settings import DocumentSettings

NOWHERE = Target("", {})
HELD: tuple[SourceKind, ...] = ("user", "document", "tool")
SETTINGS = DocumentSettings()


def unsaid(document: Document, said: str, operation: str, arguments: Mapping[str, Any], at: tuple[datetime, str, str]) -> tuple[str, ...]:
    """Places (JSON pointers into the arguments) of values that come from nowhere. `at`: when, in which time zone and locale it was said."""
    facts = _facts(document, said, ToolCall(id="c1", tool=operation, arguments=dict(arguments)), at)
    assert facts.definition is not None
    return tuple(place for place, source in trace(facts, facts.definition, arguments).items() if source.kind not in HELD)


def _facts(document: Document, said: str, wish: ToolCall, at: tuple[datetime, str, str]) -> Facts:
    when, timezone, locale = at
    moment = int(when.timestamp() * 1000)
    session = Session("s", SessionStarted(document=document.hash, spec="sp", tenant="t", user="u", timezone=timezone, locale=locale, at=moment))
    session = session.add(UserSaid(message_id="m1", text=said, at=moment)).add(ModelReplied(calls=(wish,), at=moment))
    turn, operation = session.turns[-1], document.operation(wish.tool)
    return Facts(
        session=session, turn=turn, call=turn.calls[-1], operation=operation, definition=definition(operation, SETTINGS), settings=SETTINGS,
        target=NOWHERE, offered=frozenset([wish.tool]), bodies={}, labels={}, said=((turn.number, said),), handles=frozenset(),
        sign=lambda _: "", connection=None, now=moment, limits=Limits(),
    )  # fmt: skip
