"""The framework to look things up in, after a lesson or at the desk."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from course.access import KenaliRequest, requires
from course.roles import Ability
from modules.rendering import draw_shelf
from modules.shelves import SHELVES

TITLES: dict[str, tuple[str | Promise, str | Promise]] = {
    "signs": (
        _("Signs"),
        _("Every sign of the course, by stage and tactic, with what else may explain it."),
    ),
    "beliefs": (_("Common beliefs"), _("What people believe, and what is so.")),
    "steps": (_("What to do"), _("What a worker does, and does not do, situation by situation.")),
    "contacts": (_("Contacts"), _("Who can help. Check every number before you rely on it.")),
    "certainty": (_("How sure we are"), _("Statements this course grew from, and their limits.")),
    "sources": (_("Sources"), _("Every work this course rests on, and how much of it we read.")),
}


@requires(Ability.TAKE_COURSE, methods=("GET",))
def reference(request: KenaliRequest) -> HttpResponse:
    """What there is to look up."""
    return render(request, "modules/reference.html", {"titles": TITLES})


@requires(Ability.TAKE_COURSE, methods=("GET",))
def shelf(request: KenaliRequest, kind: str) -> HttpResponse:
    """One page of the framework."""
    if kind not in SHELVES:
        raise Http404
    title, about = TITLES[kind]
    drawn = draw_shelf(kind, request.kenali.language)
    return render(request, "modules/shelf.html", {"title": title, "about": about, "drawn": drawn})
