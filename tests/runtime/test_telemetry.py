import asyncio
import gc
import json
import logging
import sys
import threading
import warnings

import pytest
import structlog

from runtime import telemetry


@pytest.fixture(autouse=True)
def restored():
    handlers, level = logging.root.handlers, logging.root.level
    hooks = threading.excepthook, sys.unraisablehook
    yield
    structlog.reset_defaults()
    logging.root.handlers, logging.root.level = handlers, level
    logging.captureWarnings(capture=False)
    threading.excepthook, sys.unraisablehook = hooks


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


async def test_what_asyncio_says_of_a_lost_exception_has_no_word_of_it(capsys):
    telemetry.configure("debug", "json")

    async def failing(said):
        raise ValueError(said)

    task = asyncio.ensure_future(failing("hunter2"))
    await asyncio.wait({task})
    del task
    gc.collect()
    [line] = lines(capsys)
    assert (line["event"], line["error"]) == ("Task exception was never retrieved", "ValueError")
    assert "hunter2" not in json.dumps(line)


async def test_asyncio_names_no_callback_with_what_it_was_given(capsys):
    telemetry.configure("debug", "json")
    logging.getLogger("asyncio").warning("Executing %s took 1 s", asyncio.get_running_loop().call_soon(id, "hunter2"))
    [line] = lines(capsys)
    assert line["event"] == "Executing"


def test_a_warning_is_its_place_never_its_words(capsys):
    telemetry.configure("debug", "json")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("unexpected value: hunter2", UserWarning, stacklevel=1)
    [line] = lines(capsys)
    assert (line["logger"], line["event"]) == ("py.warnings", "library_message")
    assert "hunter2" not in json.dumps(line)


def test_an_exception_that_nobody_can_catch_is_its_type(capsys):
    telemetry.configure("debug", "json")

    class Broken:
        def __del__(self):
            raise ValueError("hunter2")

    def failing():
        raise KeyError("hunter2")

    broken = Broken()
    del broken
    gc.collect()
    thread = threading.Thread(target=failing)
    thread.start()
    thread.join()
    written = lines(capsys)
    assert [line["error"] for line in written] == ["ValueError", "KeyError"]
    assert "hunter2" not in json.dumps(written)
