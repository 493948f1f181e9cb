"""What takes a change back: found in the document by paths and names, offered only when everything it needs is known."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.inverse import Change, Inverse, inverse, restored
from preprocess.compile import compile_document
from specs.document import Document
from specs.model import Operation
from tests.engine.talk import identity
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings


def definition_of(operation: Operation) -> ToolDefinition:
    return definition(operation, DocumentSettings())


def change(document: Document, tool: str, arguments: dict[str, Any], body: Any = None, status: int = 200) -> Change:
    operation = document.operation(tool)
    return Change(operation, definition_of(operation), arguments, status, body)


def undone(document: Document, tool: str, arguments: dict[str, Any], body: Any = None, status: int = 200) -> tuple[str, dict[str, Any]] | None:
    found = inverse(document, change(document, tool, arguments, body, status), definition_of)
    return (found.operation.id, found.arguments) if found else None


IDENTITY = [
    ("createUser", {"username": "bob"}, {"username": "bob", "email": "b@x.test"}, ("deleteUser", {"username": "bob"})),
    ("createUser", {"username": "bob"}, None, ("deleteUser", {"username": "bob"})),
    ("createGroup", {"name": "Ops"}, {"id": "g7", "name": "Ops"}, ("deleteGroup", {"group_id": "g7"})),
    ("createGroup", {"name": "Ops"}, {"data": {"id": "g7"}}, ("deleteGroup", {"group_id": "g7"})),
    ("createGroup", {"name": "Ops"}, None, None),  # its id is not known
    ("createGroup", {"name": "Ops"}, {"id": None}, None),
    ("createAccount", {"name": "root"}, {"id": "a1", "safe_id": "s1"}, ("deleteAccount", {"account_id": "a1"})),
    ("lockUser", {"username": "bob", "reason": "left"}, {"username": "bob"}, ("unlockUser", {"username": "bob"})),
    ("unlockUser", {"username": "bob"}, None, ("lockUser", {"username": "bob"})),
    ("addGroupMember", {"group_id": "g1", "username": "bob"}, None, ("removeGroupMember", {"group_id": "g1", "username": "bob"})),
    ("removeGroupMember", {"group_id": "g1", "username": "bob"}, None, None),  # with which role it was in is not known
    ("deleteUser", {"username": "bob"}, None, None),
    ("setUserPassword", {"username": "bob", "password": "secret:1"}, None, None),
    ("rotateAccountSecret", {"account_id": "a1"}, None, None),
    ("endSession", {"session_id": "s1"}, None, None),
    ("updateUser", {"username": "bob", "email": "c@x.test"}, {"email": "c@x.test"}, None),
]


@pytest.mark.parametrize(("tool", "arguments", "body", "expected"), IDENTITY, ids=[f"{tool} {body}" for tool, _, body, _ in IDENTITY])
def test_of_the_example_product(tool: str, arguments: dict[str, Any], body: Any, expected: Any) -> None:
    assert undone(identity(), tool, arguments, body) == expected


def test_of_the_pet_shop_nothing_can_be_taken_back() -> None:
    """What deletes a pet sells it, and wants a tag that nobody knows."""
    petshop = compile_document((Path(__file__).parents[1] / "tools" / "petshop.yaml").read_bytes())
    changing = [entry.id for entry in petshop.catalogue if entry.method != "GET"]
    assert changing
    assert [undone(petshop, tool, {"id": 7, "name": "Rex"}, {"id": 7}) for tool in changing] == [None] * len(changing)


def document(*lines: str) -> Document:
    """Of lines "METHOD /path name field! field": its body's fields, those with ! are required."""
    paths: dict[str, Any] = {}
    for line in lines:
        method, path, name, *fields = line.split()
        operation: dict[str, Any] = {"operationId": name, "responses": {"200": {"description": "ok"}}}
        operation["parameters"] = [
            {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}} for part in path.split("/") if part.startswith("{")
        ]
        if fields:
            properties = {each.rstrip("!"): {"type": "string"} for each in fields}
            schema = {"type": "object", "properties": properties, "required": [each.rstrip("!") for each in fields if each.endswith("!")]}
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
        paths.setdefault(path, {})[method.lower()] = operation
    return compile_document(orjson.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}))


# The change, its arguments, what came back, the other operations, and what is expected: the inverse's id and arguments.
FOUND: dict[str, tuple[str, dict[str, Any], Any, list[str], Any]] = {
    "star by PUT and DELETE": ("PUT /stars/{repo} starRepo", {"repo": "r"}, None, ["DELETE /stars/{repo} unstarRepo"], ("unstarRepo", {"repo": "r"})),
    "an update is not undone by a delete": ("PUT /pets/{id} updatePet name", {"id": "7", "name": "x"}, {}, ["DELETE /pets/{id} deletePet"], None),
    "add or update": ("PUT /team/{user} addOrUpdateMember role", {"user": "u"}, {}, ["DELETE /team/{user} removeMember"], None),
    "archive by name": ("POST /chats.archive archive channel!", {"channel": "c"}, {}, ["POST /chats.unarchive unarchive channel!"],
                        ("unarchive", {"channel": "c"})),
    "another method": ("POST /users/{id}/lock lock", {"id": "7"}, {}, ["GET /users/{id}/unlock unlock"], None),
    "the id of another thing": ("POST /pets addPet", {}, {"id": "7"}, ["DELETE /pets/{ownerId} deletePet"], None),
    "all of a collection": ("POST /tags addTags tags", {"tags": "a"}, {}, ["DELETE /tags removeAllTags", "GET /tags/{id} getTag"], None),
    "those that were added": ("POST /issues/{n}/assignees addAssignees assignees", {"n": "1", "assignees": "bob"}, {},
                              ["DELETE /issues/{n}/assignees removeAssignees assignees"], ("removeAssignees", {"n": "1", "assignees": "bob"})),
    "restore what was deleted": ("DELETE /pets/{id} deletePet", {"id": "7"}, None, ["POST /pets/{id}/restore restorePet"],
                                 ("restorePet", {"id": "7"})),
    "what restores is no inverse of a restore": ("POST /pets/{id}/restore restorePet", {"id": "7"}, None, ["DELETE /pets/{id} deletePet"], None),
    "something required is not known": ("POST /keys/{id}/disable disable", {"id": "7"}, {}, ["POST /keys/{id}/enable enable pin!"], None),
    "a reason is not repeated": ("POST /keys/{id}/disable disable reason", {"id": "7", "reason": "old"}, {}, ["POST /keys/{id}/enable enable reason"],
                                 ("enable", {"id": "7"})),
    "a search": ("POST /pets searchPets name", {"name": "x"}, {"id": "7"}, ["DELETE /pets/{id} deletePet"], None),
    "create in a path of its own": ("POST /boxes/create createBox name", {"name": "x"}, {"Id": "b1"}, ["DELETE /boxes/{id} removeBox"],
                                    ("removeBox", {"id": "b1"})),
    "start and stop": ("POST /jobs/{id}/start startJob", {"id": "7"}, {}, ["POST /jobs/{id}/stop stopJob"], None),
    "named in its metadata": ("POST /pods createPod", {}, {"kind": "Pod", "metadata": {"name": "p"}, "spec": {}}, ["DELETE /pods/{name} deletePod"],
                              ("deletePod", {"name": "p"})),
}  # fmt: skip


@pytest.mark.parametrize("case", list(FOUND))
def test_of_other_documents(case: str) -> None:
    line, arguments, body, others, expected = FOUND[case]
    assert undone(document(line, *others), line.split()[2], arguments, body) == expected


@pytest.mark.parametrize(("status", "expected"), [(201, ("dropKey", {"name": "k"})), (200, None)])
def test_a_put_made_something_only_if_the_product_says_so(status: int, expected: Any) -> None:
    found = document("PUT /keys/{name} setKey value", "DELETE /keys/{name} dropKey")
    assert undone(found, "setKey", {"name": "k", "value": "v"}, {}, status) == expected


UPDATES = [
    ("PATCH", {"id": "7", "name": "new"}, {"id": "7", "name": "old", "town": "Oslo"}, {"id": "7", "name": "old"}),
    ("PATCH", {"id": "7", "name": "new"}, {"data": {"name": "old"}}, {"id": "7", "name": "old"}),
    ("PATCH", {"id": "7", "name": "new"}, {"town": "Oslo"}, None),  # how it was is not known
    ("PATCH", {"id": "7", "name": "new"}, {"name": None}, None),
    ("PATCH", {"id": "7", "name": "new"}, {"name": "new"}, None),
    ("PATCH", {"id": "7", "name": "new"}, None, None),
    ("PATCH", {"id": "7"}, {"name": "old"}, None),
    ("PATCH", {"id": "7", "password": "secret:1"}, {"password": "old"}, None),
    ("PUT", {"id": "7", "name": "new"}, {"name": "old", "town": "Oslo"}, {"id": "7", "name": "old", "town": "Oslo"}),
]


@pytest.mark.parametrize(("method", "arguments", "before", "expected"), UPDATES)
def test_an_update_is_undone_with_the_values_that_were_read_before(method: str, arguments: dict[str, Any], before: Any, expected: Any) -> None:
    found = document(f"{method} /pets/{{id}} changePet name town password")
    was = restored(change(found, "changePet", arguments), before)
    assert (was and was.arguments) == expected
    assert was is None or isinstance(was, Inverse)
