"""The first page: for visitors the way in, for people who are signed in what comes next."""

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, public


@public(methods=("GET",))
def home(request: KenaliRequest) -> HttpResponse:
    """One page for everybody; what it shows depends on who asks."""
    return render(request, "modules/home.html")
