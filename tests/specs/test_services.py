"""Services: by tags, else by paths, under names a person would give, never too large and never of one operation."""

from collections.abc import Mapping
from gzip import decompress
from time import process_time
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocess.compile import compile_document
from runtime.errors import DocumentRefused
from specs.catalogue import Raw, operations
from specs.document import Document
from specs.load import read
from specs.services import service_names, services
from tests.specs.documents import EVAL, compiled, published, tree
from tests.specs.grouping import DOCUMENTS, Groups, document, expected

Pair = tuple[str, str]


def grouped(made: Document) -> dict[str, set[Pair]]:
    return {one.name: {(made.entry(each).method, made.entry(each).path) for each in one.operations} for one in made.services}


def sized(*paths: str, tags: Any = None) -> dict[str, int]:
    made = compiled({path: {"get": {"tags": tags} if tags is not None else {}} for path in paths})
    return {service.name: len(service.operations) for service in made.services}


@pytest.mark.parametrize(("more", "groups"), DOCUMENTS.values(), ids=DOCUMENTS)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_services_are_those_a_person_made(more: Mapping[str, Any], groups: Groups, seed: int | None) -> None:
    """In whatever order the operations stand."""
    assert grouped(compile_document(orjson.dumps(document(more, groups, seed)))) == expected(groups)


def test_descriptions_of_tags_are_those_of_services() -> None:
    made = compiled(
        {"/a": {"get": {"tags": ["pet-store"]}, "post": {"tags": ["pet-store"]}}, "/b": {"get": {"tags": ["shops"]}, "put": {"tags": ["shops"]}}},
        tags=[
            {"name": "pet-store", "description": "All of them"}, {"name": "shops", "x-displayName": "Our shops", "description": "Where"},
            7, {"name": []}, {"description": "Nobody's"},
        ],
    )  # fmt: skip
    assert [(one.name, one.description) for one in made.services] == [("Pet store", "All of them"), ("Our shops", "Where")]


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (("/users", "/users/{id}", "/audit-logs"), {"Users and audit logs": 3}),  # one alone belongs to somebody
        (("/users", "/users/{id}", "/users/search", "/misc", "/misc/{id}", "/ping"), {"Users": 3, "Misc": 3}),
        (("/api/v1/users", "/api/v1/groupMembers"), {"Group members and users": 2}),
        (("/{a}/{b}",), {"General": 1}),
        (("/",), {"General": 1}),
        (("/users",), {"Users": 1}),
        ((), {}),
    ],
)
def test_small_documents_have_few_services(paths: tuple[str, ...], found: dict[str, int]) -> None:
    assert sized(*paths) == found


@pytest.mark.parametrize("tags", [7, "x", {}, [[]], [None, 5], ["\0\a"], ["\ud800"], ["x" * 99_999], [""], [" "], ["/" * 50], ["a\u202eb"] * 1000])
def test_names_are_short_and_on_one_line_whatever_the_tags(tags: Any) -> None:
    root = tree({"/a": {"get": {"tags": tags}, "put": {"tags": tags}}, "/b": {"get": {"tags": tags}, "put": {}}}, tags=tags)
    raws, _ = operations({**root, "x-tagGroups": tags})
    made = services(root, raws, service_names(raws, {**root, "x-tagGroups": tags}))
    assert made
    assert all(0 < len(one.name) <= 60 and one.name.isprintable() for one in made)


def test_what_lies_below_a_large_group_gives_its_parts_their_names() -> None:
    paths = [f"/orgs/{{org}}/{part}/{{id}}/{n}" for part, count in (("members", 40), ("hooks", 30), ("a", 1), ("b", 1)) for n in range(count)]
    assert sized(*paths, "/users/a", "/users/b", *(f"/gists/{n}" for n in range(40)), tags=["v1"]) == {
        "Org members": 40, "Org hooks": 30, "Orgs": 2, "Users": 2, "Gists": 40
    }  # fmt: skip


WORDS = st.sampled_from(["users", "user", "orders", "get_user", "v1", "api", "{id}", "{a}.json", "a:b", "x.list", "Über", "", "…", "list", "a" * 70])
PATHS = st.lists(WORDS, max_size=5).map(lambda parts: "/" + "/".join(parts))
TAGS = st.lists(st.sampled_from(["Users", "users", "default", "v1", "A/b", "Über uns", "", "\n"]) | st.text(max_size=8) | st.integers(), max_size=3)
NAMED = st.recursive(
    st.none() | st.text(max_size=5), lambda inner: st.lists(inner) | st.fixed_dictionaries({"name": inner, "tags": inner, "parent": inner})
)


@settings(max_examples=150, deadline=None)
@given(
    lines=st.lists(st.tuples(PATHS, TAGS), max_size=30), copies=st.integers(1, 40), prefix=st.sampled_from(["", "/shop/{id}"]), tagged=st.booleans(),
    named=NAMED,
)  # fmt: skip
def test_limits_hold_for_whatever_comes(lines: list[tuple[str, Any]], copies: int, prefix: str, tagged: bool, named: Any) -> None:
    paths = {f"{prefix}{path}{n or ''}": {"get": {"tags": tags} if tagged else {}} for path, tags in lines for n in range(copies)}
    root = {"paths": paths, "tags": named, "x-tagGroups": named}
    raws, _ = operations(root)
    names = service_names(raws, root)
    assert names == service_names(raws[::-1], root)
    made = services(root, raws, names)
    assert sorted(one for service in made for one in service.operations) == sorted(raw.id for raw in raws)
    assert all(min(2, len(raws)) <= len(service.operations) <= 60 for service in made)
    assert all(0 < len(service.name) <= 60 and service.name.isprintable() for service in made)
    assert len({service.name.casefold() for service in made}) == len(made)


@pytest.mark.parametrize("entry", [one for one in published() if one["kind"] in ("real", "sets")], ids=lambda one: str(one["file"]))
def test_limits_hold_for_published_documents(entry: dict[str, Any]) -> None:
    data = (EVAL / "specs" / entry["file"]).read_bytes()
    try:
        root = read(decompress(data) if entry["file"].endswith(".gz") else data)
    except DocumentRefused as error:
        pytest.fail(error.detail)
    raws, _ = operations(root)
    sizes = [len(one.operations) for one in services(root, raws, service_names(raws, root))]
    assert all(min(2, len(raws)) <= size <= 60 for size in sizes)


@pytest.mark.parametrize("path", ["/v1/thing{0}/{{id}}/part{1}", "/get_thing{1}", "/a/{{x}}/b{1}"])
def test_many_operations_take_no_time(path: str) -> None:
    raws = [Raw(f"o{n}", "get", path.format(n % 900, n), "", {}, {"tags": [f"t{n}"] if n % 2 else []}) for n in range(20_000)]
    began = process_time()
    names = service_names(raws)
    assert process_time() - began < 3  # 0.2 s on a free core; a quadratic step would take minutes
    assert len(names) == len(raws)
