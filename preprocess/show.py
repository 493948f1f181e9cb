"""What the command line shows of a document. A report in words: grouped by severity, worst first, bounded. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_SEVERITIES = {"error": "error", "warning": "warning", "info": "remark"}
_FIRST = 10  # problems of a severity
_SERVICES = 20


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
    yield f"{_counted(found['operations'], 'operation')} in {_counted(len(found['services']), 'service')}, {cost}, {found['seconds']} s"
    services = found["services"]
    for service in services if every else services[:_SERVICES]:
        yield f"  {service['name']}: {len(service['operations'])}"
    if len(services) > _SERVICES and not every:
        yield f"  and {len(services) - _SERVICES} more services"
    if sent := len(found["webhooks"]) + len(found["callbacks"]):
        yield f"{sent} requests that the product sends itself (webhooks and callbacks); they are listed with --json and never offered"
    for severity, name in _SEVERITIES.items():
        yield from _group(name, [one for one in found["problems"] if one["severity"] == severity], every)
    if found["proposed"]:
        yield ""
        yield f"{found['proposed']} changes can be proposed: --write-overlay FILE writes them down to be edited, --overlay FILE applies them."


def _counted(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _group(name: str, problems: Sequence[Mapping[str, Any]], every: bool) -> Iterator[str]:
    if not problems:
        return
    yield ""
    yield _counted(len(problems), name)
    for problem in problems if every else problems[:_FIRST]:
        where = f"line {problem['line']}" if problem["line"] else problem["pointer"] or "document"
        yield f"  {problem['code']} at {where}: {problem['message']}"
        yield from (f"    {text}" for text in (" ".join(filter(None, (problem["why"], problem["fix"]))),) if text)
    if len(problems) > _FIRST and not every:
        yield f"  and {len(problems) - _FIRST} more; --all shows them"
