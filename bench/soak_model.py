"""The soak's model: asks for the call that the sentence names, then claims that all is done, true or not. Faults belong to one order's name."""

import re
from asyncio import Event
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.vendor import Reply, Wish, results, said

FAULTS = ("timeout", "busy", "error", "malformed", "unknown_tool", "torn", "cut", "endless", "storm")
NAME = re.compile(r"ord-[a-z0-9]+")
LIE = "Everything was carried out: {name} is finished."
TOOLS = {"create": "createOrder", "show": "getOrder", "ship": "shipOrder"}


@dataclass
class Model:
    faults: dict[str, str] = field(default_factory=dict)
    struck: Counter[str] = field(default_factory=Counter)
    never: Event = field(default_factory=Event)

    def __call__(self, request: Any) -> Reply:
        text = said(request)
        found = NAME.search(text)
        if found is None:
            return Reply("I do not know.")
        name = found[0]
        fault = self.faults.get(name)
        if fault in ("endless", "storm"):  # for the whole turn
            return self._endless(request, name, fault)
        if fault is not None and (disturbed := self._once(name, fault)):
            return disturbed
        return Reply(LIE.format(name=name)) if self._answered(request) else Reply(calls=self._wishes(text))

    def _answered(self, request: Any) -> bool:
        """Whether anything came of a call; what was only wished wrongly is wished again."""
        found = results(request)
        return any("outcome" in each or each.get("final") for each in found) or len(found) > 3

    def _wishes(self, text: str) -> list[Wish]:
        tool = next(tool for word, tool in TOOLS.items() if text.lower().startswith(word))
        number = re.search(r"quantity (\d+)", text)
        more = {"quantity": int(number[1])} if number else {}
        return [Wish(tool, {"name": name, **more}) for name in NAME.findall(text)]

    def _endless(self, request: Any, name: str, kind: str) -> Reply:
        times = len(results(request))
        if not times:
            self.struck[f"model {kind}"] += 1
        if kind == "storm":
            return Reply(calls=[Wish("getOrder", {"name": name}) for _ in range(40)])
        return Reply(calls=[*self._wishes(said(request)), Wish("getOrder", {"name": name})])

    def _once(self, name: str, kind: str) -> Reply | None:
        self.faults.pop(name)
        self.struck[f"model {kind}"] += 1
        match kind:
            case "timeout":
                return Reply("too late", until=self.never)
            case "busy":
                return Reply(status=429, headers={"Retry-After": "0"})
            case "error":
                return Reply(status=500)
            case "malformed":
                return Reply(calls=[Wish("createOrder", '{"name": "' + name)])
            case "unknown_tool":
                return Reply(calls=[Wish("dropEverything", {"name": name})])
            case "torn":
                return Reply("I shall do that for you at once, and then some more words", cut="torn")
            case "cut":
                return Reply("I shall do that for you at once, and then some more words", cut="clean")
        return None
