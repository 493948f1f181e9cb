"""Where the rest of a list is: next link, cursor, page number or offset, as the answer and the operation's parameters say. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from specs.pointers import with_value
from tools.envelope import (
    CURSORS,
    NEXT_LINKS,
    NEXT_NUMBERS,
    OFFSET_PARAMETERS,
    PAGE_COUNTS,
    PAGE_PARAMETERS,
    Pairs,
    ending,
    finished,
    stated,
    surroundings,
)  # fmt: skip
from tools.fields import Field, format_of, names, plain_name, types
from tools.links import is_address, within
from tools.rows import CONTENT_RANGE, Rows, whole
from tools.schema import ToolDefinition

if TYPE_CHECKING:
    from tools.call import Returned

LINK = re.compile(r"<([^<>]*)>([^<]*)")
REL_NEXT = re.compile(r"""rel\s*=\s*(?:"[^"]*\bnext\b[^"]*"|'[^']*\bnext\b[^']*'|next\b)""", re.IGNORECASE)
CURSOR_PARAMETERS = names(
    "cursor pagetoken nexttoken continuationtoken continue continuation startcursor after marker pagecursor nextcursor nextpagetoken token",
    "startingafter startkey scrollid cursormark afterid exclusivestartkey",
)
LAST_ROW_PARAMETERS = ("startingafter", "afterid", "startafter", "startafterid", "after")  # take the id of the last row that was read
PAGE_SIZES = names("limit perpage pagesize maxresults maxitems pagelimit top first take numofrows resultsperpage itemsperpage")
SIZE_PARAMETERS = PAGE_SIZES | names("size count results num rows max")
CURRENT = {"page": "number page currentpage pagenumber pageno pageindex", "offset": "offset skip start startindex startat"}
MOST_ROWS_ASKED = 1_000
CONTINUATIONS = names("continue continuation continuationtoken")
THERE_ARE_MORE = "there are more"


@dataclass(frozen=True, slots=True)
class NextUrl:
    url: str


@dataclass(frozen=True, slots=True)
class NextArguments:
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was read, of so many bytes. `url` is where it was read from, `before` the number of rows of the `number` pages before it."""

    url: str
    headers: Mapping[str, str]
    data: Any
    rows: Rows
    bytes: int = 0
    before: int = 0
    number: int = 0


Next = NextUrl | NextArguments | None


def follows(definition: ToolDefinition, arguments: Mapping[str, Any]) -> bool:
    """Who asked for a certain page, or for so many rows, gets just that."""
    return not any(each.name in arguments and places(each) for each in definition.fields if each.location != "path")


def places(each: Field) -> bool:
    """Whether a parameter says which rows of a list, by its name and type: `from` may be a number of rows or a date."""
    name = parameter_name(each)
    if name in CURSOR_PARAMETERS:
        return format_of(each.schema) not in {"date", "date-time"}
    if name == "range":
        return each.location == "header"
    return name in PAGE_PARAMETERS | OFFSET_PARAMETERS | SIZE_PARAMETERS and counts(each)


def parameter_name(each: Field) -> str:
    """In plain form; of a header what it ends in, since a vendor's name goes before: x-vendor-continuation."""
    if each.location != "header":
        return plain_name(each.wire)
    return ending(each.wire.lower().split("-"), CURSOR_PARAMETERS - {"token", "after"}) or plain_name(each.wire)


def widened(definition: ToolDefinition, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """The largest page the document allows, where nobody asked for a size: a list of a thousand is then ten requests and not fifty."""
    queried = [each for each in definition.fields if each.location == "query" and places(each)]
    sizes = [each for each in queried if plain_name(each.wire) in SIZE_PARAMETERS]
    paged = len(queried) > len(sizes)
    if not sizes or not follows(definition, arguments) or not (paged or plain_name(sizes[0].wire) in PAGE_SIZES):
        return arguments
    schema = sizes[0].schema if isinstance(sizes[0].schema, dict) else {}
    most = whole(schema.get("maximum"))
    usual = whole(schema.get("default")) or 0
    if most is None or "enum" in schema or "const" in schema or min(most, MOST_ROWS_ASKED) <= usual:
        return arguments
    return {**arguments, sizes[0].name: min(most, MOST_ROWS_ASKED)}


def next_page(definition: ToolDefinition, arguments: Mapping[str, Any], page: Page) -> Next:
    """`arguments` are those the page was read with. Of a page without rows only what is said in so many words is believed."""
    around = surroundings(page.data, page.rows.path, page.headers)
    parameters = {parameter_name(each): each for each in definition.fields if each.location != "path"}
    if stated(around) is False or finished(around):
        return None
    told = linked(page, around) or wrapped(token(parameters, arguments, around) or ranged(parameters, arguments, page))
    read, total = page.before + len(page.rows.items), page.rows.total
    if total is not None and read >= total and not (told and total <= len(page.rows.items)):
        return None  # where a next page is named, a total of this page's rows is not that of all
    if told or not page.rows.items:
        return told
    return wrapped(last_row(parameters, arguments, page, around) or numbered(parameters, arguments, page, around))


def wrapped(arguments: dict[str, Any] | None) -> NextArguments | None:
    return NextArguments(arguments) if arguments else None


def certain(page: Page) -> str:
    """Words for that there are more rows, where the page itself says so, wherever that leads."""
    around = surroundings(page.data, page.rows.path, page.headers)
    more = stated(around)
    ended = page.number > 0 and not page.rows.items  # a cursor that stays the same when there are no rows left
    named = not ended and (link_of(page, around) is not None or any(goes_further(name, value) for name, value in around))
    total = page.rows.total
    reached = total is not None and len(page.rows.items) <= total <= page.before + len(page.rows.items)
    return THERE_ARE_MORE if more or (more is None and named and not reached and not finished(around)) else ""


def goes_further(name: str, value: Any) -> bool:
    """A token that is there only while there are more: others, as an end cursor, are there on the last page too."""
    return is_token(value) and name in CURSORS and (name.startswith("next") or name in CONTINUATIONS)


def link_of(page: Page, around: Pairs) -> str | None:
    """RFC 8288 `Link: <...>; rel="next"`, or an address in the body."""
    given = next((url for url, rest in LINK.findall(page.headers.get("link", "")) if REL_NEXT.search(rest)), None)
    return next((value for name, value in around if name in NEXT_LINKS and points(name, value)), None) if given is None else given


def linked(page: Page, around: Pairs) -> NextUrl | None:
    """Only on the origin of the page, over nothing less safe."""
    given = link_of(page, around)
    if given is None:
        return None
    try:
        url = urljoin(page.url, given)
    except ValueError:
        return None
    return NextUrl(url) if within(url, urljoin(page.url, "/")) and url != page.url else None


def points(name: str, value: Any) -> bool:
    """An address, also one that begins in the middle ("rows?page=2"), where the name leaves no doubt."""
    return is_address(value) or (name not in CURSORS and isinstance(value, str) and "?" in value and value.isprintable() and " " not in value)


def token(parameters: Mapping[str, Field], arguments: Mapping[str, Any], around: Pairs) -> dict[str, Any] | None:
    """A token of the answer goes into the parameter it belongs to, a next page's number or offset into its own."""
    wanted = [name for name, each in parameters.items() if name in CURSOR_PARAMETERS and places(each)]
    tokens = [(name, value) for name, value in around if name in CURSORS and is_token(value) and not (name in NEXT_LINKS and is_address(value))]
    best = sorted(tokens, key=lambda found: (not found[0].startswith("next"), found[0]))
    for name in wanted:
        exact = [value for found, value in best if name in {found, found.removeprefix("next"), found.replace("last", "after")}]
        for value in [*exact, *(value for _, value in best)][:1]:
            return stepped(parameters[name], value, arguments)
    for found, value in around:
        number = whole(value)
        each = next((each for name, each in parameters.items() if name in NEXT_NUMBERS.get(found, ())), None)
        if each is not None and number is not None:
            return stepped(each, number, arguments)
    return None


def is_token(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def ranged(parameters: Mapping[str, Field], arguments: Mapping[str, Any], page: Page) -> dict[str, Any] | None:
    """RFC 9110, 14: the next range of the same length, where the operation takes a Range and the answer says which one it is."""
    field = parameters.get("range")
    found = CONTENT_RANGE.fullmatch(page.headers.get("content-range", "")[:200])
    if field is None or field.location != "header" or found is None or not page.rows.items:
        return None
    first, last, total = int(found.group(2)), int(found.group(3)), whole(found.group(4))
    if last < first or (total is not None and last + 1 >= total):
        return None
    return stepped(field, f"{found.group(1) or 'items'}={last + 1}-{2 * last - first + 1}", arguments)


def last_row(parameters: Mapping[str, Field], arguments: Mapping[str, Any], page: Page, around: Pairs) -> dict[str, Any] | None:
    """With has_more, the last row's id goes into starting_after."""
    last = page.rows.items[-1]
    given = last.get("id") if isinstance(last, Mapping) else None
    field = next((parameters[name] for name in LAST_ROW_PARAMETERS if name in parameters and places_or_text(parameters[name])), None)
    return stepped(field, given, arguments) if field and stated(around) and is_token(given) else None


def places_or_text(each: Field) -> bool:
    return places(each) or types(each.schema) == {"string"}


def numbered(parameters: Mapping[str, Field], arguments: Mapping[str, Any], page: Page, around: Pairs) -> dict[str, Any] | None:
    """Page number or offset: counted on from where this page is."""
    for name, each in parameters.items():
        if name in PAGE_PARAMETERS and counts(each):
            current = current_of("page", each, arguments, around)
            counted = next((count for found, value in around if found in PAGE_COUNTS and (count := whole(value)) is not None), None)
            # Pages that begin with 0 end one before their count.
            left = None if counted is None else current - page.number + counted - 1 > current
            return stepped(each, current + 1, arguments) if goes_on(parameters, arguments, page, around, left) else None
    for name, each in parameters.items():
        if name in OFFSET_PARAMETERS and counts(each):
            current = current_of("offset", each, arguments, around)
            return stepped(each, current + len(page.rows.items), arguments) if goes_on(parameters, arguments, page, around, None) else None
    return None


def current_of(kind: str, each: Field, arguments: Mapping[str, Any], around: Pairs) -> int:
    """Where this page is: as it was asked for, as the answer says, or where the declared schema lets the first one be."""
    schema = each.schema if isinstance(each.schema, dict) else {}
    told = [number for name, value in around if name in CURRENT[kind].split() and (number := whole(value)) is not None]
    usual = 1 if kind == "page" else 0
    least = whole(schema.get("minimum"))
    guesses = (arguments.get(each.name), *told[:1], schema.get("default"), least if least in {0, 1} else None)
    return next((number for guess in guesses if (number := whole(guess)) is not None), usual)


def goes_on(parameters: Mapping[str, Field], arguments: Mapping[str, Any], page: Page, around: Pairs, left: bool | None) -> bool:
    """Without a word about it, only a full page has another behind it: of the size asked for, the usual one, or such as sizes are."""
    more = stated(around)
    if more is not None or left is not None:
        return bool(left if more is None else more)
    if page.rows.total is not None:
        return True
    size = next((size for name, each in parameters.items() if name in SIZE_PARAMETERS and (size := given(each, arguments)) is not None), None)
    number = len(page.rows.items)
    return number >= size if size is not None else number >= 10 and number % 5 == 0


def counts(each: Field) -> bool:
    return bool(types(each.schema)) and types(each.schema) <= {"integer", "number"}


def given(each: Field, arguments: Mapping[str, Any]) -> int | None:
    value = arguments.get(each.name, each.schema.get("default") if isinstance(each.schema, dict) else None)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def stepped(each: Field, value: Any, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """None when it is the same page again: a product that gives the same cursor for ever."""
    declared = types(each.schema)
    wanted = str(value) if declared == {"string"} else int(value) if declared == {"integer"} and whole(value) is not None else value
    return None if arguments.get(each.name) == wanted else {**arguments, each.name: wanted}


def with_rows(returned: "Returned", page: Page, rows: Sequence[Any], missing: str) -> "Returned":
    """The frame of the last page around these rows. What is not all of them is said: "300 of 1,240 read"."""
    total = page.rows.total if page.rows.total is not None and page.rows.total >= len(rows) else None
    data = page.data if rows is page.rows.items else with_value(page.data, page.rows.path, list(rows))
    warning = () if not missing and total in {None, len(rows)} else (partly(len(rows), total, missing),)
    return replace(returned, data=data, rows=len(rows), total=total, warnings=(*returned.warnings, *warning))


def partly(read: int, total: int | None, missing: str) -> str:
    if missing in {"", THERE_ARE_MORE}:
        return f"{read:,} of {total:,} read" if total is not None and total > read else f"{read:,} read; {THERE_ARE_MORE}"
    return f"{read:,}{f' of {total:,}' if total is not None else ''} read: {missing}"
