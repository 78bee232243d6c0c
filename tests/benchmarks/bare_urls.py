"""The one address of the bare site."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from modules.models import Lesson


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """A signed-in page: session and user, one row by an indexed column, one template."""
    return render(request, "bare.html", {"lesson": Lesson.objects.get(key="control/money")})


urlpatterns = [path("bare/", bare)]
