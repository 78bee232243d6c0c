"""Many people from a list: send it in, look at what it would do, do it."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from course.access import KenaliRequest, get_people_import_or_404, requires, see_other
from course.people_files import COLUMNS, MOST_BYTES, Problem
from course.people_forms import PeopleListForm
from course.roles import Ability
from course.services.import_words import sentence, where
from course.services.importing import (
    ListHasChanged,
    Reading,
    apply_people_list,
    keep_people_list,
    plan_of,
    read_list,
)
from course.services.people_template import FILES
from course.views import MENDABLE, posted
from course.views.organisation import acting, page_number

STEPS_ON_A_PAGE: Final = 100
FAULTS_SHOWN: Final = 2000


@requires(Ability.MANAGE_PEOPLE, methods=("GET", "POST"))
def people_import(request: KenaliRequest) -> HttpResponse:
    """The form for a file. A file with faults comes back with all of them and does nothing."""
    form = PeopleListForm(posted(request), request.FILES if request.method == "POST" else None)
    reading = None
    problems: list[Problem] = []
    if _was_dropped(request):
        form = PeopleListForm()
        problems = [Problem(0, "", "file_too_large", str(MOST_BYTES // 1024 // 1024))]
    elif form.is_valid():
        actor, data = acting(request), form.cleaned_data["file"].read()
        reading = read_list(organization=actor.organization, data=data)
        problems = reading.problems
        if not problems:
            kept = keep_people_list(actor=actor, data=data, reading=reading, at=request.kenali.at)
            return see_other(reverse("course:people_import_look", args=[kept.id]))
    page = _import_page(form, problems, reading)
    status = MENDABLE if problems or form.errors else 200
    return render(request, "course/people_import.html", page, status=status)


def _was_dropped(request: KenaliRequest) -> bool:
    """The file was so large that it was not kept (course.uploads)."""
    files: MultiValueDict[str, Any] = (
        request.FILES if request.method == "POST" else MultiValueDict()
    )
    length = request.META.get("CONTENT_LENGTH") or "0"
    return request.method == "POST" and not files and int(length) > MOST_BYTES


def _import_page(
    form: PeopleListForm, problems: list[Problem], reading: Reading | None
) -> dict[str, Any]:
    return {
        "form": form,
        "columns": COLUMNS,
        "faults": [(where(one), sentence(one)) for one in problems[:FAULTS_SHOWN]],
        "number": len(problems),
        "rows": len(reading.table.rows) if reading else 0,
    }


@requires(Ability.MANAGE_PEOPLE, methods=("GET",))
def template(_request: KenaliRequest, kind: str) -> HttpResponse:
    """An empty list with the right headings."""
    if kind not in FILES:
        raise Http404
    content_type, make = FILES[kind]
    response = HttpResponse(make(), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="people.{kind}"'
    return response


@requires(Ability.MANAGE_PEOPLE, methods=("GET",))
def look(request: KenaliRequest, import_id: UUID) -> HttpResponse:
    """Exactly what the list would do, or, when it has been done, what it did."""
    kept = get_people_import_or_404(request.kenali, import_id)
    if kept.applied_at is not None:
        return render(request, "course/people_import_done.html", {"kept": kept})
    plan = plan_of(kept)
    page = {
        "kept": kept,
        "plan": plan,
        "counts": plan.counts(),
        "seen": plan.digest(),
        "faults": [(where(one), sentence(one)) for one in plan.problems[:FAULTS_SHOWN]],
        "page": Paginator(plan.steps, STEPS_ON_A_PAGE).get_page(page_number(request)),
    }
    return render(request, "course/people_import_look.html", page)


@requires(Ability.MANAGE_PEOPLE, methods=("POST",))
def apply(request: KenaliRequest, import_id: UUID) -> HttpResponse:
    """Do it, if it is still what was looked at."""
    kept = get_people_import_or_404(request.kenali, import_id)
    address = reverse("course:people_import_look", args=[kept.id])
    try:
        apply_people_list(
            kept=kept,
            seen=request.POST.get("seen", ""),
            actor=acting(request),
            at=request.kenali.at,
        )
    except ListHasChanged as refusal:
        messages.error(request, str(refusal.reason))
    return see_other(address)
