"""The golden set as values: each case of golden/*.yaml with its document, and the request we build for it. What the keys mean: golden/README.md."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from preprocess.compile import compile_document
from specs.document import Document
from specs.model import Operation
from tools.files import File
from tools.request import Held, Request, Unbuildable, build, target_of
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings

FOLDER = Path(__file__).with_name("golden")
BASE = "https://api.example.test"
OPERATION = ("parameters", "requestBody", "responses", "security", "servers", "consumes")
REPEATED = re.compile(r"<(.)\*(\d+)>")


@dataclass(frozen=True)
class Case:
    file: str
    group: Mapping[str, Any]  # the operation it belongs to
    raw: Mapping[str, Any]

    @property
    def id(self) -> str:
        return f"{self.file}: {self.raw['name']}"

    @property
    def see(self) -> str:
        return str(self.raw.get("see", self.group["see"]))

    @property
    def normal(self) -> bool:
        """Arguments that are right, so that checking them must find nothing."""
        return "refused" not in self.raw and not self.raw.get("unchecked")

    @cached_property
    def arguments(self) -> dict[str, Any]:
        return expanded(self.raw["args"])

    @property
    def method(self) -> str:
        return str(self.group.get("method", "get"))

    @cached_property
    def source(self) -> dict[str, Any]:
        """The OpenAPI document around the operation."""
        group = self.group
        operation = {"operationId": "op", "responses": {"200": {"description": "ok"}}, **{key: group[key] for key in OPERATION if key in group}}
        if "schema" in self.raw:
            first, *rest = group["parameters"]
            operation["parameters"] = [{**first, "schema": self.raw["schema"]}, *rest]
        item = {self.method: operation, **({"servers": group["itemServers"]} if "itemServers" in group else {})}
        return {
            **({"swagger": group["swagger"]} if "swagger" in group else {"openapi": group.get("openapi", "3.1.0")}),
            "info": {"title": "Golden", "version": "1"},
            **({"servers": group["documentServers"]} if "documentServers" in group else {}),
            **({"components": group["components"]} if "components" in group else {}),
            **group.get("root", {}),
            "paths": {group["path"]: item},
        }

    @cached_property
    def document(self) -> Document:
        return compile_document(json.dumps(self.source).encode())

    @cached_property
    def operation(self) -> Operation:
        return self.document.operation(self.document.catalogue[0].id)

    @cached_property
    def settings(self) -> DocumentSettings:
        return DocumentSettings(**self.raw.get("settings", {}))

    @cached_property
    def definition(self) -> ToolDefinition:
        return definition(self.operation, self.settings)

    @property
    def base(self) -> str | None:
        """Of the connection: only the cases about servers leave it to the document."""
        return self.raw.get("base", None if {"servers", "itemServers", "documentServers", "root"} & self.group.keys() else BASE)

    @property
    def files(self) -> dict[str, File]:
        given = self.group.get("files", {})
        return {handle: File(each["name"], each["type"], content(each)) for handle, each in given.items()}

    def built(self, arguments: Mapping[str, Any]) -> Request | Unbuildable:
        target = target_of(self.operation, self.document.servers, self.settings, self.base)
        return build(self.operation, self.definition, arguments, target, Held(files=self.files))


def golden() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.yaml")):
        groups = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        yield from (Case(path.stem, group, raw) for group in groups for raw in group.get("cases", ()))


def expanded(value: Any) -> Any:
    """`<a*7000>` in a text stands for 7,000 times a."""
    if isinstance(value, str):
        return REPEATED.sub(lambda found: found[1] * int(found[2]), value)
    if isinstance(value, dict):
        return {name: expanded(each) for name, each in value.items()}
    return [expanded(each) for each in value] if isinstance(value, list) else value


def content(written: Mapping[str, Any]) -> bytes:
    """Bytes that are written as `text` or as `base64`."""
    return base64.b64decode(written["base64"], validate=True) if "base64" in written else str(written["text"]).encode()
