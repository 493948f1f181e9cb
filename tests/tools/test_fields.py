"""What kind of thing a field holds."""

import pytest

from tools.fields import kind_of, words

STRING = {"type": "string"}


@pytest.mark.parametrize(
    ("name", "schema", "kind"),
    [
        ("id", STRING, "identifier"),
        ("userId", STRING, "identifier"),
        ("group_ids", {"type": "array", "items": STRING}, "identifier"),
        ("username", STRING, "identifier"),
        ("reference", {"type": "string", "format": "uuid"}, "identifier"),
        ("password", STRING, "secret"),
        ("newPassword", STRING, "secret"),
        ("api_key", STRING, "secret"),
        ("clientSecret", STRING, "secret"),
        ("access_token", STRING, "secret"),
        ("anything", {"type": "string", "writeOnly": True}, "secret"),
        ("anything", {"type": "string", "format": "password"}, "secret"),
        ("anything", {"type": "string", "x-sensitive": True}, "secret"),
        ("salary", {"type": "number"}, "secret"),
        ("pin", {"type": "integer"}, "secret"),
        ("pin", {"type": "integer", "writeOnly": True}, "secret"),
        ("category_id", {"type": "integer", "writeOnly": True}, "identifier"),
        ("tag_ids", {"type": "array", "items": {"type": "integer"}, "writeOnly": True}, "identifier"),
        ("notify", {"type": "boolean", "writeOnly": True}, "choice"),
        ("plan", {"type": "string", "enum": ["free", "paid"], "writeOnly": True}, "choice"),
        ("pin", {"type": "object", "writeOnly": True}, "plain"),
        ("codes", {"type": "array", "items": {"type": "string", "format": "password"}}, "secret"),
        ("memo", STRING, "text"),
        ("page_token", STRING, "plain"),
        ("nextPageToken", STRING, "plain"),
        ("password_policy", STRING, "plain"),
        ("has_password", {"type": "boolean"}, "choice"),
        ("max_tokens", {"type": "integer"}, "plain"),
        ("api_key_id", STRING, "identifier"),
        ("email", STRING, "sink"),
        ("contact", {"type": "string", "format": "email"}, "sink"),
        ("to", STRING, "sink"),
        ("amount", {"type": "number"}, "sink"),
        ("role", {"enum": ["admin", "user"]}, "sink"),
        ("account_id", STRING, "sink"),
        ("callbackUrl", STRING, "sink"),
        ("permissions", {"type": "array"}, "sink"),
        ("is_admin", {"type": "boolean"}, "sink"),
        ("date_to", {"type": "string", "format": "date"}, "plain"),
        ("to", {"type": "string", "format": "date-time"}, "plain"),
        ("status", {"enum": ["a", "b"]}, "choice"),
        ("enabled", {"type": "boolean"}, "choice"),
        ("tags", {"type": "array", "items": {"enum": ["a"]}}, "choice"),
        ("mode", {"const": "x"}, "choice"),
        ("description", STRING, "text"),
        ("subject", STRING, "text"),
        ("name", STRING, "plain"),
        ("quantity", {"type": "integer"}, "plain"),
    ],
)
def test_a_body_field_has_the_kind_its_schema_and_its_name_say(name: str, schema: dict, kind: str) -> None:
    assert kind_of(name, schema, "body", ("salary",)) == kind


def test_a_path_parameter_names_the_resource_itself() -> None:
    assert kind_of("email", STRING, "path") == "identifier"
    assert kind_of("account", STRING, "path") == "identifier"


@pytest.mark.parametrize("name", ["accountId", "account-id", "ACCOUNT_ID", "account.id", "AccountID"])
def test_names_are_split_however_they_are_written(name: str) -> None:
    assert words(name) == ("account", "id")
