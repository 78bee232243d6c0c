"""How the questions of a form work: to trainers on their cohorts, to administrators on all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, requires
from course.framework.loading import published_framework
from course.models import Cohort
from course.roles import Ability
from course.views.organisation import acting
from course.views.proof import ask_for_proof
from modules.reports.asking import cohort_from
from modules.reports.exports.door import Asked as Export
from modules.reports.exports.door import Format
from modules.reports.item_list import ListPage
from modules.reports.item_page import ItemPage
from modules.reports.item_words import form_words, item_table
from modules.reports.items import (
    FormReport,
    GivesAway,
    attempts_for,
    form_report,
    forms_for,
    may_be_told,
)
from modules.reports.mixed import mixed_up
from modules.views.reports.files import file_answer
from quizzes.access import get_item_version_or_404
from quizzes.form_answers import FormLine, version_of_item


@dataclass(frozen=True)
class Choice:
    """One form to choose."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """Which form, of whom, and what there is to choose from."""

    cohorts: list[Cohort]
    cohort: Cohort | None
    forms: list[FormLine]
    form: FormLine | None
    is_unknown: bool  # whether the address names a form that nobody took
    is_named: bool
    moodle: bool
    language: Any

    @property
    def cohort_name(self) -> str:
        """Empty for everybody."""
        return self.cohort.name if self.cohort else ""

    @property
    def query(self) -> str:
        """The part of an address after the question mark."""
        form = {"quiz": value_of(self.form)} if self.form else {}
        whom = {"cohort": str(self.cohort.id)} if self.cohort else {}
        return urlencode(form | whom)

    @property
    def choices(self) -> list[Choice]:
        """The forms in words."""
        return [
            Choice(value_of(one), form_words(one, self.language), one == self.form)
            for one in self.forms
        ]


def value_of(form: FormLine) -> str:
    """A form in an address."""
    return f"{form.key}.{form.number}"


def asked_of(request: KenaliRequest) -> Asked:
    """The question in the address. Of an unknown form the page says so, and takes the first."""
    context, data = request.kenali, request.GET
    cohorts = list(Cohort.objects.visible_to(context).order_by("name"))
    chosen = cohort_from(data, context)
    cohort = next((one for one in cohorts if one.id == chosen), None)
    forms, named = forms_for(context, cohort), data.get("quiz", "")
    fitting = [one for one in forms if named in {one.key, value_of(one)}]
    return Asked(
        cohorts=cohorts,
        cohort=cohort,
        forms=forms,
        form=next(iter(fitting or forms), None),
        is_unknown=bool(named) and not fitting,
        is_named=bool(named and fitting),
        moodle=data.get("moodle") == "1",
        language=context.language,
    )


@dataclass(frozen=True)
class Found:
    """The numbers of a form, if there are any; `is_untold`: they would give a few people away."""

    report: FormReport | None
    is_untold: bool = False


def _found(
    request: KenaliRequest, asked: Asked, form: FormLine | None, item: UUID | None = None
) -> Found:
    if form is None:
        return Found(None)
    context = request.kenali
    language: Any = context.language
    try:
        return Found(form_report(context, asked.cohort, form, language=language, item=item))
    except GivesAway:
        return Found(None, is_untold=True)


@requires(Ability.SEE_REPORTS, methods=("GET",))
def items(request: KenaliRequest) -> HttpResponse:
    """The items of a form, what to look at first."""
    asked = asked_of(request)
    language: Any = request.kenali.language
    found, framework = _found(request, asked, asked.form), published_framework()
    report = found.report
    page = ListPage(report, asked.cohort_name, framework, language) if report else None
    shown = {"asked": asked, "page": page, "is_untold": found.is_untold}
    return render(request, "modules/reports/items.html", shown)


@requires(Ability.EXPORT_RESULTS, methods=("POST",))
def items_file(request: KenaliRequest, kind: str) -> HttpResponse:
    """The same rows as a file. It names nobody, but leaves the protection of this site."""
    if kind not in set(Format):
        raise Http404
    asked, context = asked_of(request), request.kenali
    language: Any = context.language
    found = _found(request, asked, asked.form).report
    if not found:
        raise Http404
    back = f"{reverse('modules:report_items')}?{asked.query}"
    if page := ask_for_proof(request, back=back, reason=_("The file leaves this site.")):
        return page
    title = form_words(found.line, language)
    whom = _("Cohort “%(name)s”") % {"name": asked.cohort_name} if asked.cohort else ""
    return file_answer(
        request,
        back=back,
        asked=Export(
            table=item_table(found, title, asked.cohort_name),
            format=Format(kind),
            filter="; ".join(filter(None, (title, whom))),
            actor=acting(request),
            at=context.at,
        ),
    )


@requires(Ability.SEE_REPORTS, methods=("GET",))
def item(request: KenaliRequest, item_key: str, number: int) -> HttpResponse:
    """One item: its options, whom it separates, its languages, what it does to the form."""
    version = get_item_version_or_404(item_key, number)
    asked, context = asked_of(request), request.kenali
    language: Any = context.language
    form = _form_with(asked, version.pk, context)
    told = _found(request, asked, form, version.pk)
    found = told.report
    line = found.line_of(version.pk) if found else None
    page: dict[str, Any] = {"asked": asked, "item_key": item_key, "number": number, "page": None}
    page["is_untold"] = told.is_untold
    if found and line and context.organization_id:
        framework = published_framework()
        page["page"] = ItemPage(
            context.organization_id, found, line, asked.cohort_name, framework, language
        )
    return render(request, "modules/reports/item.html", page)


def _form_with(asked: Asked, version_id: Any, context: Any) -> FormLine | None:
    """The form of the address when it is named, else the one in which most people met the item."""
    if asked.is_named:
        return asked.form
    if context.organization_id is None:
        raise Http404
    attempts = attempts_for(context, asked.cohort)
    chosen = version_of_item(attempts, context.organization_id, version_id)
    return next((one for one in asked.forms if one.version_id == chosen), None)


@requires(Ability.SEE_REPORTS, methods=("GET",))
def mixed(request: KenaliRequest) -> HttpResponse:
    """What these learners take for each other: the next contrast pairs."""
    asked, context = asked_of(request), request.kenali
    framework, language = published_framework(), context.language
    untold = not may_be_told(context, asked.cohort)
    found = None if untold else mixed_up(context, asked.cohort, framework, language)
    page = {"asked": asked, "found": found}
    return render(request, "modules/reports/mixed.html", page)
