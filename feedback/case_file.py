"""Reads case files, YAML or JSON, with their documents. Strict: all that is wrong is said at once, each with a code and its place."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from feedback.cases import Case, CaseFile, Wanted
from runtime.errors import DocumentRefused, InvalidRequest
from specs.document import Document
from specs.lines import duplicate_keys, with_lines
from specs.load import MAX_BYTES, canonical, plain, read
from specs.model import Problem
from specs.pointers import join
from tools.schema import definition
from tools.settings import DocumentSettings

_CODES = {"extra_forbidden": "case_key_unknown", "missing": "case_key_missing"}  # pydantic's types of errors; all others are wrong values
_SAID = {  # where pydantic's words are about Python, or quote a pattern
    "too_short": "nothing stands here; at least one is needed",
    "timezone_aware": "a time says its offset, as in 2026-11-27T09:00:00Z",
    "string_pattern_mismatch": "this has a sign that cannot stand here, such as the end of a line",
}


class CasesRefused(InvalidRequest):
    """A case file that cannot be used; `problems` are all that were found, each with its code, pointer and line."""

    code = "cases_refused"
    title = "The case file cannot be used"

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(replace(each, line=each.line or 1) for each in problems)
        lines = (f"{source}:{each.line}: {each.code}: {each.message}" for each in self.problems)
        super().__init__(
            f"The case file cannot be used. {' '.join(lines)}",
            problems=[{"code": p.code, "pointer": p.pointer, "line": p.line, "message": p.message} for p in self.problems],
        )


@dataclass(frozen=True, slots=True)
class Cases:
    """A file that can be played: each case with its document."""

    file: CaseFile
    documents: Mapping[str, Document] = field(repr=False)  # by the names that the file has for them

    def document(self, case: Case) -> Document:
        return self.documents[case.document or self.file.document or ""]


def parse(data: bytes, source: str = "cases") -> CaseFile:
    """The file by itself: its form, without its documents."""
    try:
        tree = read(data)
    except DocumentRefused as refused:
        wrong = refused.code == "document_not_object"
        detail = (
            "A case file is an object with `format`, `document` and `cases`." if wrong else refused.detail.replace("The document", "The case file")
        )
        raise CasesRefused(
            source, [Problem("error", "cases_unreadable", refused.more["pointer"] or "", detail, "", refused.more["line"])]
        ) from refused
    problems = [
        Problem("error", "case_key_twice", one.pointer, "This key stands twice here.", one.fix, one.line) for one in duplicate_keys(plain(data))
    ]
    try:
        file = CaseFile.model_validate_json(canonical(tree), strict=True)
        problems += _repeated(file)
    except ValidationError as error:
        file = None
        problems += _wrong(error.errors(include_url=False, include_input=False))
    if file is None or problems:
        raise CasesRefused(source, with_lines(problems, plain(data)))
    return file


def _wrong(errors: Sequence[Any]) -> list[Problem]:
    """Without those that follow from others: a list whose only item is wrong has no items left."""
    places = [error["loc"] for error in errors]
    own = [
        one
        for one in errors
        if one["type"] != "too_short" or not any(len(place) > len(one["loc"]) and place[: len(one["loc"])] == one["loc"] for place in places)
    ]
    return [_problem(one) for one in own]


def _problem(error: Any) -> Problem:
    place = [part for part in error["loc"] if not str(part).startswith(("tuple[", "function-"))]
    code = "cases_format_unknown" if place == ["format"] and error["type"] != "missing" else _CODES.get(error["type"], "case_value_invalid")
    said = _SAID.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    named = {
        "case_key_unknown": f"there is no key {str(place[-1])[:80]!r} here" if place else said,
        "case_key_missing": f"`{place[-1] if place else ''}` is missing",
    }
    return Problem("error", code, _pointer(place), f"{'.'.join(map(str, place))}: {named.get(code, said)}", "")


def _pointer(parts: Iterable[Any]) -> str:
    pointer = ""
    for part in parts:
        pointer = join(pointer, str(part))
    return pointer


def _repeated(file: CaseFile) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, case in enumerate(file.cases):
        if case.id in seen:
            yield Problem("error", "case_repeated", f"/cases/{number}/id", f"A case {case.id!r} came before.", "")
        seen.add(case.id)


def load(path: Path, compiled: Callable[[bytes], Document]) -> Cases:
    """The file with its documents, which must have all that its cases name."""
    data = path.read_bytes()
    file = parse(data, path.name)
    names = dict.fromkeys(case.document or file.document or "" for case in file.cases)
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for name in names:
        found = _document(path.parent, name, compiled)
        if isinstance(found, Document):
            documents[name] = found
        else:
            place = next((f"/cases/{n}/document" for n, case in enumerate(file.cases) if case.document == name), "/document" if name else "")
            problems.append(Problem("error", "case_document_unusable", place, found, ""))
    problems += unknown(file, documents)
    if problems:
        raise CasesRefused(path.name, with_lines(problems, plain(data)))
    return Cases(file, documents)


def _document(folder: Path, name: str, compiled: Callable[[bytes], Document]) -> Document | str:
    if not name:
        return "A case file names its `document`, or each case its own."
    try:
        with (folder / name).open("rb") as opened:
            return compiled(opened.read(MAX_BYTES + 1))
    except OSError as error:
        return f"The document {name!r} cannot be read: {error.strerror}."
    except DocumentRefused as refused:
        return f"The document {name!r} cannot be used: {refused.detail}"


def unknown(file: CaseFile, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Operations and arguments that a case names and its document does not have."""
    for number, case in enumerate(file.cases):
        document = documents.get(case.document or file.document or "")
        if document is None:
            continue
        for place, operation in _operations(case):
            if entry_of(document, operation) is None:
                yield Problem(
                    "error",
                    "case_operation_unknown",
                    f"/cases/{number}/{place}",
                    f"The document has no operation {operation!r}{_near(document, operation)}.",
                    "",
                )
        for operation, arguments in case.expect.calls if case.expect else ():
            yield from _unknown_arguments(document, operation, arguments, f"/cases/{number}/expect/arguments")


def _operations(case: Case) -> Iterator[tuple[str, str]]:
    yield from (("expect/operation", name) for name in (case.expect.operation if case.expect else ()))
    yield from (("happened/operation", name) for name in (case.happened.operation if case.happened else ()))
    yield from ((f"responses/{number}/operation", each.operation) for number, each in enumerate(case.responses))


def entry_of(document: Document, operation: str) -> str | None:
    """The id of an operation that is named by method and path."""
    method, _, path = operation.partition(" ")
    return next((entry.id for entry in document.at(path) if entry.method == method), None)


def _near(document: Document, operation: str) -> str:
    found = get_close_matches(operation, [f"{entry.method} {entry.path}" for entry in document.catalogue], 3)
    return f"; there is {', '.join(found)}" if found else ""


def _unknown_arguments(document: Document, operation: str, arguments: Mapping[str, Wanted], place: str) -> Iterator[Problem]:
    if (identifier := entry_of(document, operation)) is None:
        return  # which is said of the operation
    there = definition(document.operation(identifier), DocumentSettings()).by_name
    for name in (name for name in arguments if name not in there):
        detail = f"{operation} has no argument {name!r}; it has {', '.join(there) or 'none'}."
        yield Problem("error", "case_argument_unknown", join(place, name), detail, "")
