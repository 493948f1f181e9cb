"""Writes case files, YAML or JSON, and never one that could not be read again. Pure."""

from collections.abc import Mapping
from typing import Any

import orjson
import yaml

from feedback.case_file import parse


def as_file(tree: Mapping[str, Any], *, json: bool) -> bytes:
    if json:
        data = orjson.dumps(tree, option=orjson.OPT_INDENT_2) + b"\n"
    else:
        data = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=140).encode()
    parse(data)
    return data
