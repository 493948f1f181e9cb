import pytest

from runtime.errors import InvalidRequest
from runtime.limits import Limits, lowest, refuse_unusable
from runtime.prices import free, unknown
from runtime.settings import Settings


def test_the_lower_of_both_bounds_holds() -> None:
    settings = Settings(max_model_calls=5, tokens_per_day=100)
    found = lowest(settings, Limits(max_model_calls=9, max_tool_calls=3, tokens_per_day=50, dollars_per_day=2))
    assert (found.max_model_calls, found.max_tool_calls, found.tokens_per_day, found.dollars_per_day) == (5, 3, 50, 2)
    assert found.turns_at_once is None
    assert lowest(settings, Limits()).max_tool_calls == settings.max_tool_calls


def test_every_limit_of_a_tenant_has_an_operators_bound_of_the_same_name() -> None:
    assert set(Limits.model_fields) <= set(Settings.model_fields)


@pytest.mark.parametrize(("limits", "code"), [({"max_tool_calls": 25}, "limit_too_high"), ({"dollars_per_day": 1}, "price_unknown")])
def test_a_limit_that_cannot_be_kept_is_refused(limits: dict[str, int], code: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        refuse_unusable(Settings(), unknown, Limits(**limits))
    assert refused.value.code == code


def test_what_is_lower_is_taken_and_money_where_the_price_is_known() -> None:
    refuse_unusable(Settings(), free, Limits(max_tool_calls=24, dollars_per_day=1))
