"""Names in a person's words, out of what stands in documents."""

import pytest

from specs.titles import compound, key, listed, says_nothing, singular, tag_titles, title


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("pets", "Pets"), ("pet store", "Pet store"), ("Pet Store", "Pet Store"), ("Nut.link", "Nut.link"), ("Sports/Football", "Sports/Football"),
        ("admin.users.session", "Admin users session"), ("USER_ACCOUNTS", "User accounts"), ("IPFS", "IPFS"), ("rate-limit", "Rate limit"),
        ("dnsZone", "DNS zone"), ("sku", "SKU"), ("skus", "SKUs"), ("GraphQL", "GraphQL"), ("CashOut", "Cash out"), ("eSIM", "eSIM"),
        ("OAuth2", "OAuth2"), ("oEmbed", "oEmbed"), ("user-controller", "User"), ("UsersAPI", "Users"),
        ("APIKeys", "API keys"), ("API", "API"), ("사용자_관리", "사용자 관리"),
        ("a\x00b\u202ec d", "A b c d"), ("_", ""), ("", ""), ("contact-us", "Contact us"), ("pins", "Pins"),
    ],
)  # fmt: skip
def test_slugs_become_words_and_written_names_stay(name: str, shown: str) -> None:
    assert title(name) == shown


def test_names_end_at_a_word() -> None:
    assert title("word-" * 30).endswith("word")
    assert len(title("word-" * 30)) <= 60
    assert len(title("w" * 200)) == 60


@pytest.mark.parametrize("name", ["default", "v1", "V2.1", "API", "api/v3", "2024-01-01", "public api", "x-internal", "", "--", "Untagged", "beta"])
def test_some_names_say_nothing(name: str) -> None:
    assert says_nothing(name)


@pytest.mark.parametrize("name", ["Public holidays", "Tags", "Operations", "API keys", "v", "Rest rooms", "결제"])
def test_others_say_something(name: str) -> None:
    assert not says_nothing(name)


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("branches", "branch"), ("caches", "cache"), ("statuses", "status"), ("houses", "house"), ("cases", "case"), ("boxes", "box"),
        ("policies", "policy"),
        ("ties", "tie"), ("status", "status"), ("address", "address"), ("analytics", "analytics"), ("settings", "settings"), ("series", "series"),
        ("coaches", "coach"), ("gas", "gas"), ("databases", "database"),
    ],
)  # fmt: skip
def test_singulars(word: str, one: str) -> None:
    assert singular(word) == one


def test_spellings_of_one_name_have_one_key() -> None:
    assert key("pet-stores") == key("PetStore") == key("Pet store") == ("pet", "store")


def test_a_part_of_something_is_named_after_both() -> None:
    assert compound("Repos", "Branches") == "Repo branches"
    assert compound("Settings", "Chat") == "Chat settings"
    assert compound("Orgs", "SKUs") == "Org SKUs"
    assert compound("Repos", "Repo hooks") == "Repo hooks"
    assert listed(["Users"]) == "Users"
    assert listed(["Users", "Audit logs", "TV series", "Time Zones"]) == "Users, audit logs, TV series and Time Zones"


def test_what_all_tags_have_in_common_is_left_out() -> None:
    tags = ["Api20100401Call", "Api20100401CallRecording", "Api20100401Queue"]
    assert list(tag_titles(tags).values()) == ["Call", "Call recording", "Queue"]


def test_versions_stay_where_they_tell_tags_apart() -> None:
    tags = ["core_v1", "apps", "storage_v1", "storage_v1beta1", "storage"]
    assert tag_titles(tags) == {
        "core_v1": "Core", "apps": "Apps", "storage_v1": "Storage v1", "storage_v1beta1": "Storage v1beta1", "storage": "Storage"
    }  # fmt: skip
