"""Learns what traits of a span beside a field are worth (engine/builtin/filling.json), from sentences whose values are known.

    .venv/bin/python -m bench.fit_fill [--eval DIR] [--apart]

From our own rows (fill_rows.txt), from what the rules filled in the sentences of our tests before there were weights (fill_product.json),
from the sentences of english_turns for tuning, and from the rows of the evaluation sets whose sources tuning may see (played.py: tuned_on).
--apart writes nothing: it learns without each
family of sources and says how often the right span, or none, is chosen in it then.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.choice_model import Choice, fitted, share_right
from bench.played import Played, Stage, tuned_on
from engine.ask import tool_json
from engine.builtin import dates, toolbox, traits, weighed
from engine.builtin.affinity import Request
from engine.builtin.scene import squashed
from engine.builtin.spans import Span
from engine.builtin.toolbox import Field
from engine.builtin.wanted import nouns_of
from tools.search import offer

HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "engine" / "builtin" / "filling.json"
PENALTY = 1.5  # how much weights are held down
PRODUCT, ROWS, EVERYDAY = 6.0, 2.0, 1.0  # how much the rows of the product, of the sets and of english_turns count beside our own
SELDOM = 1.0  # needed values are missing more often in the rows than in what people write: so much less leaving one out is worth
MARKED = re.compile(r"\[([\w.]+) ((?:\[[^\]]*\]|[^\[\]])+)\]")
FIELD = re.compile(r"(?P<path>[\w.]+)(?P<must>!?) (?P<type>list \w+|enum\([^)]*\)|\w+) (?P<said>.*)")
TYPES: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string"}, "int": {"type": "integer"}, "num": {"type": "number"}, "bool": {"type": "boolean"},
    "email": {"type": "string", "format": "email"}, "url": {"type": "string", "format": "uri"},
}  # fmt: skip
Right = Callable[[Field, Span], bool]


@dataclass(frozen=True)
class Example:
    """A request; which fields are known; which of them stay empty; and whether a span is right for a field."""

    family: str
    request: Request
    known: Callable[[Field], bool]
    empty: Callable[[Field], bool]
    right: Right
    weight: float = 1.0


def choices(example: Example) -> Iterator[Choice]:
    here, places = weighed.staged(example.request, example.request.tool.fields)
    for number, field in enumerate(here.fields):
        if not example.known(field):
            continue
        found, right = [frozenset(traits.of_none(here, number))], [example.empty(field)]
        for span, place in places:
            if weighed.fits(field, span, place):
                found.append(frozenset(traits.of_pair(here, number, span, place)))
                right.append(example.right(field, span))
        yield Choice(found, right, example.weight)


def own(file: Path) -> Iterator[Example]:
    function: dict[str, Any] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("tool "):
            _, name, said = line.split(" ", 2)
            function = {"name": name, "description": said, "parameters": {"type": "object", "properties": {}, "required": []}}
        elif line.startswith("- "):
            yield _own(function, line[2:].replace("\\n", "\n"))
        elif line and not line.startswith("#"):
            _declare(function["parameters"], line)


def _declare(place: dict[str, Any], line: str) -> None:
    found = FIELD.fullmatch(line)
    if found is None:
        raise SystemExit(f"no field: {line}")
    *outer, name = found["path"].split(".")
    for each in outer:
        if found["must"] and each not in place["required"]:
            place["required"].append(each)
        place = place["properties"].setdefault(each, {"type": "object", "properties": {}, "required": []})
    kind, said = found["type"], {"description": found["said"]}
    if kind.startswith("list "):
        place["properties"][name] = {"type": "array", "items": TYPES[kind[5:]], **said}
    elif kind.startswith("enum("):
        place["properties"][name] = {"type": "string", "enum": kind[5:-1].split("|"), **said}
    else:
        place["properties"][name] = {**TYPES[kind], **said}
    if found["must"]:
        place["required"].append(name)


def _own(function: dict[str, Any], marked: str) -> Example:
    text, at, labels = "", 0, {}
    for match in MARKED.finditer(marked):
        text += marked[at : match.start()]
        labels[tuple(match[1].split("."))] = (len(text), len(text) + len(match[2]))
        text, at = text + match[2], match.end()
    text += marked[at:]
    tools = toolbox.read([{"function": function}])

    def right(field: Field, span: Span) -> bool:
        if field.path not in labels or (span.items and not field.many):
            return False
        start, end = labels[field.path]
        if "string" not in field.kinds and not field.many and start <= span.start and span.end <= end + 4:
            return bool(field.value(span.text) == field.value(text[start:end]))
        return (span.start, span.end) == (start, end) or (span.kind != "number" and squashed(span.text) == squashed(text[start:end]))

    request = Request(text, tools[function["name"]], nouns_of(tools.values()))
    return Example("own", request, lambda _: True, lambda f: f.path not in labels, right)


def product(file: Path) -> Iterator[Example]:
    known = json.loads(file.read_text(encoding="utf-8"))
    tools = [toolbox.read([{"function": function}])[function["name"]] for function in known["tools"]]
    for tool, nouns, text, taken, labels in known["rows"]:
        request = Request(text, tools[tool], frozenset(known["nouns"][nouns].split()), tuple((a, b) for a, b in taken))
        yield _product(request, {tuple(path.split(".")): label for path, label in labels.items()})


def _product(request: Request, labels: Mapping[tuple[str, ...], tuple[int, int, str]]) -> Example:
    def right(field: Field, span: Span) -> bool:
        start, _, text = labels.get(field.path, (-1, -1, ""))
        return (span.start == start and span.text == text) or bool(field.many and span.items and span.items[0].start == start)

    return Example("product", request, lambda _: True, lambda f: f.path not in labels, right, PRODUCT)


def rows(folder: Path, specs: Path, seen: Callable[[Mapping[str, Any]], bool] = lambda row: tuned_on(row["source"])) -> Iterator[Example]:
    """Of the sets for calls and for questions, those that tuning may see."""
    stage = Stage(specs)
    for name in ("call", "clarify"):
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            wanted = row.get("gold_operations") or [row.get("gold_operation")]
            if seen(row) and len(wanted) == 1 and (name == "call" or row.get("missing")):
                played = stage.played(row, wanted[0])
                if played is not None:
                    yield _row(stage, row, played)


def _row(stage: Stage, row: Mapping[str, Any], played: Played) -> Example:
    text, gold, missing = row["utterance"], row.get("gold_arguments", row.get("known")), row.get("missing", ())
    definitions = {tool.name: tool for tool in (*offer(stage.document(row), text).tools, played.definition)}
    tools = toolbox.read([tool_json(each, True) for each in definitions.values()])
    tool = tools[played.definition.name]

    def asked(field: Field) -> bool:
        return played.wire(field.path[0]) in missing

    def allowed(field: Field) -> dict[str, Any]:
        found: Any = {"any_of": [{"$fields": played.named(gold or {})}]}
        for part in field.path:
            objects = [each.get("$fields", {}) for each in found["any_of"] if isinstance(each, dict)]
            found = next((each[part] for each in objects if part in each), {"any_of": [], "optional": True})
        return found if not asked(field) else {"any_of": [], "optional": True}

    def empty(field: Field) -> bool:
        found = allowed(field)
        return bool(found.get("optional")) or not found["any_of"]

    def right(field: Field, span: Span) -> bool:
        value = weighed.value_of(field, span)
        return value is not None and any(_same(value, each) for each in allowed(field)["any_of"])

    request = Request(text, tool, nouns_of(tools.values()), dates.spans(text, tool.fields))
    family = row["source"].split()[0]
    return Example(family, request, lambda f: gold is not None or asked(f), empty, right, EVERYDAY if family == "English" else ROWS)


def _same(one: Any, other: Any) -> bool:
    """As the sets are scored: case and punctuation apart."""
    if isinstance(one, list) or isinstance(other, list):
        pair = [each if isinstance(each, list) else [each] for each in (one, other)]
        return len(pair[0]) == len(pair[1]) and all(map(_same, *pair))
    try:
        return float(str(one).replace(",", "")) == float(str(other).replace(",", ""))
    except ValueError:
        return squashed(str(one)) == squashed(str(other)) != ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=HERE.parents[1] / "shared" / "eval")
    parser.add_argument("--apart", action="store_true")
    asked = parser.parse_args()
    everyday = rows(HERE / "english_turns", HERE.parent, lambda row: row["split"] != "held")
    examples = [*own(HERE / "fill_rows.txt"), *product(HERE / "fill_product.json"), *rows(asked.eval, asked.eval / "specs"), *everyday]
    known = [(example.family, choice) for example in examples for choice in choices(example)]
    if asked.apart:
        for family in sorted({family for family, _ in known}):
            weights = fitted([c for f, c in known if f != family], PENALTY)
            held = [c for f, c in known if f == family]
            print(f"{family:12} {len(held):5} fields  {share_right(held, weights):.3f} right")
        return
    weights = fitted([choice for _, choice in known], PENALTY)
    weights[traits.MISSING] = round(weights[traits.MISSING] - SELDOM, 3)
    WEIGHTS.write_text(json.dumps(weights, indent=0, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(known)} fields, {share_right([c for _, c in known], weights):.3f} right, {len(weights)} weights")


if __name__ == "__main__":
    main()
