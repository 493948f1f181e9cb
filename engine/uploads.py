"""Files that customers attach, over HTTP: kept sealed with the session, and named by a handle in the message that follows."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request

from engine.app import Busy, Who
from engine.artifacts import Artifact
from engine.attached import attached
from engine.events import Attached
from runtime.errors import InvalidRequest, NotFound
from tools.files import File

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])
FileName = Annotated[str, Query(min_length=1, max_length=255, description="What the customer calls the file; parts of a path are left out.")]
MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")  # RFC 6838, 4.2
UNKNOWN = "application/octet-stream"


@router.post("/{session_id}/files", status_code=201)
async def upload(session_id: str, name: FileName, who: Who, busy: Busy, request: Request) -> Attached:
    """The file is the body, and its type the Content-Type. The answer's `handle` goes into `files` of a message, or into a form's field."""
    await busy.owned(who, session_id)
    body = await request.body()
    if not body:
        raise InvalidRequest("The file is empty; send its bytes as the body of the request.", code="file_empty")
    file = File(file_name(name), media_type(request.headers.get("content-type", "")), body)
    kept = attached(file)
    if not await busy.parts.artifacts.put(who.tenant, session_id, kept.handle, Artifact("file", body, file.name, file.media_type)):
        raise NotFound(f"There is no session {session_id}.", code="session_not_found")
    return kept


def file_name(name: str) -> str:
    """Without folders, and without what no reader would see."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip(" .")[:200] or "file"


def media_type(content_type: str) -> str:
    found = content_type.partition(";")[0].strip().lower()
    return found if MEDIA_TYPE.fullmatch(found) else UNKNOWN
