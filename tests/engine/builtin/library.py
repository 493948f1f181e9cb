"""A library's document, compiled as any other, and turns of the built-in model over it: answers are what the shelves below hold."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from engine.ask import tool_json
from engine.builtin.model import BuiltinModel
from preprocess.compile import compile_document
from specs.document import Document
from tests.engine.builtin.office import SYSTEM
from tools.own import OWN
from tools.search import offer

MOST = 12  # calls of a turn

Answer = Callable[[str, Mapping[str, Any]], Any]


def listed(of: str, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": f"#/components/schemas/{of}"}}, **more}}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def record(**properties: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in properties.items()}}


def reading(operation: str, summary: str, schema: Mapping[str, Any], *parameters: Mapping[str, Any]) -> dict[str, Any]:
    answers = {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}
    return {"get": {"operationId": operation, "summary": summary, "parameters": list(parameters), "responses": answers}}


def at(name: str, kind: str = "integer") -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def query(name: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": {"type": "string", **schema}}


LIBRARY: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Library", "version": "1"},
    "paths": {
        "/authors": reading("searchAuthors", "Search authors", listed("Author"), query("q", required=True)),
        "/authors/{author_id}": reading("getAuthor", "Get an author", ref("Author"), at("author_id")),
        "/authors/{author_id}/books": reading("listAuthorBooks", "List the books of an author", listed("Book"), at("author_id")),
        "/books": reading("searchBooks", "Search books", listed("Book"), query("q", required=True)),
        "/books/newest": reading("listNewestBooks", "List the newest books", listed("Book")),
        "/books/popular": reading("listPopularBooks", "List the popular books", listed("Book")),
        "/books/{book_id}": reading("getBook", "Get a book", ref("Book"), at("book_id")),
        "/books/{book_id}/reviews": reading("listBookReviews", "List the reviews of a book", listed("Review"), at("book_id")),
        "/books/{book_id}/similar": reading("listSimilarBooks", "List books that are similar to a book", listed("Book"), at("book_id")),
        "/books/{book_id}/copies": reading("listBookCopies", "List the copies of a book and where they stand", listed("Copy"), at("book_id")),
        "/books/{book_id}/chapters/{chapter_number}": reading(
            "getBookChapter", "Get a chapter of a book", record(text="string"), at("book_id"), at("chapter_number")
        ),
    },
    "components": {
        "schemas": {
            "Author": record(id="integer", name="string", born="string", country="string"),
            "Book": record(id="integer", title="string", published="string", pages="integer", rating="number"),
            "Review": record(id="integer", stars="integer", text="string"),
            "Copy": record(id="integer", branch="string", shelf="string"),
        }
    },
}
AUTHORS = [{"id": 7, "name": "Ursula Stone", "born": "1950-02-01", "country": "Norway"}, {"id": 8, "name": "Ulla Stone", "born": "1961-02-01"}]
BOOKS = [
    {"id": 31, "title": "The Grey Harbour", "published": "2001-05-02", "pages": 320, "rating": 4.1},
    {"id": 32, "title": "The Grey Harbour Revisited", "published": "2011-05-02", "pages": 220, "rating": 4.9},
    {"id": 33, "title": "Low Tide", "published": "2006-05-02", "pages": 420, "rating": 3.2},
]
SHELVES: dict[str, Any] = {
    "searchAuthors": {"items": AUTHORS},
    "getAuthor": AUTHORS[0],
    "listAuthorBooks": {"items": BOOKS},
    "searchBooks": {"items": BOOKS},
    "listNewestBooks": {"items": BOOKS[::-1]},
    "listPopularBooks": {"items": BOOKS[1:]},
    "getBook": BOOKS[0],
    "listBookReviews": {"items": [{"id": 1, "stars": 5, "text": "Good."}]},
    "listSimilarBooks": {"items": [{"id": 41, "title": "Ebb"}, {"id": 42, "title": "Flow"}]},
    "listBookCopies": {"items": [{"id": 1, "branch": "North", "shelf": "A1"}]},
    "getBookChapter": {"text": "It rained."},
}


@cache
def compiled(document: str) -> Document:
    return compile_document(document.encode())


@dataclass
class Reader:
    """A conversation; `calls` are those of the newest turn."""

    document: Mapping[str, Any] = field(default_factory=lambda: LIBRARY)
    answer: Answer = lambda operation, _: SHELVES[operation]
    messages: list[BaseMessage] = field(default_factory=lambda: [SystemMessage(SYSTEM)])
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def say(self, text: str) -> "Reader":
        self.messages.append(HumanMessage(text))
        self.said.insert(0, text)
        self.calls = []
        for _ in range(MOST):
            if not self._step():
                return self
        raise AssertionError(f"more than {MOST} calls: {self.calls}")

    def _step(self) -> bool:
        """One answer of the model; whether it goes on."""
        document = compiled(json.dumps(self.document))
        tools = [*OWN.values(), *offer(document, " ".join(self.said[:2]), self.used).tools]
        answer = BuiltinModel().bind_tools([tool_json(tool, True) for tool in tools]).invoke(self.messages)
        assert isinstance(answer, AIMessage)
        self.messages.append(answer)
        for call in answer.tool_calls:
            self.calls.append((call["name"], call["args"]))
            if call["name"] == "ask_user":
                return False
            self.messages.append(ToolMessage(json.dumps(self._result(call["name"], call["args"])), tool_call_id=call["id"]))
        return bool(answer.tool_calls)

    def _result(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if name in OWN:
            return {"from": "parlance", "tool": name, "rows": 1}
        self.used.append(name)
        found = self.answer(name, arguments)
        if isinstance(found, dict) and "outcome" in found:
            return {"from": "product", **found}
        rows = found.get("items") if isinstance(found, dict) else None
        return {
            "from": "product",
            "outcome": "done",
            "status": 200,
            "data": found,
            "whole": True,
            **({"rows": len(rows), "total": len(rows)} if rows else {}),
        }

    @property
    def path(self) -> list[str]:
        return [name for name, _ in self.calls if name not in OWN]

    @property
    def text(self) -> str:
        return str(self.messages[-1].text)
