"""One operation in two documents, compared from a caller's side. Pure."""

from collections.abc import Iterable, Mapping

from specs.access_diff import Access
from specs.catalogue import placeholders
from specs.model import MediaType, Operation, Parameter, RequestBody, Response
from specs.schema_diff import Change, Direction, Pair

_DEFAULT = "DEFAULT"  # OpenAPI 3.1, 4.8.16.1: what holds for every status that is not named, so for success too where none is
_NO_PARAMETERS = (("header", "accept"), ("header", "content-type"))  # OpenAPI 3.1, 4.8.12.2: not for a parameter to say


def operation_changes(before: Operation, after: Operation, access: Access) -> tuple[list[Change], list[Pair]]:
    """What changed but for servers and security, and the schemas that are still to be compared."""
    work = _OperationDiff(before, after, access)
    work.run()
    return work.changes, work.pairs


class _OperationDiff:
    def __init__(self, before: Operation, after: Operation, access: Access) -> None:
        self.before = before
        self.after = after
        self.access = access
        self.changes: list[Change] = []
        self.pairs: list[Pair] = []

    def run(self) -> None:
        self._words()
        self._parameters()
        self._body(self.before.body, self.after.body)
        self._responses()

    def _say(self, field: str, message: str, *, breaking: bool = False) -> None:
        self.changes.append(Change(breaking, field, message))

    def _words(self) -> None:
        before, after = self.before, self.after
        if before.id != after.id:
            message = f"{before.id} is called {after.id} now. Over HTTP nothing changes; settings and code that name it must follow."
            self._say("operationId", message)
        for field in ("summary", "description", "tags"):
            if getattr(before, field) != getattr(after, field):
                self._say(field, f"The {field} changed.")
        if before.deprecated != after.deprecated:
            self._say("deprecated", "It is deprecated now." if after.deprecated else "It is no longer deprecated.")
        if before.consequential != after.consequential:
            self._say("consequential", f"Whether it must be confirmed changed from {before.consequential} to {after.consequential}.")

    def _parameters(self) -> None:
        renamed = self._placeholders()
        old = {_place(one, renamed): one for one in self.before.parameters}
        new = {_place(one, {}): one for one in self.after.parameters}
        sent = self.access.senders(self.after)
        for place, one in old.items():
            if place in new:
                self._parameter(one, new[place])
            elif sent.send((one.location, one.name)):
                self._say(_called(one), "The parameter was removed: signing in sends it.")
            elif place in _NO_PARAMETERS:
                self._say(_called(one), "The parameter was removed: it belongs to the transport.")
            else:
                self._say(_called(one), "The parameter was removed.", breaking=True)
        for place, one in new.items():
            if place not in old:
                self._say(_called(one), f"{'A required' if one.required else 'An optional'} parameter was added.", breaking=one.required)

    def _placeholders(self) -> Mapping[str, str]:
        """Callers never see what a placeholder is called: only its place in the path counts."""
        pairs = zip(placeholders(self.before.path), placeholders(self.after.path), strict=False)
        renamed = {old: new for old, new in pairs if old != new}
        for old, new in renamed.items():
            self._say(f"path {new}", f"The placeholder {old!r} is called {new!r} now.")
        return renamed

    def _parameter(self, old: Parameter, new: Parameter) -> None:
        field = _called(new)
        if old.required != new.required:
            self._say(field, "It is required now." if new.required else "It is optional now.", breaking=new.required)
        if (old.style, old.explode, old.media_type) != (new.style, new.explode, new.media_type):
            self._say(field, "It is written differently (style, explode or content).", breaking=True)
        if old.description != new.description:
            self._say(field, "The description changed.")
        self._compare(field, old.schema, new.schema, "request")

    def _body(self, old: RequestBody | None, new: RequestBody | None) -> None:
        if old is None and new is not None:
            self._say("body", f"{'A required' if new.required else 'An optional'} body was added.", breaking=new.required)
        elif old is not None and new is None:
            self._say("body", "The body was removed.", breaking=True)
        elif old is not None and new is not None:
            if old.required != new.required:
                self._say("body", "It is required now." if new.required else "It is optional now.", breaking=new.required)
            if old.description != new.description:
                self._say("body", "The description changed.")
            self._content("body", old.content, new.content, "request")

    def _responses(self) -> None:
        old = {one.status.upper(): one for one in self.before.responses}
        new = {one.status.upper(): one for one in self.after.responses}
        for status, one in old.items():
            other = _counterpart(status, old, new)
            if other is None:
                self._say(f"response {one.status}", "The status was removed.", breaking=_success(status, old))
            else:
                self._response(one, other)
        for status, one in new.items():
            if status not in old:
                self._say(f"response {one.status}", "A status was added.")

    def _response(self, old: Response, new: Response) -> None:
        field = f"response {old.status}"
        if old.description != new.description:
            self._say(field, "The description changed.")
        self._content(field, old.content, new.content, "response")

    def _content(self, field: str, before: tuple[MediaType, ...], after: tuple[MediaType, ...], direction: Direction) -> None:
        old, new = _by_name(before), _by_name(after)
        single = len(old) == len(new) == 1
        for name, one in old.items():
            if name not in new:
                self._say(field, f"{name} is no longer {'accepted' if direction == 'request' else 'returned'}.", breaking=True)
            else:
                self._compare(field if single else f"{field} ({name})", one.schema, new[name].schema, direction)
        for name in new:
            if name not in old:
                self._say(field, f"{name} is {'accepted' if direction == 'request' else 'returned'} now.")

    def _compare(self, field: str, old: object, new: object, direction: Direction) -> None:
        self.pairs.append(Pair(field, (old,), (new,), direction))  # type: ignore[arg-type]


def _success(status: str, among: Iterable[str]) -> bool:
    return status.startswith("2") or (status == _DEFAULT and not any(each.startswith("2") for each in among))


def _counterpart(status: str, old: Iterable[str], new: Mapping[str, Response]) -> Response | None:
    """Under which status callers get now what they got under this one."""
    if exact := new.get(status) or new.get(f"{status[:1]}XX"):
        return exact
    succeeding = [each for each in new if _success(each, new)]
    wanted = status == _DEFAULT or succeeding == [_DEFAULT]
    return new[succeeding[0]] if succeeding and wanted and _success(status, old) else None


def _place(one: Parameter, renamed: Mapping[str, str]) -> tuple[str, str]:
    """RFC 9110, 5.1: header names are the same in any case."""
    if one.location == "path":
        return one.location, renamed.get(one.name, one.name)
    return one.location, one.name.lower() if one.location == "header" else one.name


def _called(one: Parameter) -> str:
    return f"{one.location} {one.name}"


def _by_name(content: Iterable[MediaType]) -> dict[str, MediaType]:
    """JSON first: what is sent and read. A schema that many forms share is told where it is first met."""
    named = {one.name.partition(";")[0].strip().lower(): one for one in content}
    return dict(sorted(named.items(), key=lambda each: not each[0].endswith(("/json", "+json"))))
