"""The stand-in's documents, settings and connections, for the console."""

from typing import Any

from aiohttp import web

SETTINGS: dict[str, Any] = {"base_url": None, "approval": "changing", "off": []}
PROBLEMS = [
    {
        "severity": "error",
        "code": "reference_missing",
        "pointer": "/paths/~1groups/get/responses/200",
        "line": 212,
        "message": "#/components/schemas/Grp is not there.",
        "fix": "Did you mean Group?",
    },
    {
        "severity": "warning",
        "code": "operation_id_missing",
        "pointer": "/paths/~1users/get",
        "line": None,
        "message": "The operation has no operationId.",
        "fix": None,
    },
]


def entry(name: str, **more: Any) -> dict[str, Any]:
    services = [
        {"name": "users", "description": "Users and their groups", "operations": [["GET", "/users"], ["POST", "/users"]]},
        {"name": "audit", "description": "", "operations": [["GET", "/audit/events"]]},
    ]
    base = {"id": name, "hash": "ab", "state": "ready", "progress": 1, "title": "Identity administration", "version": "1.4", "operations": 15}
    return {**base, "services": services, "examples": ["List users", "Create a user"], "problems": PROBLEMS, "refused": None, "created": 1_780_000_000_000, **more}


def specs() -> dict[str, Any]:
    refused = {"code": "document_not_openapi", "message": "There is no `openapi` field: this is not an OpenAPI document.", "pointer": "", "line": 1}
    return {
        "spec_1": entry("spec_1"),
        "spec_2": entry("spec_2", state="refused", title=None, version=None, operations=0, services=[], problems=[], refused=refused),
    }


def routes(where: Any) -> list[web.RouteDef]:
    async def every(request: web.Request) -> web.Response:
        return web.json_response({"specs": list(request.app[where].specs.values())})

    async def upload(request: web.Request) -> web.Response:
        found = request.app[where].specs
        await request.read()
        name = f"spec_{len(found) + 1}"
        found[name] = entry(name, state="reading", progress=0.4, title=request.query["name"])
        return web.json_response({"id": name, "state": "reading"}, status=202)

    async def one(request: web.Request) -> web.Response:
        found = request.app[where].specs[request.match_info["spec"]]
        answer = web.json_response(found)
        if found["state"] == "reading":
            found.update(entry(found["id"], title="Uploaded"))
        return answer

    async def remove(request: web.Request) -> web.Response:
        request.app[where].specs.pop(request.match_info["spec"])
        return web.Response(status=204)

    async def settings(request: web.Request) -> web.Response:
        if request.method == "PUT":
            request.app[where].settings = await request.json()
        return web.json_response(request.app[where].settings)

    async def connect(request: web.Request) -> web.Response:
        connections = request.app[where].connections
        if request.method == "POST":
            body = await request.json()
            connections.append(
                {"id": f"c_{len(connections) + 1}", "spec": body["spec_id"], "type": body["credential"]["type"], "base_url": body.get("base_url")}
            )
            return web.json_response({"id": connections[-1]["id"]}, status=201)
        return web.json_response({"connections": connections})

    spec, connections = "/v1/specs/{spec}", "/v1/connections"
    return [
        web.get("/v1/specs", every),
        web.post("/v1/specs", upload),
        web.get(spec, one),
        web.delete(spec, remove),
        web.get(f"{spec}/settings", settings),
        web.put(f"{spec}/settings", settings),
        web.get(connections, connect),
        web.post(connections, connect),
    ]
