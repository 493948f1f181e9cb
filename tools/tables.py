"""CSV and TSV to records. Cells stay text, since 007 is no 7 and 1.10 no 1.1, but where the document declares another type. Pure."""

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from specs.model import Schema
from tools.declared import properties_of
from tools.fields import types
from tools.shape import followed

DELIMITERS = (",", ";", "\t", "|")
TRIED = 20  # rows, from which the delimiter is known
MAX_CELLS, MAX_LINES, LONGEST_LINE = 5_000_000, 2_000_000, 1_000_000
MOST_COLUMNS = 2_000
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
BOOLEANS = {"true": True, "false": False}


def records_of(text: str, tabbed: bool = False, headed: bool = True, schema: Schema = True, definitions: Mapping[str, Schema] | None = None) -> Any:
    """One record a row, by column name; a cell that is not there is left out. None: no table, or one that is too large."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        return None
    lines = text.split("\n")
    if max(map(len, lines)) > LONGEST_LINE:
        return None
    rows = cells(lines, "\t" if tabbed and "\t" in lines[0] else delimiter(lines))
    if not rows:
        return None
    if not headed or all(NUMBER.fullmatch(cell.strip()) for cell in rows[0]):
        rows.insert(0, [])
    names = columns(rows[0], max(len(row) for row in rows))
    converts = converters(schema, definitions or {}, names)
    records = [dict(zip(names, row, strict=False)) for row in rows[1:]]
    for name, convert in converts.items():
        for record in records:
            if name in record:
                record[name] = convert(record[name])
    return records


def cells(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The rows that are not blank; none when it is no table."""
    rows, number = [], 0
    try:
        for row in csv.reader((f"{line}\n" for line in lines), delimiter=delimiter):
            number += len(row)
            if number > MAX_CELLS or len(row) > MOST_COLUMNS:
                return []
            if any(row):
                rows.append(row)
    except csv.Error:  # a cell of more than csv.field_size_limit()
        return []
    return rows


def delimiter(lines: Sequence[str]) -> str:
    """What parts the first rows into the same number of cells, the more the better."""
    first = [line for line in lines[: 3 * TRIED] if line.strip()][:TRIED]

    def fit(candidate: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in cells(first, candidate))
        width, rows = widths.most_common(1)[0] if widths else (1, 1)
        return (0.0, 0) if width < 2 else (rows / sum(widths.values()), width)

    return max(DELIMITERS, key=fit)


def columns(header: Sequence[str], width: int) -> list[str]:
    """Names for all columns: of one without a name its number, of one whose name is taken that and a number."""
    names: dict[str, None] = {}
    for number in range(width):
        given = " ".join(header[number].split())[:200] if number < len(header) else ""
        name = given or f"column {number + 1}"
        again = 2
        while name in names:
            name, again = f"{given or 'column'} {again}", again + 1
        names[name] = None
    return list(names)


def converters(schema: Schema, definitions: Mapping[str, Schema], names: Sequence[str]) -> dict[str, Any]:
    """Of the columns that are declared to be something else than text."""
    resolved = followed(schema, definitions)
    items = followed(resolved.get("items", True), definitions) if isinstance(resolved, dict) else True
    declared = properties_of(items, definitions) or properties_of(resolved, definitions)
    found = {name: followed(declared[name], definitions) for name in names if name in declared}
    return {name: converter(each) for name, each in found.items() if isinstance(each, dict) and types(each) and "string" not in types(each)}


def converter(schema: Schema) -> Any:
    wanted = types(schema)

    def convert(cell: str) -> Any:
        text = cell.strip()
        if not text:
            return None
        if "boolean" in wanted and text.lower() in BOOLEANS:
            return BOOLEANS[text.lower()]
        if not NUMBER.fullmatch(text) or not wanted & {"integer", "number"}:
            return cell
        return float(text) if "." in text else int(text)

    return convert
