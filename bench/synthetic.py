"""Documents of any size with words such as people's products have, and sentences that ask for what is in them. Seeded: every run is the same."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WORDS = dict(part.split(":\n", 1) for part in Path(__file__).with_name("synthetic.txt").read_text().split("\n\n"))
AREAS, NOUNS, QUALITIES, ACTIONS, FIELDS = (WORDS[name].split() for name in ("areas", "nouns", "qualities", "actions", "fields"))
EXTRAS = WORDS["extras"].splitlines()
LEADS = ("", "please ", "can you ", "I want to ", "we need to ", "help me ")


def parameter(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string"}}


PAGED = {"page": parameter("page", "Number of the page, from 1."), "size": parameter("page_size", "Records on a page, at most 100.")}


def document(operations: int, seed: int = 7) -> dict[str, Any]:
    """Five or six operations a resource, parameters by reference, a schema a resource."""
    chance = random.Random(seed)
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    left = operations
    for area, quality, noun in resources(chance):
        resource = Resource(chance, area, quality, noun)
        schemas[resource.key] = resource.schema()
        for path, method, operation in resource.operations():
            if not left:
                info, components = {"title": "Synthetic", "version": str(operations)}, {"schemas": schemas, "parameters": PAGED}
                return {"openapi": "3.1.0", "info": info, "paths": paths, "components": components}
            paths.setdefault(path, {"parameters": [resource.identifier()]} if "{" in path else {})[method] = operation
            left -= 1
    raise AssertionError("resources never end")


def resources(chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Without end and without repetition; an area has nouns of its own, some more frequent than others."""
    seen = set()
    while True:
        area = chance.choice(AREAS)
        noun = NOUNS[(AREAS.index(area) * 17 + int(chance.triangular(0, 120, 0))) % len(NOUNS)]
        one = (area, chance.choice(QUALITIES), noun)
        if one not in seen:
            seen.add(one)
            yield one


class Resource:
    def __init__(self, chance: random.Random, area: str, quality: str, noun: str) -> None:
        self.chance, self.area, self.quality, self.noun = chance, area, quality, noun
        self.key = f"{area.title()}{quality.title()}{noun.title()}"

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        what, some, area = f"{self.quality} {self.noun}", f"{self.quality} {self.noun}s", self.area
        place = f"/{area}/{self.quality}-{self.noun}s"
        each = f"{place}/{{{self.noun}_id}}"
        paged = [{"$ref": f"#/components/parameters/{name}"} for name in PAGED]
        sifted = {"parameters": [*paged, parameter(self.chance.choice(FIELDS), f"Only {some} with this value.")]}
        told = {"requestBody": {"content": self.content()}}
        yield place, "get", self.operation(f"List {some}", f"Returns the {some} of the {area} workspace.", sifted)
        yield place, "post", self.operation(f"Create a {what}", f"Adds a {what} to the {area} workspace.", told)
        yield each, "get", self.operation(f"Get a {what}", f"Returns one {what} by its id.", {})
        yield each, "patch", self.operation(f"Update a {what}", f"Changes fields of a {what}.", told)
        yield each, "delete", self.operation(f"Delete a {what}", f"Removes a {what} for good.", {})
        if self.chance.random() < 0.5:
            action = self.chance.choice(ACTIONS)
            yield f"{each}/{action}", "post", self.operation(f"{action.title()} a {what}", f"Lets the {area} team {action} a {what}.", {})

    def operation(self, summary: str, description: str, more: dict[str, Any]) -> dict[str, Any]:
        identifier = f"{summary.partition(' ')[0].lower()}{self.key}{'s' if summary.startswith('List') else ''}"
        text = " ".join((description, *self.chance.sample(EXTRAS, 2)))
        answer = {"200": {"description": "What was asked for.", "content": self.content()}}
        return {"operationId": identifier, "tags": [self.area.title()], "summary": summary, "description": text, **more, "responses": answer}

    def content(self) -> dict[str, Any]:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{self.key}"}}}

    def schema(self) -> dict[str, Any]:
        own = {f"{self.noun}_id": {"type": "string"}}
        chosen = self.chance.sample(FIELDS, 8)
        named = {name: {"type": "string", "description": f"The {name.replace('_', ' ')} of the {self.noun}."} for name in chosen}
        return {"type": "object", "required": list(named)[:2], "description": f"A {self.quality} {self.noun}.", "properties": own | named}

    def identifier(self) -> dict[str, Any]:
        return {**parameter(f"{self.noun}_id", f"The id of the {self.noun}."), "in": "path", "required": True}


def sentences(root: dict[str, Any], count: int, seed: int = 11) -> list[str]:
    """As somebody would ask for operations of this document, of whatever kind."""
    chance = random.Random(seed)
    told = [str(one["summary"]) for item in root["paths"].values() for one in item.values() if isinstance(one, dict) and one.get("summary")]
    made = (f"{chance.choice(told).lower().rstrip('.')} for {chance.choice(AREAS)} {chance.choice(NOUNS)} 4711" for _ in range(count))
    return [chance.choice(LEADS) + one for one in made]
