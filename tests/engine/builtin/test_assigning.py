"""What the form of a sentence sets to what, beside what it is not."""

import pytest

from engine.builtin import toolbox
from engine.builtin.assigning import settings

TEXT = {"type": "string"}
FIELDS = {"login": TEXT, "email": {"type": "string", "format": "email"}, "job_title": TEXT, "name": TEXT, "stock": {"type": "integer"}}
PARAMETERS = {"type": "object", "properties": FIELDS, "required": ["login"]}
TOOL = toolbox.read([{"name": "updatePerson", "description": "Change a person.", "parameters": PARAMETERS}])["updatePerson"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("change the e-mail address of anna to a@x.test", {"email": "a@x.test", "login": "anna"}),
        ("set bob's job title to Head of sales please", {"job_title": "Head of sales", "login": "bob"}),
        ("set the stock of the person p7 to 0", {"stock": "0", "login": "p7"}),
        ("rename person p7 to Late shift", {"name": "Late shift"}),
        ("anna's job title is Buyer now", {"job_title": "Buyer", "login": "anna"}),
        ("set the email of anna to nothing", {}),
        ("set the job title to 'Buyer'", {}),
        ("show the job title of anna", {}),
    ],
)
def test_the_form_of_a_sentence_says_what_is_set_to_what(text: str, expected: dict[str, str]) -> None:
    assert {field.name: mention.text for field, mention in settings(TOOL, text)} == expected
