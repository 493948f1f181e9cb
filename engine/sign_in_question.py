"""When a call waits for the customer to sign in to the product, and what they are asked then. The turn goes on at the same place. Pure."""

from typing import Literal

from pydantic import SecretStr

from engine.events import Question, QuestionAsked, SignIn
from engine.facts import speaks_korean
from engine.phrases import say
from engine.session import Call, Session
from specs.document import Document
from specs.model import Operation
from tools.alternatives import Unusable, chosen, held_by
from tools.security import ApiKey, AuthorizationCode, Basic, Bearer, Connection, NoCredential, TokenExchange

X = SecretStr("x")
ANY_KIND = (Bearer(token=X), ApiKey(value=X), Basic(username="x", password=X), TokenExchange(client_id="x", subject_token=X))


def question(session: Session, call: Call, connection: Connection, title: str, at: int) -> QuestionAsked:
    korean = speaks_korean(session.started.locale, session.turn)
    asked = Question(
        id=f"q{session.length}_{call.id}", kind="sign_in", call=call.id, text=say("sign_in", korean=korean, title=title),
        sign_in=SignIn(way=way(connection), connection=session.started.connection),
    )  # fmt: skip
    return QuestionAsked(question=asked, arguments=dict(call.arguments), at=at)


def way(connection: Connection) -> Literal["browser", "credential", "client"]:
    if connection.passed:
        return "client"
    return "browser" if any(isinstance(each.credential, AuthorizationCode) for each in held_by(connection)) else "credential"


def unsigned(connection: Connection, operation: Operation, document: Document) -> bool:
    """Whether a credential that comes with each message would go out with this call, and is missing now: another worker has taken the turn over,
    or none came. Then the tenant's own must not take its place."""
    if not connection.passed or not isinstance(connection.credential, NoCredential) or any(not each for each in operation.security):
        return False
    return any(goes_out(connection.model_copy(update={"credential": each}), operation, document) for each in ANY_KIND)


def goes_out(connection: Connection, operation: Operation, document: Document) -> bool:
    found = chosen(operation, document.security_schemes, lambda: document.secured, held_by(connection))
    return not isinstance(found, Unusable) and any(each.held.owner.passed for each in found)
