"""Whether what a reply says occurs in what was returned, computed or said; and whether it is plain text. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import orjson

from engine.events import JSON, QuestionAnswered
from engine.facts import ReplyFacts, is_handle, leaves
from engine.numbers import ONES, TENS, spelled
from engine.orders import HOST, gives_orders, wants_something
from engine.reading import texts_in
from engine.receipts import without_handles
from engine.session import Call
from engine.words import QUOTES
from specs.words import tokens
from tools.own import OWN

MAX_REPLY = 4_000
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sep sept",
            "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
MONTH = "|".join(MONTHS)
ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?")
DAY = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({MONTH})\b\.?(?:,?\s+(\d{{4}}))?"
    rf"|\b({MONTH})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?",
    re.IGNORECASE,
)
KOREAN_DAY = re.compile(r"(?:(\d{4})년\s*)?(\d{1,2})월\s*(\d{1,2})일")
CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::\d{2})?(?:\s*([ap])\.?m\b\.?)?", re.IGNORECASE)
QUOTED = re.compile(r"\"([^\"\n]{1,300})\"|(?<!\w)'([^'\n]{1,300})'(?!\w)")
NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?(?!\w)(?!\.\w)", re.ASCII)
NAMED = re.compile(r"[A-Za-z0-9][\w.@:/+#-]*[\w]", re.ASCII)
CAPITAL = re.compile(r"[A-Z][\w'-]+")
STARTS = re.compile(r"(?:^|[.!?:;\n*•\-\d)\]\"“(])[\s*#>]*$")
ENUMERATION = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)
EVERYDAY = {
    *MONTHS, "i", "i'm", "i've", "i'll", "i'd", "api", "id", "ids", "ok", "okay", "http", "https", "url", "json", "csv", "utc", "am", "pm",
    "parlance", "yes", "no", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
}  # fmt: skip
HTML = re.compile(r"<[/!]?[a-zA-Z][^>\n]{0,200}>|<!--")
LINK = re.compile(r"!?\[[^\]\n]*\]\s*\([^)\n]*\)|^\s*\[[^\]\n]+\]:\s*\S+", re.MULTILINE)
SCHEME = re.compile(r"\b(?:javascript|data|vbscript|file):\S", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"')]+", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Ground:
    """Everything a reply may rest on, as text to look into."""

    facts: ReplyFacts

    @cached_property
    def returned(self) -> str:
        """What the product returned, in this turn and before."""
        own = {call.id for turn in self.facts.session.turns for call in turn.calls if call.wish.tool in OWN and call.wish.tool != "show"}
        return joined(written(body) for call, body in self.facts.bodies.items() if call not in own)

    @cached_property
    def everything(self) -> str:
        return joined([self.returned, *self.computed(), *self.said(), *self.ours()])

    def computed(self) -> Iterator[str]:
        yield from (written(body) for body in self.facts.bodies.values())
        for turn in self.facts.session.turns:
            for call in turn.calls:
                yield from outcome_texts(call)

    def said(self) -> Iterator[str]:
        past = self.facts.session.past
        yield from (text for _, text in (past.said if past else ()))
        for turn in self.facts.session.turns:
            yield turn.said.text
            for _, event in turn.trail:
                if isinstance(event, QuestionAnswered):
                    yield from (written(value) for value in (*event.values.values(), *event.edits.values()) if not is_handle(value))

    def ours(self) -> Iterator[str]:
        started = self.facts.session.started
        yield from (self.facts.title, started.timezone, *self.facts.services, *self.facts.summaries.values(), *self.facts.summaries)

    @cached_property
    def said_or_ours(self) -> str:
        """All of it that the product did not return."""
        return joined([*self.said(), *self.ours()])

    def holds(self, text: str, *, whole: bool = True) -> bool:
        return held(text, self.everything, whole=whole)


def outcome_texts(call: Call) -> Iterator[str]:
    if call.approved:
        yield written(without_handles(call.approved.arguments))
    if call.rejected and call.rejected.told:
        yield call.rejected.told
    if call.unknown:
        yield from (call.unknown.reason, call.unknown.said)
    if returned := call.returned:
        yield from (returned.message, str(returned.status or ""), *returned.errors, *returned.errors.values())
        if result := returned.result:
            yield f"{result.rows} {result.total} {result.outline} {' '.join(result.warnings)}"
        if returned.view:
            yield written(returned.view.model_dump(mode="json"))


def written(value: JSON) -> str:
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=str).decode()
    except TypeError:  # integers of more than 64 bits
        return str(value)


def joined(texts: Iterable[str]) -> str:
    return "\n".join(texts).translate(QUOTES).casefold()


def held(text: str, ground: str, *, whole: bool = True) -> bool:
    """Whether the ground holds the text, not as a part of a longer word or number."""
    wanted = text.translate(QUOTES).casefold().strip()
    if not wanted or wanted not in ground:
        return False
    return not whole or re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", ground, re.ASCII) is not None


def unsupported(text: str, facts: ReplyFacts) -> list[str]:
    """What the text says and nothing holds."""
    ground = Ground(facts)
    return [each for each, known in specifics(text, ground) if not known]


def from_results(text: str, facts: ReplyFacts) -> bool:
    """Whether the text names something that only the product's results hold."""
    ground = Ground(facts)
    return any(known and held(each, ground.returned) and not held(each, ground.said_or_ours) for each, known in specifics(text, ground))


def specifics(text: str, ground: Ground) -> Iterator[tuple[str, bool]]:
    """(what, whether the ground holds it): quotes, days, times, numbers, ids and names. Each is cut out before the next kind is looked for."""
    rest = ENUMERATION.sub(" ", text.translate(QUOTES))
    for pattern, known in ((QUOTED, quote_known), (ISO, iso_known), (DAY, day_known), (KOREAN_DAY, korean_day_known), (CLOCK, clock_known)):
        for match in pattern.finditer(rest):
            yield match.group(), known(match, ground)
        rest = pattern.sub(lambda found: " ," if found.re is not QUOTED else ' ", ', rest)
    for match in NAMED.finditer(rest):
        if re.search(r"\d|@|_", match.group()) and not re.fullmatch(r"[-+\d.,]+(?:st|nd|rd|th|%)?", match.group()):
            yield match.group(), ground.holds(match.group())
    for match in NUMBER.finditer(rest):
        yield match.group(), number_known(match.group(), ground)
    yield from spelled_numbers(rest, ground)
    yield from names(rest, ground)


def quote_known(match: re.Match[str], ground: Ground) -> bool:
    wanted = (match[1] or match[2]).strip(" .,!?")
    return not wanted or ground.holds(wanted, whole=False)


def iso_known(match: re.Match[str], ground: Ground) -> bool:
    if match[2]:
        return any(ground.holds(f"{match[1]}{joint}{match[2]}", whole=False) for joint in ("t", " "))
    return ground.holds(match[1], whole=False)


def day_known(match: re.Match[str], ground: Ground) -> bool:
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
    return on_day(year, MONTHS[month.lower()], int(day), ground) or ground.holds(match.group())


def korean_day_known(match: re.Match[str], ground: Ground) -> bool:
    return on_day(match[1], int(match[2]), int(match[3]), ground) or ground.holds(match.group(), whole=False)


def on_day(year: str | None, month: int, day: int, ground: Ground) -> bool:
    return ground.holds(f"{year}-{month:02}-{day:02}" if year else f"-{month:02}-{day:02}", whole=False)


def clock_known(match: re.Match[str], ground: Ground) -> bool:
    hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0) if match[3] else int(match[1])
    return ground.holds(f"{hour:02}:{match[2]}", whole=False) or ground.holds(match.group())


def number_known(text: str, ground: Ground) -> bool:
    """1,240 and 1240, 12.5 and 12.50 are one number."""
    plain = text.replace(",", "").lstrip("+")
    whole, _, fraction = plain.partition(".")
    fraction = fraction.rstrip("0")
    grouped = f"{int(whole):,}" if whole.lstrip("-").isdecimal() and len(whole) < 20 else whole
    pattern = "|".join(re.escape(each) for each in {whole, grouped})
    ending = rf"\.{fraction}0*" if fraction else r"(?:\.0+)?"
    return re.search(rf"(?<![\d.])(?<!\d,)0*(?:{pattern}){ending}(?!\d|\.\d|,\d{{3}})", ground.everything) is not None


def spelled_numbers(text: str, ground: Ground) -> Iterator[tuple[str, bool]]:
    for match in re.finditer(r"[A-Za-z]+(?:-[A-Za-z]+)?", text):
        words = match.group().lower().split("-")
        number = spelled(words) if all(word in ONES or word in TENS for word in words) else None
        if number is not None and number > 1:
            yield match.group(), number_known(str(number), ground) or ground.holds(match.group())


def names(text: str, ground: Ground) -> Iterator[tuple[str, bool]]:
    """Capitalised words that do not begin a sentence."""
    for match in CAPITAL.finditer(text):
        word = re.sub(r"'s?$", "", match.group())
        if STARTS.search(text[: match.start()]) or word.lower() in EVERYDAY or not tokens(word) or re.search(r"\d|_", word):
            continue
        yield word, ground.holds(word, whole=False) or all(ground.holds(token, whole=False) for token in tokens(word))


def unplain(text: str, facts: ReplyFacts) -> str | None:
    """Why the text cannot be shown; None when it can."""
    if len(text) > MAX_REPLY:
        return f"is longer than {MAX_REPLY} characters"
    return marked_up(text) or (
        "holds an address that no field of a result is and the customer did not give" if strange_address(text, facts) else None
    )


def strange_address(text: str, facts: ReplyFacts) -> bool:
    """Whether an address in the text is nobody's but a text's that was read. Beside one that gives orders, the fields of results count no more."""
    found = [each.rstrip(".,;:!?").casefold() for each in (*ADDRESS.findall(text), *HOST.findall(text))]
    if not found:
        return False
    ground = Ground(facts)
    missing = {each for each in found if not held(each, ground.said_or_ours, whole=False)}
    if not missing:
        return False
    texts = [*read_here(facts), *(text for body in facts.bodies.values() for text in texts_in(body))]
    if any(gives_orders(text) or (wants_something(text) and any(each in text.casefold() for each in missing)) for text in texts):
        return True
    fields = {value.strip().casefold() for body in facts.bodies.values() for _, value in leaves(body) if isinstance(value, str)}
    return any(ADDRESS.match(each) or "@" in each or not held(each, ground.returned, whole=False) for each in missing - fields)


def speaks(facts: ReplyFacts) -> bool:
    """Whether a text that the product returned in this turn gives orders to whoever reads it."""
    return any(map(gives_orders, read_here(facts)))


def read_here(facts: ReplyFacts) -> Iterator[str]:
    for call in facts.product_calls():
        if call.returned:
            yield from (call.returned.message, *call.returned.errors.values(), *texts_in(facts.bodies.get(call.id)))


def marked_up(text: str) -> str | None:
    if HTML.search(text) or LINK.search(text) or SCHEME.search(text):
        return "holds HTML, a link or an image"
    return "holds control characters" if CONTROL.search(text) else None


def foreign_addresses(text: str, ground: str) -> bool:
    """Whether the text holds a web address that the ground (as `joined` makes it) does not."""
    return any(not held(address.rstrip(".,;:!?"), ground, whole=False) for address in ADDRESS.findall(text))
