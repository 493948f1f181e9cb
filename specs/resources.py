"""What a path is about: its fixed parts without versions and formats, its nouns, and the schemas that an operation takes and gives. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from specs.titles import is_empty, singular, words

Parts = tuple[str, ...]

_FORMAT = re.compile(r"\.(?:json|xml|yaml|csv|html|\{format\})$", re.IGNORECASE)
_LONGEST, _DEEPEST = 1000, 12
_ALTERNATIVES = ("allOf", "oneOf", "anyOf")
_PROPERTIES = 10
# What functions do, and the small words of their names: none of them says what they are about.
_NO_NOUN = frozenset(
    word
    for line in (
        "a access add adviser advisor all an analyse analyser analysis analytics analyze analyzer and api apply assessment assessor assistant at",
        "based between book browse buy by calc calculate calculator can cancel change check checker clear close compare compute conduct control",
        "convert count create current data delete design detail determine disable discovery display do download edit enable enhancer estimate",
        "evaluate evaluation evaluator execute explorer fetch find finder for from function generate generator get given handle has helper",
        "historical id implement in index info information insert insight is list load lookup make manage manager me modify monitor multiple my",
        "name new number of on open optimise optimiser optimize optimizer or patch per perform planner play post predict processor purchase put",
        "query read recommendation recommender remove request reserve reset result retrieve run save scheduler search select send service set show",
        "simulation simulator single sort start status stop submit system test the to tool total track tracker type update upload use using v1 v2",
        "v3 validate value verify via view with",
    )
    for word in line.split()
)


def parts(path: str) -> Parts:
    """The fixed parts: no parameters, versions and formats. "/users.list" and "/users/{id}:list" are about users as "/users/list" is."""
    return tuple(part for segment in path[:_LONGEST].split("/") if segment for part in _segment(segment))[:_DEEPEST]


@lru_cache(maxsize=20_000)
def _segment(segment: str) -> Parts:
    if segment[0] in "{:":
        return ()
    plain = _FORMAT.sub("", segment).partition(":")[0].partition("(")[0].partition("{")[0]
    return tuple(part for part in plain.split(".") if part and not is_empty(part)) if not is_empty(plain) else ()


def led(paths: Sequence[Parts]) -> list[Parts]:
    """Leading parts that two thirds share (a version's name, "accounts" of a hosting API) are passed over."""
    found = list(paths)
    for _ in range(4):
        first = Counter(one[0] for one in found if one)
        top, count = first.most_common(1)[0] if first else ("", 0)
        inner = {one[1] for one in found if len(one) > 1 and one[0] == top}
        if count * 3 < len(found) * 2 or len(inner) < 2:
            break
        found = [one[1:] if len(one) > 1 and one[0] == top else one for one in found]
    return found


@lru_cache(maxsize=20_000)
def nouns(name: str) -> tuple[tuple[str, str], ...]:
    """The words of a name that may say what it is about: (singular in lower case, as written)."""
    pairs = ((singular(word.lower()), word.lower()) for word in words(name))
    return tuple((one, word) for one, word in pairs if len(one) > 1 and one not in _NO_NOUN and not one.isdigit())


def schemas(operation: Mapping[str, Any]) -> set[str]:
    """Names of the components that the body and the good answers refer to, as far as a short look shows them."""
    responses = operation.get("responses")
    good = [one for status, one in responses.items() if str(status).startswith("2")] if isinstance(responses, dict) else []
    listed = operation.get("parameters")  # Swagger 2.0 has the body there
    bodies = [one for one in listed if isinstance(one, dict) and one.get("in") == "body"] if isinstance(listed, list) else []
    return {name for body in (operation.get("requestBody"), *good[:5], *bodies[:5]) for name in _named(body)}


def _named(body: Any) -> Iterator[str]:
    """Of a body or response: itself, the schemas of its media types, their items, alternatives and properties."""
    content = body.get("content") if isinstance(body, dict) else None
    media = list(content.values())[:3] if isinstance(content, dict) else []
    for node in [body, *(one.get("schema") for one in [body, *media] if isinstance(one, dict))]:
        for inner in _looked_into(node):
            if isinstance(inner, dict) and isinstance(reference := inner.get("$ref"), str):
                yield reference.rpartition("/")[2][:200]


def _looked_into(schema: Any) -> Iterator[Any]:
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    for node in (schema, *(islice(properties.values(), _PROPERTIES) if isinstance(properties, dict) else ())):
        yield node
        if isinstance(node, dict) and "$ref" not in node:
            yield node.get("items")
            for name in _ALTERNATIVES:
                if name in node:
                    yield from node[name][:5] if isinstance(node[name], list) else ()
