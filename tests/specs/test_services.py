"""Services: by tags, else by paths, under names a person would give."""

import pytest

from tests.specs.documents import compiled


def named(*paths: str, tags: dict[str, str] | None = None) -> list[tuple[str, int]]:
    known = tags or {}
    document = compiled({path: {"get": {"tags": [known[path]]} if path in known else {}} for path in paths})
    return [(service.name, len(service.operations)) for service in document.services]


def test_tags_are_services_with_their_descriptions() -> None:
    document = compiled(
        {"/a": {"get": {"tags": ["Pets", "x"]}}, "/b": {"get": {"tags": ["Shops"]}}}, tags=[{"name": "Pets", "description": "All of them"}]
    )
    assert [(one.name, one.description) for one in document.services] == [("Pets", "All of them"), ("Shops", "")]


@pytest.mark.parametrize(
    ("paths", "services"),
    [
        (("/users", "/users/{id}", "/audit-logs"), [("Users", 2), ("Audit logs", 1)]),
        (("/api/v1/users", "/api/v1/groupMembers"), [("Users", 1), ("group Members", 1)]),
        (("/2010-04-01/Accounts/{s}/Calls.json", "/2010-04-01/Accounts/{s}/Messages.json"), [("Calls", 1), ("Messages", 1)]),
        (("/{a}/{b}",), [("General", 1)]),
        (("/",), [("General", 1)]),
    ],
)
def test_without_tags_paths_make_services(paths: tuple[str, ...], services: list[tuple[str, int]]) -> None:
    assert [(name.lower(), count) for name, count in named(*paths)] == [(name.lower(), count) for name, count in services]


def test_operations_without_a_tag_go_by_their_path() -> None:
    assert named("/a", "/b", "/orders/{id}", tags={"/a": "One", "/b": "Two"}) == [("One", 1), ("Two", 1), ("Orders", 1)]


def test_one_tag_on_everything_says_nothing() -> None:
    assert named("/users", "/orders", tags={"/users": "default", "/orders": "default"}) == [("Users", 1), ("Orders", 1)]


def test_every_operation_is_in_exactly_one_service() -> None:
    document = compiled({f"/a{n % 3}/b{n}": {"get": {"tags": ["x", "y"][: n % 2]}, "post": {}} for n in range(9)})
    assert sorted(one for service in document.services for one in service.operations) == sorted(entry.id for entry in document.catalogue)
