"""Where the rest of a list is: next link, cursor, page number or offset, as the answer and the operation's parameters say. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from tools.fields import Field, format_of, names, plain_name, types
from tools.response import ENVELOPES, Rows
from tools.schema import ToolDefinition

LINK = re.compile(r"<([^<>]*)>([^<]*)")
REL_NEXT = re.compile(r"""rel\s*=\s*(?:"[^"]*\bnext\b[^"]*"|'[^']*\bnext\b[^']*'|next\b)""", re.IGNORECASE)
NEXT_LINKS = names("next nexturl nextlink nexthref nextpageurl nextpagelink odatanextlink nextpage")
CURSORS = names(
    "nextcursor nextpagetoken nexttoken cursor nextpage next continuationtoken continue continuation endcursor nextmarker marker nextpagecursor",
    "after pagetoken nextstarttoken lastevaluatedkey scrollid",
)
CURSOR_PARAMETERS = names(
    "cursor pagetoken nexttoken continuationtoken continue continuation startcursor after marker pagecursor nextcursor nextpagetoken token",
    "startingafter startkey scrollid",
)
PAGE_PARAMETERS = names("page pagenumber pageno pagenum p currentpage pageindex")
OFFSET_PARAMETERS = names("offset skip start startindex from startat")
SIZE_PARAMETERS = names("limit perpage pagesize size top count maxresults maxitems first take results num rows max pagelimit")
MORE = names("hasmore hasnext hasnextpage more istruncated")


@dataclass(frozen=True, slots=True)
class NextUrl:
    url: str


@dataclass(frozen=True, slots=True)
class NextArguments:
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was read, of so many bytes. `url` is where it was read from, `before` the number of rows of all earlier pages."""

    url: str
    headers: Mapping[str, str]
    data: Any
    rows: Rows
    bytes: int = 0
    before: int = 0


Next = NextUrl | NextArguments | None


def follows(definition: ToolDefinition, arguments: Mapping[str, Any]) -> bool:
    """Who asked for a certain page, or for so many rows, gets just that."""
    return not any(each.name in arguments and places(each) for each in definition.fields if each.location == "query")


def places(each: Field) -> bool:
    """Whether a parameter says which rows of a list, by its name and type: `from` may be a number of rows or a date."""
    name = plain_name(each.wire)
    if name in CURSOR_PARAMETERS:
        return format_of(each.schema) not in {"date", "date-time"}
    return name in PAGE_PARAMETERS | OFFSET_PARAMETERS | SIZE_PARAMETERS and counts(each)


def next_page(definition: ToolDefinition, arguments: Mapping[str, Any], page: Page) -> Next:
    """`arguments` are those the page was read with."""
    if not page.rows.items or (page.rows.total is not None and page.before + len(page.rows.items) >= page.rows.total):
        return None
    link = linked(page)
    if link is not None:
        return link
    parameters = {plain_name(each.wire): each for each in definition.fields if each.location == "query"}
    found = cursor(parameters, arguments, page) or numbered(parameters, arguments, page)
    return NextArguments(found) if found else None


def linked(page: Page) -> NextUrl | None:
    """RFC 8288 `Link: <...>; rel="next"`, or an address in the body. Only on the origin of the page, over nothing less safe."""
    given = next((url for url, rest in LINK.findall(page.headers.get("link", "")) if REL_NEXT.search(rest)), None)
    if given is None:
        given = next((value for name, value in envelope(page.data) if plain_name(name) in NEXT_LINKS and is_address(value)), None)
    if given is None:
        return None
    url = urljoin(page.url, given)
    return NextUrl(url) if same_origin(url, page.url) and url != page.url else None


def envelope(data: Any) -> list[tuple[str, Any]]:
    """Names and values around the rows: of the body and of what usually holds paging; links as {"next": {"href": ...}}."""
    if not isinstance(data, Mapping):
        return []
    found = list(data.items())
    for name, value in data.items():
        if isinstance(value, Mapping) and (plain_name(name) in ENVELOPES or plain_name(name) in {"links", "cursors", "responsemetadata", "next"}):
            found += [(inner if plain_name(inner) != "href" else name, each) for inner, each in value.items()]
            found += [(inner, each["href"]) for inner, each in value.items() if isinstance(each, Mapping) and "href" in each]
    return found


def is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://", "/", "?")) and value.isprintable() and " " not in value


def same_origin(url: str, other: str) -> bool:
    """Scheme, host and port; nobody's name in it, and no way up in its path."""
    try:
        one, two = urlsplit(url), urlsplit(other)
        same = (one.scheme, one.hostname, one.port) == (two.scheme, two.hostname, two.port)
    except ValueError:
        return False
    return same and one.username is None and ".." not in one.path.split("/") and not one.fragment and "\\" not in url


def cursor(parameters: Mapping[str, Field], arguments: Mapping[str, Any], page: Page) -> dict[str, Any] | None:
    """A token of the body goes into the parameter it belongs to; with has_more, the last row's id goes into starting_after."""
    wanted = [name for name, each in parameters.items() if name in CURSOR_PARAMETERS and places(each)]
    if not wanted:
        return None
    around = envelope(page.data)
    tokens = [(plain_name(name), value) for name, value in around if plain_name(name) in CURSORS and is_token(value)]
    best = sorted(tokens, key=lambda token: (not token[0].startswith("next"), token[0]))
    for name in wanted:
        exact = [value for token, value in best if name in {token, token.removeprefix("next")}]
        for value in [*exact, *(value for _, value in best)][:1]:
            return stepped(parameters[name], value, arguments)
    more = any(plain_name(name) in MORE and value is True for name, value in around)
    last = page.rows.items[-1]
    if more and "startingafter" in parameters and isinstance(last, Mapping) and isinstance(last.get("id"), str | int):
        return stepped(parameters["startingafter"], last["id"], arguments)
    return None


def is_token(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def numbered(parameters: Mapping[str, Field], arguments: Mapping[str, Any], page: Page) -> dict[str, Any] | None:
    """Page number or offset. Without a total or a has_more, only a full page has another behind it."""
    read = page.before + len(page.rows.items)
    size = next((size for name, each in parameters.items() if name in SIZE_PARAMETERS and (size := given(each, arguments)) is not None), None)
    stated = [value for name, value in envelope(page.data) if plain_name(name) in MORE and isinstance(value, bool)]
    more = stated[0] if stated else page.rows.total is not None or (size is not None and len(page.rows.items) >= size)
    if not more:
        return None
    for name, each in parameters.items():
        if name in PAGE_PARAMETERS and counts(each):
            first = given(each, arguments)
            return stepped(each, (1 if first is None else first) + 1, arguments)
        if name in OFFSET_PARAMETERS and counts(each):
            start = given(each, arguments) if each.name not in arguments else None
            return stepped(each, read + (start or 0), arguments)
    return None


def counts(each: Field) -> bool:
    return bool(types(each.schema)) and types(each.schema) <= {"integer", "number"}


def given(each: Field, arguments: Mapping[str, Any]) -> int | None:
    value = arguments.get(each.name, each.schema.get("default") if isinstance(each.schema, dict) else None)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def stepped(each: Field, value: Any, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """None when it is the same page again: a product that gives the same cursor for ever."""
    text = isinstance(each.schema, dict) and each.schema.get("type") == "string"
    wanted = str(value) if text else value
    return None if arguments.get(each.name) == wanted else {**arguments, each.name: wanted}
