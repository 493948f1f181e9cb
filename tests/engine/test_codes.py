"""Codes and what people call them."""

import pytest

from engine.codes import KINDS, code_of, kinds_in, meanings, names_of


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("country", "the Netherlands", "NL"),
        ("country", "USA", "US"),
        ("state", "new york", "NY"),
        ("language", "Mandarin", "zh"),
        ("currency", "euros", "EUR"),
    ],
)
def test_a_name_has_its_code(kind, name, code):
    assert code_of(kind, name) == code


def test_a_field_says_of_what_it_wants_the_code():
    assert kinds_in("countryCode Two-letter code") == ["country"]
    assert kinds_in("state of the purchase, in the country") == ["state", "country"]
    assert kinds_in("zip code") == []


def test_a_code_means_only_what_the_field_is_about():
    assert list(meanings("CA", "country code")) == ["Canada"]
    assert list(meanings("CA", "state")) == ["California"]
    assert list(meanings("fr-FR", "language of the text")) == ["French"]
    assert list(meanings("CA", "initials")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_has_two_codes(kind):
    names = [name.casefold() for each in names_of(kind).values() for name in each]
    assert len(names) == len(set(names))
