"""Answers of one message into a session's events: all or none, files by their handles, hidden values sealed before anything is kept."""

import secrets
from collections.abc import Mapping, Sequence

from engine.answers import Answer, file_handles, given, hidden, sealable
from engine.calls import purpose
from engine.events import JSON, Attached, Question, QuestionAnswered
from engine.work import Run
from runtime.errors import QuestionNotOpen


def asked_by(work: Run) -> dict[str, Question]:
    turn = work.session.running
    return {q.id: q for q in (turn.questions() if turn else [])}


def answered_files(work: Run, answers: Sequence[Answer]) -> list[str]:
    """The handles that are given where a form has a file."""
    known = asked_by(work)
    return [handle for answer in answers if answer.question_id in known for handle in file_handles(known[answer.question_id], answer)]


def answered(work: Run, message_id: str, answers: Sequence[Answer], files: tuple[Attached, ...] = ()) -> dict[str, bytes]:
    """Adds the answers as events, all or none. Hidden values are sealed first; returns the ciphertexts by handle."""
    open_questions = asked_by(work)
    sealed: dict[str, bytes] = {}
    events: list[QuestionAnswered] = []
    for answer in answers:
        question = open_questions.pop(answer.question_id, None)
        if question is None:
            raise QuestionNotOpen(f"The question {answer.question_id} is not open: it was answered before, or closed by a newer message.")
        values = _sealed(work, given(question, answer), hidden(question), sealed)
        edits = _sealed(work, answer.edits, hidden(question), sealed)
        at = work.parts.now()
        known = {"approved": answer.approved, "values": values, "edits": edits, "files": files}
        events.append(QuestionAnswered(question_id=question.id, message_id=message_id, at=at, **known))
    for event in events:
        work.add(event)
    return sealed


def _sealed(work: Run, values: Mapping[str, JSON], names: frozenset[str], into: dict[str, bytes]) -> dict[str, JSON]:
    """`values` with the named ones replaced by handles; their ciphertexts go into `into`."""
    found = dict(values)
    for name in names & values.keys():
        handle = f"secret:{secrets.token_urlsafe(16)}"
        into[handle] = work.parts.ring.seal(sealable(values[name]), tenant=work.lease.tenant, purpose=purpose(work.session.id, handle))
        found[name] = handle
    return found
