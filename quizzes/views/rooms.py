"""In the room: choose a case, put it on the wall, count, reveal. And the page for phones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, get_cohort_or_404, public, requires, see_other
from course.framework.loading import published_framework
from course.models import Cohort
from course.roles import Ability
from course.services import Refused
from course.services.codes import normalized
from course.services.throttle import forgive_guess, origin_of, reserve_guess
from course.views import status_of
from quizzes import kinds
from quizzes.access import get_practice_version_or_404, get_room_or_404, member_of
from quizzes.labels import ROOM_WORDS, item_label
from quizzes.models import Room
from quizzes.published import current_bank, item_version, item_versions, practice_pools
from quizzes.roomwork import RoomChoice, choices_in_room, fits_a_room, in_order_of
from quizzes.services.presenting import (
    MOST_HANDS,
    answer_in_room,
    answers_by_choice,
    count_hands,
    find_room,
    fresh_ticket,
    open_room,
    reveal,
)
from quizzes.telling import tell


@requires(Ability.TEACH, methods=("GET", "POST"))
def present(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """The cases to choose from; a POST puts one on the wall."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    if request.method == "POST":
        version_id = get_practice_version_or_404(request.POST.get("case", ""))
        try:
            room = open_room(
                cohort=cohort,
                version_id=version_id,
                actor=member_of(request.kenali),
                at=request.kenali.at,
            )
        except Refused as refusal:
            messages.error(request, str(refusal.reason))
            return see_other(reverse("quizzes:present", args=[cohort.id]))
        return see_other(reverse("quizzes:room", args=[cohort.id, room.id]))
    page = {"cohort": cohort, "groups": _cases(request.kenali.language)}
    return render(request, "quizzes/present.html", page)


def _cases(language: str) -> list[tuple[str, list[dict[str, str]]]]:
    """Practice cases with a short answer, by stage of the course: one query."""
    pools = practice_pools()
    held = {key: one for key, one in current_bank().items.items() if one.candidate.pool in pools}
    documents = item_versions([one.version_id for one in held.values()])
    stages: dict[str, list[dict[str, str]]] = {}
    for key, one in held.items():
        document = documents[one.version_id]
        if fits_a_room(document):
            label = item_label(document, language)
            stages.setdefault(document.stage or "", []).append({"key": key, "label": label})
    known: Any = published_framework().stages
    return [
        (known[stage].short_name[language] if stage in known else "", rows)
        for stage, rows in stages.items()
    ]


@requires(Ability.TEACH, methods=("GET",))
def room(request: KenaliRequest, cohort_id: UUID, room_id: UUID) -> HttpResponse:
    """The wall. A script may ask for the number of answers alone."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    found = get_room_or_404(cohort, room_id)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"answers": answers_by_choice(found).total()})
    return render(request, "quizzes/room.html", _wall(request, cohort, found))


def _wall(request: KenaliRequest, cohort: Cohort, found: Room) -> dict[str, Any]:
    language: Any = request.kenali.language
    document = item_version(found.item_version_id)
    counted = answers_by_choice(found)
    shown = kinds.shown(document, language, seed=str(found.id))
    told = None
    if found.is_revealed:
        told = tell(document, _right(document), language, published_framework())
    return {
        "cohort": cohort,
        "room": found,
        "is_open": found.closed_at is None and request.kenali.at <= found.closes_at,
        "shown": shown,
        "rows": _rows(in_order_of(shown, choices_in_room(document)), counted, found, language),
        "answers": counted.total(),
        "most": max(counted.values(), default=0),
        "most_hands": MOST_HANDS,
        "told": told,
        "told_template": f"quizzes/told/{document.kind}.html",
        "address": request.build_absolute_uri(reverse("quizzes:room_door")),
    }


def _right(document: kinds.Item) -> Any:
    """A perfect answer, so that what is told explains and blames nobody."""
    right = [one.key for one in choices_in_room(document) if one.is_right]
    if document.kind == "verdict":
        return {"concern": right == ["yes"], "confidence": None}
    if document.kind == "highlight":
        return {"marked": [key for key in right if key != "nothing"]}
    return {"chosen": right if document.kind == "choice" else right[0]}


def _rows(
    choices: list[RoomChoice], counted: Mapping[str, int], found: Room, language: str
) -> list[dict[str, Any]]:
    return [
        {
            "key": one.key,
            "words": words_of(one, language),
            "is_right": one.is_right,
            "number": counted.get(one.key, 0),
            "hands": found.hands.get(one.key, ""),
        }
        for one in choices
    ]


def words_of(choice: RoomChoice, language: str) -> str:
    """An answer in words."""
    return choice.text[language] if choice.text else str(ROOM_WORDS[choice.key])


@requires(Ability.TEACH, methods=("POST",))
def room_step(request: KenaliRequest, cohort_id: UUID, room_id: UUID) -> HttpResponse:
    """Keep the hands that were typed in; with the button "reveal" also show what is right."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    found = get_room_or_404(cohort, room_id)
    hands = {
        name.removeprefix("hands-"): int(str(value))
        for name, value in request.POST.items()
        if name.startswith("hands-") and str(value).isdecimal() and len(str(value)) < 4
    }
    count_hands(room=found, hands=hands)
    if request.POST.get("wants") == "reveal":
        reveal(room=found, at=request.kenali.at)
    return see_other(reverse("quizzes:room", args=[cohort.id, found.id]))


# --- phones -------------------------------------------------------------------------------------


@public(methods=("GET", "POST"))
def room_door(request: KenaliRequest) -> HttpResponse:
    """For phones, without an account: the code, then the answers of one case. Keeps no trace."""
    fields = request.POST if request.method == "POST" else request.GET
    typed = fields.get("code", "")
    page: dict[str, Any] = {"code": typed, "problem": "", "found": None, "done": False}
    if not typed or request.method == "GET":  # a link may bring the code; looking writes nothing
        return render(request, "quizzes/room_door.html", page)
    try:
        found = _room_of(request, typed)
        choice, ticket = request.POST.get("choice", ""), request.POST.get("ticket", "")
        if choice or ticket:
            answer_in_room(room=found, choice=choice, ticket=ticket, at=request.kenali.at)
            page["done"] = True
            return render(request, "quizzes/room_door.html", page)
    except Refused as refusal:
        page["problem"] = str(refusal.reason)
        return render(request, "quizzes/room_door.html", page, status=status_of(refusal))
    language: Any = request.kenali.language
    document = item_version(found.item_version_id)
    shown = kinds.shown(document, language, seed=str(found.id))
    page |= {
        "found": found,
        "shown": shown,
        "rows": _rows(in_order_of(shown, choices_in_room(document)), {}, found, language),
        "ticket": fresh_ticket(),
    }
    return render(request, "quizzes/room_door.html", page)


def _room_of(request: KenaliRequest, typed: str) -> Room:
    """The open room with this code. A wrong code counts against the network. Raises Refused."""
    guess = reserve_guess(origin=origin_of(request), at=request.kenali.at)
    found = find_room(normalized(typed), at=request.kenali.at)
    if found is None:
        raise Refused(_("No case is open under this code. Look at the wall and type it again."))
    forgive_guess(guess=guess)
    return found
