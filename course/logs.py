"""One JSON object per log line on standard output, without query strings and form data."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class JsonFormatter(logging.Formatter):
    """Only named fields are written: whatever else hangs on a record (a request) stays out."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; times are UTC with milliseconds."""
        at = datetime.fromtimestamp(record.created, tz=UTC)
        line = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if isinstance(status := getattr(record, "status_code", None), int):
            line["status"] = str(status)
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
