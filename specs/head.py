"""What a document says of itself: version, title, servers, security schemes. Of wrong types nothing is taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from runtime.errors import DocumentRefused
from specs import swagger
from specs.model import Flow, Problem, SecurityScheme, Server, ServerVariable
from specs.pointers import join, value_at
from specs.references import Found, follow

SchemeType = Literal["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"]
Requirements = tuple[Mapping[str, tuple[str, ...]], ...]

UNTITLED = "Untitled"
READ = "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2"
_VERSIONS: Mapping[str, tuple[str, ...]] = {"openapi": ("3.0", "3.1", "3.2"), "swagger": ("2.0",), "swaggerVersion": ()}
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
        """Swagger 2.0 and OpenAPI 3.0, whose schemas are not yet JSON Schema."""
        return self.openapi.startswith(("2.0", "3.0"))


def read_head(root: Mapping[str, Any]) -> Head:
    """Refuses what is no OpenAPI document of a version that is read."""
    version = checked_version(root)
    raw_info = root.get("info")
    info = raw_info if isinstance(raw_info, dict) else {}
    schemes, problems = _security_schemes(root)
    return Head(
        openapi=version,
        title=text(info.get("title")) or UNTITLED,
        version=text(info.get("version")),
        description=text(info.get("description")),
        servers=servers(swagger.servers(root, root.get("schemes")) if swagger.is_swagger(root) else root.get("servers")) or (Server("/"),),
        security=requirements(root.get("security")) or (),
        security_schemes=schemes,
        problems=problems,
    )


def checked_version(root: Mapping[str, Any]) -> str:
    field = next((name for name in ("openapi", "swagger", "swaggerVersion") if name in root), None)
    if field is None:
        raise DocumentRefused("This is no OpenAPI document: the field 'openapi' is missing.", code="document_not_openapi", pointer="")
    version = text(root[field]).strip()
    # A patch or a suffix such as "-rc1" changes nothing that is read.
    known = _VERSIONS[field]
    if version[:3] not in known or version[3:4] not in ("", ".", "-"):
        raise DocumentRefused(f"{field}: {version[:20]!r} is not read; {READ} are.", code="document_version_unsupported", pointer=f"/{field}")
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
    place = swagger.schemes_place(root)
    declared = value_at(root, place)
    schemes, problems = {}, []
    for name, node in declared.items() if isinstance(declared, dict) else ():
        pointer = join(place, name)
        found = follow(root, node, pointer)
        scheme = _scheme(name, swagger.security_scheme(found.node)) if isinstance(found, Found) and isinstance(found.node, dict) else None
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
    if kind == "openIdConnect":
        return SecurityScheme(name, kind, open_id_connect_url=_address(node.get("openIdConnectUrl")))
    return SecurityScheme(name, kind)


def _oauth2(name: str, value: Any) -> SecurityScheme:
    flows = {str(kind): _flow(flow) for kind, flow in value.items() if isinstance(flow, dict)} if isinstance(value, dict) else {}
    own = flows.get("clientCredentials")
    considered: Iterable[Flow] = (own,) if own else flows.values()
    scopes = dict.fromkeys(scope for flow in considered for scope in flow.scopes)
    return SecurityScheme(name, "oauth2", token_url=own.token_url if own else None, scopes=tuple(scopes), flows=flows)


def _flow(node: Mapping[str, Any]) -> Flow:
    scopes = node.get("scopes")
    return Flow(
        authorization_url=_address(node.get("authorizationUrl")),
        token_url=_address(node.get("tokenUrl")),
        refresh_url=_address(node.get("refreshUrl")),
        scopes=tuple(one for one in scopes if isinstance(one, str)) if isinstance(scopes, dict) else (),
    )


def _address(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
