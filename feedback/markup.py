"""HTML and SVG as text, made so that nothing a customer, a document or a model wrote can become markup. Pure."""

import re
from collections.abc import Iterable
from html import escape
from typing import TypeAlias

# What XML 1.0, 2.2 keeps out of a document, escaped or not; HTML and UTF-8 have no use for it either.
_UNUSABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WITHOUT_END = frozenset({"meta", "br"})


class Markup(str):
    """Text that is markup already: made by `tag` and `join`, or written here."""

    __slots__ = ()


Child: TypeAlias = "str | Iterable[Child]"


def tag(name: str, /, *children: Child, **attributes: str | float) -> Markup:
    """An element. Texts are escaped, attributes too; `class_` is class, `stroke_width` stroke-width."""
    said = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(clean(_number(value)))}"' for key, value in attributes.items())
    return Markup(f"<{name}{said}>" if name in _WITHOUT_END else f"<{name}{said}>{join(children)}</{name}>")


def join(children: Child) -> Markup:
    if isinstance(children, Markup):
        return children
    if isinstance(children, str):
        return Markup(escape(clean(children), quote=False))
    return Markup("".join(map(join, children)))


def clean(text: str) -> str:
    """Without the characters that cannot stand in a document."""
    return _UNUSABLE.sub("�", text)


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
