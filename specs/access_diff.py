"""Where an operation is called and what it takes to be let in, compared in two documents. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from specs.credentials import Senders, stood_for
from specs.document import Document
from specs.head import Requirements
from specs.model import Operation, SecurityScheme, Server
from specs.schema_diff import Change

_Alternative = Mapping[str, frozenset[str]]  # scheme -> scopes
_SHOWN = 5


class Access:
    """What holds for the whole document is told once, not again for every operation that says nothing else."""

    def __init__(self, before: Document, after: Document) -> None:
        self._before = before
        self._after = after
        self._names = _renamed(before.security_schemes, after.security_schemes)

    def of_document(self) -> Iterator[Change]:
        before, after = self._before, self._after
        yield from _servers(before.servers, after.servers)
        yield from self._security(before.security, after.security, self._always_stood_for)
        for name, old in before.security_schemes.items():
            new = after.security_schemes.get(name)
            if new is not None and _way(old) != _way(new):
                yield Change(True, f"security {name}", f"One signs in with {_told(new)} now, no longer with {_told(old)}.")

    def of_operation(self, before: Operation, after: Operation) -> Iterator[Change]:
        if (before.servers, after.servers) != (self._before.servers, self._after.servers):
            yield from _servers(before.servers, after.servers)
        if (before.security, after.security) != (self._before.security, self._after.security):
            yield from self._security(before.security, after.security, lambda: self._stood_for(before, self._after.security_schemes))

    def senders(self, operation: Operation) -> Senders:
        """What signing in to this operation of the later document sends."""
        schemes = self._after.security_schemes
        return Senders(schemes[name] for needed in operation.security for name in needed if name in schemes)

    def _stood_for(self, operation: Operation, among: Collection[str]) -> frozenset[str]:
        """Those of the later document's schemes that had a required parameter in this operation of the earlier one."""
        schemes = {name: self._after.security_schemes[name] for name in among if name in self._after.security_schemes}
        return stood_for(schemes, ((one.location, one.name) for one in operation.parameters if one.required))

    def _always_stood_for(self) -> frozenset[str]:
        """In all operations for which the document speaks."""
        before, found = self._before, None
        needed: Collection[str] = {name for one in self._after.security for name in one}
        for operation in (before.operation(entry.id) for entry in before.catalogue):
            if operation.security == before.security:
                needed = found = self._stood_for(operation, needed)
            if not needed:
                break
        return found or frozenset()

    def _security(self, before: Requirements, after: Requirements, parameters: Callable[[], frozenset[str]]) -> Iterator[Change]:
        """`parameters`: schemes that one stood for; asked only where something is needed that was not."""
        old = _alternatives(before, {})
        new = _alternatives(after, self._names)
        if all(one in new for one in old) and all(one in old for one in new):
            return
        lost = [one for one in old if not any(_suffices(one, needed) for needed in new)]
        known = parameters() if lost else frozenset()
        if known and all(any(_suffices(one, needed, known) for needed in new) for one in lost):
            yield Change(False, "security", f"Signing in takes the place of a parameter: {_ways(new)}.")
        elif not lost:
            yield Change(False, "security", f"Less is needed to sign in, or there are more ways: {_ways(new)}.")
        elif {} in lost:
            yield Change(True, "security", f"Signing in is needed now: {_ways(new)}.")
        else:
            yield Change(True, "security", f"{_ways(lost)} no longer suffices to sign in; needed: {_ways(new)}.")


def _alternatives(requirements: Requirements, names: Mapping[str, str]) -> list[_Alternative]:
    """OpenAPI 3.1, 4.8.10: without a requirement, nothing is needed."""
    return [{names.get(name, name): frozenset(scopes) for name, scopes in one.items()} for one in requirements] or [{}]


def _suffices(had: _Alternative, needed: _Alternative, known: Collection[str] = ()) -> bool:
    return all(name in known or (name in had and scopes <= had[name]) for name, scopes in needed.items())


def _renamed(before: Mapping[str, SecurityScheme], after: Mapping[str, SecurityScheme]) -> dict[str, str]:
    """A scheme's name is the document's own affair: callers see what it does."""
    known = {_way(scheme): name for name, scheme in before.items() if name not in after}
    return {name: known[_way(scheme)] for name, scheme in after.items() if name not in before and _way(scheme) in known}


def _way(scheme: SecurityScheme) -> tuple[str | None, ...]:
    return scheme.type, scheme.location, scheme.parameter, scheme.scheme


def _told(scheme: SecurityScheme) -> str:
    return f"the {scheme.location} {scheme.parameter!r}" if scheme.type == "apiKey" else " ".join(filter(None, (scheme.type, scheme.scheme)))


def _ways(alternatives: Sequence[_Alternative]) -> str:
    return " or ".join(_way_told(one) for one in alternatives[:_SHOWN]) + (" or others" if len(alternatives) > _SHOWN else "")


def _way_told(alternative: _Alternative) -> str:
    parts = [f"{name} ({', '.join(sorted(scopes)[:_SHOWN])})" if scopes else name for name, scopes in list(alternative.items())[:_SHOWN]]
    return " with ".join(parts) or "nothing"


def _servers(before: Sequence[Server], after: Sequence[Server]) -> Iterator[Change]:
    old, new = dict.fromkeys(map(_address, before)), dict.fromkeys(map(_address, after))
    if gone := [one for one in old if one not in new]:
        yield Change(True, "servers", f"No longer at {', '.join(gone[:_SHOWN])}, but at {', '.join(list(new)[:_SHOWN])}.")
    elif more := [one for one in new if one not in old]:
        yield Change(False, "servers", f"Also at {', '.join(more[:_SHOWN])}.")


def _address(server: Server) -> str:
    """With the variables' defaults, which callers leave as they are."""
    url = server.url
    for name, variable in server.variables.items():
        url = url.replace(f"{{{name}}}", variable.default)
    return url.rstrip("/") or "/"
