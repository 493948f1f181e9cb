"""Files in a conversation: attached, sent as the request's parts, given by the product and passed on, and never anybody else's."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from redis.asyncio import Redis

from engine.artifacts import Artifact
from engine.attached import attached
from engine.events import Attached
from runtime.errors import InvalidRequest
from runtime.settings import Settings
from tests.engine.inside import ADA, Inside, told
from tests.tools.product import document
from tools.files import File

ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
PHOTO = {"type": "object", "required": ["photo"], "properties": {"photo": {"type": "string", "format": "binary"}, "caption": {"type": "string"}}}
PATHS: dict[str, Any] = {
    "/users/{id}/photo": {
        "post": {
            "operationId": "uploadPhoto", "summary": "Upload a photo of a user", "parameters": [ID],
            "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": PHOTO}}},
        }
    },
    "/users/{id}/contract": {
        "get": {
            "operationId": "getContract", "summary": "Download the contract of a user", "parameters": [ID],
            "responses": {"200": {"description": "ok", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
        }
    },
}  # fmt: skip
FACE = File("face.png", "image/png", b"\x89PNG\x00bytes")


@pytest.fixture
async def desk(settings: Settings, redis: Redis) -> AsyncIterator[Inside]:
    async with told(settings, redis, document(PATHS)) as found:
        yield found


async def attach(desk: Inside, file: File = FACE) -> Attached:
    kept = attached(file)
    await desk.turns.parts.artifacts.put(ADA.tenant, desk.session, kept.handle, Artifact("file", file.body, file.name, file.media_type))
    return kept


async def test_an_attached_file_is_shown_by_its_name_and_sent_as_its_bytes(desk: Inside) -> None:
    kept = await attach(desk)
    await desk.send(text="Upload this photo of user 7", files=[kept.handle])
    (card,) = (await desk.turn()).questions()
    photo = next(value for value in card.values if value.name == "/photo")
    assert (photo.shown, photo.source.kind, photo.source.label) == ("face.png (10 bytes)", "user", "the file you attached")
    assert card.preview is not None
    assert 'filename="face.png"\r\nContent-Type: image/png\r\n\r\n[face.png (10 bytes)]\r\n' in card.preview.body
    await desk.answer(card, approved=True)
    (seen,) = desk.product.seen
    assert b'name="photo"; filename="face.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\x00bytes\r\n' in seen.body


async def test_a_missing_file_is_asked_for_with_a_form_that_takes_one(desk: Inside) -> None:
    (form,) = (await desk.say("Upload a photo of user 7")).questions()
    assert [(field.name, field.form["format"]) for field in form.fields] == [("photo", "binary")]
    kept = await attach(desk)
    (card,) = (await desk.answer(form, values={"photo": kept.handle})).questions()
    assert next(value for value in card.values if value.name == "/photo").source.kind == "answer"
    await desk.answer(card, approved=True)
    assert FACE.body in desk.product.seen[0].body


async def test_a_handle_of_another_session_stands_for_nothing(desk: Inside) -> None:
    kept = await attach(desk)
    await desk.begin()
    with pytest.raises(InvalidRequest) as refused:
        await desk.send(text="Upload this photo of user 7", files=[kept.handle])
    assert refused.value.code == "file_not_found"
    turn = await desk.say(f"Upload the photo {kept.handle} of user 7")
    assert all(question.kind == "values" for question in turn.questions())
    assert desk.product.seen == []


async def test_what_the_product_gives_as_a_file_is_an_artifact_with_a_name(desk: Inside) -> None:
    headers = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="contract 7.pdf"'}
    desk.product.answers.append(web.Response(body=b"%PDF-1.7", headers=headers))
    turn = await desk.say("Download the contract of user 7")
    (call,) = (each for each in turn.calls if each.wish.tool == "getContract")
    assert call.returned is not None
    assert call.returned.result is not None
    file = call.returned.result.file
    assert file is not None
    assert (file.name, file.media_type, file.size) == ("contract 7.pdf", "application/pdf", 8)
    kept = await desk.turns.parts.artifacts.get(ADA.tenant, desk.session, call.id)
    assert kept is not None
    assert (kept.kind, kept.body) == ("file", b"%PDF-1.7")
