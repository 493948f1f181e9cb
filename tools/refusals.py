"""A product's refusal by our argument names. Pure. What names no argument stays in the message, so that nothing is lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.complaints import LOCATIONS, MESSAGE, MOST, complaints, cut, message_of, parts_of, unfolded
from tools.fields import Field, plain_name, words
from tools.schema import ToolDefinition

MESSAGES = 1_000  # characters of all together
LEADING = re.compile(r"""(?P<quote>["'`]?)(?P<path>[A-Za-z_$][\w$]*(?:[./\[\]-]+[\w$]+)*)\]?(?P=quote)(?=[\s:])""")
QUOTED = re.compile(r"""["'`]([A-Za-z_$][\w$.\[\]/-]*)["'`]""")


@dataclass(frozen=True, slots=True)
class Refusal:
    """`errors`: by argument name; of a place inside of it, with that before. `message`: in one line, with everything that names no argument."""

    message: str
    errors: dict[str, str]


def refusal(data: Any, definition: ToolDefinition) -> Refusal:
    arguments, data = Arguments(definition), unfolded(data)
    errors: dict[str, str] = {}
    rest = [message_of(data)]
    for each in complaints(data, arguments.by_name)[:MOST]:
        place = arguments.at(each.path, each.location) if each.path else arguments.named_in(each.text)
        if place is not None:
            errors[place[0]] = joined([errors.get(place[0], ""), labelled(place[1], each.text)], MESSAGE)
        if place is None or not each.path:
            rest.append(labelled(each.path, each.text))
    if not errors and (place := arguments.named_in(rest[0])):
        errors[place[0]] = rest[0]
    return Refusal(joined(rest, MESSAGES), errors)


def joined(texts: Sequence[str], longest: int) -> str:
    """Each once."""
    line = ""
    for text in texts:
        if text and text not in line:
            line = f"{line} {text}" if line.endswith((".", "!", "?")) or not line else f"{line}; {text}"
    return cut(line.strip(), longest)


def labelled(path: Sequence[str], text: str) -> str:
    return text if not path or path[-1] in text else f"{'.'.join(path)}: {text}"


class Arguments:
    """The arguments of an operation, by what a product may call them."""

    def __init__(self, definition: ToolDefinition) -> None:
        self.fields = definition.fields
        self.by_name: dict[str, list[Field]] = {}
        for each in definition.fields:
            self.by_name.setdefault(plain_name(each.wire), []).append(each)
        self.body = next((each for each in definition.fields if not each.wire and each.location == "body"), None)

    def at(self, path: tuple[str, ...], location: str = "") -> tuple[str, tuple[str, ...]] | None:
        """The argument, and the way inside of it. What lies before it is the product's own (data, attributes, the name of a record)."""
        if len(path) > 1 and (first := LOCATIONS.get(path[0].lower())):
            return self.at(path[1:], first) or self.inside(path, location)
        return self.inside(path, location)

    def inside(self, path: tuple[str, ...], location: str) -> tuple[str, tuple[str, ...]] | None:
        for number, part in enumerate(path):
            if part.isdigit():
                break  # into a list that is no argument: a name in there is another one's
            if plain_name(part) and (found := self.by_name.get(plain_name(part))):
                best = next((each for each in found if each.location == location), found[-1])
                return best.name, path[number + 1 :]
        if self.body and location in {"", "body"} and path:
            return self.body.name, path
        return None

    def named_in(self, text: str) -> tuple[str, tuple[str, ...]] | None:
        """The one argument that a sentence begins with or quotes: `name must be a string`, `First name can't be blank`, `"name" is required`."""
        lead = LEADING.match(text)
        places = [lead["path"]] if lead and lead["path"].lower() not in LOCATIONS else []
        human = [each for each in self.fields if each.wire.lower() not in LOCATIONS and text.lower().startswith(" ".join(words(each.wire)) + " ")]
        if human:
            return max(human, key=lambda each: len(each.wire)).name, ()
        found = {place for each in (places, QUOTED.findall(text)) for one in each if (place := self.exactly(parts_of(one)))}
        return found.pop() if len({name for name, _ in found}) == 1 else None

    def exactly(self, path: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
        place = self.at(path)
        return None if self.body and place and place[0] == self.body.name else place
