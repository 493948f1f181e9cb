"""A product that is nothing but its document: it reads each request by the document and says what is wrong with it. Knows nothing of tools/."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from openapi_schema_validator import OAS30Validator, OAS31Validator

from tests.tools.decoding import (
    ABSENT,
    Pairs,
    Unreadable,
    form_body,
    form_value,
    header_value,
    multipart_body,
    pairs_of,
    path_value,
    typed,
    xml_body,
)

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
IGNORED = ("accept", "content-type", "authorization")  # OpenAPI 3.1.1, 4.8.12.2.1
STYLE = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}


@dataclass(frozen=True)
class Seen:
    """What a request said, read by the document: parameters by place and name, and the body."""

    operation: str
    parameters: Mapping[tuple[str, str], Any]
    body: Any
    wrong: tuple[str, ...]


@dataclass
class Mock:
    """`seen` grows with each request. A request with nothing wrong gets 200, another 422 with all that is wrong."""

    document: Mapping[str, Any]
    base: str = ""  # the path that every request must begin with
    seen: list[Seen] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        try:
            seen = self.read(request.method, request.raw_path, request.headers.getall("Cookie", []), request.headers, await request.read())
        except Unreadable as wrong:
            seen = Seen("", {}, None, (str(wrong),))
        self.seen.append(seen)
        return web.json_response({"wrong": seen.wrong}, status=422 if seen.wrong else 200)

    def read(self, method: str, target: str, cookies: list[str], headers: Mapping[str, str], body: bytes) -> Seen:
        path, _, query = target.partition("?")
        template, item, operation, raw = self.matched(method, path.removeprefix(self.base))
        declared = [self.inlined(each) for each in (*item.get("parameters", ()), *operation.get("parameters", ()))]
        given = Sent(raw, pairs_of(query), headers, [pair for line in cookies for pair in pairs_of(line, "; ")])
        values, known, wrong = {}, set(), []
        for each in declared:
            if each["in"] == "header" and each["name"].lower() in IGNORED:
                continue
            try:
                value, own = given.value(each)
            except (Unreadable, ValueError) as error:
                wrong.append(f"{each['in']} {each['name']}: {error}")
                continue
            known |= own
            if value is not ABSENT:
                values[each["in"], each["name"]] = value
                wrong += self.misfits(schema_of(each), value, f"{each['in']} {each['name']}", each.get("allowEmptyValue", False))
            elif each.get("required"):
                wrong.append(f"{each['in']} {each['name']} is missing")
        unknown = {name for name, _ in (*given.query, *given.cookies)} - known
        wrong += [f"{name} is declared nowhere" for name in sorted(unknown)]
        content, faults = self.body(operation, headers.get("Content-Type"), body)
        return Seen(f"{method} {template}", values, content, (*wrong, *faults))

    def matched(self, method: str, path: str) -> tuple[str, Mapping[str, Any], Mapping[str, Any], dict[str, str]]:
        """Of several templates the one with the fewest variables (OpenAPI 3.1.1, 4.8.8.2)."""
        for template, item in sorted(self.document["paths"].items(), key=lambda each: each[0].count("{")):
            names = re.findall(r"\{([^{}]*)\}", template)
            found = re.fullmatch("([^/]+)".join(re.escape(part) for part in re.split(r"\{[^{}]*\}", template)), path)
            if found and method.lower() in item:
                return template, item, item[method.lower()], dict(zip(names, found.groups(), strict=True))
        raise Unreadable(f"{method} {path} is no operation")

    def body(self, operation: Mapping[str, Any], content_type: str | None, body: bytes) -> tuple[Any, list[str]]:
        declared = self.inlined(operation.get("requestBody", {}), keep_component=True)
        if content_type is None:
            return ABSENT, ["the body is missing"] if declared.get("required") else []
        name = content_type.partition(";")[0]
        media = declared.get("content", {}).get(name, declared.get("content", {}).get(content_type))
        if media is None:
            return ABSENT, [f"{content_type} is not declared"]
        schema = media.get("schema", {})
        try:
            value = content_of(name, content_type, body, media)
        except (Unreadable, ValueError, SyntaxError) as error:
            return ABSENT, [f"body: {error}"]
        return value, list(self.misfits(schema, value, "body"))

    def misfits(self, schema: Mapping[str, Any], value: Any, where: str, empty: bool = False) -> Iterator[str]:
        if empty and value == "":
            return
        validator = OAS30Validator if self.document["openapi"].startswith("3.0") else OAS31Validator
        for error in validator(schema).iter_errors(value):
            yield f"{where}{''.join(f'/{step}' for step in error.path)}: {error.message:.200}"

    def inlined(self, node: Any, *, keep_component: bool = False) -> Any:
        """Without references. `keep_component`: a schema remembers what it was called, as XML asks for it."""
        if isinstance(node, list):
            return [self.inlined(each, keep_component=keep_component) for each in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str):
            found: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            name = {"x-component": node["$ref"].rpartition("/")[2]} if keep_component else {}
            return {**self.inlined(found, keep_component=keep_component), **name}
        return writable({name: self.inlined(each, keep_component=keep_component) for name, each in node.items()})


def writable(node: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.1.1, 4.8.24.4: what is readOnly is not sent, and not missed."""
    properties = node.get("properties")
    hidden = [name for name, each in properties.items() if isinstance(each, dict) and each.get("readOnly")] if isinstance(properties, dict) else []
    if not hidden:
        return node
    required = [name for name in node.get("required", ()) if name not in hidden]
    return {**node, "properties": {**properties, **{name: {"not": {}} for name in hidden}}, "required": required}


@dataclass(frozen=True)
class Sent:
    """The parts of a request that parameters are read from, as they were on the wire."""

    path: Mapping[str, str]
    query: Pairs
    headers: Mapping[str, str]
    cookies: Pairs

    def value(self, declared: Mapping[str, Any]) -> tuple[Any, set[str]]:
        """The value or ABSENT, and the names on the wire it was read from."""
        name, schema = declared["name"], schema_of(declared)
        style = declared.get("style", STYLE[declared["in"]])
        explode = declared.get("explode", style in ("form", "deepObject"))
        if declared["in"] == "path":
            raw = self.path[name]
            return (in_content(declared, unquote(raw)) if "content" in declared else path_value(raw, name, style, explode, schema)), set()
        if declared["in"] == "header":
            if name not in self.headers:
                return ABSENT, set()
            text = self.headers[name]
            return (in_content(declared, text) if "content" in declared else header_value(text, explode, schema)), set()
        pairs = self.query if declared["in"] == "query" else self.cookies
        if "content" in declared:
            found = [value for key, value in pairs if unquote(key) == name]
            return (in_content(declared, unquote(found[0])) if found else ABSENT), {key for key, _ in pairs if unquote(key) == name}
        return form_value(pairs, name, style, explode, schema)


def schema_of(declared: Mapping[str, Any]) -> Mapping[str, Any]:
    if "content" in declared:
        return dict(next(iter(declared["content"].values())).get("schema", {}))
    return dict(declared.get("schema", {}))


def in_content(declared: Mapping[str, Any], text: str) -> Any:
    return json.loads(text) if next(iter(declared["content"])).endswith("json") else text


def content_of(name: str, content_type: str, body: bytes, media: Mapping[str, Any]) -> Any:
    schema = media.get("schema", {})
    if name.endswith("json"):
        return json.loads(body)
    if name == "application/x-www-form-urlencoded":
        return form_body(body, schema, media.get("encoding", {}))
    if name == "multipart/form-data":
        return multipart_body(body, content_type, schema)
    if name.endswith("xml"):
        return xml_body(body, schema, schema.get("x-component", ""))
    return typed(body.decode(), schema) if name.startswith("text/") else body.decode("latin-1")


async def run(mock: Mock) -> tuple[web.AppRunner, str]:
    """Over a free loopback port; the address without the base path."""
    app = web.Application(client_max_size=2**26)
    app.router.add_route("*", "/{rest:.*}", mock.answer)
    runner = web.AppRunner(app, handler_cancellation=False, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"
