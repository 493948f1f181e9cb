"""How well a mention fits a field: by what kind it is, and by the words around it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.builtin import compare, recount, words
from engine.builtin.mentions import Mention
from engine.builtin.toolbox import Field, Tool, which
from engine.builtin.verbs import JOINING, TOWARD
from engine.builtin.words import Token

OWNER = re.compile(r"['’]s\b|(?<=s)['’](?=\s)")
INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
JOINTS = re.compile(r"\s+and\s+|[,;]\s*")
ENOUGH = 1.0  # the least affinity that puts a mention into a field


@dataclass(frozen=True, slots=True)
class Request:
    """The words that ask for one call. `spans` of times are left to `dates`, those of groups to `grouping`."""

    text: str
    tool: Tool
    nouns: frozenset[str]
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def tokens(self) -> tuple[Token, ...]:
        return words.tokens(self.text)


def affinity(request: Request, field: Field, mention: Mention) -> float:
    """How well a mention fits a field: what kind it is, and what stands around it. Below ENOUGH it is left out."""
    fit = _kind(field, mention)
    if fit is None or (not field.required and _asked_for(request, field)):
        return 0.0
    if field.role == "identifier" and "-" in field.name and not {*field.own_words[-1:]} & {t.stem for t in request.tokens}:
        return 0.0  # a header such as acme-tenant-id, of which nothing was said
    cue = _cue(request, field, mention)
    if mention.kind == "phrase" and not cue and (field.role == "identifier" or not (request.tool.reads and field.required)):
        return 0.0
    score = fit + cue + _prepositions(request, field, mention)
    if not cue and not field.required and fit < 2:
        return 0.0
    return score + (0.5 if field.required else 0.0) + _heads(request, field, mention)


def _asked_for(request: Request, field: Field) -> bool:
    """who locked anna: the actor is the question, and anna is none."""
    return request.tool.reads and bool(set(words.parts(field.name)) & words.DOER_WORDS) and recount.asks_doer(request.text)


def _kind(field: Field, mention: Mention) -> float | None:
    """What the kinds of field and mention alone say; None when they exclude each other."""
    if field.role == "file":
        return None
    if mention.kind == "reported":
        return 1.0 if field.role == "text" and not field.many and _fits(field, mention.text) else None
    match field.role:
        case "secret" | "switch" | "choice" | "time":
            return None
        case "number" if field.numbered and field.suppliers and mention.kind in ("name", "quoted"):
            return 1.0
        case "number" | "page":
            return (1.0 if field.role == "number" else 0.0) if mention.kind in ("number", "code") and field.value(mention.text) is not None else None
        case "email":
            return 3.0 if mention.kind == "email" else None
        case "url":
            return 3.0 if mention.kind == "url" else None
    if _names_field(field, mention) or not _fits(field, mention.text):
        return None
    return _text_kind(field, mention)


def _names_field(field: Field, mention: Mention) -> bool:
    """the name, the email address: what is said of the field, and no value. A name in one word (theUser) has to be the field's own."""
    if mention.kind == "quoted":
        return False
    if INNER_CAPITAL.search(mention.text):
        return words.parts(mention.text) == words.parts(field.name)
    return set(words.stems(mention.text)) <= {*field.words, *words.GENERIC_STEMS}


def _text_kind(field: Field, mention: Mention) -> float | None:
    if mention.kind in ("email", "url"):
        return 1.0 if field.required or field.role in ("identifier", "name") else 0.2
    if field.role == "identifier":
        return {"uuid": 3.0, "code": 2.0, "quoted": 2.0, "number": 1.5, "name": 1.0, "word": 1.0, "phrase": 0.2}.get(mention.kind)
    if field.role == "search":
        return {"quoted": 2.5, "name": 2.0, "code": 1.5, "word": 1.0}.get(mention.kind, 0.3)
    if field.role == "name":
        return {"quoted": 1.5, "name": 1.2, "code": 1.2, "word": 1.0, "phrase": 0.2}.get(mention.kind)
    return {"quoted": 1.0, "name": 1.0, "code": 0.8, "word": 0.8, "number": 0.1, "phrase": 0.6}.get(mention.kind, 0.2)


def _fits(field: Field, value: str) -> bool:
    """Whether the schema could take the value as it stands."""
    schema = field.item
    if field.kinds and "string" not in field.kinds:
        return field.value(value) is not None
    if not field.formed(value):
        return bool(field.suppliers)
    return len(value) <= int(schema.get("maxLength", len(value)))


def _cue(request: Request, field: Field, mention: Mention) -> float:
    """The field's own name beside the mention: description 'X', email to X, X years, 70% forward."""
    tokens = request.tokens
    before = [t for t in tokens if t.end <= mention.start][-7:]
    if mention.kind == "reported":
        return _reported_in(field, before)
    if (side := _side(request, field, mention)) is not None:
        return side
    if request.tool.action == "update" and (score := _set_to(request, field, mention)) is not None:
        return score
    if before[-1:] and before[-1].lower in ("by", "to") and any(len(t.stem) > 2 and w.startswith(t.stem) for t in before[-2:-1] for w in field.words):
        return 4.0  # owned by anna: the owner; assigned to her: the assignee
    links = 0
    barred = {"to"} if mention.kind == "phrase" and request.tool.action != "update" else set()  # a joke of the category to lighten ...
    while before and before[-1].lower in words.LINKS - barred and before[-1].stem not in field.words:
        before, links = before[:-1], links + 1
    head = head_of(request, mention)
    owned = links and head in request.tool.nouns and head not in field.words  # the owner of the safe Vault: a safe, and no owner
    if before and before[-1].stem in field.words and not owned and not _marked(request.text, before[-1].end, mention.start):
        return 4.0 + 3.0 * _share(field, before) - 0.1 * links
    named = field.role in ("name", "identifier") or field.numbered
    if before and named and mention.kind != "phrase" and not links and before[-1].stem in request.tool.nouns:
        return 2.5
    if mention.kind == "number" and (counted := _counted(request, field, mention)) is not None:
        return counted
    if field.role in ("name", "identifier") and _introduced(request.text, mention):
        return 4.0 if not _words_between(request, field) else 2.0
    renamed = field.role == "name" and len(field.path) == 1 and request.tool.action == "update" and field not in which(request.tool)
    if renamed and _follows(tokens, mention, words.TARGET_MARKS):
        return 3.0  # rename it to X
    if mention.kind == "phrase" and field.required and field.role in ("identifier", "name") and _object(request, mention):
        return 2.0  # lock anna
    if request.tool.reads and not field.required and field.role in ("text", "name") and _told(request, field, mention):
        return 2.0
    if (bound := bounded(request, field, mention)) is not None:
        return bound
    if request.tool.reads and not field.required and _subject(request, field, mention):
        return 2.2
    if request.tool.reads and not field.required and _belongs(request, field, mention):
        return 2.2
    if field.role == "text" and field.required and _exemplified(field, mention):
        return 1.5
    after = [t for t in tokens if t.start >= mention.end and t.lower not in ("s", "of")][:2]
    own = set(field.own_words) - set(request.tool.nouns) or set(field.own_words)
    named = after[0].stem in own if after else False
    if named and not _marked(request.text, mention.end, after[0].start):
        return 3.0 + 2.0 * _share(field, after)
    return 0.0


def _side(request: Request, field: Field, mention: Mention) -> float | None:
    """add anna to editors: what stands behind the little word is what the operation's own summary has there."""
    tool = request.tool
    mark = next((t for t in request.tokens if t.lower in TOWARD), None)
    if mark is None or field not in tool.identifiers or len(tool.identifiers) != 2 or not tool.verbs & JOINING:
        return None
    summary = words.parts(tool.summary)
    cut = next((n for n, word in enumerate(summary) if word in TOWARD), len(summary))
    whole = {words.stem(word) for word in summary[cut:]}
    parts = [bool(set(f.own_words) & whole) for f in tool.identifiers]
    if parts[0] == parts[1]:
        return None
    fits = bool(set(field.own_words) & whole) == (mention.start > mark.start)
    return 3.0 if fits else -2.0


def _reported_in(field: Field, before: Sequence[Token]) -> float:
    """What a text is to say goes to the field that is named before it, else to one that holds sentences."""
    if any(t.stem in field.words for t in before):
        return 4.0
    return 1.0 if set(words.parts(field.name)) & words.PROSE else 0.0


def _belongs(request: Request, field: Field, mention: Mention) -> bool:
    """users in Finance, articles by Anna: a filter of its own is meant, rather than a search in all texts."""
    before = [t for t in request.tokens if t.end <= mention.start]
    if not before or any(f.required for f in request.tool.fields) or not belongs_somewhere(field):
        return False
    if mention.kind not in ("name", "quoted", "word", "code") and (" " in mention.text or mention.text.lower() in words.NOWHERE):
        return False
    person = bool(set(words.parts(field.name)) & words.PERSON_WORDS)
    head = head_of(request, mention)
    if head is not None and (not person or head in request.tool.nouns):
        return False  # "of user1" is no department
    return before[-1].lower in (words.PERSON_MARKS if person else words.MEMBER_MARKS)


def _counted(request: Request, field: Field, mention: Mention) -> float | None:
    """2 copies: how many, and no id."""
    after = [t for t in request.tokens if t.start >= mention.end][:1]
    if not after or not words.is_plural(after[0].text) or request.text[mention.end : after[0].start].strip():
        return None
    if field.numbered or field.role == "identifier":
        return -4.0
    return 3.0 if set(words.parts(field.name)) & words.QUANTITY_WORDS else None


def _subject(request: Request, field: Field, mention: Mention) -> bool:
    """what safes does anna own, what did anna do: whoever the question is about."""
    before = [t for t in request.tokens if t.end <= mention.start][-1:]
    after = [t.stem for t in request.tokens if t.start >= mention.end]
    person = set(words.parts(field.name)) & words.PERSON_WORDS
    if not before or before[0].lower not in words.DOES or mention.kind not in ("word", "name", "code", "quoted") or not person:
        return False
    deeds = [stem for stem in after if len(stem) > 2 and any(word.startswith(stem) for word in field.words)]
    return bool(deeds) or len([f for f in request.tool.fields if set(words.parts(f.name)) & words.PERSON_WORDS]) == 1


def bounded(request: Request, field: Field, mention: Mention) -> float | None:
    """cheaper than 13: the field for the highest price; below 0 it is for the other end."""
    bound = compare.side(request.text, mention.start) if mention.kind == "number" and field.role == "number" else None
    if bound is None:
        return None
    names, (end, about) = set(words.parts(field.name)), bound
    ends = (words.FINISH_WORDS, words.BEGIN_WORDS)
    wanted, other = ends if end == "finish" else ends[::-1]
    if names & wanted and set(field.words) & (about or {t.stem for t in request.tokens}):
        return 4.0
    return -4.0 if names & other else None


def belongs_somewhere(field: Field) -> bool:
    """Whether it says whose something is, or what it is part of."""
    names = set(words.parts(field.name))
    return field.role in ("text", "name") and not field.many and bool(names & (words.PERSON_WORDS | words.GROUP_WORDS | words.PLACE_WORDS))


def _set_to(request: Request, field: Field, mention: Mention) -> float | None:
    """set the department of anna to Sales, set anna's department to Sales: whose department it is, and what it becomes."""
    if OWNER.match(request.text, mention.end):
        return 2.5 if field.role in ("identifier", "name") and field.required else 0.0
    before = [t for t in request.tokens if t.end <= mention.start]
    rest = [t.lower for t in request.tokens if t.start >= mention.end]
    named = _named_before(request, field, mention)
    owned = any(OWNER.match(request.text, t.end) for t in before)
    if before and before[-1].lower in ("of", "for") and "to" in rest[:1]:
        return 2.5 if field.role in ("identifier", "name") and field.required else 0.0
    if before and before[-1].lower in ("to", "into") and mention.kind != "phrase":
        if named and (owned or any(t.lower in ("of", "for") for t in before)):
            return 4.0
        if owned and field in request.tool.identifiers:
            return 0.0
        return 2.2 if belongs_somewhere(field) and not field.required and not set(words.parts(field.name)) & words.PERSON_WORDS else None
    return None


def _named_before(request: Request, field: Field, mention: Mention) -> bool:
    """Whether the field is named before its value: in the same part of "the department to Sales and the title to Lead", where that names one."""
    part = JOINTS.split(request.text[: mention.start])[-1]
    stems, fields = {t.stem for t in words.tokens(part)}, request.tool.fields
    if not any(stems & set(f.own_words or f.words) for f in fields if f not in request.tool.identifiers):
        stems = {t.stem for t in request.tokens if t.end <= mention.start}
    return bool(stems & set(field.own_words or field.words))


def _words_between(request: Request, field: Field) -> bool:
    """Whether the field is named after something else than the tool is about: the owner's name of a new safe."""
    return any(w not in request.tool.nouns for w in field.own_words) and field.role != "name"


def _follows(tokens: Sequence[Token], mention: Mention, marks: frozenset[str]) -> bool:
    return any(t.lower in marks for t in [t for t in tokens if t.end <= mention.start][-1:])


def _told(request: Request, field: Field, mention: Mention) -> bool:
    """A filter whose description speaks of what the mention is: "what this user did" takes user1."""
    head = head_of(request, mention)
    return head is not None and head not in request.tool.nouns and head in words.stems(field.said)


def _exemplified(field: Field, mention: Mention) -> bool:
    """Whether the description names the value: "the diet, e.g. vegan"."""
    said = set(words.stems(mention.text)) - words.GENERIC_STEMS
    return bool(said) and said <= set(words.stems(field.said))


def _marked(text: str, start: int, end: int) -> bool:
    return any(mark in text[start:end] for mark in ",;.!?")


def _introduced(text: str, mention: Mention) -> bool:
    return bool(re.search(r"\b(?:called|named|titled|labell?ed|entitled|name)\s+$", text[: mention.start], re.IGNORECASE))


def _share(field: Field, near: Sequence[Token]) -> float:
    said = {t.stem for t in near[-len(field.words) - 1 :]}
    return sum(w in said for w in field.words) / len(field.words)


def _prepositions(request: Request, field: Field, mention: Mention) -> float:
    """in Paris, from Rome to Pisa, between 2 and 5: the little word before a mention, for fields of that meaning."""
    before = [t.lower for t in request.tokens if t.end <= mention.start]
    mark = before[-1] if before else ""
    names = set(field.words) | set(words.parts(field.name))
    score = 1.0 if mark == "for" and names & words.PERSON_WORDS and mention.kind in ("name", "quoted") else 0.0
    if names & words.PLACE_WORDS and mention.kind != "number":
        score += 1.5 if mark in words.PLACE_MARKS else -1.0 if mention.kind == "phrase" else 0.0
    elif mention.kind == "phrase" and field.required and field.role == "text" and _qualifies(request, mention):
        score += 0.4
    if names & words.ORIGIN_WORDS:
        score += 2.0 if mark in words.ORIGIN_MARKS else -0.3
    if names & words.TARGET_WORDS:
        score += 2.0 if mark in words.TARGET_MARKS or (mark == "and" and "between" in before) else -0.3
    if mention.kind == "phrase" and field.required:
        score += 0.5 if mark in words.TOPIC_MARKS else -0.2
    return score


def _object(request: Request, mention: Mention) -> bool:
    """One word right behind the verb of a tool that changes one thing."""
    before = [t for t in request.tokens if t.end <= mention.start][-1:]
    alone = " " not in mention.text and not words.is_plural(mention.text) and len(request.tool.identifiers) == 1
    return alone and not request.tool.reads and request.tool.action != "create" and bool(before) and before[0].stem in request.tool.verbs


def _qualifies(request: Request, mention: Mention) -> bool:
    """crime movies: one word before what the tool is about."""
    after = [t for t in request.tokens if t.start >= mention.end][:1]
    return " " not in mention.text and bool(after) and after[0].stem in request.tool.nouns and request.text[mention.end : after[0].start] == " "


def _heads(request: Request, field: Field, mention: Mention) -> float:
    """The noun right before or after a mention says what it names: "group admins" is no user."""
    head = head_of(request, mention)
    if not head or field.role not in ("identifier", "name"):
        return 0.0
    own = set(field.own_words) - words.OWN_NAME_STEMS
    if not own and head not in request.tool.nouns:
        return 2.0 if field.name.lower().startswith(head) else 0.0  # a mere "login" may be anybody's
    return 2.0 if head in (own or request.tool.nouns) or field.name.lower().startswith(head) else -2.0


def head_of(request: Request, mention: Mention) -> str | None:
    """The stem of the noun that a mention stands beside."""
    before = [t for t in request.tokens if t.end <= mention.start][-1:]
    after = [t for t in request.tokens if t.start >= mention.end][:1]
    for token in (*before, *after):
        if token.stem in request.nouns and not words.is_plural(token.text):
            return token.stem
    prefix = words.stems(mention.text)[:1] if mention.text[-1:].isdigit() else []
    return prefix[0] if prefix and prefix[0] in request.nouns else None
