"""Errors that end what a caller asked for. Expected outcomes (a rejected call, a problem in a document) are values, not these.

ParlanceError                     500 internal_error
├── InvalidRequest                422 invalid_request
│   ├── NameUnusable              422 name_unusable: of a tenant, user, session
│   ├── DocumentRefused           422 document_*: what was uploaded cannot be used
│   └── SettingsInvalid           422 settings_invalid
├── Unauthenticated               401 unauthenticated
├── Forbidden                     403 forbidden
├── NotFound                      404 not_found
├── Conflict                      409 conflict
│   ├── SessionBusy               409 session_busy
│   ├── QuestionNotOpen           409 question_not_open
│   ├── ApprovalNeedsPress        409 approval_needs_a_press: the request stays open
│   ├── SecretInTheOpen           409 secret_in_the_open: only a hidden field was asked for
│   └── LeaseLost                 409 lease_lost: another worker goes on with the session
├── TooLarge                      413 too_large
├── TooMany                       429 too_many_messages, too_many_turns, tokens_used_up, dollars_used_up
├── ModelFailed                   502 model_failed
└── Unavailable                   503 unavailable: Redis or another part we stand on
"""

from typing import Any, ClassVar


class ParlanceError(Exception):
    """An error with an HTTP status and a stable `code`; the text says what happened, what was kept and what to do."""

    status: ClassVar[int] = 500
    code: str = "internal_error"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str, *, code: str | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.more = more  # further members of the problem document (RFC 9457, 3.2)

    def problem(self) -> dict[str, Any]:
        """The RFC 9457 problem document."""
        about = {"type": f"urn:parlance:{self.code}", "title": self.title, "status": self.status}
        return {**about, "code": self.code, "detail": self.detail, **self.more}


class InvalidRequest(ParlanceError):
    status = 422
    code = "invalid_request"
    title = "The request cannot be used as it is"


class NameUnusable(InvalidRequest, ValueError):
    """A tenant's, user's or session's name that can be part of no Redis key."""

    code = "name_unusable"
    title = "A name cannot be used"


class DocumentRefused(InvalidRequest):
    """`pointer` (JSON pointer) and `line` (from 1) say where, when a place is known."""

    code = "document_refused"
    title = "The document cannot be used"

    def __init__(self, detail: str, *, code: str = "document_refused", pointer: str | None = None, line: int | None = None) -> None:
        super().__init__(detail, code=code, pointer=pointer, line=line)


class SettingsInvalid(InvalidRequest):
    code = "settings_invalid"
    title = "A setting is wrong"


class Unauthenticated(ParlanceError):
    status = 401
    code = "unauthenticated"
    title = "Who is asking is not known"


class Forbidden(ParlanceError):
    status = 403
    code = "forbidden"
    title = "This key may not do that"


class NotFound(ParlanceError):
    status = 404
    code = "not_found"
    title = "Not found"


class Conflict(ParlanceError):
    status = 409
    code = "conflict"
    title = "Not possible in the present state"


class SessionBusy(Conflict):
    code = "session_busy"
    title = "A turn of this session is running"


class QuestionNotOpen(Conflict):
    code = "question_not_open"
    title = "This question is not open"


class ApprovalNeedsPress(Conflict):
    code = "approval_needs_a_press"
    title = "A typed yes approves nothing"


class SecretInTheOpen(Conflict):
    code = "secret_in_the_open"
    title = "Secrets belong into hidden fields"


class LeaseLost(Conflict):
    code = "lease_lost"
    title = "Another worker goes on with this session"


class TooLarge(ParlanceError):
    status = 413
    code = "too_large"
    title = "Too large"


class TooMany(ParlanceError):
    """A limit of the tenant was reached. `retry_after`: seconds until it is worth another try."""

    status = 429
    code = "too_many_messages"
    title = "A limit is reached"

    def __init__(self, detail: str, *, code: str, retry_after: int) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class ModelFailed(ParlanceError):
    status = 502
    code = "model_failed"
    title = "The language model did not answer"


class Unavailable(ParlanceError):
    status = 503
    code = "unavailable"
    title = "A part Parlance stands on is not available"
