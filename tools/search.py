"""Which operations a model is shown for a text, and how much of each: the best ranked, what was used, and who supplies the ids these need."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from specs.document import Document
from specs.words import tokens
from tools.brief import brief, cost
from tools.korean import english
from tools.rank import rank
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings

LIMIT = 15  # operations
BUDGET = 4_000  # tokens of their definitions
_LEADING = 5  # of the ranked operations: these stand before what was used
_USED = 5
_RESERVED = 160  # tokens that are kept free for each operation that may still come
_PLAIN = DocumentSettings()


@dataclass(frozen=True, slots=True)
class Offer:
    """Tool definitions, best first, and what they take together: `tokens`, about."""

    tools: tuple[ToolDefinition, ...]
    tokens: int

    @property
    def operations(self) -> tuple[str, ...]:
        return tuple(tool.name for tool in self.tools)


@dataclass(frozen=True, slots=True)
class Room:
    """How many operations, and how many tokens of definitions, at most."""

    limit: int = LIMIT
    budget: int = BUDGET


_ROOM = Room()


def offer(document: Document, text: str, used: Sequence[str] = (), settings: DocumentSettings = _PLAIN, room: Room = _ROOM) -> Offer:
    """The best operation is always among them. The first ones are shown in full, later ones with what is required and what the text mentions."""
    mentioned = frozenset(tokens(english(text)))
    ranked = [one for one, _ in rank(document, text, 2 * room.limit)]
    off = frozenset(settings.off)
    wanted = [one for one in dict.fromkeys(_in_order(document, ranked, used)) if one not in off]
    chosen: list[ToolDefinition] = []
    left = room.budget
    for position, identifier in enumerate(wanted):
        places = min(room.limit, len(chosen) + len(wanted) - position) - len(chosen)
        if not places:
            break
        allowance = max(left - _RESERVED * (places - 1), left // places)
        tool = brief(definition(document.operation(identifier), settings), mentioned, allowance)
        if cost(tool) <= left or not chosen:
            chosen.append(tool)
            left -= cost(tool)
    return Offer(tuple(chosen), room.budget - left)


def estimate(document: Document, identifier: str) -> int:
    """Tokens of an operation's whole tool definition without a team's settings."""
    return cost(definition(document.operation(identifier), _PLAIN))


def _in_order(document: Document, ranked: Sequence[str], used: Sequence[str]) -> Iterator[str]:
    """The leading ones, what is in use with who supplies its ids, and then the rest."""
    recent = [one for one in dict.fromkeys(reversed(used)) if document.has(one)][:_USED]
    return chain(ranked[:_LEADING], recent, _suppliers(document, recent), ranked[_LEADING:])


def _suppliers(document: Document, identifiers: Iterable[str]) -> Iterator[str]:
    for identifier in identifiers:
        for suppliers in document.graph.suppliers(document.number(identifier), 1).values():
            yield suppliers[0].operation
