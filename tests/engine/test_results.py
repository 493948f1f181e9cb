"""An answer as the event it becomes: what stands in it for models, and what is kept for the customer."""

from engine.attached import attached, told
from engine.results import returned
from tools.call import Returned
from tools.files import File, handle_of
from tools.request import MASK

NUMBERED = File("statement 4111 1111 1111 1111.pdf", "application/pdf", b"%PDF")


def test_a_personal_number_in_a_files_name_is_in_no_event_and_the_file_keeps_its_name() -> None:
    event, kept = returned("c1", Returned("done", 200, file=NUMBERED), frozenset())
    assert event.result is not None
    assert event.result.file is not None
    assert (event.result.file.name, event.result.file.handle) == (f"statement {MASK}.pdf", handle_of(NUMBERED))
    assert kept is not None
    assert kept.name == NUMBERED.name
    assert "4111" not in event.model_dump_json()


def test_a_model_reads_an_attached_files_name_without_a_personal_number() -> None:
    assert told([attached(NUMBERED)]).startswith(f"[attached: statement {MASK}.pdf, application/pdf, ")


def test_an_outline_in_an_event_names_no_personal_number() -> None:
    event, _ = returned("c1", Returned("done", 200, data={"850126-6401473": {"name": "x"}}), frozenset())
    assert event.result is not None
    assert event.result.outline == f"{{{MASK}: {{name: text}}}}"


def test_where_rows_lie_names_no_personal_number() -> None:
    event, kept = returned("c1", Returned("done", 200, data={"4111111111111111": [{"a": 1}]}, rows_path="/4111111111111111", rows=1), frozenset())
    assert kept is not None
    assert "4111" not in event.model_dump_json()


def test_a_warning_that_quotes_the_product_is_told_without_a_personal_number() -> None:
    event, _ = returned("c1", Returned("done", 202, warnings=("It failed: card 4111 1111 1111 1111 was refused",)), frozenset())
    assert event.result is not None
    assert event.result.warnings == (f"It failed: card {MASK} was refused",)
