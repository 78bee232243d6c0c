"""The style page: every token and component of the design system, drawn by its real template."""

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, requires
from course.roles import Ability
from modules.style_samples import BLOCKS, COLOURS, ICONS, SOURCES, SampleForm, WrongForm


@requires(Ability.SEE_REPORTS, methods=("GET",))
def style(request: KenaliRequest) -> HttpResponse:
    """For staff who write lessons or look after the site. Shows samples only, nothing of people."""
    page = {
        "colours": COLOURS,
        "icons": [(name, f"kenali/icons/{name}.html") for name in ICONS],
        "form": SampleForm(auto_id="sample_%s"),
        "wrong": WrongForm({"code": ""}, auto_id="wrong_%s"),
        "steps": [
            {"title": "First", "url": "#progress", "state": "done"},
            {"title": "Second", "url": "#progress", "state": "here"},
            {"title": "Third", "url": "", "state": ""},
        ],
        "blocks": BLOCKS,
        "sources": SOURCES,
    }
    return render(request, "modules/style.html", page)
