"""The site's addresses and one that breaks, for the test of the page that says so."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from course.access import public
from course.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]


@public(methods=("GET",))
def broken(_request: HttpRequest) -> HttpResponse:
    """Break."""
    raise RuntimeError("on purpose")


urlpatterns = [path("broken/", broken, name="broken"), *urlpatterns]
