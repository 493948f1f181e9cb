"""Requests are what the standards say, case by case of the golden set."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import canonicalize

import pytest

from tests.tools.cases import Case, content, expanded, golden
from tests.tools.decoding import Part, parts
from tools.arguments import check
from tools.request import Request, Unbuildable

CASES = list(golden())
PROLOGUE = b'<?xml version="1.0" encoding="UTF-8"?>'


def named(cases: list[Case]) -> dict[str, Any]:
    return {"argvalues": cases, "ids": [case.id for case in cases]}


@pytest.mark.parametrize("case", **named([case for case in CASES if "refused" not in case.raw]))
def test_a_request_is_what_the_standard_says(case: Case) -> None:
    compare(case, case.built(case.arguments))


@pytest.mark.parametrize("case", **named([case for case in CASES if "refused" in case.raw]))
def test_what_has_no_place_in_a_request_is_refused_with_the_argument_at_fault(case: Case) -> None:
    request = case.built(case.arguments)
    assert isinstance(request, Unbuildable), (case.see, request)
    assert case.raw["refused"] in ("*", request.field), (case.see, request)
    assert request.reason


@pytest.mark.parametrize("case", **named([case for case in CASES if case.normal]))
def test_right_arguments_pass_the_check_and_stay_what_they_mean(case: Case) -> None:
    checked = check(case.definition, case.arguments, frozenset(case.files))
    assert checked.problems == (), case.see
    compare(case, case.built(checked.arguments))


def test_the_golden_set_is_large_and_every_case_says_where_it_is_from() -> None:
    assert len(CASES) >= 300
    assert len({case.id for case in CASES}) == len(CASES)
    assert [case.id for case in CASES if not re.match(r"(OpenAPI 3\.|Swagger 2\.0|RFC \d|WHATWG |XML 1\.0)", case.see)] == []


def compare(case: Case, request: Request | Unbuildable) -> None:
    assert isinstance(request, Request), (case.see, request)
    raw = expanded(dict(case.raw))
    assert request.method == raw.get("method", case.method.upper()), case.see
    assert request.url == raw.get("url", f"{case.base}{raw.get('target', case.group['path'])}"), case.see
    headers = {name.lower(): value for name, value in request.headers}
    assert len(headers) == len(request.headers), "no header is sent twice"
    assert {name: headers.get(name.lower()) for name in raw.get("headers", {})} == raw.get("headers", {}), case.see
    if "type" in raw:
        assert headers["content-type"] == raw["type"], case.see
    compare_body(case, raw, request.body, headers)


def compare_body(case: Case, raw: Mapping[str, Any], body: bytes | None, headers: Mapping[str, str]) -> None:
    if raw.get("body", ...) is None or not raw.keys() & {"body", "base64", "json", "xml", "parts"}:
        assert body is None, case.see
        return
    assert body is not None, case.see
    if "json" in raw:
        assert json.loads(body) == raw["json"], case.see
    elif "xml" in raw:
        assert body.startswith(PROLOGUE + b"<"), case.see
        assert canonicalize(body.decode()) == canonicalize(raw["xml"]), case.see
    elif "parts" in raw:
        assert list(parts(body, headers["content-type"])) == [expected(part) for part in raw["parts"]], case.see
    else:
        assert body == (raw["body"].encode() if "body" in raw else content(raw)), case.see


def expected(part: Mapping[str, Any]) -> Part:
    return part["name"], part.get("filename"), part.get("type"), content(part)
