"""Cards with one-time codes for many people: chosen on a list, shown once, printed."""

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from course.access import (
    MOST_AT_ONCE,
    KenaliRequest,
    get_cohort_or_404,
    get_people_import_or_404,
    get_people_or_404,
    requires,
)
from course.forms import parsed_uuid
from course.models import Membership
from course.roles import Ability, Role
from course.services.cards import CARD_LIFETIME, Card, create_cards
from course.services.codes import grouped
from course.squares import square_code
from course.views.organisation import acting, page_number
from course.views.several import not_so_many

CARDS_ON_A_PAGE: Final = MOST_AT_ONCE  # fifteen sheets of eight


@requires(Ability.MANAGE_PEOPLE, methods=("GET", "POST"))
def cards(request: KenaliRequest) -> HttpResponse:
    """Whom to print for, also with POST that says `look`; then the sheets, once and never again."""
    if request.method == "POST" and "look" not in request.POST:
        return _print(request)
    ticked, rows = _asked(request)
    page = Paginator(rows, CARDS_ON_A_PAGE).get_page(page_number(request))
    query = request.GET.copy()
    query.pop("page", None)
    shown = {"page": page, "ticked": ticked, "query": query.urlencode()}
    return render(request, "course/cards.html", shown)


def _asked(request: KenaliRequest) -> tuple[bool, Any]:
    """(all ticked, people): those of a cohort, of a list, the ones named, or everybody."""
    rows = Membership.objects.visible_to(request.kenali).for_people_page().active()
    rows = rows.exclude(role=Role.ADMINISTRATOR.value)
    if cohort_id := parsed_uuid(request.GET.get("cohort", "")):
        cohort = get_cohort_or_404(request.kenali, cohort_id)
        return True, rows.filter(cohort_places__cohort=cohort)
    if import_id := parsed_uuid(request.GET.get("import", "")):
        made = get_people_import_or_404(request.kenali, import_id).outcome.get("people", [])
        return True, rows.filter(id__in=[UUID(key) for key in made])
    if named := request.POST.getlist("person"):
        people = get_people_or_404(request.kenali, named)
        return True, rows.filter(id__in=[one.id for one in people])
    return False, rows


def _print(request: KenaliRequest) -> HttpResponse:
    ids = request.POST.getlist("person")
    if not 0 < len(ids) <= MOST_AT_ONCE:
        return not_so_many(request, reverse("course:cards"))
    people = get_people_or_404(request.kenali, ids)
    made, left_out = create_cards(people=people, actor=acting(request), at=request.kenali.at)
    page = {
        "cards": [_shown(request, card) for card in made],
        "left_out": left_out,
        "until": request.kenali.at + CARD_LIFETIME,
        "door": request.build_absolute_uri(reverse("course:join")),
    }
    return render(request, "course/cards_printed.html", page)


def _shown(request: KenaliRequest, card: Card) -> dict[str, Any]:
    code = grouped(card.code)
    address = request.build_absolute_uri(reverse("course:link", args=[code]))
    side, path = square_code(address)
    return {"person": card.person, "code": code, "side": side, "path": path}
