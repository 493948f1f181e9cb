"""What may be used: the operator's bounds (settings.py) and a tenant's own, which may only be lower. Both under the same names. Pure."""

from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from runtime.errors import InvalidRequest
from runtime.prices import Price
from runtime.settings import Count, Dollars, Seconds, Settings

IN_DOLLARS = ("turn_dollars", "dollars_per_day")


class Limits(BaseModel):
    """None: no limit of the tenant's own. The first five are for one turn, the others for all that the tenant's sessions do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_model_calls: Count | None = None
    max_tool_calls: Count | None = None
    turn_seconds: Seconds | None = None
    turn_tokens: Count | None = None
    turn_dollars: Dollars | None = None
    messages_per_minute: Count | None = None
    turns_at_once: Count | None = None
    tokens_per_day: Count | None = None
    dollars_per_day: Dollars | None = None

    @property
    def counts_messages(self) -> bool:
        """Whether a message has to be let in at all."""
        return any((self.messages_per_minute, self.turns_at_once, self.tokens_per_day, self.dollars_per_day))


def lowest(settings: Settings, own: Limits) -> Limits:
    """What holds for a tenant. Also where an operator's bound has become lower since the tenant's was set."""
    return _lowest(tuple(getattr(settings, name) for name in Limits.model_fields), own)


@lru_cache(maxsize=512)  # every turn asks, mostly the same
def _lowest(bounds: tuple[Any, ...], own: Limits) -> Limits:
    found: dict[str, Any] = {}
    for bound, (name, value) in zip(bounds, own, strict=True):
        found[name] = min((each for each in (bound, value) if each is not None), default=None)
    return Limits(**found)


def refuse_unusable(settings: Settings, price: Price, own: Limits) -> None:
    """Said when it is set, and not when a customer meets it."""
    for name, value in own:
        bound = getattr(settings, name)
        if value is not None and bound is not None and value > bound:
            raise InvalidRequest(f"limits.{name}: the operator allows {bound:g} at most.", code="limit_too_high")
    refuse_unpriced(price, [f"limits.{name}" for name in IN_DOLLARS if getattr(own, name) is not None], settings.model)


def refuse_unpriced(price: Price, limits: list[str], model: str) -> None:
    """A limit of money would let through everything, or nothing, where nobody knows what it costs."""
    if limits and price(1, 1, 0) is None:
        detail = f"{' and '.join(limits)}: the price of {model} is not known, so a limit of money cannot be kept. Limit the tokens instead."
        raise InvalidRequest(detail, code="price_unknown")
