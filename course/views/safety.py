"""Leaving in a hurry: the exit, the calendar that stands in its place, and what it cannot do."""

import calendar
from datetime import date

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.views.decorators.csrf import csrf_exempt

from course.access import EXIT_COOKIE, EXIT_SECONDS, KenaliRequest, public, see_other

FIRST_YEAR, LAST_YEAR = 1970, 2100


@csrf_exempt  # A stale page must never answer an emergency with an error; all it can do is end.
@public(methods=("POST",))
def leave(request: KenaliRequest) -> HttpResponse:
    """End the session and show a calendar, also to whoever presses Back in the next ten minutes."""
    response = see_other(reverse("course:exit_calendar"))
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return response  # another site may not sign people out
    logout(request)
    response["Clear-Site-Data"] = '"storage"'
    response.set_cookie(
        EXIT_COOKIE,
        "1",
        max_age=EXIT_SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
    return response


@public(methods=("GET",))
def exit_calendar(request: KenaliRequest) -> HttpResponse:
    """A month like any other. Anything but a month in `month` means the present one."""
    today = timezone.localdate(request.kenali.at)
    shown = _month(request.GET.get("month", "")) or today.replace(day=1)
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(shown.year, shown.month)
    page = {
        "shown": shown,
        "weeks": weeks,
        "today": today,
        "weekdays": [WEEKDAYS_ABBR[number] for number in range(7)],
        "before": _shifted(shown, -1),
        "after": _shifted(shown, 1),
    }
    response = render(request, "course/exit_calendar.html", page)
    response["Cache-Control"] = "no-store"
    return response


@public(methods=("POST",))
def exit_start(_request: KenaliRequest) -> HttpResponse:
    """Back to the course, on purpose."""
    response = see_other("/")
    response.delete_cookie(EXIT_COOKIE, samesite="Lax")  # Secure by itself for a __Host- name
    return response


@public(methods=("GET",))
def safety(request: KenaliRequest) -> HttpResponse:
    """Honest words on what the exit does and what stays behind."""
    return render(request, "course/safety.html", {"minutes": EXIT_SECONDS // 60})


def _month(text: str) -> date | None:
    """The first day of "2026-11", if it is a month a calendar would show."""
    year, _hyphen, month = text.partition("-")
    if not (len(year) == 4 and len(month) == 2 and (year + month).isascii()):
        return None
    if not (year + month).isdigit() or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    return date(int(year), int(month), 1) if 1 <= int(month) <= 12 else None


def _shifted(shown: date, months: int) -> date | None:
    number = shown.year * 12 + shown.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, 1) if FIRST_YEAR <= year <= LAST_YEAR else None
