"""What an answer names as an address may be called only within the product's base URL, and what a status says is known."""

from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.links import FAILED, RUNNING, SUCCEEDED, links_in, state_of, tells_record, within

BASE = "https://api.test:8443/v1"
PIECES = st.sampled_from([
    "/", "//", "\\", ".", "..", "%2e", "%2E%2e", "%2f", "%5c", "%252e", "v1", "v2", "@", ":", "?", "#", "https:", "api.test", "evil.test", "x", ";",
    "é", "․․", "..;", "%3b", "%253B", "8443", "%00", "[::1]", " ", "\t", "\r\n", "\0",
])  # fmt: skip


@settings(max_examples=2_000, deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=10).map("".join), st.sampled_from(["", "/v1/", f"{BASE}/", "https://api.test"]))
def test_what_is_within_is_on_the_host_and_under_the_path(given_text: str, front: str) -> None:
    try:
        url = urljoin(f"{BASE}/things", front + given_text)
    except ValueError:
        return
    if within(url, BASE):
        parts = urlsplit(url)
        assert (parts.scheme, parts.hostname, parts.port, parts.username) == ("https", "api.test", 8443, None)
        assert parts.path == "/v1" or parts.path.startswith("/v1/")
        plain = parts.path
        for _ in range(len(plain)):
            plain = unquote(plain)
        assert not {".", ".."} & {each.partition(";")[0] for each in plain.split("/")}


@pytest.mark.parametrize(
    "path",
    ["..;/admin", ".;/x", "a/..;x=1/..;/admin", "%2e%2e;x/admin", "..%3b/admin", "%252e%252e%253bx/admin", "%25252e%25252e/admin", "%" + 9 * "25"],
)
def test_no_spelling_of_a_way_up_is_within(path: str) -> None:
    assert not within(f"{BASE}/{path}", BASE)


@pytest.mark.parametrize("path", ["a;v=1/b", "a;..", ";x", "..a", "a..;b", "100%25", "a%3Bb"])
def test_a_semicolon_or_a_dot_is_no_way_up_by_itself(path: str) -> None:
    assert within(f"{BASE}/{path}", BASE)


@given(st.lists(st.text(min_size=1, max_size=8).filter(lambda each: each.strip(".") and not set(each) & {"/", "\\", "%"}), max_size=5))
def test_every_encoded_path_under_the_base_is_within(segments: list[str]) -> None:
    assert within("/".join([BASE, *(quote(each, safe="") for each in segments)]), BASE)


@pytest.mark.parametrize("base", ["https://api.test", "https://api.test/"])
def test_a_base_without_a_path_has_all_of_its_host(base: str) -> None:
    assert within("https://api.test/anything?x=1", base)
    assert within("https://api.test?x=1", base)
    assert not within("http://api.test/anything", base)
    assert not within("https://api.test:444/anything", base)


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"status": "In Progress"}, "running"),
        ({"status": "NOT_STARTED"}, "running"),
        ({"status": "Succeeded"}, "succeeded"),
        ({"state": "timed-out"}, "failed"),
        ({"done": True, "error": None}, "succeeded"),
        ({"data": {"state": "canceled"}}, "failed"),
        ({"status": 200, "state": "pending"}, "running"),
        ({"status": "shipped"}, None),
        ({"id": 7, "name": "running"}, None),
        ([{"status": "running"}], None),
        (None, None),
    ],
)
def test_what_a_status_says_is_known_by_its_word(data: object, state: str | None) -> None:
    assert state_of(data)[0] == state


def test_no_word_says_two_things() -> None:
    assert len(RUNNING | SUCCEEDED | FAILED) == len(RUNNING) + len(SUCCEEDED) + len(FAILED)


@pytest.mark.parametrize(
    ("data", "record"),
    [
        (None, False),
        ("created", False),
        ({"id": 7, "href": "/x"}, False),
        ({"message": "ok"}, False),
        ({"data": {"id": 7}}, True),
        ({"id": 7, "price": 3}, True),
        ([1], True),
    ],
)
def test_what_is_only_a_notice_is_no_record(data: object, record: bool) -> None:
    assert tells_record(data) == record


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"status_url": "/jobs/1"}, "/jobs/1"),
        ({"data": {"statusUrl": "/jobs/1"}}, "/jobs/1"),
        ({"monitor": {"href": "/jobs/1"}}, "/jobs/1"),
        ({"_links": {"status": {"href": "/jobs/1"}, "self": {"href": "/x"}}}, "/jobs/1"),
        ({"links": {"self": "/things/7", "operation": {"href": "/jobs/1"}}}, "/jobs/1"),
        ({"links": [{"rel": "self", "href": "/x"}, {"rel": "monitor", "href": "/jobs/1"}]}, "/jobs/1"),
        ({"job": {"_links": {"status": {"href": "/jobs/1"}}}}, "/jobs/1"),
        ({"job": {"id": 1, "self": "/jobs/1"}}, "/jobs/1"),
        ({"status": "queued", "_links": {"self": {"href": "/jobs/1"}}}, "/jobs/1"),
        ({"done": False, "self": "/jobs/1"}, "/jobs/1"),
        ({"state": "running", "links": [{"rel": "self", "href": "/jobs/1"}]}, "/jobs/1"),
        ({"id": 7, "_links": {"self": {"href": "/things/7"}}}, None),
        ({"id": 7, "href": "/things/7"}, None),
        ({"status": "/things/7"}, None),
        ({"status": "shipped", "self": "/things/7"}, None),
        ({"data": {"status": "queued", "self": "/things/7", "href": "/things/7"}}, None),
        ({"data": {"links": {"status": "/things/7/status", "self": "/things/7"}}}, None),
        ({"data": {"job": {"href": "/things/7"}}}, None),
        ({"result": [{"rel": "status", "href": "/things/7"}]}, None),
        ({"result": {"href": "/things/7"}}, None),
        ({"status_url": "javascript:x", "monitor": 5, "links": [5, {"rel": None}]}, None),
    ],
)
def test_a_status_is_looked_for_where_a_body_names_one_and_not_in_what_it_tells(body: object, found: str | None) -> None:
    assert next(links_in(body), None) == found
