"""Published documents of real products, where they lie beside the repository: counts, and that all of it can be used."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from preprocess.check import report
from preprocess.compile import compile_document
from runtime.errors import DocumentRefused
from tests.specs.documents import EVAL, published, tree

VERSIONS = ("2.0", "3.0", "3.1", "3.2")
READABLE = [one for one in published() if one["kind"] in ("real", "set")]
OTHERS = [one for one in published() if one["kind"] in ("tricky", "broken")]


def data(one: dict[str, Any]) -> bytes:
    return (EVAL / "specs" / one["file"]).read_bytes()


if READABLE:  # without the folder these tests are not collected

    @pytest.mark.parametrize("one", READABLE, ids=lambda one: Path(one["file"]).name)
    def test_a_published_document_has_the_operations_it_states(one: dict[str, Any]) -> None:
        assert report(data(one))["operations"] == one["n_operations"]

    @pytest.mark.parametrize("one", [one for one in READABLE if one["bytes"] < 600_000], ids=lambda one: Path(one["file"]).name)
    def test_every_schema_of_a_published_document_compiles(one: dict[str, Any]) -> None:
        document = compile_document(data(one))
        for entry in document.catalogue:
            operation = document.operation(entry.id)
            schemas = [parameter.schema for parameter in operation.parameters] + [
                media.schema for media in (operation.body.content if operation.body else ())
            ]
            jsonschema_rs.validator_for({"allOf": [True, *schemas], "$defs": dict(operation.definitions)})

    @pytest.mark.parametrize("one", OTHERS, ids=lambda one: Path(one["file"]).name)
    def test_a_tricky_or_broken_document_is_read_or_refused_with_a_reason(one: dict[str, Any]) -> None:
        if "paths" in one["note"] and not one["n_operations"] and str(one["version"]).startswith(VERSIONS) and one["kind"] == "broken":
            with pytest.raises(DocumentRefused, match="no paths"):
                report(data(one))
            return
        if str(one["version"]).startswith(VERSIONS):
            assert report(data(one))["operations"] >= one["n_operations"]  # path items by reference are followed and count here
            return
        with pytest.raises(DocumentRefused) as caught:
            report(data(one))
        assert caught.value.code in ("document_version_unsupported", "document_not_openapi")


def test_the_same_bytes_have_the_same_hash_and_others_another() -> None:
    import orjson

    first, second = orjson.dumps(tree()), orjson.dumps(tree({"/a": {"get": {}}}))
    assert compile_document(first).hash == compile_document(first).hash != compile_document(second).hash


def test_progress_is_told() -> None:
    import orjson

    shares: list[float] = []
    compile_document(orjson.dumps(tree()), shares.append)
    assert shares == sorted(shares)
    assert 0 < shares[0] < 1
