"""gunicorn's log in our shape: one JSON object per request, codes and query strings left out."""

import time
from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from course.logs import JsonFormatter, json_line, stamp, without_secrets


class ServerLog(Logger):  # type: ignore[misc] # gunicorn carries no types
    """Named by `manage.py up` as gunicorn's logger class; both of gunicorn's logs come here."""

    def setup(self, cfg: Any) -> None:
        """As in gunicorn, then our formatter for what it reports about itself."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())

    def access(
        self,
        resp: Any,
        req: Any,  # noqa: ARG002 -- gunicorn's signature
        environ: dict[str, Any],
        request_time: timedelta,
    ) -> None:
        """One line about one answer: no address, no name, no browser, no query string."""
        if not self.access_log_enabled:
            return
        line = json_line(
            at=stamp(time.time()),
            level="info",
            logger="access",
            method=environ.get("REQUEST_METHOD", ""),
            path=without_secrets(str(environ.get("PATH_INFO", ""))),
            status=str(resp.status).split(" ", 1)[0],
            milliseconds=int(request_time / timedelta(milliseconds=1)),
        )
        self.access_log.info("%s", line)
