"""Evaluation rows (feedback/rows.py) as cases, so that their sets are run, repeated and compared like cases of one's own."""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from feedback.case_file import Cases
from feedback.cases import Case, CaseFile, Expected, Wanted
from feedback.rows import Bad, Row, document_bytes, rows
from runtime.errors import DocumentRefused, InvalidRequest, NotFound
from specs.document import Document


def load_rows(path: Path, folder: Path, compiled: Callable[[bytes], Document]) -> Cases:
    """Rows of the sets call, clarify and outofscope. All must be usable: a set of which some are left out is another set."""
    lines = path.read_bytes().splitlines()
    documents: dict[str, Document] = {}
    cases: list[Case] = []
    for row in rows(lines):
        if isinstance(row, Bad):
            raise InvalidRequest(f"{path.name}, line {row.line}: {row.message}", code=row.code)
        try:
            name, document = _document(row, folder, compiled, documents)
            cases.append(_case(row, orjson.loads(lines[row.line - 1]), name, document))
        except (DocumentRefused, InvalidRequest, NotFound, KeyError, TypeError, AttributeError, ValidationError) as error:
            detail = getattr(error, "detail", "It has not the form of a row of the sets call, clarify or outofscope.")
            raise InvalidRequest(f"{path.name}, line {row.line} ({row.id}): {detail}", code=getattr(error, "code", "row_invalid")) from error
    if not cases:
        raise InvalidRequest(f"{path.name} holds no rows.", code="rows_missing")
    return Cases(CaseFile(format=1, cases=tuple(cases)), documents)


def _document(row: Row, folder: Path, compiled: Callable[[bytes], Document], known: dict[str, Document]) -> tuple[str, Document]:
    data = document_bytes(row, folder)
    name = sha256(data).hexdigest()
    if name not in known:
        known[name] = compiled(data)
    return name, known[name]


def _case(row: Row, raw: Mapping[str, Any], name: str, document: Document) -> Case:
    expect, kind = _expected(raw, document)
    scene = row.scene
    return Case(id=row.id, set=kind, document=name, now=scene.now, timezone=scene.timezone, locale=scene.locale, say=(row.text,), expect=expect)


def _expected(raw: Mapping[str, Any], document: Document) -> tuple[Expected, str]:
    """Of a question only that it is asked: which words name what it asks for is the row's own."""
    if "gold_operation" in raw:
        arguments = {name: Wanted(any_of=tuple(_allowed(each))) for name, each in raw["gold_arguments"].items()}
        return Expected(action="call", operation=(_operation(document, *raw["gold_operation"]),), arguments=(arguments,)), "call"
    if raw.get("action") == "clarify":
        return Expected(action="clarify"), "clarify"
    if raw.get("action") == "refuse":
        return Expected(action="refuse"), "outofscope"
    raise InvalidRequest("Only rows of the sets call, clarify and outofscope can be run as cases.", code="row_not_a_case")


def _operation(document: Document, method: str, path: str) -> str:
    """As the document writes it: rows may end a path with a slash more or less."""
    found = next((each for each in document.catalogue if each.method == method.upper() and each.path.rstrip("/") == path.rstrip("/")), None)
    if found is None:
        raise InvalidRequest(f"The document has no operation {method} {path}.", code="row_operation_unknown")
    return f"{found.method} {found.path}"


def _allowed(told: Mapping[str, Any]) -> Iterator[Any]:
    """null: what is optional may be left out."""
    yield from map(_value, told["any_of"])
    if told.get("optional"):
        yield None


def _value(value: Any) -> Any:
    """$fields describe an object field by field, $items a list of objects."""
    if isinstance(value, dict) and "$fields" in value:
        return {name: {"any_of": list(_allowed(each))} for name, each in value["$fields"].items()}
    if isinstance(value, dict) and "$items" in value:
        return [_value(each) for each in value["$items"]]
    return value
