"""The door for other programs: a key in the header, a limit, and errors that a program can read.

- The key comes in `Authorization: Bearer …` only. Cookies, addresses and forms open nothing.
- No header that lets pages of other sites read an answer is ever sent (no CORS).
- Errors are `application/problem+json` (RFC 9457), in English: they are for whoever writes the
  program. What may not be seen and what does not exist is the same 404.
- Only GET, HEAD and OPTIONS. Nothing of the organisation is changed, but for the day of the last
  use of the key (`services.tokens.note_use`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from course.access import KenaliRequest, Rule
from course.services.throttle import origin_of
from modules.models import ApiToken
from modules.scopes import Scope
from modules.services.tokens import (
    find_token,
    may_ask,
    may_be_wrong,
    note_use,
    seconds_to_wait,
)

BEARER: Final = "bearer"
ALLOWED: Final = "GET, HEAD, OPTIONS"
REALM: Final = 'Bearer realm="Kenali"'

Reader = Callable[[KenaliRequest, ApiToken], HttpResponse]


class Problem(Exception):
    """An answer that is an error."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors
        self.headers = dict(headers or {})

    def response(self) -> HttpResponse:
        """As RFC 9457 has it."""
        told: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            told["errors"] = list(self.errors)
        answer = JsonResponse(told, status=self.status, content_type="application/problem+json")
        for name, value in self.headers.items():
            answer[name] = value
        return answer


def reads(scope: Scope | None) -> Callable[[Reader], Callable[..., HttpResponse]]:
    """Mark a view that answers programs whose key has this scope; None: any key."""

    def decorate(view: Reader) -> Callable[..., HttpResponse]:
        def door(request: HttpRequest, **_parts: str) -> HttpResponse:
            with translation.override("en"):
                try:
                    answer = _answer(cast("KenaliRequest", request), view, scope)
                except Problem as problem:
                    answer = problem.response()
                except Http404:
                    answer = Problem(404, "There is nothing here.").response()
            answer["Cache-Control"] = "no-store"
            answer["Allow"] = ALLOWED
            return answer

        door.__doc__ = view.__doc__
        marked = csrf_exempt(login_not_required(door))  # no cookie opens it, so none can be abused
        marked.kenali_rule = Rule(None, ("GET",))  # type: ignore[attr-defined]
        return marked

    return decorate


def _answer(request: KenaliRequest, view: Reader, scope: Scope | None) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in {"GET", "HEAD"}:
        raise Problem(405, "This only reads: use GET.")
    token = _token_of(request)
    at = request.kenali.at
    if not may_ask(token, at=at):
        wait = seconds_to_wait(token, origin_of(request), at=at)
        raise Problem(429, "The hour of this key is used up.", headers={"Retry-After": str(wait)})
    if scope is not None and scope not in token.allowed:
        challenge = f'{REALM}, error="insufficient_scope", scope="{scope.value}"'
        raise Problem(
            403,
            f"This key may not do that; it would need the scope {scope.value}.",
            headers={"WWW-Authenticate": challenge},
        )
    note_use(token=token, at=at)
    return view(request, token)


def _token_of(request: KenaliRequest) -> ApiToken:
    """The key of a request. Only a wrong one is counted: a right one cannot be locked out."""
    word, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    if word.lower() != BEARER or not secret.strip():
        raise Problem(
            401, "Send a key as “Authorization: Bearer …”.", headers={"WWW-Authenticate": REALM}
        )
    token = find_token(secret.strip(), at=request.kenali.at)
    if token is not None:
        return token
    origin = origin_of(request)
    if not may_be_wrong(origin, at=request.kenali.at):
        wait = seconds_to_wait(None, origin, at=request.kenali.at)
        raise Problem(429, "Too many wrong keys from here.", headers={"Retry-After": str(wait)})
    raise Problem(
        401,
        "This key is not known, is revoked, or has ended.",
        headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'},
    )
