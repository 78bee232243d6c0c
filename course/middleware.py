"""Headers on every answer, and how long a session lasts.

Their places in settings.MIDDLEWARE matter and are checked (kenali.E010).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

GetResponse = Callable[[HttpRequest], HttpResponseBase]

OWN_DEVICE = "own_device"  # session key: the person said that nobody else uses this phone
STARTED = "started"  # session key: when the person signed in, seconds since 1970
TOUCHED = "touched"  # session key: last sign of life, written at most once a minute
TOUCH_EVERY = timedelta(minutes=1)

# What a page could ask a phone for, as far as browsers know the word (others they complain about).
# We need none of it, so neither may an injected script.
DEVICE_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in DEVICE_FEATURES)


def policy_text(directives: dict[str, list[str]]) -> str:
    """The value of Content-Security-Policy for a mapping such as settings.SECURE_CSP."""
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


class SecurityHeadersMiddleware:
    """Adds what Django 5.2's SecurityMiddleware does not: CSP, CORP, permissions, caching."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": policy_text(settings.SECURE_CSP),
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": PERMISSIONS_POLICY,
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request through and complete the headers of its answer."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if not request.path_info.startswith(settings.STATIC_URL):
            _limit_caching(request, response)
        elif response.status_code != 200 and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response


def _limit_caching(request: HttpRequest, response: HttpResponseBase) -> None:
    """Pages of a person are never stored; a public view may say otherwise about its own page.

    The cookie decides and not `request.user`, so that a public page costs no session query and
    carries no `Vary: Cookie`.
    """
    name = settings.SESSION_COOKIE_NAME
    personal = name in request.COOKIES or name in response.cookies
    if personal:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-store")


class SessionLimitsMiddleware:
    """Ends a session after 8 hours or one idle hour; on one's own phone after 14 days.

    This is the one place where a GET writes: the sign of life, at most once a minute.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Drop an expired session before the view sees it; keep the times of a living one."""
        at = timezone.now()
        if settings.SESSION_COOKIE_NAME in request.COOKIES and is_over(request.session, at=at):
            request.session.flush()
        response = self.get_response(request)
        if request.session.accessed and SESSION_KEY in request.session:
            keep_times(request.session, at=at)
        return response


def is_over(session: SessionBase, *, at: datetime) -> bool:
    """True when the session of a signed-in person has passed one of its limits at `at`."""
    if SESSION_KEY not in session or STARTED not in session:
        return False
    age = at - _instant(session[STARTED])
    if session.get(OWN_DEVICE):
        return bool(age >= settings.KENALI_SESSION_OWN_DEVICE)
    idle = at - _instant(session.get(TOUCHED, session[STARTED]))
    return bool(age >= settings.KENALI_SESSION_LONGEST or idle >= settings.KENALI_SESSION_IDLE)


def keep_times(session: SessionBase, *, at: datetime) -> None:
    """Note the start and the last sign of life, and let the cookie live as long as the session.

    Signing in cycles the key but keeps nothing of ours, so a session without STARTED is new.
    """
    if STARTED not in session:
        session[STARTED] = int(at.timestamp())
    if at - _instant(session.get(TOUCHED, 0)) >= TOUCH_EVERY:
        session[TOUCHED] = int(at.timestamp())
    if session.get(OWN_DEVICE) and session.get_expire_at_browser_close():
        session.set_expiry(_instant(session[STARTED]) + settings.KENALI_SESSION_OWN_DEVICE)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=timezone.get_default_timezone())
