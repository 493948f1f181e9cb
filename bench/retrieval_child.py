"""One search over one set of operations, built or asked, in a process of its own. Prints JSON: CPU seconds to build, ms to ask, MB held."""

import json
import pickle
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from bench.parts import Memory

LIMIT = 30
Ask = Callable[[str], Any]


def main() -> None:
    asked = json.loads(sys.argv[1])
    engine = {"parlance": Parlance, "tantivy": Tantivy, "bm25s": Bm25s}[asked["engine"]](asked)
    print(json.dumps(built(engine, asked) if asked["what"] == "build" else answered(engine, asked)))


def built(engine: Any, asked: dict[str, Any]) -> dict[str, float]:
    texts = orjson.loads(Path(asked["texts"]).read_bytes())
    begun = time.process_time()
    stored = engine.build(texts)
    return {"build": time.process_time() - begun, "stored": stored / 1e6}


def answered(engine: Any, asked: dict[str, Any]) -> dict[str, float]:
    """Every sentence twice: the first time most of what it finds is new, the second time nothing is."""
    sentences = orjson.loads(Path(asked["sentences"]).read_bytes())
    memory = Memory()
    begun = time.process_time()
    ask = engine.open()
    found = {"open": (time.process_time() - begun) * 1000}
    spent = [timed(ask, sentence) for sentence in (*sentences, *sentences)]
    new, again = spent[1 : len(sentences)], spent[len(sentences) :]
    found |= {"first": spent[0], "p50": statistics.median(new), "p99": p99(new), "p50_again": statistics.median(again), "p99_again": p99(again)}
    return found | {"memory": memory.held()}


def timed(ask: Ask, sentence: str) -> float:
    begun = time.process_time()
    ask(sentence)
    return (time.process_time() - begun) * 1000


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


class Parlance:
    """`build` makes the whole record of a document; for others it is their index alone."""

    def __init__(self, asked: dict[str, Any]) -> None:
        import tools.search
        from preprocess.compile import compile_tree
        from specs import record
        from specs.load import gc_paused

        self.paused = gc_paused
        self.asked, self.compile, self.record, self.search = asked, compile_tree, record, tools.search

    def build(self, _: list[str]) -> int:
        with self.paused():
            fields = self.record.dumps(self.compile(orjson.loads(Path(self.asked["tree"]).read_bytes()), "synthetic"))
        Path(self.asked["record"]).write_bytes(pickle.dumps(fields))
        return sum(map(len, fields.values()))

    def open(self) -> Ask:
        document = self.record.loads(pickle.loads(Path(self.asked["record"]).read_bytes()))
        if self.asked["what"] == "words":
            return lambda sentence: document.words.search(sentence, LIMIT)
        if self.asked["what"] == "rank":
            return lambda sentence: self.search.rank(document, sentence, LIMIT)
        return lambda sentence: self.search.offer(document, sentence, ())


class Tantivy:
    def __init__(self, asked: dict[str, Any]) -> None:
        import tantivy

        self.asked, self.tantivy = asked, tantivy

    def build(self, texts: list[str]) -> int:
        folder = Path(self.asked["index"])
        folder.mkdir()
        schema = self.tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="en_stem").add_unsigned_field("number", stored=True).build()
        index = self.tantivy.Index(schema, path=str(folder))
        writer = index.writer(num_threads=1)
        for number, text in enumerate(texts):
            writer.add_document(self.tantivy.Document(text=text, number=number))
        writer.commit()
        writer.wait_merging_threads()
        return sum(file.stat().st_size for file in folder.iterdir())

    def open(self) -> Ask:
        index = self.tantivy.Index.open(str(self.asked["index"]))
        searcher = index.searcher()
        return lambda sentence: searcher.search(index.parse_query_lenient(sentence, ["text"])[0], LIMIT).hits


class Bm25s:
    def __init__(self, asked: dict[str, Any]) -> None:
        import bm25s

        self.asked, self.bm25s = asked, bm25s

    def build(self, texts: list[str]) -> int:
        folder = Path(f"{self.asked['index']}.bm25s")
        index = self.bm25s.BM25()
        index.index(self.bm25s.tokenize(texts, show_progress=False), show_progress=False)
        index.save(str(folder), show_progress=False)
        return sum(file.stat().st_size for file in folder.iterdir())

    def open(self) -> Ask:
        index = self.bm25s.BM25.load(f"{self.asked['index']}.bm25s")
        limit = min(LIMIT, index.scores["num_docs"])
        return lambda sentence: index.retrieve(self.bm25s.tokenize(sentence, show_progress=False), k=limit, show_progress=False)


if __name__ == "__main__":
    main()
