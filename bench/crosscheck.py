"""Holds the requests we build for the golden set against two decoders that know nothing of our code: uritemplate and openapi-core.

Reads the lines of bench/golden_requests.py. Runs in an environment of its own (`make crosscheck`): openapi-core does not go beside what we install.
uritemplate expands the styles of RFC 6570 from the same values: what it writes must be what we wrote. openapi-core reads the request by the case's
document: it must give the arguments back. Ends with 1 when something differs that EXPLAINED does not name.
"""

import base64
import json
import logging
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from uritemplate import expand
from werkzeug.datastructures import Headers, ImmutableMultiDict

Json = dict[str, Any]
VARIABLE = re.compile(r"[A-Za-z0-9_]+")  # RFC 6570, 2.3, as far as uritemplate reads it
OPERATORS = {"simple": "", "label": ".", "matrix": ";"}
STYLE = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
NOT_HERE = "nothing of it is written in a style of RFC 6570"
JSON_TYPES = ("application/merge-patch+json", "application/json-patch+json", "application/hal+json", "application/vnd.meta+json")
READERS = {
    **{name: lambda value, **_: json.loads(value) for name in JSON_TYPES},
    **{name: lambda value, **_: value.decode() for name in ("text/csv", "text/html")},
}
CONFIG = Config(spec_validator_cls=None, extra_media_type_deserializers=READERS)

# Where an oracle says something else than we do, and why we stay with it.
ESCAPED = "a name of a part is escaped as WHATWG HTML, 4.10.21.8 says, and it does not take that back"
EXPLAINED = {
    "openapi-core: json: the discriminator by the mapping": "it takes a name in a mapping for a reference; 4.8.25.3 allows both",
    "openapi-core: multipart: part with a quote in its name": ESCAPED,
    "openapi-core: hostile: name that adds a header": ESCAPED,
    "openapi-core: multipart: part with a name beyond ASCII": "it reads names of parts as ASCII; RFC 7578, 5.1 has them in UTF-8",
    "openapi-core: multipart: file where the schema says nothing": "it makes nothing of bytes without a schema; 4.8.15.1.1 says octet-stream",
    "openapi-core: hostile: label with a slash": "a dot in a label's item and the dot between items are the same (RFC 6570, 3.2.5)",
    "openapi-core: xml-text-binary: text body that is empty": "it takes a body without bytes for none; a text may be empty",
}


class Unsupported(Exception):
    """The oracle cannot judge this case; says why."""


@dataclass(frozen=True)
class Given:
    """One parameter with the value it got."""

    declared: Json
    value: Any

    @property
    def name(self) -> str:
        return str(self.declared["name"])

    @property
    def style(self) -> str:
        return str(self.declared.get("style", STYLE.get(self.declared["in"], "")))

    @property
    def explode(self) -> bool:
        return bool(self.declared.get("explode", self.style == "form"))

    @property
    def schema(self) -> Json:
        return dict(self.declared.get("schema", {}))


@dataclass(frozen=True)
class Case:
    raw: Json

    @property
    def operation(self) -> Json:
        return dict(self.raw["document"]["paths"][self.raw["path"]][self.raw["method"]])

    @property
    def target(self) -> str:
        return str(self.raw["url"]).removeprefix(self.raw["base"])

    @property
    def body(self) -> bytes:
        return base64.b64decode(self.raw["body"] or "")

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.raw["headers"])

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    def given(self) -> list[Given]:
        """Those that are written: null and what has no members is undefined (RFC 6570, 2.3), but not as content."""
        taken: set[str] = set()
        found = []
        for declared in self.operation.get("parameters", ()):
            name = declared["name"] if declared["name"] not in taken else f"{declared['in']}_{declared['name']}"
            taken.add(name)
            value = self.raw["arguments"].get(name)
            if ignored(declared):
                continue
            value = value if "content" in declared else without_nulls(value)
            if value is not None and (value not in ([], {}) or "content" in declared):
                found.append(Given(declared, value))
        return found


def ignored(declared: Json) -> bool:
    """OpenAPI 3.1.1, 4.8.12.2.1: such a definition shall be ignored."""
    return declared["in"] == "header" and declared["name"].lower() in ("accept", "content-type", "authorization")


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    return [without_nulls(each) for each in value if each is not None] if isinstance(value, list) else value


def text(value: Any) -> Any:
    """Scalars as they are written; what holds them with its order, which uritemplate would sort."""
    if isinstance(value, dict):
        return [(name, text(each)) for name, each in value.items()]
    if isinstance(value, list):
        return [text(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return str(value)


def by_template(case: Case) -> Iterator[tuple[str, str]]:
    """Pairs of what uritemplate writes and what we wrote."""
    if case.raw["file"] in ("servers", "swagger"):
        raise Unsupported(f"it is about {case.raw['file']}")
    given = case.given()
    places = {place: [each for each in given if each.declared["in"] == place] for place in ("path", "query", "header", "cookie", "querystring")}
    if places["path"] or places["query"]:
        yield expanded_target(case, places["path"], places["query"]), case.target
    if places["cookie"]:
        pairs = [expand(template(each, "?"), {each.name: text(each.value)})[1:].split("&") for each in places["cookie"]]
        yield "; ".join(pair for listed in pairs for pair in listed), case.headers["Cookie"]
    for each in places["header"]:
        # OpenAPI 3.1.1, 4.8.12.2.2: what an implementation of RFC 6570 encodes in a header must be taken back.
        yield unquote(expand(template(each, "", "v"), {"v": text(each.value)})), case.headers[each.name]


def expanded_target(case: Case, path: list[Given], query: list[Given]) -> str:
    whole = str(case.raw["path"])
    for each in path:
        whole = whole.replace("{" + each.name + "}", template(each, OPERATORS.get(each.style, "")))
    named = ",".join(template(each, "")[1:-1] for each in query)
    written = expand(whole, {each.name: text(each.value) for each in path})
    return str(written + (expand(f"{{?{named}}}", {each.name: text(each.value) for each in query}) if named else ""))


def template(each: Given, operator: str, name: str = "") -> str:
    if "content" in each.declared:
        raise Unsupported("content, not a style")
    if each.declared.get("allowReserved"):
        raise Unsupported("allowReserved in a query: RFC 6570 has no operator for it")
    if each.style not in ("simple", "label", "matrix", "form"):
        raise Unsupported(f"{each.style}: no style of RFC 6570")
    if not VARIABLE.fullmatch(name or each.name):
        raise Unsupported("a name that no template can have")
    return "{" + operator + (name or each.name) + ("*" if each.explode else "") + "}"


class Read:
    """The request in the form openapi-core wants. It leaves percent-decoding to a framework, which would do it before values are split:

    so it gets values as they are on the wire, and what it makes of them is decoded here.
    """

    def __init__(self, case: Case, given: list[Given]) -> None:
        parts = urlsplit(case.raw["url"])
        self.host_url = f"{parts.scheme}://{parts.netloc}"
        self.path = parts.path
        self.method = case.raw["method"].lower()
        self.body = case.body
        self.content_type = case.headers.get("Content-Type", "")
        self.parameters = RequestParameters(
            path=path_values(case, parts.path, given),
            query=ImmutableMultiDict(pairs(parts.query, "&", given)),
            header=Headers(list(case.headers.items())),
            cookie=ImmutableMultiDict(pairs(case.headers.get("Cookie", ""), "; ", given)),
        )


def path_values(case: Case, path: str, given: list[Given]) -> dict[str, str]:
    """By the names under which its styles look for them."""
    names = re.findall(r"\{([^{}]*)\}", case.raw["path"])
    found = re.fullmatch("([^/]+)".join(map(re.escape, re.split(r"\{[^{}]*\}", case.raw["path"]))), path)
    raw = dict(zip(names, found.groups(), strict=True)) if found else {}
    values = {}
    for each in given:
        if each.declared["in"] == "path" and each.name in raw:
            written = f"{OPERATORS[each.style]}{each.name}{'*' if each.explode else ''}" if each.style in ("label", "matrix") else each.name
            values[written] = unquote(raw[each.name]) if "content" in each.declared else raw[each.name]
    return values


def pairs(written: str, separator: str, given: list[Given]) -> list[tuple[str, str]]:
    decoded = {each.name for each in given if "content" in each.declared}
    piped = {each.name for each in given if each.style == "pipeDelimited"}
    found = []
    for pair in written.split(separator) if written else ():
        name, _, value = pair.partition("=")
        name = unquote(name)
        found.append((name, unquote(value) if name in decoded else value.replace("%7C", "|") if name in piped else value))
    return found


def by_decoder(case: Case) -> Iterator[tuple[Any, Any]]:
    """Pairs of what was given and what openapi-core reads."""
    if case.raw["method"] == "query":
        raise Unsupported("the method QUERY")
    if case.raw["file"] in ("servers", "swagger"):
        raise Unsupported(f"it is about {case.raw['file']}")
    if any(each["in"] == "querystring" for each in case.operation.get("parameters", ())):
        raise Unsupported("a whole query string (3.2)")
    given = case.given()
    for each in given:
        readable(each, case)
    body = wanted_body(case)
    result = OpenAPI.from_dict(readable_document(case), config=CONFIG).unmarshal_request(Read(case, given))
    result.raise_for_errors()
    for each in given:
        read = getattr(result.parameters, each.declared["in"]).get(each.name)
        yield each.value, read if "content" in each.declared or each.declared["in"] == "header" else decoded(read)
    if case.raw["body"] is not None:
        # It reads a list that is not there as an empty one.
        read = result.body
        form = case.media_type in (FORM, MULTIPART)
        yield body, {name: each for name, each in read.items() if each != []} if form and isinstance(read, dict) else read


def readable(each: Given, case: Case) -> None:
    """Raises when openapi-core is known not to read this."""
    holds = {dict: "an object", list: "a list"}.get(type(each.value), "a value")
    if "content" in each.declared:
        return
    if each.style == "form" and each.explode and holds == "an object":
        raise Unsupported("an exploded object of style form")
    if each.style == "deepObject":
        flat = holds == "an object" and all(re.fullmatch(r"\w+", name) and not isinstance(one, dict | list) for name, one in each.value.items())
        if not flat or not each.explode:
            raise Unsupported("a deepObject with more than one level, with other names than words, or not exploded")
    if each.style in ("spaceDelimited", "pipeDelimited") and each.explode:
        raise Unsupported(f"an exploded {each.style}")
    if each.declared["in"] == "path" and any(segment.count("{") > 1 for segment in case.raw["path"].split("/")):
        raise Unsupported("two values in one segment")
    if each.declared.get("allowEmptyValue") and each.value == "":
        raise Unsupported("an empty value that the schema does not allow")
    if each.declared["in"] == "query" and each.value == "":
        raise Unsupported("an empty text in a query: it wants allowEmptyValue for it")


def readable_document(case: Case) -> Json:
    """What it says stays the same: null is never written outside of JSON, and bytes are what 3.0 calls binary."""
    servers = [{"url": case.raw["base"]}]
    parameters = [plain(each) for each in case.operation.get("parameters", ()) if not ignored(each)]
    operation = {**case.operation, "servers": servers, "parameters": parameters}
    document = {**case.raw["document"], "servers": servers}
    if "json" not in case.media_type and case.raw["body"] is not None:
        operation["requestBody"] = plain(operation["requestBody"])
        document["openapi"] = "3.0.3" if case.raw["files"] else document["openapi"]
    return {**document, "paths": {case.raw["path"]: {case.raw["method"]: operation}}}


def plain(node: Any) -> Any:
    if isinstance(node, list):
        return [plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {name: plain(each) for name, each in node.items()}
    match kept.get("type"):
        case [str(one), "null"]:
            kept["type"] = one
        case "string" if "contentMediaType" in kept:
            kept["format"] = "binary"
    return kept


def wanted_body(case: Case) -> Any:
    """What the body must be read as: the JSON that the case names, else the arguments that are no parameters."""
    content = case.operation.get("requestBody", {}).get("content", {})
    if case.raw["body"] is None:
        return None
    if case.media_type.endswith("xml"):
        raise Unsupported("XML by a schema")
    declared = content.get(case.headers["Content-Type"], content.get(case.media_type))
    if declared is None:
        raise Unsupported("a body that is declared as a range of media types")
    if case.raw["json"] is not None:
        return case.raw["json"]
    names = {each["name"] for each in case.operation.get("parameters", ())}
    own = {name: opened(value, case) for name, value in case.raw["arguments"].items() if name not in names}
    value = {name.removeprefix("body_"): each for name, each in own.items()}
    if case.media_type in (FORM, MULTIPART):
        value = {name: each for name, each in value.items() if each not in (None, [])}
        for name, each in value.items():
            form_readable(each, declared.get("encoding", {}).get(name, {}), case)
    if case.media_type == "text/plain" and not isinstance(value.get("body"), str):
        raise Unsupported("a number as text: it makes no number of it")
    properties = declared.get("schema", {}).get("properties")
    return value if properties else value["body"]


def opened(value: Any, case: Case) -> Any:
    if isinstance(value, list):
        return [opened(each, case) for each in value]
    return base64.b64decode(case.raw["files"][value]) if isinstance(value, str) and value in case.raw["files"] else value


def form_readable(value: Any, encoding: Json, case: Case) -> None:
    nested = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict) for each in value))
    if case.media_type == FORM and nested and "contentType" not in encoding:
        raise Unsupported("an object in a form body: it takes it for style form, not for JSON (OpenAPI 3.1.1, 4.8.15.1.1)")
    if case.media_type == FORM and "style" not in encoding and encoding.get("contentType") == "application/json" and isinstance(value, list):
        raise Unsupported("a list as one JSON text in a form body")
    if isinstance(value, int | float) and (case.media_type == MULTIPART or encoding.get("contentType") == "text/plain"):
        raise Unsupported("a number as text: it makes no number of it")
    if encoding.keys() & {"style", "explode", "allowReserved"} and case.media_type == MULTIPART:
        raise Unsupported("a style in multipart")
    if encoding.get("explode") is False or encoding.get("style") in ("spaceDelimited", "pipeDelimited"):
        raise Unsupported("a joined list in a form body: it splits after decoding")


def decoded(value: Any) -> Any:
    if isinstance(value, dict):
        return {unquote(name): decoded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [decoded(each) for each in value]
    return unquote(value) if isinstance(value, str) else value


def same(wanted: Any, read: Any) -> bool:
    """Where the schema names no type, the decoder leaves text as it was written."""
    if isinstance(wanted, dict) and isinstance(read, dict):
        return wanted.keys() == read.keys() and all(same(each, read[name]) for name, each in wanted.items())
    if isinstance(wanted, list) and isinstance(read, list | tuple):
        return len(wanted) == len(read) and all(same(one, other) for one, other in zip(wanted, read, strict=True))
    if isinstance(read, bytes):
        return read == (wanted if isinstance(wanted, bytes) else str(wanted).encode()) or same_base64(wanted, read)
    if isinstance(read, str) and not isinstance(wanted, str | dict | list | None):
        return read == text(wanted)
    return (wanted == read and isinstance(wanted, bool) == isinstance(read, bool)) or same_base64(wanted, read)


def same_base64(wanted: Any, read: Any) -> bool:
    """`format: byte` is decoded, and sometimes taken for text."""
    try:
        raw = read.encode() if isinstance(read, str) else read
        return isinstance(wanted, str) and isinstance(raw, bytes) and base64.b64decode(wanted, validate=True) == raw
    except ValueError:
        return False


def judged(case: Case, oracle: Any, name: str, none: str) -> tuple[str, str]:
    """What came of it (equal, different, unsupported) and what there is to say."""
    try:
        found = list(oracle(case))
    except Unsupported as reason:
        return "unsupported", str(reason)
    except Exception as error:  # noqa: BLE001  # of whatever kind: the decoder does not read what we wrote
        return "different", f"{name}: {error!r:.300} because of {error.__cause__!r:.300}"
    wrong = [f"{name}: {one!r:.300} is not {other!r:.300}" for one, other in found if not same(one, other)]
    return ("different", "; ".join(wrong)) if wrong else ("equal", "") if found else ("unsupported", none)


def main() -> int:
    warnings.simplefilter("ignore")
    logging.disable()
    cases = [Case(json.loads(line)) for line in sys.stdin]
    unexplained = 0
    for oracle, name, none in ((by_template, "uritemplate", NOT_HERE), (by_decoder, "openapi-core", "nothing was given")):
        results = [(case.raw["id"], *judged(case, oracle, name, none)) for case in cases]
        counts = Counter(kind for _, kind, _ in results)
        print(f"{name}: {counts['equal'] + counts['different']} compared, {counts['equal']} equal, {counts['different']} different")
        for identifier, kind, why in results:
            if kind == "different":
                unexplained += f"{name}: {identifier}" not in EXPLAINED
                print(f"  {identifier}: {EXPLAINED.get(f'{name}: {identifier}', f'UNEXPLAINED: {why}')}")
        for why, number in Counter(why for _, kind, why in results if kind == "unsupported").most_common():
            print(f"  {number:4} not compared: {why}")
    return min(unexplained, 1)


if __name__ == "__main__":
    sys.exit(main())
