"""The doctor's rules for a document as a whole: where it answers, who may call it, and its paths. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from preprocess.doctor_facts import Facts, Finding, label
from runtime.addresses import address_of, is_public
from specs import swagger
from specs.catalogue import METHODS, placeholders
from specs.head import text
from specs.model import SecurityScheme
from specs.overlay import Action
from specs.pointers import join, value_at
from tools.places import VARIABLE

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_PRIVATE_NAMES = (".local", ".localhost", ".internal", ".lan", ".home", ".corp")
_USABLE_HTTP = ("bearer", "basic")
_SHOWN = 3  # names in a message
_OF_PATH = frozenset((*METHODS, "$ref", "summary", "description", "servers", "parameters", "additionalOperations"))


def title(facts: Facts) -> Iterator[Finding]:
    info = facts.root.get("info")
    if not (isinstance(info, dict) and text(info.get("title")).strip()):
        yield Finding("title_missing", "/info", "The document has no title.")


def servers(facts: Facts) -> Iterator[Finding]:
    """Of the document, and of the paths and operations that have their own."""
    own = swagger.servers(facts.root, facts.root.get("schemes")) if facts.swagger else facts.root.get("servers")
    if not _usable(own):
        without = [raw for raw in facts.raws if not _usable(raw.operation.get("servers")) and not _usable(raw.item.get("servers"))]
        if without:
            yield Finding("server_missing", "/servers" if "servers" in facts.root else "", "The document does not say where the product answers.")
    owners: dict[str, Any] = {"": own}
    for raw in () if facts.swagger else facts.each(facts.raws):  # Swagger 2.0 gives an operation other schemes at most
        owners[raw.item_pointer] = raw.item.get("servers")
        owners[raw.pointer] = raw.operation.get("servers")
    for pointer, listed in owners.items():
        for number, server in _usable(listed):
            yield from _server(facts, join(pointer, "servers", number), server, first=number == 0)


def _usable(listed: Any) -> list[tuple[int, Mapping[str, Any]]]:
    given = enumerate(listed if isinstance(listed, list) else ())
    return [(number, one) for number, one in given if isinstance(one, dict) and isinstance(one.get("url"), str)]


def _server(facts: Facts, pointer: str, server: Mapping[str, Any], *, first: bool) -> Iterator[Finding]:
    """`first`: the one that calls go to unless the settings say otherwise."""
    url, variables = server["url"], server.get("variables")
    given = variables if isinstance(variables, dict) else {}
    defaults = {}
    for name in VARIABLE.findall(url):
        declared = given.get(name)
        defaults[name] = text(declared.get("default")) if isinstance(declared, dict) else ""
        if not defaults[name]:
            yield _without_default(facts, pointer, name, declared)
    address = VARIABLE.sub(lambda found: defaults.get(found[1]) or "x", url)
    try:
        split = urlsplit(address)
        host = split.hostname or ""
    except ValueError:
        host, split = "", urlsplit("")
    at = join(pointer, "url")
    if split.scheme not in ("http", "https") or not host:
        yield Finding("server_relative", at, f"The server {url[:100]!r} is no whole address.", url[:100], severity=None if first else "info")
    elif _private(host):
        yield Finding("server_local", at, f"The server {url[:100]!r} is a private address.", url[:100], severity=None if first else "info")
    elif split.scheme == "http":
        mended = {"url": "https" + url[4:]} if url.startswith("http:") and not facts.swagger else None
        actions = (facts.update(pointer, mended, "Use https, if the product answers there."),) if mended else ()
        message = f"The server {url[:100]!r} is not reached by https."
        yield Finding("server_not_https", at, message, url[:100], actions, severity=None if first else "info")


def _without_default(facts: Facts, pointer: str, name: str, declared: Any) -> Finding:
    values = declared.get("enum") if isinstance(declared, dict) else None
    first = next((one for one in values if isinstance(one, str) and one), None) if isinstance(values, list) else None
    action = facts.update(join(pointer, "variables", name), {"default": first}, "The first of its values; choose the right one.") if first else None
    place = join(pointer, "variables", name) if isinstance(declared, dict) else join(pointer, "url")
    message = f"The variable {{{name[:80]}}} of the server's address has no default."
    return Finding("server_variable_without_default", place, message, actions=(action,) if action else ())


def _private(host: str) -> bool:
    address = address_of(host)
    return host == "localhost" or host.endswith(_PRIVATE_NAMES) or (address is not None and not is_public(address))


def security(facts: Facts) -> Iterator[Finding]:
    declared = _declared(facts)
    required = _required(facts)
    if not required:
        yield from _nothing_required(facts, declared)
        return
    for name, pointer in required.items():
        if name not in declared:
            actions = _guessed(facts, name)
            yield Finding("security_undeclared", pointer, f"The security scheme {name[:80]!r} is required but not declared.", actions=actions)
    for name in declared:
        pointer = join(swagger.schemes_place(facts.root), name)
        scheme = facts.document.security_schemes.get(name)
        if name not in required:
            yield Finding("security_unused", pointer, f"The security scheme {name[:80]!r} is declared but never required.")
        elif scheme and _unsupported(scheme):
            what = scheme.type if scheme.type != "http" else f"http {scheme.scheme}"
            yield Finding("security_scheme_unsupported", pointer, f"The security scheme {name[:80]!r} is {what[:80]}.")
    yield from _unprotected(facts)


def _declared(facts: Facts) -> Mapping[str, Any]:
    schemes = value_at(facts.root, swagger.schemes_place(facts.root))
    return schemes if isinstance(schemes, dict) else {}


def _required(facts: Facts) -> dict[str, str]:
    """Scheme names that are required somewhere, each with the first place."""
    found: dict[str, str] = {}
    owners = [("", facts.root), *((raw.pointer, raw.operation) for raw in facts.raws)]
    for pointer, owner in owners:
        listed = owner.get("security")
        for number, one in enumerate(listed if isinstance(listed, list) else ()):
            for name in one if isinstance(one, dict) else ():
                found.setdefault(name, join(pointer, "security", number, name))
    return found


def _nothing_required(facts: Facts, declared: Mapping[str, Any]) -> Iterator[Finding]:
    said = "security" in facts.root or any("security" in raw.operation for raw in facts.raws)  # public, and said to be
    if declared:
        first = next(iter(declared))
        action = facts.update("", {"security": [{first: []}]}, f"Require {first} for every operation.")
        names = ", ".join(name[:80] for name in list(declared)[:_SHOWN])
        yield Finding(
            "security_never_required",
            swagger.schemes_place(facts.root),
            f"Declared, but required by no operation: {names}.",
            actions=() if said else (action,),
        )
    elif not said and facts.raws:
        reads = all(raw.method in ("get", "head", "options") for raw in facts.raws)
        yield Finding("security_missing", "", "The document says nothing of credentials.", severity="info" if reads else None)


def _guessed(facts: Facts, name: str) -> tuple[Action, ...]:
    """Only where the name says what it is."""
    plain = "".join(letter for letter in name.lower() if letter.isalnum())
    scheme: dict[str, Any] | None = None
    if "basic" in plain:
        scheme = {"type": "http", "scheme": "basic"}
    elif "bearer" in plain or "jwt" in plain:
        scheme = {"type": "http", "scheme": "bearer"}
    elif "apikey" in plain:
        scheme = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
    if scheme is None or facts.swagger:
        return ()
    return (
        facts.update("", {"components": {"securitySchemes": {name: scheme}}}, f"Declared by its name; correct the kind of {name[:80]} if need be."),
    )


def _unsupported(scheme: SecurityScheme) -> bool:
    return scheme.type == "mutualTLS" or (scheme.type == "http" and scheme.scheme not in _USABLE_HTTP)


def _unprotected(facts: Facts) -> Iterator[Finding]:
    """Operations that say nothing, where neither does the document, while others require something."""
    if isinstance(facts.root.get("security"), list):
        return
    protected = [one["security"] for raw in facts.raws if isinstance((one := raw.operation).get("security"), list) and one["security"]]
    silent = [raw for raw in facts.raws if "security" not in raw.operation]
    if not protected or len(silent) > len(protected):  # then silence is the rule, not an oversight
        return
    rare = len(silent) * 5 <= len(protected)  # else silence may well be meant: it says that the operation is public
    usual = Counter(orjson.dumps(one, default=str) for one in protected).most_common(1)[0][0]
    for raw in silent:
        action = facts.update(raw.pointer, {"security": orjson.loads(usual)}, "As most of the others; 'security: []' says that it is public.")
        yield Finding(
            "operation_without_security",
            raw.pointer,
            f"{label(raw)} requires no credential, others do.",
            label(raw),
            (action,),
            severity=None if rare else "info",
        )


def paths(facts: Facts) -> Iterator[Finding]:
    """Paths that differ in nothing that a request could show."""
    methods: dict[str, set[str]] = defaultdict(set)
    for raw in facts.raws:
        methods[raw.path].add(raw.method)
    known: dict[str, str] = {}
    slashed: dict[str, str] = {}
    given = facts.root.get("paths")
    for path in facts.each(given if isinstance(given, dict) else ()):
        yield from _alone(facts, path, methods[path])
        bare = _PLACEHOLDER.sub("{}", path)
        other = known.setdefault(bare, path)
        if other != path:
            message = f"{path[:100]} and {other[:100]} are the same path."
            yield Finding("paths_alike", join("/paths", path), message, path[:100], severity=None if methods[path] & methods[other] else "info")
        if "?" in path or "#" in path:
            yield Finding("path_with_query", join("/paths", path), f"{path[:100]} holds more than a path.", path[:100])
        slash = slashed.setdefault(bare.rstrip("/"), path)
        if slash != path and _PLACEHOLDER.sub("{}", slash) != bare:
            yield Finding("slash_twins", join("/paths", path), f"{path[:100]} and {slash[:100]} differ in the last slash only.")


def _alone(facts: Facts, path: str, methods: Collection[str]) -> Iterator[Finding]:
    """One path by itself."""
    pointer = join("/paths", path)
    given = facts.part(facts.root["paths"][path], pointer) if path.startswith("/") and not methods else None
    strange = [key for key in given.node if key not in _OF_PATH and not key.startswith("x-")] if given else []
    if strange:
        named = ", ".join(repr(key[:40]) for key in strange[:_SHOWN])
        yield Finding("path_item_malformed", pointer, f"{path[:100]} has no operation, but {named}: this is no path item.")
    repeated = [name for name, number in Counter(placeholders(path)).items() if number > 1]
    for name in repeated:
        yield Finding("path_placeholder_repeated", pointer, f"{path[:100]} names {{{name[:80]}}} more than once.", path[:100])


RULES = (title, servers, security, paths)
