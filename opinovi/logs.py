"""Log lines: one JSON object each, with the request's id and nothing about a person."""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType

request_id: ContextVar[str] = ContextVar("request_id", default="")

OURS = frozenset({"opinovi", "network", "projects", "guidance"})
LEFT_OUT = "…"
PHRASES = frozenset(status.phrase for status in HTTPStatus)
PLACES = 12  # of an exception, the innermost


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; moments in UTC.

    What we log ourselves is written with care (facts go into `extra={"facts": {…}}`). What libraries log
    may repeat an address, a header or a job's arguments: of that, the sentence is kept and numbers, and
    every other value is left out. An exception is told by its type and its places in the code: its text and
    the values around it may hold what a person wrote.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line.update(getattr(record, "facts", {}))
        line.update(_job(record))
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["trace"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    if action := getattr(record, "action", ""):  # procrastinate names what it did
        return str(action)
    if isinstance(record.args, tuple) and record.args and isinstance(record.msg, str):
        return record.msg % tuple(_harmless(arg) for arg in record.args)
    return f"{LEFT_OUT} ({_short(record.pathname)}:{record.lineno})"


def _harmless(value: object) -> object:
    return (
        value if isinstance(value, int | float) or (isinstance(value, str) and value in PHRASES) else LEFT_OUT
    )


def _job(record: logging.LogRecord) -> dict[str, object]:
    """Which job of the worker it is about; never its arguments."""
    job = getattr(record, "job", None)
    return {"job": job.get("id"), "task": job.get("task_name")} if isinstance(job, dict) else {}


def _places(trace: TracebackType | None) -> list[str]:
    return [
        f"{_short(frame.f_code.co_filename)}:{number} {frame.f_code.co_name}"
        for frame, number in list(traceback.walk_tb(trace))[-PLACES:]
    ]


def _short(path: str) -> str:
    """A file by its last three names, which tell the module."""
    return "/".join(Path(path).parts[-3:])
