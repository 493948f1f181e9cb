"""What an answer says around its rows: names and values of paging, in the body and in the headers. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from specs.pointers import parts
from tools.fields import names, plain_name
from tools.rows import ENVELOPES, WRAPPERS

NEXT_LINKS = names("next nexturl nexturi nextlink nexthref nextpageurl nextpagelink odatanextlink nextpage nextrecordsurl nextresultsurl")
CURSORS = names(
    "nextcursor nextpagetoken nexttoken cursor nextpage next continuationtoken continue continuation endcursor nextmarker marker nextpagecursor",
    "after pagetoken nextstarttoken lastevaluatedkey scrollid nextstartingafter nextcursormark lastid",
)
PAGE_PARAMETERS = names("page pagenumber pageno pagenum p currentpage pageindex")
OFFSET_PARAMETERS = names("offset skip start startindex from startat firstresult")
NEXT_NUMBERS = {"nextpage": PAGE_PARAMETERS, "nextpagenumber": PAGE_PARAMETERS, "nextoffset": OFFSET_PARAMETERS, "nextstart": OFFSET_PARAMETERS,
                "nextstartindex": OFFSET_PARAMETERS, "nextskip": OFFSET_PARAMETERS}  # fmt: skip
PAGE_COUNTS = names("totalpages pagecount pages lastpage pagestotal totalpagecount numpages numberofpages maxpage")
MORE = names("hasmore hasnext hasnextpage more istruncated hasmoreitems hasmorepages moreresults")
LAST = names("last islast islastpage done lastpage")  # booleans: this was the last page
HOLDERS = frozenset({*ENVELOPES, *WRAPPERS, "links", "cursors", "responsemetadata", "next", "paginginfo", "data", "result"})
IN_HEADERS = CURSORS | MORE | PAGE_COUNTS | NEXT_NUMBERS.keys()
DEEPEST = 3
ADDRESS_NAMES = ("href", "url", "uri", "link")
Pairs = Sequence[tuple[str, Any]]


def surroundings(data: Any, path: str, headers: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Plain names and values around the rows at `path`: of what usually holds paging, in the body and in the headers."""
    way = {plain_name(part) for part in parts(path)}
    return [*envelope(data, way, 0), *in_headers(headers)]


def envelope(data: Any, way: set[str], depth: int) -> Iterator[tuple[str, Any]]:
    """Links as {"next": {"href": ...}} and [{"rel": "next", "href": ...}] too. `way`: names of what lies around the rows."""
    if not isinstance(data, Mapping):
        return
    inner = []
    for key, value in data.items():
        name = plain_name(key)
        if isinstance(value, Mapping):
            address = next((value[each] for each in ADDRESS_NAMES if isinstance(value.get(each), str)), None)
            yield from [(name, address)] if address is not None else []
            inner += [value] if name in HOLDERS or name in way else []
        elif isinstance(value, list):
            if name in {"links", "link"}:
                yield from ((str(each.get("rel")).lower(), each.get("href")) for each in value[:20] if isinstance(each, Mapping))
        else:
            yield name, value
    for each in inner if depth < DEEPEST else ():
        yield from envelope(each, way, depth + 1)


def in_headers(headers: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """x-next-page, x-continuation-token, and with a vendor's name between."""
    for header, value in headers.items():
        words = header.split("-")
        if words[0] in {"x", "next", "continuation"}:
            name = ending(words, IN_HEADERS)
            if name is not None:
                yield name, value.strip()


def stated(around: Pairs) -> bool | None:
    """Whether there are more, where something says just that."""
    for name, value in around:
        known = {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value
        if name in MORE and isinstance(known, bool):
            return known
        if name in LAST and isinstance(known, bool):
            return not known
    return None


def finished(around: Pairs) -> bool:
    """A place for what is next, and nothing in it."""
    following = [value for name, value in around if name.startswith("next") and (name in CURSORS or name in NEXT_LINKS or name in NEXT_NUMBERS)]
    return bool(following) and all(value is None or value in {"", False} for value in following if not isinstance(value, list))


def ending(words: Sequence[str], known: frozenset[str]) -> str | None:
    ends = ("".join(words[number:]) for number in range(len(words)))
    return next((each for each in ends if each in known), None)
