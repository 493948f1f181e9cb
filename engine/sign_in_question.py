"""When a call waits for the customer to sign in to the product, and what they are asked then. The turn goes on at the same place. Pure."""

from collections.abc import Mapping
from typing import Literal

from engine.events import Question, QuestionAsked, SignIn
from engine.phrases import say
from engine.session import Call, Session
from specs.model import Operation, SecurityScheme
from tools.alternatives import held_by
from tools.security import AuthorizationCode, Connection, NoCredential


def question(session: Session, call: Call, connection: Connection, title: str, at: int) -> QuestionAsked:
    korean = session.started.locale.lower().startswith("ko")
    asked = Question(
        id=f"q{session.length}_{call.id}", kind="sign_in", call=call.id, text=say("sign_in", korean=korean, title=title),
        sign_in=SignIn(way=way(connection), connection=session.started.connection),
    )  # fmt: skip
    return QuestionAsked(question=asked, arguments=dict(call.arguments), at=at)


def way(connection: Connection) -> Literal["browser", "credential", "client"]:
    if connection.passed:
        return "client"
    return "browser" if any(isinstance(each.credential, AuthorizationCode) for each in held_by(connection)) else "credential"


def unsigned(connection: Connection, operation: Operation, schemes: Mapping[str, SecurityScheme]) -> bool:
    """Whether a credential that comes with each message is missing now: another worker has taken the turn over, or none came."""
    missing = connection.passed and isinstance(connection.credential, NoCredential)
    return missing and not operation.public and (bool(operation.security) or not schemes)
