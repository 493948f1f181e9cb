"""English as the built-in model knows it: tables of words, and how a text becomes stems. Knows no tool and no conversation."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import specs.words
from tools import dates_english
from tools.fields import WORD

Action = Literal["read", "create", "update", "delete"]


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


VERBS: dict[Action, frozenset[str]] = {
    "read": _set(
        "get list show find search view see look display fetch retrieve check read query browse tell give describe count know what which "
        "who where when how many compute calculate determine estimate analyze recommend suggest lookup explain return print export download "
        "identify obtain pull inspect sort rank filter"
    ),
    "create": _set(
        "create add make register generate issue insert post book reserve schedule order buy purchase place compose send upload invite "
        "enroll new open build produce submit establish"
    ),
    "update": _set(
        "update change set edit modify rename replace patch adjust correct alter move assign put switch reset transfer save configure promote demote "
        "appoint raise lower increase decrease reduce extend"
    ),
    "delete": _set("delete remove cancel erase destroy drop clear revoke unassign discard kick"),
}
# Verbs beside those above: such as change something, and such as may only work something out.
CHANGING = _set(
    "lock unlock enable disable activate deactivate suspend block unblock archive unarchive start stop end close rotate approve reject "
    "accept pause turn share subscribe unsubscribe pay refund sign publish unpublish follow unfollow star merge attach detach install "
    "uninstall restart grant deny hide"
)
OTHER_VERBS = CHANGING | _set(
    "play run translate convert predict verify evaluate recognize scan track confirm log test validate standardize record process plan"
)
# Verbs that are things as often: an order, a book, the log.
DOUBLES = _set(
    "order book log issue post open schedule place upload invite purchase reserve change switch transfer lock block end start stop star share "
    "archive sign play run test record process plan track pause turn close patch update refund pay grant merge move translate install"
)
COMMANDS = frozenset().union(*VERBS.values(), OTHER_VERBS) - _set("what which who where when how many know new")

STOP = _set(
    "a an the this that these those it its i me my mine we us our you your yours he him his she her hers they them their and or but if "
    "so as at by for from in into of off on onto out over to up with within without about than then there here is are was were be been "
    "being am do does did done have has had having can could will would shall should may might must please also just only now some any "
    "all each every no not yes too very really want wanted need needed like liked help let lets thanks thank hi hello hey ok okay well "
    "kindly go going got able someone something anything everything one ones more most other another same using use via per s t d ll re "
    "ve m don doesn didn isn aren wasn what which who whom whose many much where when why how if because while new looking trying interested"
)
NEGATIONS = _set(
    "not no without don't dont doesn't never exclude excluding except isn't aren't neither nor non ignore ignoring neglect neglecting omit omitting"
)
PRONOUNS = _set("it him his her them she he they")
EVERYONE = _set("everyone everybody")  # nobody is called so
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "latest": 0, "newest": 0}
NUMBERS = {w: n for n, w in enumerate(dates_english.NUMBERS)}

# Words that stand between the name of a field and its value.
LINKS = _set("is are as to of the a an with be equals for was should will been at set my value code named called that which says saying reads states")
INTRODUCERS = _set("called named titled labelled labeled entitled name title")
COPY_NOUNS = _set("detail data setting value attribute property information info field profile record content thing")
COPY_MARKS = _set("those these that this same his her their its them")
SAME = _set("same identical")

GENERIC_FIELD_WORDS = _set("id ids uuid name names number value code type list is has include included the of a an for enable enabled flag")
NAME_WORDS = _set("name title username login label nickname handle slug")
OWN_NAMES = _set("username title login label nickname handle slug display full user")  # beside a noun: display_name
# Fields of sentences, and fields that say whose something is.
PROSE = _set("description note notes comment comments summary message text body content bio about caption reason remark remarks details memo")
PERSON_WORDS = _set("author actor owner creator assignee sender user username member person customer by reporter requester manager performer artist")
DOER_WORDS = _set("author actor creator sender user username by requester performer")
PERSON_MARKS = frozenset({"by", "of", "for"})
MEMBER_MARKS = frozenset({"in", "from", "of", "at", "within"})
BELONGS = re.compile(r"\b(?:in|from|at|within)\s+(?:the\s+)?['\"]?$", re.IGNORECASE)
NOWHERE = _set(
    "total detail details general order time system list lists database app account here there progress use charge alphabetical english full short"
)  # in total
GROUP_WORDS = _set(
    "department team organization organisation company category group project folder section division board channel workspace office branch"
)
QUANTITY_WORDS = _set("quantity qty count amount copies units pieces seats tickets guests nights people number")
WHEN = _set("date day time month year week period quarter datetime timestamp hour weekday minute")
SEARCH_WORDS = _set("q query search keyword keywords term terms filter text phrase find")
PAGE_WORDS = _set("page limit offset cursor per_page pagesize page_size after_id before_id skip top count_per_page")
READ_ONLY_WORDS = _set("id uuid created updated modified deleted etag version self href links")
# Beside a thing these say nothing about which ones, or are about the order and the number.
EMPTY = _set(
    "existing available current currently registered different entire whole complete full various possible relevant respective following given known "
    "certain specific individual several own such total listed stored newest latest oldest earliest recent recently top most last next past previous "
    "located based called named titled labelled labeled entitled sorted ordered grouped ranked shown displayed returned left done made able sure "
    "matching related corresponding belonging using good nice great fine best interesting important significant helpful useful"
)
ACRONYMS = _set("API URL URLs URI ID IDs JSON CSV PDF XML HTML HTTP GPS UTC I OK FAQ")
SOFT = _set("not still now already currently all also never yet")
QUESTIONS = _set("what which who whom whose when where why how")
DOES = _set("do does did has have had")
IS = _set("is are was were been")
BEGIN_WORDS = _set("from start since after begin beginning min minimum earliest gte gt lower startdate starttime")
FINISH_WORDS = _set("to end until till before max maximum latest lte lt upper through enddate endtime")
PLACE_WORDS = _set("location city place country state region area destination origin where address town venue")
TOPIC_MARKS = _set("of for about in on with from at by called named")
PLACE_MARKS = _set("in at near around inside within to from")
ORIGIN_WORDS = _set("from origin source src departure start pickup begin old base sender")
TARGET_WORDS = _set("to destination target tgt dest dst arrival end dropoff finish new recipient receiver into")
ORIGIN_MARKS = frozenset({"from", "between"})
TARGET_MARKS = frozenset({"to", "into"})
# What else the name of a field can be about.
MONEY_WORDS = _set("price amount cost budget balance fee payment salary income rate total usd dollars principal deposit loan")
CODE_WORDS = _set("id ids uuid identifier number code key ref reference")
LEAST_WORDS = _set("min minimum least lower from start begin low initial")
MOST_WORDS = _set("max maximum most upper to end limit high final")
STREET_WORDS = _set("street line address")
ZIP_WORDS = _set("zip postal postcode zipcode")
REGION_WORDS = _set("state province territory")
# In the name of a switch these tell nothing of what it switches.
SWITCH_WORDS = _set(
    "data info information detail details result results value values record records list option options mode status setting settings include "
    "included show return enable allow only use want need add get require required support should flag has is with apply display provide"
)
COMMAND_WORDS = _set("command query expression formula script function equation sql sequence")
SORT_WORDS = _set("type category kind genre style mode format unit units method")
# Before a value: articles, what else may stand between it and the name of its field, and the little words that say what it is for.
ARTICLES = _set("a an the this that these those my your our his her their its some any s")
PASSED = LINKS | ARTICLES | _set("me using named id number around")
MARKS = _set(
    "in at to from for of by with on about as into near around between and or is are was be called named within inside like via using than over "
    "under until since after before through without per titled it i you me not does do did has have had"
)
BETWEEN = _set("under between during around near since after before until till per via within inside among across along against toward towards")

# A verb that sets a switch: the stem of the field or state it turns on, and whether it turns it on.
SWITCHES: dict[str, tuple[str, bool]] = {
    "enable": ("enabl", True), "disable": ("enabl", False), "activate": ("activ", True), "deactivate": ("activ", False),
    "lock": ("lock", True), "unlock": ("lock", False), "block": ("block", True), "unblock": ("block", False),
    "suspend": ("suspend", True), "archive": ("archiv", True), "unarchive": ("archiv", False), "publish": ("publish", True),
    "unpublish": ("publish", False), "hide": ("hidden", True),
}  # fmt: skip
# Words that mean the same in requests, by stem: the second is what both become.
SAME_MEANING: dict[str, str] = {
    "film": "movy", "picture": "imag", "photo": "imag", "mail": "email", "telephon": "phon", "buy": "purchas", "song": "track", "people": "user",
    "person": "user", "physician": "doctor", "forecast": "weather", "bill": "invoic", "cancell": "cancel", "cost": "pric", "surnam": "last",
    "purg": "delet", "eras": "delet", "zipcod": "zip", "fail": "failur", "unsuccessful": "failur", "succeed": "success", "successful": "success",
    "e-mail": "email",
}  # fmt: skip
# Verbs that are one deed, whichever of them a document has.
SAME_DEED = (_set("lock block suspend disable deactivate"), _set("unlock unblock enable activate reactivate"), _set("pay transfer"))
SIGNING = re.compile(r"^log(?:g?ed|s)?(?=(?:in|on|out|off)s?$)")  # to log in is to sign in
INVARIANT = _set("news series species always perhaps sales")

NAME = 60  # characters: names of fields and listed values are cut again and again, descriptions once
_TOKEN = re.compile(r"[^\W_]+(?:[_.@+/:-]?[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the customer's text and where it stands."""

    text: str
    stem: str
    start: int
    end: int
    lower: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lower", self.text.lower())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The part that "creates", "created", "creating" share, the same for words of one meaning."""
    word = word.lower()
    if word in INVARIANT:
        return word
    cut = specs.words.stem(word)
    cut = f"{cut[:-1]}y" if cut.endswith("i") else cut  # movie, movies
    return SAME_MEANING.get(cut, cut)


def parts(text: str) -> list[str]:
    """Lower-case words of a name or a text: listAuditLogs -> list, audit, logs."""
    return list(_parts_of_name(text)) if len(text) <= NAME else _cut(text)


def _cut(text: str) -> list[str]:
    return [match.lower() for match in WORD.findall(text)]


@lru_cache(maxsize=20_000)
def _parts_of_name(name: str) -> tuple[str, ...]:
    return tuple(_cut(name))


def whens(text: str) -> set[str]:
    """The words for times in a text, by stem."""
    return set(stems(text)) & WHEN_STEMS


def stems(text: str) -> list[str]:
    return [stem(word) for word in parts(text)]


def abbreviates(short: str, word: str) -> bool:
    """grp of group, acc of account, c of customer: the beginning of an id, of what it is an id of."""
    letters = iter(word)
    return word.startswith(stem(short)) or (short[:1] == word[:1] and all(letter in letters for letter in short))


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[Token, ...]:
    return tuple(Token(m.group(), stem(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(text))


@lru_cache(maxsize=5_000)
def action_of(word: str) -> Action | None:
    """The class of a verb in any of its forms."""
    found = stem(word)
    return next((action for action, verbs in VERB_STEMS.items() if found in verbs), None)


@lru_cache(maxsize=20_000)
def joined(text: str) -> str:
    """One stem for sign-ins, signed_in and "signed in": those of its parts without what is between them."""
    found = parts(text)
    whole = "".join((*(stem(word) for word in found[:-1]), stem(found[-1]) if len(found[-1]) > 3 else found[-1].rstrip("s"))) if found else ""
    return SIGNING.sub("sign", whole).replace("signon", "signin").replace("signoff", "signout")


def is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))


VERB_STEMS: dict[Action, frozenset[str]] = {action: frozenset(stem(verb) for verb in verbs) for action, verbs in VERBS.items()}
COMMAND_STEMS = frozenset(stem(verb) for verb in COMMANDS)
DOUBLE_STEMS = frozenset(stem(verb) for verb in DOUBLES)
CHANGING_STEMS = frozenset(stem(verb) for verb in CHANGING)
PERSON_STEMS = frozenset(stem(word) for word in (*PERSON_WORDS, "person", "people", "employee"))
SAME_DEED_STEMS = tuple(frozenset(stem(verb) for verb in verbs) for verbs in SAME_DEED)
WHEN_STEMS = frozenset(stem(word) for word in WHEN)
LITTLE_STEMS = frozenset(stem(word) for word in STOP | BEGIN_WORDS | FINISH_WORDS)
GENERIC_STEMS = frozenset(stem(word) for word in GENERIC_FIELD_WORDS)
EMPTY_STEMS = frozenset(stem(word) for word in EMPTY | QUESTIONS)
SWITCH_STEMS = frozenset(stem(word) for word in SWITCH_WORDS) | EMPTY_STEMS
OWN_NAME_STEMS = frozenset(stem(word) for word in OWN_NAMES)
COPY_STEMS = frozenset(stem(word) for word in COPY_NOUNS)
OPPOSITES = {
    stem(one): stem(other)
    for pair in ("ascending descending", "public private", "active inactive", "visible hidden", "online offline", "indoor outdoor", "paid unpaid")
    for one, other in (pair.split(), pair.split()[::-1])
}  # of what a switch is named after: said instead of it, they mean no
