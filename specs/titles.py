"""Names in a person's words, made of what stands in a document: "pet-store", "pet_store" and "PetStoreAPI" are "Pet store". Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

LONGEST = 60
_READ = 300  # characters of a name that are looked at
_VERSION = r"[vV]\d+(?:[._]\d+)*(?:(?:alpha|beta|rc)\d*)?(?![A-Za-z])"
_WORD = re.compile(
    rf"(?:(?<![A-Za-z])|(?<=[a-z])(?=V)){_VERSION}|\d{{4}}-\d{{2}}(?:-\d{{2}})?(?!\d)"
    r"|[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+|[^\W\d_A-Za-z]+"
)
# Words that name no part of a product, and dates and versions.
_EMPTY = re.compile(rf"{_VERSION}|\d+(?:\.\d+)*|\d{{4}}-\d{{2}}(?:-\d{{2}})?|apis?|rest|public|restapi|restservices?", re.IGNORECASE)
_SAYS_NOTHING = frozenset(
    word
    for line in (
        "all alpha apiv1 apiv2 apiv3 beta controller default deprecated endpoint endpoints experimental internal none null openapi openapi3",
        "preview private publicapi stable swagger undefined untagged",
    )
    for word in line.split()
)
_TAIL = frozenset(("api", "apis", "controller", "endpoint", "endpoints"))  # what frameworks append
_ACRONYMS = {
    (word + plural).lower(): word + plural
    for plural in ("", "s")
    for line in (
        "AI API CDN CPU CRM CSV DB DNS EU FAQ GPU HR HTML HTTP HTTPS IAM ID IP IPv4 IPv6 JSON JWT KYC LLM MFA OAuth OAuth2 OIDC PDF QR RBAC SAML",
        "SCIM SDK SIP SKU SLA SMS SMTP SQL SSH SSL SSO TLS TTS TV UI UK UPC URI URL USB VAT VM VPC VPN XML YAML",
    )
    for word in line.split()
}
_WRITTEN = re.compile(r"[A-Z][a-z\d]*(?:['&.+-][a-z\d]+|/[A-Z][a-z\d]*)*")  # one word, or words that belong together: "Fine-tuning"
_PLURAL_STAYS = frozenset(("settings", "sales", "news", "series", "goods", "species", "communications", "operations", "savings", "earnings"))
_STAYS = re.compile(r"(?:ss|us|is|ics)$")


def printable(name: str) -> str:
    """One line without control characters, of a bounded length."""
    name = name[:_READ]
    shown = name if name.isprintable() else "".join(one if one.isprintable() else " " for one in name)
    return shortened(" ".join(shown.split()))


def shortened(name: str, longest: int = LONGEST) -> str:
    if len(name) <= longest:
        return name
    whole, _, _ = name[:longest].rpartition(" ")
    return whole.rstrip(" ,:;-") if len(whole) > longest // 2 else name[:longest].rstrip()


@lru_cache(maxsize=10_000)
def words(name: str) -> tuple[str, ...]:
    """A slug's words as they stand. One letter belongs to what it touches ("OAuth", "eSIM"), and two capitals to what they end ("GraphQL")."""
    found: list[str] = []
    end = -1
    for match in _WORD.finditer(name[:_READ]):
        word = match.group()
        touching = match.start() == end
        letter = touching and len(found[-1]) == 1 and found[-1].isalpha()
        ending = touching and len(word) == 2 and word.isupper() and word.isalpha() and word.lower() not in _ACRONYMS and match.end() == len(name)
        if letter or ending:
            found[-1] += word
        else:
            found.append(word)
        end = match.end()
    return tuple(found)


def sentence(parts: Sequence[str]) -> str:
    """Words as a name: the first begins with a capital, acronyms keep theirs."""
    shouted = len(parts) > 1 and all(word.upper() == word for word in parts)
    told = [_ACRONYMS.get(word.lower()) or (word.lower() if shouted or not _mixed(word) else word) for word in parts]
    text = " ".join(told)
    return shortened(text if told and _mixed(told[0]) else text[:1].upper() + text[1:])


def _mixed(word: str) -> bool:
    """With a capital behind its first letter: spelt so on purpose."""
    return word[1:] != word[1:].lower()


@lru_cache(maxsize=10_000)
def title(name: str) -> str:
    """A name that a person wrote stays as it is; a slug becomes words. "" where nothing is said."""
    name = printable(name)
    if not _written(name):
        return sentence(core(name))
    return name if _mixed(name.partition(" ")[0]) else name[:1].upper() + name[1:]


def _written(name: str) -> bool:
    return " " in name or bool(_WRITTEN.fullmatch(name)) or not (name.isascii() or re.search(r"[_/.\\-]", name))


def core(name: str) -> tuple[str, ...]:
    """The words of a slug without what frameworks append; one is left."""
    found = words(name)
    while len(found) > 1 and found[-1].lower() in _TAIL:
        found = found[:-1]
    return found


def is_written(name: str) -> bool:
    return _written(printable(name))


def is_version(word: str) -> bool:
    return bool(re.fullmatch(_VERSION, word))


def is_empty(part: str) -> bool:
    """A version, a date or "api", as they stand in paths."""
    return bool(_EMPTY.fullmatch(part))


@lru_cache(maxsize=20_000)
def says_nothing(name: str) -> bool:
    """A version, a date, "api", "default": no part of a product. Also tools' own marks ("x-internal")."""
    plain = name.strip().lower()[:_READ]
    if plain.startswith("x-") or not any(one.isalnum() for one in plain):
        return True
    return re.sub(r"[\W_]+", "", plain) in _SAYS_NOTHING or all(is_empty(word) for word in re.split(r"[\s_/]+", plain) if word)


_ES = re.compile(r"(?:ss|x|sh|zz|[^a]ch|[oe]ach|[^aeo]us)es$")  # "branches", "statuses"; but "caches", "houses"


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """ "branches" -> "branch"; words that only look like plurals stay."""
    plain = word.lower()
    if len(plain) < 4 or not plain.endswith("s") or plain in _PLURAL_STAYS or _STAYS.search(plain):
        return word
    if plain.endswith("ies") and len(plain) > 4:
        return word[:-3] + "y"
    return word[:-2] if _ES.search(plain) else word[:-1]


def spelling(counts: Mapping[str, int]) -> str:
    """Of the ways to write one word the plural, else the most frequent; of equals the first by alphabet."""
    return min(counts, key=lambda one: (singular(one) == one, -counts[one], one))


@lru_cache(maxsize=10_000)
def key(name: str) -> tuple[str, ...]:
    """What names have in common that mean the same: words in lower case and the singular."""
    if name.isascii() and name.isalpha() and name.islower():
        return (singular(name),)  # most path parts
    return tuple(singular(word.lower()) for word in words(name)) or (name.casefold(),)


def compound(whole: str, part: str) -> str:
    """A part of something larger, which it need not repeat: "Repos", "Branches" -> "Repo branches"; "Settings", "Chat" -> "Chat settings"."""
    if key(part)[: len(key(whole))] == key(whole):
        return part
    head, _, last = whole.rpartition(" ")
    if last.lower() in _PLURAL_STAYS:
        return shortened(f"{part} {_inside(whole)}")
    return shortened(f"{head} {singular(last)} {_inside(part)}".strip())


def listed(names: Sequence[str]) -> str:
    """ "Users, orders and TV series"."""
    rest = [_inside(name) for name in names[1:]]
    return shortened(" and ".join(filter(None, (", ".join((names[0], *rest[:-1])), *rest[-1:]))))


def _inside(name: str) -> str:
    """As it stands behind other words; with capitals further on it is spelt so on purpose."""
    return name if _mixed(name) or len(name.partition(" ")[0]) == 1 else name[:1].lower() + name[1:]


def tag_titles(tags: Iterable[str]) -> dict[str, str]:
    """The title of every tag; words that begin all of them are left out, and versions that tell none apart."""
    slugs = {tag: core(printable(tag)) for tag in tags if not is_written(tag)}
    written = {tag: title(tag) for tag in tags if tag not in slugs}
    if not written:
        slugs = _without_common(slugs)
    bare = {tag: tuple(word for word in parts if not is_version(word)) or parts for tag, parts in slugs.items()}
    versions: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for tag, parts in slugs.items():
        if bare[tag] != parts:
            versions.setdefault(bare[tag], set()).add(parts)
    return {**written, **{tag: sentence(parts if len(versions.get(bare[tag], ())) > 1 else bare[tag]) for tag, parts in slugs.items()}}


def _without_common(slugs: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    if len(slugs) < 3:
        return slugs
    shortest = min(len(parts) for parts in slugs.values()) - 1
    first = next(iter(slugs.values()))
    count = next((n for n in range(max(shortest, 0), 0, -1) if all(parts[:n] == first[:n] for parts in slugs.values())), 0)
    return {tag: parts[count:] for tag, parts in slugs.items()}
