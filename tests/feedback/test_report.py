"""The forms of a report: as a page, as JUnit XML, in the terminal. What customers, documents and models wrote is only ever text in them."""

import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import orjson
import pytest

from feedback.comparison import compare
from feedback.junit import junit
from feedback.outcomes import Called, Outcome, Usage
from feedback.page import page
from feedback.playing import NotPlayed
from feedback.report import Report, as_data
from feedback.table import lines
from feedback.verdict import Missed
from tests.feedback.played import result

HOSTILE = (
    "</style></title><script>alert(1)</script>\"'><img src=x onerror=alert(2)> & ]]> <!-- \x00\x1b[31m\u202e\ud800 {{7*7}} https://evil.example/x"
)
TAGS = frozenset(("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "h4", "p", "div", "span", "strong", "small", "i", "q",
    "figure", "figcaption", "svg", "line", "circle", "rect", "path", "text", "table", "thead", "tbody", "tr", "th", "td", "article",
    "blockquote", "ul", "li", "code",
))  # fmt: skip


def hostile(identifier: str) -> Outcome:
    call = Called(operation=HOSTILE, arguments={HOSTILE: HOSTILE, "n": {"deep": HOSTILE}}, sources={HOSTILE: {"kind": "user", "said": HOSTILE}})
    missed = (Missed(kind="argument", expected=HOSTILE, got=HOSTILE, about=HOSTILE), Missed(kind="says", expected=HOSTILE, got=HOSTILE))
    expected = {"action": "call", "operation": [HOSTILE], "arguments": [{HOSTILE: {"any_of": [HOSTILE, None]}}], "says": [HOSTILE]}
    texts = {"id": identifier, "set": HOSTILE, "model": HOSTILE, "say": (HOSTILE, "zwei"), "text": HOSTILE, "asked": (HOSTILE,)}
    return result("x", passed=False).model_copy(update={**texts, "calls": (call,), "missed": missed, "expected": expected})


def everything(*, against: bool = True) -> Report:
    after = [hostile("a"), hostile(HOSTILE), *(result(f"r{n}", passed=n % 3 > 0, set="read") for n in range(9))]
    after = [each.model_copy(update={"usage": Usage(calls=2, input_tokens=10, cost=0.01 * n)}) for n, each in enumerate(after)]
    before = [result("x", passed=n % 2 > 0, id=each.id, set=each.set) for n, each in enumerate(after)] if against else []
    comparison = compare(before, after, (HOSTILE, "new")) if against else None
    return Report(HOSTILE, after, [NotPlayed(HOSTILE, 0, "model_failed", HOSTILE)], before, comparison, 0.1 if against else None)


class Read(HTMLParser):
    """What a browser would see of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.open += [] if tag == "meta" else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("against", [True, False])
def test_hostile_texts_are_texts_and_the_page_needs_nothing_else(against: bool) -> None:
    written = page(everything(against=against))
    written.encode()
    seen = Read(written)
    assert (seen.tags - TAGS, seen.open) == (set(), [])
    assert {name for name, _ in seen.attributes if name.startswith("on") or name in ("src", "href", "style", "srcset", "action")} == set()
    assert [value for name, value in seen.attributes if "://" in value and name != "xmlns"] == []
    assert not re.search(r"url\(|@import|expression", written.partition("</style>")[0])
    assert any("default-src 'none'" in value for _, value in seen.attributes)
    shown = "".join(seen.texts)
    assert "<script>alert(1)</script>" in shown  # as it was said
    assert "\x00" not in shown
    for drawn in re.findall(r"<svg.*?</svg>", written, re.DOTALL):
        assert ET.fromstring(drawn).attrib["role"] == "img"


def test_the_page_shows_what_was_expected_what_was_done_and_where_values_came_from() -> None:
    one = result("lock", passed=False).model_copy(
        update={
            "say": ("Lock ann",),
            "expected": {"action": "call", "operation": ["GET /a", "POST /b"], "arguments": [{"who": {"any_of": ["ann", None]}}]},
            "calls": (Called(operation="POST /b", arguments={"who": "eve"}, sources={"who": {"kind": "response", "label": "from eve's record"}}),),
            "missed": (Missed(kind="argument", expected='"ann" or left out', got='"eve"', about="who"),),
        }
    )
    shown = " ".join(Read(page(Report("cases.yaml", [one]))).texts)
    for text in ("cases.yaml", "Lock ann", "GET /a", '"ann" or left out', "POST /b", '"eve"', "response: from eve's record", "0 of 1"):
        assert text in shown


def test_a_report_of_nothing_and_one_of_all_passed_can_be_written() -> None:
    assert "Nothing was played" in page(Report("t", [], [NotPlayed("a", 0, "x", "y")]))
    assert "Every case passed" in page(Report("t", [result("a", passed=True)]))
    assert list(lines(Report("t", [], [NotPlayed("a", 0, "x", "y")]))) == ["not played: case a, play 1: x: y"]


def test_junit_is_well_formed_and_counts_every_case_once() -> None:
    report = everything(against=False)
    root = ET.fromstring(junit(report))
    cases = list(root.iter("testcase"))
    assert root.tag == "testsuites"
    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["errors"]) == ("12", "5", "1")
    assert (len(cases), len(list(root.iter("failure"))), len(list(root.iter("error")))) == (12, 5, 1)
    assert sum(int(suite.attrib["tests"]) for suite in root.iter("testsuite")) == 12
    failure = next(root.iter("failure"))
    assert failure.attrib["type"] == "argument"
    assert "<script>alert(1)</script>" in (failure.text or "")
    assert "expected" in failure.attrib["message"]
    assert all(float(each.attrib["time"]) >= 0 and each.attrib["name"] and each.attrib["classname"] for each in cases)


def test_junit_skips_what_nothing_is_expected_of_and_adds_repeats_up() -> None:
    open_one = result("open", passed=True).model_copy(update={"expected": None})
    plays = [result("twice", passed=True), result("twice", passed=False, repeat=1)]
    suite = ET.fromstring(junit(Report("t", [open_one, *plays])))[0]
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["skipped"]) == ("2", "1", "1")
    assert [(each.attrib["name"], each.attrib["time"], [inner.tag for inner in each]) for each in suite.iter("testcase")] == [
        ("open", "0.250", ["skipped"]), ("twice", "0.500", ["failure"]),
    ]  # fmt: skip
    invented = open_one.model_copy(update={"missed": (Missed(kind="invented", expected="a source", got="7", about="n"),)})
    [suite] = ET.fromstring(junit(Report("t", [invented])))
    assert (suite.attrib["failures"], suite.attrib["skipped"], [each.tag for each in suite[1]]) == ("1", "0", ["failure"])


def test_nothing_in_the_terminal_steers_it() -> None:
    shown = list(lines(everything()))
    assert all(line.isprintable() for line in shown)
    assert any("only baseline" in line for line in shown)


def test_the_report_is_one_json_document() -> None:
    told = json.loads(orjson.dumps(as_data(Report("t", [result("a", passed=True), result("b", passed=False)]))))
    assert (told["run"]["all"]["passed"], told["run"]["all"]["cases"], told["run"]["confusion"]) == (1, 2, {"call": {"call": 1, "refuse": 1}})
    assert [each["id"] for each in told["failed"]] == ["b"]
    assert (told["comparison"], told["gate"], told["not_played"]) == (None, None, [])
