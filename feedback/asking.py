"""Questions to a language model outside of any conversation, what they took, and where they end. What asks it is handed in. Pure."""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from runtime.errors import InvalidRequest
from tools.schema import ToolDefinition

# What it is told, what it is asked, the tool it answers by -> `arguments` of its call (None: it made none that is one), `text`, tokens and price.
Ask: TypeAlias = Callable[[str, str, ToolDefinition], Awaitable[Mapping[str, Any]]]
Asking: TypeAlias = Callable[[str], AbstractAsyncContextManager[Ask]]  # by a model's name
NANO = 1_000_000_000
BUDGET = re.compile(r"\s*(?:\$\s*(?P<dollars>\d+(?:\.\d+)?)|(?P<usd>\d+(?:\.\d+)?)\s*usd|(?P<tokens>\d[\d_,]*)(?:\s*tokens)?)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Budget:
    """`most` tokens, or billionths of a dollar."""

    unit: Literal["tokens", "dollars"]
    most: int

    @classmethod
    def of(cls, text: str) -> "Budget":
        found = BUDGET.fullmatch(text)
        if found is None:
            raise InvalidRequest('A budget is a number of tokens ("200000") or of dollars ("$2", "2usd").', code="budget_unreadable")
        if found["tokens"]:
            return cls("tokens", int(re.sub(r"\D", "", found["tokens"])))
        return cls("dollars", round(float(found["dollars"] or found["usd"]) * NANO))


@dataclass(slots=True)
class Spending:
    """What was used so far. Nothing is asked that would go beyond the budget if it took what the largest question before took."""

    budget: Budget | None = None
    questions: int = 0
    read: int = 0
    written: int = 0
    nano: int | None = 0  # None: the price is not known
    largest: int = 0

    @property
    def used(self) -> int:
        return (self.nano or 0) if self.budget and self.budget.unit == "dollars" else self.read + self.written

    @property
    def over(self) -> bool:
        return self.budget is not None and self.used + self.largest > self.budget.most

    def add(self, answer: Mapping[str, Any]) -> None:
        before, price = self.used, answer["nano_dollars"]
        self.questions += 1
        self.read += answer["input_tokens"]
        self.written += answer["output_tokens"]
        self.nano = None if price is None or self.nano is None else self.nano + price
        if self.budget is not None and self.budget.unit == "dollars" and self.nano is None:
            raise InvalidRequest("The model's price is not known: give the budget in tokens.", code="price_unknown")
        self.largest = max(self.largest, self.used - before)

    def told(self) -> str:
        cost = "at a price that is not known" if self.nano is None else f"${self.nano / NANO:.4f}"
        return f"{self.questions:,} questions, {self.read:,} tokens read and {self.written:,} written, {cost}"
