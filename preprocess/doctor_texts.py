"""The doctor's rules for texts that a model reads: what speaks to the model, markup, and what should never have been written down. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from preprocess.doctor_facts import Facts, Finding, label
from specs.head import text
from specs.pointers import join

_TO_THE_MODEL = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.]{0,30}\b(?:previous|prior|above|earlier|all|other|your)\b[^.]{0,20}\b(?:instructions?|prompts?|rules|guidelines)\b"
    r"|\b(?:do not|don't|never|without)\s+(?:tell|inform|mention|ask|notify)(?:ing)?\b[^.]{0,30}\b(?:user|customer|human)\b"
    r"|\b(?:the |this )?(?:assistant|llm|language model|ai agent|ai model)\b[^.]{0,20}\b(?:must|should|shall|has to)\b"
    r"|\b(?:before|after|when)\b[^.]{0,20}\b(?:using|calling|invoking)\b[^.]{0,20}\bthis (?:tool|function)\b[^.]{0,60}\b(?:always|must|first|also)\b"
    r"|<\|?(?:im_start|system|instructions?|important)\|?>",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"</?(?:p|br|b|i|a|ul|ol|li|em|strong|code|pre|div|span|table|tr|td|th|h[1-6])\b[^<>]{0,300}>", re.IGNORECASE)
_SECRET = re.compile(
    r"\b(?:sk_live_[0-9A-Za-z]{16,}|AKIA(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{36}|xox[abp]-\d{8,}-[0-9A-Za-z-]{16,}|AIza[0-9A-Za-z_-]{35})"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_LONGEST = 20_000  # characters of one text that are looked at
_EXAMPLES = ("example", "default")


def texts(facts: Facts) -> Iterator[Finding]:
    for owner, pointer, key, short in _described(facts):
        said = text(owner.get(key))[:_LONGEST]
        if _TO_THE_MODEL.search(said):
            yield _instruction(facts, pointer, key, said, short)
        if _MARKUP.search(said):
            plain = re.sub(r"[ \t]{2,}", " ", _MARKUP.sub(" ", said)).strip()
            actions = (facts.update(pointer, {key: plain}, "Without HTML."),) if len(said) < _LONGEST and not _MARKUP.search(plain) else ()
            yield Finding("description_markup", join(pointer, key), f"The text of {short} contains HTML.", short, actions)


def _instruction(facts: Facts, pointer: str, key: str, said: str, short: str) -> Finding:
    sentences = [one for one in _SENTENCE.split(said) if not _TO_THE_MODEL.search(one)]
    kept = " ".join(one.strip() for one in sentences if one.strip())
    found = _TO_THE_MODEL.search(said)
    message = f"The text of {short} seems to instruct a model: {' '.join(found.group().split())[:120] if found else ''!r}."
    usable = not _TO_THE_MODEL.search(kept) and len(said) < _LONGEST
    return Finding(
        "instructions_in_text", join(pointer, key), message, short, (facts.update(pointer, {key: kept}, "Without that sentence."),) if usable else ()
    )


def _described(facts: Facts) -> Iterator[tuple[Mapping[str, Any], str, str, str]]:
    """Objects whose texts reach a model, with the field that holds the text and what people call the object."""
    info = facts.root.get("info")
    if isinstance(info, dict):
        yield info, "/info", "description", "the document"
    tags = facts.root.get("tags")
    for number, tag in enumerate(tags if isinstance(tags, list) else ()):
        if isinstance(tag, dict):
            yield tag, join("/tags", number), "description", f"the tag {text(tag.get('name'))[:40]}"
    for raw in facts.each(facts.raws):
        yield raw.operation, raw.pointer, "summary", label(raw)
        yield raw.operation, raw.pointer, "description", label(raw)
    for raw, part in facts.each(facts.all_parameters):
        yield part.node, part.pointer, "description", f"{part.name[:40]} of {label(raw)}"
    for one in facts.each(facts.asked):
        yield one.node, one.pointer, "description", f"the field {one.name[:40]}" if one.name else "a body"


def leaked(facts: Facts) -> Iterator[Finding]:
    """Credentials that look real, in what is shown as an example."""
    for raw, part in facts.each(facts.all_parameters):
        yield from _leaks(part.node, part.pointer, f"{part.name[:40]} of {label(raw)}")
    for one in facts.each((*facts.asked, *facts.answered)):
        yield from _leaks(one.node, one.pointer, f"the field {one.name[:40]}")


def _leaks(node: Mapping[str, Any], pointer: str, short: str) -> Iterator[Finding]:
    for key in (*_EXAMPLES, "description"):
        if isinstance(value := node.get(key), str) and _SECRET.search(value[:_LONGEST]):
            yield Finding("example_secret", join(pointer, key), f"The {key} of {short} looks like a real credential.", short)


RULES = (texts, leaked)
