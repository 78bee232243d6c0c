"""The last page: what is shown when something of ours broke."""

from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error

LAST_WORDS = "Something went wrong here. It is not your fault. Please try again in a minute.\n"


def broken(request: HttpRequest) -> HttpResponse:
    """The page for errors, or plain words when that page is what broke.

    Without this a missing style sheet would turn every error into another one, until the server
    gives an answer of its own, without our headers.
    """
    try:
        return server_error(request)
    except Exception:  # noqa: BLE001 -- whatever it is, the first error is already in the log
        return HttpResponse(LAST_WORDS, status=500, content_type="text/plain; charset=utf-8")
