"""PURE: log lines as JSON on standard output, without what would tell on somebody.

No query strings, no form data, no one-time codes, no network addresses, and no error messages,
which often quote the value that was wrong. Names of errors and places in the code are enough to
find a fault.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

MOST_FRAMES: Final = 12  # the innermost ones of each error
LONGEST_CHAIN: Final = 4
_HIDDEN: Final = (
    (re.compile(r"(/(?:link|join|stop|feed)/)[^/?\s\"']+"), r"\1***"),  # codes stand in addresses
    (re.compile(r"(/[^\s?]*)\?[^\s\"']+"), r"\1?***"),
    (re.compile(r"\bip=\S+"), "ip=***"),  # gunicorn's word about a broken request
)


def without_secrets(text: str) -> str:
    """The text with codes, query strings and addresses of visitors blotted out."""
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def json_line(**fields: object) -> str:
    """One line; every control character in a value is escaped, so no value can add a line."""
    return json.dumps(fields, ensure_ascii=False)


def stamp(seconds: float) -> str:
    """Seconds since 1970 as UTC with milliseconds."""
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="milliseconds")


class JsonFormatter(logging.Formatter):
    """Only named fields are written: whatever else hangs on a record (a request) stays out."""

    def __init__(self, *, quotes_errors: bool = False) -> None:
        super().__init__()
        self.quotes_errors = quotes_errors

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line: dict[str, Any] = {
            "at": stamp(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if isinstance(status := getattr(record, "status_code", None), int):
            line["status"] = str(status)
        if record.exc_info and record.exc_info[1]:
            line["trace"] = self._trace(record.exc_info[1])
        return json_line(**line)

    def _trace(self, error: BaseException) -> str:
        if self.quotes_errors:
            return "".join(traceback.format_exception(error))
        return " caused ".join(reversed([_place_of(one) for one in _chain(error)]))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what caused it, what caused that; as Python would print them."""
    for _ in range(LONGEST_CHAIN):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _place_of(error: BaseException) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__} at {_frames(error.__traceback__)}"


def _frames(trace: TracebackType | None) -> str:
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False)
    names = [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
        for frame in frames
    ]
    return ", ".join(names[-MOST_FRAMES:]) or "?"
