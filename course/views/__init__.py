"""Pages of the ground floor. A view is access, form, service, redirect."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from course.forms import PageForm
from course.services import Refused
from course.services.throttle import TooBusy, TooManyGuesses

MENDABLE = 422  # the form comes back with what was typed and what to mend
RETRY_SECONDS = "5"


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when it is empty; None when the page is only being opened."""
    return request.POST if request.method == "POST" else None


def status_of(refusal: Refused | None) -> int:
    """429 when the brake is on, 503 when the server is busy, else 422."""
    if isinstance(refusal, TooManyGuesses):
        return 429
    return 503 if isinstance(refusal, TooBusy) else MENDABLE


def answer_with_form(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    form: PageForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The page with its form: 200 when fresh, otherwise with the mistakes and nothing lost."""
    if refusal is not None:
        form.refuse(refusal)
    status = status_of(refusal) if form.is_bound else 200
    response = render(request, template, context, status=status)
    if status == 503:
        response["Retry-After"] = RETRY_SECONDS
    return response
