"""Logs: one event a line on standard error, JSON or for a terminal. Only fields named here are written, so no body or customer's word slips in."""

import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Literal

import structlog

Fields = MutableMapping[str, Any]

FIELDS = frozenset({
    "event", "level", "timestamp", "logger", "place", "error", "stack",
    "method", "route", "status", "milliseconds", "seconds", "port", "attempt", "retry_in", "bytes", "count",
    "tenant", "session", "turn", "epoch", "fence", "worker", "spec", "document", "connection", "operation", "operations", "problems",
    "call", "checkpoint", "outcome", "model", "input_tokens", "output_tokens", "rating", "job", "code", "reason", "consequence", "remedy",
})  # fmt: skip
LONGEST = 200  # characters of one value
OWN_WORDS = ("uvicorn.error", "asyncio")  # libraries whose messages are about themselves; others' may hold what they were given
# What such a message goes on with: objects that it shows, with the words of a lost exception and the arguments of a callback in them.
OBJECTS = re.compile(r"[\n<].*", re.DOTALL)


def configure(level: str = "info", style: Literal["auto", "json", "console"] = "auto") -> None:
    """Sets up logging for this process: ours and the libraries'."""
    console = style == "console" or (style == "auto" and sys.stderr.isatty())
    last = structlog.dev.ConsoleRenderer(pad_event_to=0) if console else structlog.processors.JSONRenderer(default=str)
    stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S" if console else "iso", utc=not console)
    shared: list[structlog.typing.Processor] = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp]
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, failure, allowed, last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[*shared, foreign], processors=[failure, allowed, last]))
    logging.root.handlers = [handler]
    logging.root.setLevel(max(number, logging.WARNING))
    hear_all()


def hear_all() -> None:
    """What Python itself would print to standard error, values and all: warnings, and exceptions that nobody can catch."""
    logging.captureWarnings(capture=True)
    threading.excepthook = lambda lost: uncaught(lost.exc_value)
    sys.unraisablehook = lambda lost: uncaught(lost.exc_value)


def uncaught(error: BaseException | None) -> None:
    structlog.get_logger().error("uncaught", exc_info=error)


def allowed(_: Any, __: str, fields: Fields) -> Fields:
    """Known names only, and short values: a field that is not in FIELDS is left out, whoever logs it."""
    return {name: value[:LONGEST] if isinstance(value, str) else value for name, value in fields.items() if name in FIELDS}


def failure(_: Any, __: str, fields: Fields) -> Fields:
    """An exception as its type and its places. Its message is left out: it may quote what a customer or a product sent."""
    error = fields.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        fields["error"] = type(error).__name__
        fields["stack"] = [place(frame) for frame in traceback.extract_tb(error.__traceback__)[-12:]]
    return fields


def place(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"


def foreign(_: Any, __: str, fields: Fields) -> Fields:
    """A library's record: its own words where they are known to be about itself, else only where it came from."""
    record: logging.LogRecord = fields["_record"]
    fields["logger"], fields["place"] = record.name, f"{record.module}:{record.lineno}"
    fields["event"] = OBJECTS.sub("", str(fields["event"])).strip() if record.name.startswith(OWN_WORDS) else "library_message"
    if record.exc_info:
        fields["exc_info"] = record.exc_info
    return fields
