"""What the command line shows of a document: a report in words, worst first and bounded, and what became of one that was added. Pure."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_SEVERITIES = {"error": "error", "warning": "warning", "info": "remark"}
_FIRST = 10  # problems of a severity
_SERVICES = 20
# What the next version brings with it, and no check of a file can tell.
_OF_VERSIONS = ("overlay_left_out", "setting_without_operation", "setting_without_field")


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def added(entry: Mapping[str, Any], file: str, overlay: str | None) -> Iterator[str]:
    """No clean bill: only the doctor, who takes his time, says what will go wrong with it."""
    yield f"{entry['id']}  {entry['title']} {entry['version']}: {counted(entry['operations'], 'operation')}, read"
    for problem in entry["problems"]:
        if problem["code"] in _OF_VERSIONS:
            yield f"  {problem['code']}: {problem['message']} {problem['fix']}"
    check = shlex.join(("parlance", "specs", "check", file, *(("--overlay", overlay) if overlay else ())))
    yield f"  What to mend in it is said by: {check}"


def printable(line: str) -> str:
    """A document's words cannot steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in line)


def lines(found: Mapping[str, Any], *, every: bool) -> Iterator[str]:
    """`every`: all problems, not only the first of each severity."""
    return map(printable, _lines(found, every=every))


def _lines(found: Mapping[str, Any], *, every: bool) -> Iterator[str]:
    tokens = found["tokens"]
    kind = "Swagger" if found["openapi"].startswith("2") else "OpenAPI"
    yield f"{found['title']} {found['version']} ({kind} {found['openapi']})"
    cost = f"{tokens['total']:,} tokens, largest {tokens['largest']:,}"
    size = f"{counted(found['operations'], 'operation')} in {counted(len(found['services']), 'service')}"
    yield f"{size}, {cost}, {found['seconds']} s"
    services = found["services"]
    for service in services if every else services[:_SERVICES]:
        yield f"  {service['name']}: {len(service['operations'])}"
    if len(services) > _SERVICES and not every:
        yield f"  and {counted(len(services) - _SERVICES, 'more service')}"
    if sent := len(found["webhooks"]) + len(found["callbacks"]):
        yield f"{counted(sent, 'request')} that the product sends itself (webhooks and callbacks): listed with --json and never offered"
    for severity, name in _SEVERITIES.items():
        yield from _group(name, [one for one in found["problems"] if one["severity"] == severity], every)
    if found["proposed"]:
        yield ""
        proposed = counted(found["proposed"], "change")
        yield f"{proposed} can be proposed: --write-overlay FILE writes what is proposed down to be edited, --overlay FILE applies it."


def _group(name: str, problems: Sequence[Mapping[str, Any]], every: bool) -> Iterator[str]:
    if not problems:
        return
    yield ""
    yield counted(len(problems), name)
    for problem in problems if every else problems[:_FIRST]:
        where = f"line {problem['line']}" if problem["line"] else problem["pointer"] or "document"
        yield f"  {problem['code']} at {where}: {problem['message']}"
        yield from (f"    {text}" for text in (" ".join(filter(None, (problem["why"], problem["fix"]))),) if text)
    if len(problems) > _FIRST and not every:
        yield f"  and {len(problems) - _FIRST} more; --all shows them"
