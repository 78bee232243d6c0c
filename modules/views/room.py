"""The trainer's room: a cohort today, its results, and the results as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, get_cohort_or_404, requires
from course.roles import Ability
from course.services.exporting import TooManyRowsTaken, record_export, record_refusal, reserve_rows
from course.spreadsheets import Cell, write_csv
from course.views.organisation import acting, page_number
from course.views.proof import ask_for_proof
from modules.compiling import in_language
from modules.published import current_outline
from modules.reports.gradebook import (
    Column,
    GradeRow,
    Taken,
    all_rows,
    columns_of,
    grade_rows,
    people_by_name,
)
from modules.reports.room import read_room
from modules.views.reports.files import too_many_rows

PEOPLE_ON_A_PAGE = 30
NAMES_SHOWN = 30


@requires(Ability.SEE_REPORTS, methods=("GET",))
def today(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """Who has not started, who is stuck, what is due, what needs a look: on one screen."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    language, at = request.kenali.language, request.kenali.at
    room = read_room(current_outline(), request.kenali, cohort, language=language, at=at)
    page = {"cohort": cohort, "room": room, "now": request.kenali.at, "most": NAMES_SHOWN}
    return render(request, "modules/room.html", page)


@requires(Ability.SEE_REPORTS, methods=("GET",))
def results(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """People by name against modules and tests."""
    cohort, outline = get_cohort_or_404(request.kenali, cohort_id), current_outline()
    columns = columns_of(outline)
    people = people_by_name(request.kenali, cohort)
    page = Paginator(people, PEOPLE_ON_A_PAGE).get_page(page_number(request))
    shown = {
        "cohort": cohort,
        "columns": columns,
        "page": page,
        "rows": grade_rows(outline, request.kenali, columns, list(page)),
    }
    return render(request, "modules/gradebook.html", shown)


@requires(Ability.EXPORT_RESULTS, methods=("POST",))
def results_file(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """The same rows as a file. That it was taken out is kept in the record."""
    cohort, outline = get_cohort_or_404(request.kenali, cohort_id), current_outline()
    back = reverse("modules:cohort_results", args=[cohort.id])
    reason = _("The file leaves the protection of this site.")
    if page := ask_for_proof(request, back=back, reason=reason):
        return page
    columns, language = columns_of(outline), request.kenali.language
    rows = list(all_rows(outline, request.kenali, columns, cohort))
    actor, subject, at = acting(request), f"cohort:{cohort.id}", request.kenali.at
    try:
        reserve_rows(actor=actor, rows=len(rows), at=at)
    except TooManyRowsTaken as refused:
        record_refusal(actor=actor, subject=subject, details={"rows": refused.rows}, at=at)
        return too_many_rows(request, back, refused)
    record_export(actor=actor, what="results", subject=subject, rows=len(rows), at=at)
    content = write_csv(list(_heading(columns, language)), (list(_line(row)) for row in rows))
    # A neutral name: the file lies about in the downloads of a shared computer.
    name = f"results-{request.kenali.at:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _heading(columns: Sequence[Column], language: str) -> Iterator[str]:
    yield _("Person")
    for column in columns:
        title = in_language(column.titles, language)
        words = []
        if column.module:
            words += [_("lessons finished"), _("lessons in all")]
        if column.quiz:
            words += [
                _("attempts"),
                _("last: signs found"),
                _("last: signs in all"),
                _("last: false alarms"),
                _("last: ordinary things in all"),
                _("best: signs found"),
                _("best: signs in all"),
                _("best: false alarms"),
                _("best: ordinary things in all"),
                _("last handed in (UTC)"),
            ]
        yield from (f"{title} – {word}" for word in words)


def _line(row: GradeRow) -> Iterator[Cell]:
    yield row.person.user.shown_name
    for grade in row.grades:
        if grade.lessons is not None:
            yield from (grade.lessons.done, grade.lessons.total)
        if grade.quiz is not None:
            yield from _numbers(grade.quiz)


def _numbers(taken: Taken) -> Iterator[Cell]:
    yield taken.attempts
    for counts in (taken.last, taken.best):
        if taken.attempts:
            yield from (counts.hits, counts.n_signal, counts.false_alarms, counts.n_noise)
        else:
            yield from (None, None, None, None)
    yield f"{taken.last_at:%Y-%m-%d %H:%M}" if taken.last_at else None
