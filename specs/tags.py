"""Which of an operation's tags says best what it is about, and what a person calls it. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from specs.catalogue import Raw
from specs.head import text, texts
from specs.resources import Parts
from specs.titles import key, printable, says_nothing, tag_titles

LARGEST = 60  # operations in a service
_LOOKED_AT = 20  # tags of one operation
Tags = tuple[str, ...]


def labels(raws: Sequence[Raw], paths: Sequence[Parts], root: Mapping[str, Any]) -> list[str]:
    """A title for each operation; "" where its tags do not help."""
    useful = _useful(raws)
    sizes = Counter(tag for tags in useful for tag in tags)
    # One tag on everything says nothing, unless everything is one thing.
    if len(sizes) == 1 and sizes.total() == len(raws) and len({key(one[0]) for one in paths if one}) > 1:
        return [""] * len(raws)
    above = _above(root)
    titles = tag_titles_of({*sizes, *above.values()}, root)
    chosen = _shared(_chosen(useful, paths, sizes), above, titles)
    found = [titles[tag] if tag else "" for tag in chosen]
    counts = Counter(filter(None, found))
    alone = sum(count == 1 for count in counts.values())
    # Tags of one operation each are names of operations, not of what they belong to.
    return [""] * len(raws) if alone > 2 and alone * 2 > counts.total() else found


def descriptions(raws: Sequence[Raw], root: Mapping[str, Any]) -> dict[str, str]:
    """What the document says of its tags, by their titles."""
    declared = _declared(root)
    used = {*declared, *(tag for tags in _useful(raws) for tag in tags)} if declared else set()
    titles = tag_titles_of(used, root)
    return {titles[tag]: told for tag, one in reversed(declared.items()) if (told := text(one.get("description"))[:2000])}


def tag_titles_of(tags: Iterable[str], root: Mapping[str, Any]) -> dict[str, str]:
    """What a team wrote for display comes first: `summary` (OpenAPI 3.2, 4.22) or x-displayName."""
    titles = tag_titles(tags)
    for tag, declared in _declared(root).items():
        shown = printable(text(declared.get("summary")) or text(declared.get("x-displayName")))
        if tag in titles and shown:
            titles[tag] = shown
    return titles


def _declared(root: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    listed = root.get("tags")
    return {text(one.get("name")): one for one in listed if isinstance(one, dict)} if isinstance(listed, list) else {}


def _useful(raws: Sequence[Raw]) -> list[Tags]:
    """Each operation's tags without those that say nothing, and without one that everything has beside others."""
    given = [tuple(dict.fromkeys(raw.tags[:_LOOKED_AT])) for raw in raws]
    counts = Counter(tag for tags in given for tag in tags)
    useless = {tag for tag in counts if says_nothing(tag)}
    if len(counts) - len(useless) > 1:
        useless |= {tag for tag, count in counts.items() if count == len(raws)}
    return [tuple(tag for tag in tags if tag not in useless) if useless else tags for tags in given]


def _chosen(useful: Sequence[Tags], paths: Sequence[Parts], sizes: Mapping[str, int]) -> list[str]:
    """Of several tags the one whose operations lie together; "" where there is none."""
    if all(len(tags) < 2 for tags in useful):
        return [tags[0] if tags else "" for tags in useful]
    lying: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for tags, path in zip(useful, paths, strict=True):
        for tag in tags:
            lying[tag][path[0] if path else ""] += 1
    together = {tag: max(counts.values()) / sizes[tag] for tag, counts in lying.items()}

    def worth(tag: str) -> tuple[bool, float]:
        return (1 < sizes[tag] <= LARGEST, together[tag])

    return [max(tags, key=worth) if tags else "" for tags in useful]  # max keeps the first of equals


def _shared(chosen: Sequence[str], above: Mapping[str, str], titles: Mapping[str, str]) -> list[str]:
    """A tag that one operation has alone gives way to the tag or group it stands below."""
    counts = Counter(titles[tag].casefold() for tag in chosen if tag)
    return [above.get(tag, tag) if tag and counts[titles[tag].casefold()] == 1 else tag for tag in chosen]


def _above(root: Mapping[str, Any]) -> dict[str, str]:
    """What a tag stands below: its `parent` (OpenAPI 3.2), else its group (x-tagGroups)."""
    groups = root.get("x-tagGroups")
    found = {
        tag: text(group.get("name"))
        for group in (groups if isinstance(groups, list) else ())
        if isinstance(group, dict) and not says_nothing(text(group.get("name")))
        for tag in texts(group.get("tags"))
    }
    parents = {tag: text(one.get("parent")) for tag, one in _declared(root).items()}
    return {**found, **{tag: parent for tag, parent in parents.items() if parent and not says_nothing(parent)}}
