"""The record of changes: who did what to whom, when and why. Nothing here can be changed."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from course.access import KenaliRequest, requires, see_other
from course.audit_names import name_of
from course.audit_reading import SERVER, Wanted, page_of, tell, wanted_from
from course.models import Organization
from course.people_forms import RecordForm
from course.roles import Ability
from course.services.audit import verify_chain

PAGE_SIZE = 50


@requires(Ability.READ_AUDIT, methods=("GET",))
def audit(request: KenaliRequest) -> HttpResponse:
    """The newest first, fifty to a page; the address holds the filter, with ids and no names."""
    wanted, wrong = wanted_from(request.GET, request.kenali)
    if not wrong and any(request.GET.get(name, "") != getattr(wanted, name) for name in _NAMED):
        return redirect(f"{request.path}?{wanted.query()}" if wanted.query() else request.path)
    rows, newer, older = page_of(request.kenali, wanted, PAGE_SIZE)
    page = {
        "told": tell(rows, request.kenali),
        "form": _form(request, wanted, wrong),
        "wanted": wanted,
        "newer": wanted.query(below=None, above=rows[0].sequence) if newer and rows else "",
        "older": wanted.query(above=None, below=rows[-1].sequence) if older and rows else "",
        "own_query": wanted.query(below=None, above=None),
    }
    return render(request, "course/audit.html", page)


@requires(Ability.READ_AUDIT, methods=("POST",))
def check(request: KenaliRequest) -> HttpResponse:
    """Compute the whole chain of this organisation again and say whether it holds."""
    report = verify_chain(cast("Organization", request.kenali.organization))
    if report.sound:
        words = ngettext(
            "The record is whole: %(number)s entry, checked just now.",
            "The record is whole: %(number)s entries, checked just now.",
            report.entries,
        )
        messages.success(request, words % {"number": f"{report.entries:,}"})
    else:
        words = _("The record is damaged: %(problem)s. Tell the people who run the server.")
        messages.error(request, words % {"problem": report.problem})
    return see_other(reverse("course:audit"))


_NAMED = ("who", "about")


def _form(request: KenaliRequest, wanted: Wanted, wrong: dict[str, str]) -> RecordForm:
    """What was asked, with names in place of ids, and beside it what is wrong."""
    data = {name: request.GET.get(name, "") for name in RecordForm.base_fields}
    for name in _NAMED:
        thing = getattr(wanted, name)
        if thing == SERVER:
            data[name] = _("Server")
        elif thing:
            data[name] = name_of(request.kenali, thing)
    form = RecordForm(data, auto_id="record_%s")
    form.is_valid()
    for field, words in wrong.items():
        form.add_error(field, words)
    return form
