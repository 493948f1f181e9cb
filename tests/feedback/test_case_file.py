"""Case files: what is read, and what is refused with which code at which place."""

import json
from pathlib import Path
from typing import Any

import pytest

from feedback.case_file import CasesRefused, load, parse
from feedback.cases import Wanted
from preprocess.compile import compile_document

EXAMPLE = Path(__file__).resolve().parents[2] / "specs" / "examples" / "identity.yaml"
LOCK = "POST /users/{username}/lock"
HEAD = "format: 1\ndocument: identity.yaml\ncases:\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "identity.yaml").write_bytes(EXAMPLE.read_bytes())
    return tmp_path


def one(more: str) -> str:
    return f"{HEAD}  - {{id: a, say: hi, {more}}}"


def refused(folder: Path, text: str) -> list[tuple[str, str, int | None]]:
    (folder / "cases.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CasesRefused) as caught:
        load(folder / "cases.yaml", compile_document)
    assert all(each.code in caught.value.detail for each in caught.value.problems)
    return [(each.code, each.pointer, each.line) for each in caught.value.problems]


def test_a_file_in_yaml_and_the_same_in_json_are_one(folder: Path) -> None:
    text = f"""{HEAD}
  - id: lock
    say: Lock user bob
    expect: {{action: call, operation: "post /users/{{username}}/lock", arguments: {{username: {{any_of: [bob, Bob]}}}}}}
  - {{id: ask, set: questions, say: [Create a user, called anna], expect: {{action: clarify, asked: password}}}}
"""
    file = parse(text.encode())
    lock, ask = file.cases
    assert lock.expect is not None
    assert lock.expect.calls == [(LOCK, {"username": Wanted(any_of=("bob", "Bob"))})]
    assert (lock.say, ask.say, ask.set) == (("Lock user bob",), ("Create a user", "called anna"), "questions")
    assert ask.expect is not None
    assert ask.expect.asked == ("password",)
    assert parse(file.model_dump_json().encode()) == file


def test_one_mapping_of_arguments_belongs_to_the_last_operation() -> None:
    def calls(arguments: Any) -> Any:
        expect = {"action": "call", "operation": ["GET /a", "GET /b"], "arguments": arguments}
        file = parse(json.dumps({"format": 1, "cases": [{"id": "x", "say": "x", "expect": expect}]}).encode())
        assert file.cases[0].expect is not None
        return [(name, {key: wanted.any_of for key, wanted in given.items()}) for name, given in file.cases[0].expect.calls]

    assert calls({"n": 1}) == [("GET /a", {}), ("GET /b", {"n": (1,)})]
    assert calls([{"n": 1}, {}]) == [("GET /a", {"n": (1,)}), ("GET /b", {})]
    assert calls({"n": {"any_of": [1], "other": 2}})[1] == ("GET /b", {"n": ({"any_of": [1], "other": 2},)})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("cases_unreadable", "", 1)]),
        ("- a", [("cases_unreadable", "", 1)]),
        ("{", [("cases_unreadable", "", 1)]),
        ("format: 2\ncases: []", [("cases_format_unknown", "/format", 1), ("case_value_invalid", "/cases", 2)]),
        ("format: 1", [("case_key_missing", "/cases", 1)]),
        (
            f"{HEAD}  - id: a\n    sey: hello\n    expect: {{action: reply}}",
            [("case_key_missing", "/cases/0/say", 4), ("case_key_unknown", "/cases/0/sey", 5)],
        ),
        (one("say: ho, expect: {action: reply}"), [("case_key_twice", "/cases/0/say", 4)]),
        (one(""), [("case_value_invalid", "/cases/0", 4)]),
        (f"{HEAD}  - {{id: 7, say: hi, expect: {{action: reply}}}}", [("case_value_invalid", "/cases/0/id", 4)]),
        (f"{HEAD}  - {{id: a, say: ' ', expect: {{action: reply}}}}", [("case_value_invalid", "/cases/0/say/0", 4)]),
        (one("approves: 'yes', expect: {action: reply}"), [("case_value_invalid", "/cases/0/approves", 4)]),
        (one("expect: {action: call}"), [("case_value_invalid", "/cases/0/expect", 4)]),
        (one("expect: {action: reply, operation: GET /users}"), [("case_value_invalid", "/cases/0/expect", 4)]),
        (one("expect: {action: reply, asked: b}"), [("case_value_invalid", "/cases/0/expect", 4)]),
        (one("expect: {action: call, operation: listUsers}"), [("case_value_invalid", "/cases/0/expect/operation/0", 4)]),
        (one("expect: {action: call, operation: GET /user}"), [("case_operation_unknown", "/cases/0/expect/operation", 4)]),
        (
            one("expect: {action: call, operation: GET /users, arguments: {nme: x}}"),
            [("case_argument_unknown", "/cases/0/expect/arguments/nme", 4)],
        ),
        (
            f"{HEAD}  - id: a\n    say: hi\n    expect: {{action: reply}}\n    responses: [{{operation: GET /x}}]",
            [("case_operation_unknown", "/cases/0/responses/0/operation", 7)],
        ),
        (one("expect: {action: reply}}\n  - {id: a, say: ho, expect: {action: reply}"), [("case_repeated", "/cases/1/id", 5)]),
        (
            "timezone: Mars\nnow: 2026-11-27T09:00:00\n" + one("expect: {action: reply}"),
            [("case_value_invalid", "/now", 2), ("case_value_invalid", "/timezone", 1)],
        ),
        ("format: 1\ndocument: none.yaml\ncases: [{id: a, say: hi, expect: {action: reply}}]", [("case_document_unusable", "/document", 2)]),
        ("format: 1\ncases: [{id: a, say: hi, expect: {action: reply}}]", [("case_document_unusable", "", 1)]),
        (f"{HEAD}  - {{id: a, document: cases.yaml, say: hi, expect: {{action: reply}}}}", [("case_document_unusable", "/cases/0/document", 4)]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(folder: Path, text: str, found: list[tuple[str, str, int]]) -> None:
    assert refused(folder, text) == found


def test_all_that_is_wrong_is_said_at_once_and_what_there_is_instead(folder: Path) -> None:
    text = f"{HEAD}  - {{id: a, say: hi, expect: {{action: call, operation: 'POST /users/{{username}}/lok', arguments: {{username: bob}}}}}}\n"
    text += "  - {id: b, say: hi, expect: {action: call, operation: GET /users, arguments: {rolle: admin}}}\n"
    (folder / "cases.yaml").write_text(text)
    with pytest.raises(CasesRefused) as caught:
        load(folder / "cases.yaml", compile_document)
    assert [each.code for each in caught.value.problems] == ["case_operation_unknown", "case_argument_unknown"]
    assert LOCK in caught.value.detail
    assert "role" in caught.value.detail


def test_nobody_is_told_of_tuples_and_patterns(folder: Path) -> None:
    text = """format: 1
locale: English
now: 2026-11-27T09:00:00
cases:
  - {id: "a\\nb", say: hi, expect: {action: reply}}
  - {id: b, say: [], expect: {action: reply}}
"""
    (folder / "cases.yaml").write_text(text)
    with pytest.raises(CasesRefused) as caught:
        load(folder / "cases.yaml", compile_document)
    told = {each.pointer: each.message for each in caught.value.problems}
    assert told == {
        "/locale": "locale: a locale is a language tag, such as en or ko-KR",
        "/now": "now: a time says its offset, as in 2026-11-27T09:00:00Z",
        "/cases/0/id": "cases.0.id: this has a sign that cannot stand here, such as the end of a line",
        "/cases/1/say": "cases.1.say: nothing stands here; at least one is needed",
    }
