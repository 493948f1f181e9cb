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


WHY = "A model that does not know what an operation is for does not choose it."
REPORT: dict[str, Any] = {
    "problems": [
        {**PROBLEMS[0], "why": "What the reference names is missing, so any value is accepted there."},
        *(
            {"severity": "warning", "code": "summary_missing", "pointer": f"/paths/~1p{n}/get", "line": 10 * n, "message": f"GET /p{n} has no summary.",
             "fix": "Say in a few words what it does.", "why": WHY}
            for n in range(1, 26)
        ),
        {**PROBLEMS[1], "severity": "info", "why": None},
    ],
    "counts": {"reference_missing": 1, "summary_missing": 40, "operation_id_missing": 1},
    "proposed": 12,
    "tokens": {"total": 18_250, "largest": 2_400, "operations": [{"method": "POST", "path": "/users", "tokens": 2_400}]},
}  # fmt: skip
OPERATIONS = [
    {"id": "listUsers", "method": "GET", "path": "/users", "summary": "List users", "service": "users"},
    {"id": "createUser", "method": "POST", "path": "/users", "summary": "Create a user", "service": "users"},
    {"id": "listEvents", "method": "GET", "path": "/audit/events", "summary": "List audit events", "service": "audit"},
]
FORMER = [
    {"hash": "h2", "title": "Identity administration", "version": "1.4", "operations": 15, "since": 1_780_000_100_000},
    {"hash": "h1", "title": "Identity administration", "version": "1.3", "operations": 14, "since": 1_780_000_000_000},
]
MARKUP = "<img src=x onerror=alert(1)>"
DIFF: dict[str, Any] = {
    "added": [["GET", "/groups"]],
    "removed": [["DELETE", "/users/{username}"]],
    "changed": [
        {"method": "GET", "path": "/users", "breaking": False, "changes": [{"breaking": False, "field": "summary", "message": "The summary changed."}]},
        {"method": "POST", "path": "/users", "breaking": True, "changes": [
            {"breaking": True, "field": "body/department", "message": "A required field was added."},
            {"breaking": False, "field": f"body/{MARKUP}", "message": f"The default changed from none to {MARKUP}."},
        ]},
    ],
    "document": [{"breaking": True, "field": "servers", "message": "No longer at https://a.test, but at https://b.test."}],
    "settings": [{"operation": "deleteUser", "now": None, "set": ["off", "tips"]}, {"operation": "getUser", "now": "readUser", "set": ["off"]}],
    "breaking": True,
}  # fmt: skip
GONE = {"status": 404, "code": "spec_not_found", "detail": "There is no document of this id."}
UNCHANGED: dict[str, Any] = {"added": [], "removed": [], "changed": [], "document": [], "settings": [], "breaking": False}
OVERLAY = "overlay: 1.0.0\ninfo: {title: Proposed, version: '1'}\nactions: []\n"


def entry(name: str, **more: Any) -> dict[str, Any]:
    services = [
        {"name": "users", "description": "Users and their groups", "operations": [["GET", "/users"], ["POST", "/users"]]},
        {"name": "audit", "description": "", "operations": [["GET", "/audit/events"]]},
    ]
    base = {"id": name, "hash": "ab", "state": "ready", "progress": 1, "title": "Identity administration", "version": "1.4", "operations": 15}
    return {**base, "services": services, "examples": ["List users", "Create a user"], "problems": PROBLEMS, "refused": None, "created": 1_780_000_000_000, "validated": True,
            "replacement": None, "former": [], **more}  # fmt: skip


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

    async def replace(request: web.Request) -> web.Response:
        stand_in = request.app[where]
        found = stand_in.specs[request.match_info["spec"]]
        form = await request.post() if request.content_type.startswith("multipart/") else {"file": await request.read()}
        stand_in.uploads.append({name: getattr(part, "filename", "") for name, part in form.items()})
        found["replacement"] = {"state": "reading", "progress": 0.5, "name": request.query["name"], "hash": "h3", "refused": None}
        return web.json_response({"id": found["id"], "state": "reading"}, status=202)

    async def report(request: web.Request) -> web.Response:
        return web.json_response(REPORT)

    async def overlay(request: web.Request) -> web.Response:
        return web.Response(text=OVERLAY, content_type="application/yaml")

    async def operations(request: web.Request) -> web.Response:
        return web.json_response({"operations": OPERATIONS})

    async def diff(request: web.Request) -> web.Response:
        return web.json_response(DIFF if request.query["from"] == "h2" else UNCHANGED)

    async def one(request: web.Request) -> web.Response:
        found = request.app[where].specs.get(request.match_info["spec"])
        if found is None:
            return web.json_response(GONE, status=404, content_type="application/problem+json")
        answer = web.json_response(found)
        if found["state"] == "reading" and "bad" in found["title"]:
            refused = {"code": "document_not_openapi", "message": "This is no OpenAPI document.", "pointer": None, "line": None}
            found.update(state="refused", version=None, operations=0, services=[], problems=[], refused=refused)
        elif found["state"] == "reading":
            found.update(entry(found["id"], title="Uploaded"))
        elif found["replacement"] and found["replacement"]["state"] == "reading":
            bad = "bad" in found["replacement"]["name"]
            refused = {"code": "document_not_json", "message": "The document is not valid JSON.", "pointer": None, "line": 3}
            found["replacement"] = {**found["replacement"], "state": "refused", "refused": refused} if bad else None
            found.update({} if bad else {"hash": "h3", "version": "1.5", "former": FORMER})
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
        web.put(spec, replace),
        web.delete(spec, remove),
        web.get(f"{spec}/report", report),
        web.get(f"{spec}/overlay", overlay),
        web.get(f"{spec}/operations", operations),
        web.get(f"{spec}/diff", diff),
        web.get(f"{spec}/settings", settings),
        web.put(f"{spec}/settings", settings),
        web.get(connections, connect),
        web.post(connections, connect),
    ]
