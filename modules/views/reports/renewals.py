"""Whose completion ends soon: remind them, or begin their next round. For administrators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from course.access import MOST_AT_ONCE, KenaliRequest, get_people_or_404, requires, see_other
from course.models import Membership
from course.roles import Ability
from course.views.organisation import acting, page_number
from course.views.proof import ask_for_proof
from course.views.several import not_so_many
from modules.access import member_of
from modules.published import current_outline
from modules.reports.exports.door import Asked, Format
from modules.reports.exports.renewals import GROUP_WORDS, renewal_table
from modules.reports.renewals import Ending, Group, counted, read_endings, rows_of
from modules.services.renewals import Due, open_rounds, remind_people
from modules.views.reports.files import file_answer

PEOPLE_ON_A_PAGE: Final = 50
MOST_NAMED: Final = 10  # in one message


@requires(Ability.MANAGE_CERTIFICATES, methods=("GET", "POST"))
def renewals(request: KenaliRequest) -> HttpResponse:
    """The groups with their numbers, and the people of one; POST reminds or begins rounds."""
    if request.method == "POST":
        return _act(request)
    context = request.kenali
    endings, numbers, group = _asked(request)
    mine = [one for one in endings if one.group(context.at) == group]
    page = Paginator(mine, PEOPLE_ON_A_PAGE).get_page(page_number(request))
    shown = {
        "groups": [(one, GROUP_WORDS[one], number) for one, number in numbers.items()],
        "group": group,
        "page": page,
        "query": f"within={group.value}",
        "rows": rows_of(list(page), context),
    }
    return render(request, "modules/reports/renewals.html", shown)


@requires(Ability.EXPORT_REPORTS, methods=("POST",))
def renewals_file(request: KenaliRequest, kind: str) -> HttpResponse:
    """Everybody of the group in the address as a file, after a fresh proof."""
    if kind not in set(Format):
        raise Http404
    context = request.kenali
    endings, _numbers, group = _asked(request)
    back = f"{reverse('modules:report_renewals')}?within={group.value}"
    reason = _("The file leaves the protection of this site.")
    if page := ask_for_proof(request, back=back, reason=reason):
        return page
    asked = Asked(
        table=renewal_table(endings, context, group, context.at),
        format=Format(kind),
        filter=str(GROUP_WORDS[group]),
        actor=acting(request),
        at=context.at,
    )
    return file_answer(request, asked=asked, back=back)


def _asked(request: KenaliRequest) -> tuple[list[Ending], Mapping[Group, int], Group]:
    """Everybody whose completion ends, how many there are in each group, and which is shown."""
    context = request.kenali
    endings = read_endings(current_outline(), context, context.at)
    numbers = counted(endings, context.at)
    return endings, numbers, _group(request.GET.get("within", ""), numbers)


def _group(asked: str, numbers: Mapping[Group, int]) -> Group:
    """The group in the address; else the nearest in which there is somebody."""
    if asked in set(Group):
        return Group(asked)
    order = (Group.DAYS_30, Group.DAYS_60, Group.DAYS_90, Group.OVER)
    return next((one for one in order if numbers[one]), Group.DAYS_30)


def _act(request: KenaliRequest) -> HttpResponse:
    deed, ids = request.POST.get("do", ""), request.POST.getlist("person")
    address = reverse("modules:report_renewals")
    if (within := request.POST.get("within", "")) in set(Group):
        address += f"?within={within}"
    if deed not in {"remind", "open"}:
        raise Http404
    if not 0 < len(ids) <= MOST_AT_ONCE:
        return not_so_many(request, address)
    people = get_people_or_404(request.kenali, ids)
    if deed == "remind":
        _remind(request, people)
    else:
        _open(request, people)
    return see_other(address)


def _remind(request: KenaliRequest, people: list[Membership]) -> None:
    context = request.kenali
    endings = {one.person: one for one in read_endings(current_outline(), context, context.at)}
    due = [
        Due(person=one, ends_at=endings[one.id].ends_at, has_begun=endings[one.id].has_begun)
        for one in people
        if one.id in endings
    ]
    done = remind_people(due=due, actor=member_of(context), at=context.at)
    number = len(done.told)
    told = ngettext("%(n)s person was reminded.", "%(n)s people were reminded.", number)
    (messages.success if number else messages.info)(request, told % {"n": number})
    for left, why in (
        (done.told_before, _("Reminded in the last 14 days, so not again:")),
        (done.begun, _("Have begun the next round already:")),
        (done.resting, _("Want no reminders at the moment:")),
        ([one for one in people if one.id not in endings], _("Nothing of them ends soon:")),
    ):
        _say(request, why, left)


def _open(request: KenaliRequest, people: list[Membership]) -> None:
    done = open_rounds(people=people, actor=member_of(request.kenali), at=request.kenali.at)
    number = len(done.begun)
    told = ngettext(
        "The next round of %(n)s person is open.", "The next round of %(n)s people is open.", number
    )
    (messages.success if number else messages.info)(request, told % {"n": number})
    for why, left in done.refused.items():
        _say(request, why, left)


def _say(request: KenaliRequest, why: str, people: Iterable[Membership]) -> None:
    """The reason, and whom it is about."""
    names = [one.user.shown_name for one in people]
    if names:
        text = ", ".join(names[:MOST_NAMED])
        more = len(names) - MOST_NAMED
        if more > 0:
            text += " " + _("and %(more)s more") % {"more": more}
        messages.warning(request, f"{why} {text}")
