"""What a document says of itself: version, title, servers, security schemes. Of wrong types nothing is taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from runtime.errors import DocumentRefused
from specs.model import Problem, SecurityScheme, Server, ServerVariable
from specs.pointers import join
from specs.references import Found, follow

SchemeType = Literal["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"]
Requirements = tuple[Mapping[str, tuple[str, ...]], ...]

UNTITLED = "Untitled"
_LOCATIONS = ("query", "header", "cookie")
_TYPES: Mapping[str, SchemeType] = {name: name for name in get_args(SchemeType)}


@dataclass(frozen=True, slots=True)
class Head:
    openapi: str
    title: str
    version: str
    description: str
    servers: tuple[Server, ...]
    security: Requirements
    security_schemes: Mapping[str, SecurityScheme]
    problems: tuple[Problem, ...]

    @property
    def old(self) -> bool:
        """OpenAPI 3.0, whose schemas are not yet JSON Schema."""
        return self.openapi.startswith("3.0")


def read_head(root: Mapping[str, Any]) -> Head:
    """Refuses what is no OpenAPI 3 document."""
    version = checked_version(root)
    raw_info = root.get("info")
    info = raw_info if isinstance(raw_info, dict) else {}
    schemes, problems = _security_schemes(root)
    return Head(
        openapi=version,
        title=text(info.get("title")) or UNTITLED,
        version=text(info.get("version")),
        description=text(info.get("description")),
        servers=servers(root.get("servers")) or (Server("/"),),
        security=requirements(root.get("security")) or (),
        security_schemes=schemes,
        problems=problems,
    )


def checked_version(root: Mapping[str, Any]) -> str:
    if "swagger" in root:
        detail = f"This is Swagger {text(root['swagger'])[:20]}; OpenAPI 3.0 and 3.1 are read. Convert it first, for instance with swagger2openapi."
        raise DocumentRefused(detail, code="document_version_unsupported", pointer="/swagger")
    if "swaggerVersion" in root:
        detail = "This is a Swagger 1 document; OpenAPI 3.0 and 3.1 are read."
        raise DocumentRefused(detail, code="document_version_unsupported", pointer="/swaggerVersion")
    if "openapi" not in root:
        raise DocumentRefused("This is no OpenAPI document: the field 'openapi' is missing.", code="document_not_openapi", pointer="")
    version = text(root["openapi"]).strip()
    # 3.2 adds to 3.1 (a QUERY method, nested tags); what it shares is read.
    if version[:3] not in ("3.0", "3.1", "3.2") or version[3:4] not in ("", ".", "-"):
        raise DocumentRefused(f"OpenAPI {version[:20]!r} is not read; 3.0 and 3.1 are.", code="document_version_unsupported", pointer="/openapi")
    return version[:40]


def text(value: Any) -> str:
    """A text, also where a number was written without quotes."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def texts(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def servers(value: Any) -> tuple[Server, ...]:
    listed = value if isinstance(value, list) else []
    usable = (one for one in listed if isinstance(one, dict) and isinstance(one.get("url"), str))
    return tuple(Server(one["url"], _variables(one.get("variables"))) for one in usable)


def _variables(value: Any) -> dict[str, ServerVariable]:
    given = value.items() if isinstance(value, dict) else ()
    return {name: ServerVariable(text(one.get("default")), texts(one.get("enum"))) for name, one in given if isinstance(one, dict)}


def requirements(value: Any) -> Requirements | None:
    """Alternatives; None when nothing is said, () when it is said that none is needed."""
    if not isinstance(value, list):
        return None
    return tuple({name: texts(scopes) for name, scopes in one.items()} for one in value if isinstance(one, dict))


def _security_schemes(root: Mapping[str, Any]) -> tuple[Mapping[str, SecurityScheme], tuple[Problem, ...]]:
    components = root.get("components")
    declared = components.get("securitySchemes") if isinstance(components, dict) else None
    schemes, problems = {}, []
    for name, node in declared.items() if isinstance(declared, dict) else ():
        pointer = join("/components/securitySchemes", name)
        found = follow(root, node, pointer)
        scheme = _scheme(name, found.node) if isinstance(found, Found) and isinstance(found.node, dict) else None
        if scheme:
            schemes[name] = scheme
        else:
            problems.append(Problem("error", "security_scheme_malformed", pointer, f"The security scheme {name[:80]!r} cannot be used."))
    return schemes, tuple(problems)


def _scheme(name: str, node: Mapping[str, Any]) -> SecurityScheme | None:
    kind, location = _TYPES.get(text(node.get("type"))), node.get("in")
    if kind is None:
        return None
    if kind == "apiKey":
        ok = location in _LOCATIONS and isinstance(node.get("name"), str)
        return SecurityScheme(name, kind, location=location, parameter=node["name"]) if ok else None
    if kind == "http":
        return SecurityScheme(name, kind, scheme=text(node.get("scheme")).lower())
    if kind == "oauth2":
        return _oauth2(name, node.get("flows"))
    return SecurityScheme(name, kind)


def _oauth2(name: str, value: Any) -> SecurityScheme:
    flows = value if isinstance(value, dict) else {}
    own = flows.get("clientCredentials")
    token_url = own.get("tokenUrl") if isinstance(own, dict) else None
    considered: Iterable[Any] = (own,) if isinstance(own, dict) else flows.values()
    scopes = [scope for flow in considered if isinstance(flow, dict) and isinstance(flow.get("scopes"), dict) for scope in flow["scopes"]]
    return SecurityScheme(name, "oauth2", token_url=token_url if isinstance(token_url, str) else None, scopes=tuple(dict.fromkeys(scopes)))
