import json
import logging

import pytest
import structlog

from runtime import telemetry


@pytest.fixture(autouse=True)
def restored():
    handlers, level = logging.root.handlers, logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers, logging.root.level = handlers, level


def lines(capsys):
    out, err = capsys.readouterr()
    assert out == ""  # standard output belongs to --json
    return [json.loads(line) for line in err.splitlines()]


def test_a_line_is_json_on_standard_error_with_its_fields(capsys):
    telemetry.configure("info", "json")
    structlog.get_logger().info("request", status=200, route="/v1/sessions/{id}")
    [line] = lines(capsys)
    assert (line["event"], line["status"], line["route"], line["level"]) == ("request", 200, "/v1/sessions/{id}", "info")


def test_a_field_nobody_named_is_not_written(capsys):
    telemetry.configure("info", "json")
    structlog.get_logger().info("said", text="hunter2", session="s1")
    [line] = lines(capsys)
    assert "hunter2" not in json.dumps(line)
    assert line["session"] == "s1"


def test_an_exception_is_its_type_and_place_never_its_words(capsys):
    telemetry.configure("info", "json")
    try:
        raise ValueError("hunter2")
    except ValueError:
        structlog.get_logger().exception("unexpected_error")
        logging.getLogger("somebody.else").exception("failed on %s", "hunter2")
        logging.getLogger("asyncio").exception("Task exception was never retrieved")
    written = lines(capsys)
    assert [line["error"] for line in written] == ["ValueError"] * 3
    assert "hunter2" not in json.dumps(written)
    assert "test_telemetry.py" in written[0]["stack"][-1]


def test_libraries_are_heard_from_a_warning_on(capsys):
    telemetry.configure("info", "json")
    logging.getLogger("httpx").info("GET http://x/?q=hunter2")
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    [line] = lines(capsys)
    assert (line["logger"], line["event"]) == ("uvicorn.error", "Invalid HTTP request received.")


def test_the_console_style_is_one_readable_line(capsys):
    telemetry.configure("info", "console")
    structlog.get_logger().warning("redis_away", error="TimeoutError", text="hunter2")
    err = capsys.readouterr().err
    assert "redis_away" in err
    assert "hunter2" not in err
    assert err.count("\n") == 1
