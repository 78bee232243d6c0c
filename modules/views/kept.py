"""What is kept, and how long: for everybody, also before they sign in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, public
from modules.kept import KEPT


@public(methods=("GET",))
def kept(request: KenaliRequest) -> HttpResponse:
    """One table, the same as in the documentation, and the period that is set on this server."""
    months = settings.KENALI_FORGET_LEFT_MONTHS
    return render(request, "modules/kept.html", {"rows": KEPT, "months": months})
