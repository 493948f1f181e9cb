"""Documents with the services a person made of them. An operation is "METHOD /path [tag, tag] > Schema"."""

import random
import re
from collections.abc import Mapping
from typing import Any

from tests.specs.documents import answering, tree

_LINE = re.compile(r"(?P<method>\w+) (?P<path>\S+)(?: \[(?P<tags>[^\]]*)\])?(?: > (?P<schema>\w+))?")

Groups = Mapping[str, tuple[str, ...]]


def crud(path: str, *more: str, tag: str = "") -> tuple[str, ...]:
    """Five operations on a collection and its items, and what hangs below an item."""
    item = f"{path}/{{id}}"
    lines = (f"GET {path}", f"POST {path}", f"GET {item}", f"PUT {item}", f"DELETE {item}", *(f"GET {item}/{one}" for one in more))
    return tuple(f"{line} [{tag}]" if tag else line for line in lines)


REPO = "/repos/{owner}/{repo}"

DOCUMENTS: dict[str, tuple[dict[str, Any], Groups]] = {
    "names the team wrote well": ({}, {
        "Pets": ("GET /pets [Pets]", "POST /pets [Pets]", "GET /pets/{id} [Pets]"),
        "Store orders": ("GET /store/orders [Store orders]", "POST /store/orders [Store orders]"),
        "User and Authentication": ("POST /users [User and Authentication]", "POST /users/login [User and Authentication]"),
        "iOS builds": ("GET /builds [iOS builds]", "DELETE /builds/{id} [iOS builds]"),
        "Fine-tuning": ("POST /tuning [Fine-tuning]", "GET /tuning [Fine-tuning]"),
        "결제 관리": ("GET /payments [결제 관리]", "POST /payments [결제 관리]"),
    }),
    "tags that are slugs": ({}, {
        "Pet store": ("GET /store/pets [pet-store]", "GET /store/cages [PetStoreAPI]", "POST /store/cages [pet_store]"),
        "Billing invoices": ("GET /invoices [billing/invoices]", "POST /invoices [billing/invoices]"),
        "Users and groups": ("GET /users [users_and_groups]", "GET /groups [users_and_groups]"),
        "IP access lists": ("GET /ip-lists [IpAccessLists]", "POST /ip-lists [IpAccessLists]"),
        "Order": ("GET /orders [order-controller]", "POST /orders [order-controller]"),
        "OAuth2 tokens": ("GET /tokens [OAuth2Tokens]", "POST /tokens [OAuth2Tokens]"),
    }),
    "one tag for everything": ({}, {
        "Users": crud("/api/v2/users", tag="default"),
        "Orders": crud("/api/v2/orders", "lines", tag="default"),
        "Audit logs": ("GET /api/v2/audit-logs [default]", "GET /api/v2/audit-logs/{id} [default]"),
    }),
    "several tags, the first of them a version": ({}, {
        "Orders": ("GET /orders [v1, Orders]", "POST /orders [v1, write, Orders]", "DELETE /orders/{id} [v1, write, Orders]"),
        "Customers": ("GET /customers [v1, Customers]", "POST /customers [v1, write, Customers]", "GET /customers/{id} [v1, Customers]"),
    }),
    "a tag of its own for every operation": ({}, {
        "Users": ("GET /users [listUsers]", "POST /users [createUser]", "GET /users/{id} [getUser]"),
        "Invoices": ("GET /invoices [listInvoices]", "POST /invoices/{id}/send [sendInvoice]", "POST /invoices/{id}/void [voidInvoice]"),
    }),
    "tags in groups and below other tags": ({
        "tags": [{"name": "payments", "summary": "Payments & refunds"}, {"name": "cards", "parent": "payments"},
                 {"name": "refunds", "parent": "payments"}],
        "x-tagGroups": [{"name": "People", "tags": ["users", "invites"]}, {"name": "Insights", "tags": ["reports"]}],
    }, {
        "Payments & refunds": ("GET /cards [cards]", "POST /refund [refunds]"),
        "People": ("GET /users [users]", "POST /invite [invites]"),
        "Reports": ("GET /reports [reports]", "GET /reports/{id} [reports]"),
    }),
    "methods behind dots": ({}, {
        "Users": ("GET /users.list", "GET /users.info", "POST /users.setPresence"),
        "Chat": ("POST /chat.postMessage", "POST /chat.delete"),
        "Admin": ("POST /admin.users.invite", "POST /admin.users.remove", "GET /admin.teams.list"),
    }),
    "everything below a version and an account": ({}, {
        "Accounts": ("GET /2010-04-01/Accounts.json", "POST /2010-04-01/Accounts/{Sid}.json"),
        "Calls": ("GET /2010-04-01/Accounts/{Sid}/Calls.json", "DELETE /2010-04-01/Accounts/{Sid}/Calls/{CallSid}.json",
                  "GET /2010-04-01/Accounts/{Sid}/Calls/{CallSid}/Recordings.json"),
        "Messages": ("GET /2010-04-01/Accounts/{Sid}/Messages.json", "POST /2010-04-01/Accounts/{Sid}/Messages.json"),
        "Incoming phone numbers": ("GET /2010-04-01/Accounts/{Sid}/IncomingPhoneNumbers.json",
                                   "POST /2010-04-01/Accounts/{Sid}/IncomingPhoneNumbers.json"),
    }),
    "verbs behind colons": ({}, {
        "Instances": ("GET /v1/projects/{project}/instances", "POST /v1/projects/{project}/instances/{instance}:start",
                      "POST /v1/projects/{project}/instances/{instance}:stop"),
        "Disks": ("GET /v1/projects/{project}/disks", "POST /v1/projects/{project}/disks/{disk}:resize"),
        "Backup jobs": ("GET /v1/projects/{project}/backupJobs", "POST /v1/projects/{project}/backupJobs:cancelAll"),
    }),
    "functions in a row": ({}, {
        "Weather": ("GET /get_weather", "GET /get_weather_forecast", "GET /list_weather_alerts"),
        "Flights": ("POST /book_flight", "GET /search_flights", "POST /cancel_flight"),
        "Email": ("POST /send_email", "POST /deleteEmail"),
        "Other": ("POST /translate_text", "GET /calculate_mortgage", "POST /roll_dice", "POST /convert_currency"),
    }),
    "one tag much larger than the others": ({}, {
        "Repos": (*(f"{line} [repos]" for line in (f"GET {REPO}", f"PATCH {REPO}", f"DELETE {REPO}", "GET /user/repos", "POST /user/repos")),
                  *(f"GET {REPO}/{one} [repos]" for one in ("languages", "tags", "topics", "teams", "contributors"))),
        "Repo branches": tuple(f"{method} {REPO}/branches/{{branch}}/{part} [repos]" for method in ("GET", "PUT", "DELETE")
                               for part in ("protection", "admins", "reviews", "signatures", "checks", "users", "teams", "apps")),
        "Repo hooks": tuple(f"{method} {REPO}/hooks/{{id}}/{part} [repos]" for method in ("GET", "POST", "DELETE")
                            for part in ("config", "pings", "tests", "deliveries", "attempts", "secrets")),
        "Repo releases": tuple(f"{method} {REPO}/releases/{{id}}/{part} [repos]" for method in ("GET", "POST", "DELETE")
                               for part in ("assets", "notes", "reactions", "latest")),
        "Gists": crud("/gists", "forks", tag="gists"),
    }),
    "operations that stand alone": ({}, {
        "Users": ("GET /users > User", "POST /users > User", "GET /users/{id} > User", "GET /me > User"),
        "Orders": ("GET /orders > Order", "POST /orders > Order", "POST /checkout/{id} > Order"),
        "Status and version": ("GET /status", "GET /version"),
    }),
    "what everything shares": ({}, {
        "Bookings": ("GET /bookings [Bookings] > Links", "POST /bookings [Bookings] > Links", "DELETE /bookings/{id} [Bookings] > Links"),
        "Stations and trips": ("GET /stations [Stations] > Links", "GET /trips [Trips] > Links"),
    }),
    "a tag for one operation": ({}, {
        "Search": ("GET /search [Search]", "POST /search [Search]", "POST /indexes/{id}/facet-search [Facet search]"),
        "Indexes": ("GET /indexes [Indexes]", "POST /indexes [Indexes]", "GET /indexes/{id}/stats [Stats]"),
        "Storage v1": ("GET /apis/storage/v1/classes [storage_v1]", "POST /apis/storage/v1/classes [storage_v1]", "GET /apis/storage [storage]"),
        "Storage v2": ("GET /apis/storage/v2/classes [storage_v2]", "POST /apis/storage/v2/classes [storage_v2]"),
        "Batch": ("GET /apis/batch/v1/jobs [batch_v1]", "POST /apis/batch/v1/jobs [batch_v1]"),
    }),
}  # fmt: skip


def document(more: Mapping[str, Any], groups: Groups, seed: int | None = None) -> dict[str, Any]:
    """The operations of all groups, in their order or shuffled."""
    lines = [line for group in groups.values() for line in group]
    if seed is not None:
        random.Random(seed).shuffle(lines)
    paths: dict[str, dict[str, Any]] = {}
    for line in lines:
        found = _LINE.fullmatch(line)
        assert found, line
        tags = {"tags": found["tags"].split(", ")} if found["tags"] else {}
        response = answering({"$ref": f"#/components/schemas/{found['schema']}"}) if found["schema"] else {}
        paths.setdefault(found["path"], {})[found["method"].lower()] = {**tags, **response}
    return tree(paths, **more)


def expected(groups: Groups) -> dict[str, set[tuple[str, str]]]:
    return {name: {(found["method"], found["path"]) for line in lines if (found := _LINE.fullmatch(line))} for name, lines in groups.items()}
