"""Operations that belong together, under a name a person would give: by tags, else by the first part of their paths that differs."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from specs.catalogue import Raw
from specs.head import text
from specs.model import Service

_VERSION = re.compile(r"v\d[\w.]*|\d{4}-\d{2}(-\d{2})?|api|rest|public", re.IGNORECASE)
_FORMAT = re.compile(r"\.(json|xml|\{format\})$")
_REST = "General"


def service_names(raws: Sequence[Raw]) -> dict[str, str]:
    """The service's name of every operation id."""
    by_path = _by_path(raws)
    tags = Counter(one.tags[0] for one in raws if one.tags)
    # One tag on everything says nothing: it is no grouping.
    useful = len(tags) > 1 or (len(tags) == 1 and len(set(by_path.values())) == 1)
    return {one.id: one.tags[0].strip()[:100] or _REST if useful and one.tags else by_path[one.id] for one in raws}


def services(root: Mapping[str, Any], raws: Sequence[Raw], names: Mapping[str, str]) -> tuple[Service, ...]:
    members: dict[str, list[str]] = {}
    for one in raws:
        members.setdefault(names[one.id], []).append(one.id)
    described = _descriptions(root)
    return tuple(Service(name, described.get(name, ""), tuple(ids)) for name, ids in members.items())


def _descriptions(root: Mapping[str, Any]) -> dict[str, str]:
    tags = root.get("tags")
    listed = tags if isinstance(tags, list) else []
    return {text(tag.get("name")).strip()[:100]: text(tag.get("description"))[:2000] for tag in listed if isinstance(tag, dict)}


def _by_path(raws: Sequence[Raw]) -> dict[str, str]:
    """Path parts that lead to most operations (a version, "accounts" of a hosting API) are passed over."""
    parts = {one.id: _parts(one.path) for one in raws}
    for _ in range(4):
        first = Counter(names[0] for names in parts.values() if names)
        top, count = first.most_common(1)[0] if first else ("", 0)
        inner = {names[1] for names in parts.values() if len(names) > 1 and names[0] == top}
        if count * 3 < len(raws) * 2 or len(inner) < 2:
            break
        parts = {key: names[1:] if len(names) > 1 and names[0] == top else names for key, names in parts.items()}
    return {key: _title(names[0]) if names else _REST for key, names in parts.items()}


def _parts(path: str) -> list[str]:
    names = [_FORMAT.sub("", part) for part in path.split("/") if part and not part.startswith("{")]
    return [name for name in names if name and not _VERSION.fullmatch(name)]


def _title(part: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", part)
    words = re.sub(r"[^\w]+|_+", " ", words).strip()
    return (words[:1].upper() + words[1:])[:100] or _REST
