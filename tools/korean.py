"""Korean in front of English documents: the English for what a text names and asks for, from a glossary of our own (korean_words.txt)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, get_args

Kind = Literal["things", "acts", "deeds", "verbs", "reads", "questions", "mute", "forms", "space", "unknown"]
HANGUL = re.compile(r"[가-힣]")
_CHUNK = re.compile(r"[가-힣]+(?: [가-힣]+)*")
# 삭제하지 말고, 추천 말고: named to be left out. 등록된, 수정한: tells which ones are meant, asks for nothing.
_LEFT_OUT = re.compile(r"(?:을|를|은|는)? ?(?:하지|지)?(?:는|도)? ?(?:말[고아]|마(?:$|[라세시요\s,.!])|않)")
_DONE = re.compile(r" ?(?:된|되|됐|될|한(?! ?(?:다음|뒤|후))|하는|하던|당한|중)")
# 감사팀이라는 그룹, '배포' 메시지: what a thing is called.
_CALLED = re.compile(r"[가-힣]{0,6}이?라[는고]")
_QUOTED = re.compile(r"'[^']{1,200}'|\"[^\"]{1,200}\"|‘[^‘’]{1,200}’|“[^“”]{1,200}”")
_PAST = re.compile(r"(?:[했됐갔왔봤줬꿨웠렸졌]|[가-힣][었았])(?:어|나|는지|니|습|지|던)")
# 잠금을 해제, 잠금을 풀다: to take a lock back is one word of the glossary, with and without the particle.
_TAKEN_BACK = re.compile(r"([가-힣])[을를] (해제|풀[어고])")
_TO_DO = re.compile(r"(?:을|를)? ?(?:좀 )?(?:처리 ?)?(?:해|하[고세십라자]|할[래게까]|부탁|시켜)")
# 사용자들, 10개만, 누가 있어?: not one of them.
_SEVERAL = re.compile(r"[가-힣](?<!만)들|(?:\d|몇) ?[개건명편통대곳]|전부|모두|모든|전체|내역|목록|리스트|(?<!수 )있(?:어|나|는지)|뭐뭐|누구누구")
# Of a cut: a syllable that no word covers costs more than any word, and two short words more than a long one.
_WORD, _SHORT, _FORM, _UNKNOWN = 2, 3, 2, 8


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a text: what the glossary knows, a space, or one syllable that no word covers."""

    start: int
    end: int
    kind: Kind
    english: str = ""


def is_korean(text: str) -> bool:
    """Whether somebody writes in Korean: not English with a Korean name in it."""
    plain = _QUOTED.sub(" ", text)
    korean, other = re.findall("[가-힣]+", plain), re.findall(r"(?<![\w@.-])[A-Za-z]{2,}(?=[\s,.!?]|$)", plain)
    return len(korean) > 0 and len(other) <= len(korean)


def english(text: str) -> str:
    """The English for a text and the text itself behind it: names are not in the glossary, and a document may be in Korean."""
    if not HANGUL.search(text):
        return text
    plain = _TAKEN_BACK.sub(r"\1 \2", _QUOTED.sub(lambda found: "·" * len(found.group()), text))
    words = [word for word in words_in(plain) if _meant(word, plain)]
    asked = [word.english for word in words if word.kind == "questions"]
    if {"who", "what"}.intersection(asked) and _PAST.search(plain):
        asked.append("what happened")
    said = [word.english for word in words if word.kind != "questions"]
    if _SEVERAL.search(plain) and not any(_changes(word, plain) for word in words):
        said = [*(one for one in said if one != "get"), "list"]
    return " ".join(dict.fromkeys([*asked, *said, text]))


def words_in(text: str) -> Iterator[Word]:
    """What the glossary knows of a text, in order, without particles and endings."""
    for chunk in _CHUNK.finditer(text):
        run: list[Word] = []
        for piece in _pieces(text, chunk.start(), chunk.end()):
            if piece.kind == "space":
                yield from _named(run)
                run = []
            else:
                run.append(piece)
        yield from _named(run)


def _changes(word: Word, text: str) -> bool:
    return word.kind in ("deeds", "verbs") or (word.kind == "acts" and _TO_DO.match(text, word.end) is not None)


def _meant(word: Word, text: str) -> bool:
    rest = text[word.end : word.end + 8]
    return not _LEFT_OUT.match(rest) and not _CALLED.match(rest) and not (word.kind == "deeds" and _DONE.match(rest))


def _named(run: Sequence[Word]) -> list[Word]:
    """The words of what is written without a space. 박수정 and 정보람 are people: beside one syllable that is unknown there is no 수정."""
    unknown = {piece.start for piece in run if piece.kind == "unknown"}
    words = [piece for piece in run if piece.kind not in ("unknown", "forms", "mute")]
    if not unknown:
        return words
    first, last = run[0].start, run[-1].end
    if last - first <= 3 or (first in unknown and first + 1 not in unknown):
        return []
    return [word for word in words if word.end - word.start > 1]


def _pieces(text: str, start: int, end: int) -> list[Word]:
    """The cheapest cut into pieces, found in one pass, so that its cost grows with the length and nothing else."""
    spent = [0] * (end - start + 1)
    ways: list[Word | None] = [None] * (end - start + 1)
    for at in range(start, end):
        before = ways[at - start]
        for piece, cost in _from(text, at, end, follows=before is not None and before.kind not in ("space", "unknown")):
            whole, to = spent[at - start] + cost, piece.end - start
            if ways[to] is None or whole < spent[to]:
                spent[to], ways[to] = whole, piece
    pieces: list[Word] = []
    last = ways[end - start]
    while last is not None:
        pieces.append(last)
        last = ways[last.start - start]
    return pieces[::-1]


def _from(text: str, at: int, end: int, *, follows: bool) -> Iterator[tuple[Word, int]]:
    """The pieces that may stand at a place, with what each costs. A particle or an ending follows a word."""
    if text[at] == " ":
        yield Word(at, at + 1, "space"), 0
        return
    yield Word(at, at + 1, "unknown"), _UNKNOWN
    for to in range(at + 1, min(end, at + _LONGEST.get(text[at], 0)) + 1):
        part = text[at:to]
        if follows and part in _FORMS:
            yield Word(at, to, "forms"), _FORM
        if part in _GLOSSARY:
            kind, meaning = _GLOSSARY[part]
            yield Word(at, to, kind, meaning), _SHORT if to == at + 1 else _WORD


def _entries() -> Iterator[tuple[Kind, str, str]]:
    """What the file says: the kind, the word, the English for it. A word with _ is written with a space or without."""
    kind: Kind = "things"
    for line in files("tools").joinpath("korean_words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = next(one for one in get_args(Kind) if one == line.strip("[]"))
        elif line and not line.startswith("#"):
            meaning, _, words = line.partition("=")
            for word in words.split():
                yield from ((kind, spelling, meaning.strip()) for spelling in {word.replace("_", " "), word.replace("_", "")})


def _longest(words: Iterable[str]) -> dict[str, int]:
    """By its first syllable, how long a word may be."""
    longest: dict[str, int] = {}
    for word in words:
        longest[word[0]] = max(longest.get(word[0], 0), len(word))
    return longest


_ENTRIES = tuple(_entries())
_GLOSSARY: dict[str, tuple[Kind, str]] = {word: (kind, meaning) for kind, word, meaning in _ENTRIES if kind != "forms"}
_FORMS = frozenset(word for kind, word, _ in _ENTRIES if kind == "forms")
_LONGEST = _longest([*_GLOSSARY, *_FORMS])
