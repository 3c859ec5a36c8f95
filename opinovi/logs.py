"""Log lines: one JSON object each, with the request's id and nothing about a person."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; moments in UTC.

    An exception is told by its type and its place in the code: its text and the values around it
    may hold what a person wrote.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["trace"] = self._places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)

    @staticmethod
    def _places(trace: object) -> list[str]:
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code  # type: ignore[attr-defined]
            places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")  # type: ignore[attr-defined]
            trace = trace.tb_next  # type: ignore[attr-defined]
        return places[-12:]
