"""What a product itself calls: the webhooks of a document and the callbacks of its operations. Listed; nothing of them is expanded."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from specs.catalogue import Raw, methods
from specs.model import Problem, Webhook
from specs.pointers import join
from specs.references import Broken, Found, follow

_MOST = 10_000  # of one document


def webhooks(root: Mapping[str, Any]) -> tuple[Webhook, ...]:
    return tuple(islice(_listed(root, root.get("webhooks"), "/webhooks"), _MOST))


def callbacks(root: Mapping[str, Any], raws: Iterable[Raw]) -> tuple[Webhook, ...]:
    """In the order of the operations that announce them."""
    found = (
        Webhook(name, sent.method, sent.pointer, sent.summary, raw.id, sent.name)
        for raw in raws
        for name, callback in _named(raw.operation.get("callbacks"))
        if (target := _object(root, callback, join(raw.pointer, "callbacks", name)))
        for sent in _listed(root, target.node, target.pointer)
    )
    return tuple(islice(found, _MOST))


def _listed(root: Mapping[str, Any], items: Any, pointer: str) -> Iterator[Webhook]:
    """Every operation of path items by name."""
    for name, item in _named(items):
        target = _object(root, item, join(pointer, name))
        for raw in methods(target.node, "", join(pointer, name), target.pointer) if target else ():
            if not isinstance(raw, Problem):
                yield Webhook(name, raw.method.upper(), raw.pointer, raw.summary[:300])


def _named(value: Any) -> Iterator[tuple[str, Any]]:
    return ((name, one) for name, one in value.items() if not name.startswith("x-")) if isinstance(value, dict) else iter(())


def _object(root: Mapping[str, Any], node: Any, pointer: str) -> Found | None:
    found = follow(root, node, pointer)
    return None if isinstance(found, Broken) or not isinstance(found.node, dict) else found
