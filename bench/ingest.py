"""What it costs to make a document usable, beside a plain parse of the same bytes. See README.md beside it.

    .venv/bin/python bench/ingest.py [--eval DIR] [--only WORD] [--references] [--seconds 120] [--json]
"""

import argparse
import gzip
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.parts import ROOT, child, others, redis, table

LEAST = 1_000_000  # bytes, unpacked
HEADS = ["document", "MB", "parse ms", "import ms", "ratio", "first time", "parse MB", "import MB", "ratio", "operations", "record MB"]
HEADS += ["open ms", "first offer"]
REFERENCES = ("FastMCP from_openapi", "openapi-spec-validator")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval", help="the folder with specs/real")
    options.add_argument("--only", default="", help="only documents with this word in their name")
    options.add_argument("--references", action="store_true", help="measure what we compare with, too: minutes")
    options.add_argument("--seconds", type=float, default=120, help="the longest that a reference may take for a document")
    options.add_argument("--json", action="store_true", help="print the figures as one JSON document")
    given = options.parse_args()
    python = others() if given.references else None
    with tempfile.TemporaryDirectory() as folder, redis(folder) as port:
        files = {name: file for name, file in large(given.eval, Path(folder)).items() if given.only.lower() in name.lower()}
        figures = {name: measured(file, port, python, given.seconds) for name, file in files.items()}
    if not figures:
        sys.exit(f"no document of {LEAST:,} bytes or more in {given.eval}/specs/real; say where with --eval DIR")
    print(json.dumps(figures, indent=2) if given.json else report(figures))


def large(folder: Path, into: Path) -> dict[str, Path]:
    """Every real document that is large enough, unpacked."""
    found = {}
    for file in sorted((folder / "specs" / "real").glob("*")):
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        if len(data) >= LEAST:
            name = file.name.removesuffix(".gz")
            found[name] = into / name
            found[name].write_bytes(data)
    return found


def measured(file: Path, port: int, python: str | None, seconds: float) -> dict[str, Any]:
    """Each figure from a process of its own; the memory from a process that does it once."""
    print(f"measuring {file.name} ...", file=sys.stderr, flush=True)
    asked = {"file": str(file), "redis": f"redis://127.0.0.1:{port}/0"}
    found: dict[str, Any] = {"bytes": file.stat().st_size}
    for what in ("parse", "import"):
        found[what] = alone({**asked, "what": what, "times": 5}) | {"peak": alone({**asked, "what": what, "times": 1}).get("peak")}
    if "refused" not in found["import"]:
        found["open"] = alone({**asked, "what": "open", "hash": found["import"]["hash"]})
    for what in REFERENCES if python else ():
        found[what] = child("bench.ingest_child", json.dumps({**asked, "what": what, "times": 1}), python or "", seconds)
    return found


def alone(asked: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = child("bench.ingest_child", json.dumps(asked))
    return found


def report(figures: dict[str, dict[str, Any]]) -> str:
    lines = [table(HEADS, [row(name, found) for name, found in figures.items()])]
    compared = [[name, *(reference(found, what) for what in REFERENCES)] for name, found in figures.items() if REFERENCES[0] in found]
    lines += ["", table(["document", *REFERENCES], compared)] if compared else []
    return "\n".join([*lines, "", *aims(figures)])


def row(name: str, found: dict[str, Any]) -> list[str]:
    parse, ours = found["parse"], found["import"]
    cells = [name, f"{found['bytes'] / 1e6:.1f}", f"{parse['cpu']:.1f}"]
    if "refused" in ours:
        return [*cells, ours["refused"], *[""] * (len(HEADS) - 4)]
    return [
        *cells, f"{ours['cpu']:.1f}", f"{ours['cpu'] / parse['cpu']:.2f}", f"{ours['first']:.1f}", f"{parse['peak']:.0f}", f"{ours['peak']:.0f}",
        f"{ours['peak'] / parse['peak']:.2f}", f"{ours['operations']:,}", f"{ours['stored'] / 1e6:.2f}", f"{found['open']['open']:.1f}",
        f"{found['open']['offer']:.1f}",
    ]  # fmt: skip


def reference(found: dict[str, Any], what: str) -> str:
    """CPU of one run as a ratio to the plain parse, and its memory."""
    one = found[what]
    if one is None:
        return "not in time"
    if "failed" in one:
        return f"fails: {one['failed']}"
    return f"{one['cpu']:,.0f} ms = {one['cpu'] / found['parse']['cpu']:.0f} x, {one['peak']:.0f} MB"


def aims(figures: dict[str, dict[str, Any]]) -> list[str]:
    read = {name: found for name, found in figures.items() if "open" in found}
    lines = []
    for what, most, chosen in (("JSON", 10.0, (".json",)), ("YAML", 0.4, (".yaml", ".yml"))):
        ratios = {name: found["import"]["cpu"] / found["parse"]["cpu"] for name, found in read.items() if name.endswith(chosen)}
        if ratios:
            worst = max(ratios, key=lambda name: ratios[name])
            lines.append(f"{what}: CPU of an import at most {most} x that of the parse: {ratios[worst]:.2f} at worst ({worst})")
    peaks = {name: found["import"]["peak"] / found["parse"]["peak"] for name, found in read.items()}
    if peaks:
        worst = max(peaks, key=lambda name: peaks[name])
        lines.append(f"peak memory over imports at most 2.5 x that of the parse: {peaks[worst]:.2f} at worst ({worst})")
    return lines


if __name__ == "__main__":
    main()
