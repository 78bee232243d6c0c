"""Correct what counts as right: choose, see who changes and by how much, do it, take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import Context, KenaliRequest, requires, see_other
from course.models import Membership
from course.roles import Ability
from course.services import Refused
from course.views import answer_with_form, posted
from quizzes import kinds
from quizzes.access import get_correction_or_404, get_item_version_or_404, member_of
from quizzes.correction_forms import CorrectionForm, parse_choice
from quizzes.forms import fresh_key
from quizzes.labels import KEYS, change_words_of, choices_of, item_label
from quizzes.models import ItemVersion, KeyCorrection
from quizzes.published import item_version
from quizzes.rekeying import Change, Correctable, Standing, correctable, find
from quizzes.services.correcting import (
    Effect,
    correct_key,
    effects_of,
    require_possible,
    standing_on,
    undo_correction,
)

CONFLICT = 409


@requires(Ability.CORRECT_KEYS, methods=("GET", "POST"))
def correct(request: KenaliRequest, item_key: str, number: int) -> HttpResponse:
    """The item with its key. With a change in the address: who changes; a POST does it."""
    version = get_item_version_or_404(item_key, number)
    standing = parse_choice(request.GET.get("change", ""))
    if standing is None:
        if request.method == "POST" or "change" in request.GET:
            raise Http404
        return _choose(request, version)
    form = CorrectionForm(posted(request), initial={"key": fresh_key()})
    try:
        if form.is_valid():
            _correct(request, version, standing, form.cleaned_data)
            messages.success(request, _("Corrected. You can take it back here at any time."))
            return see_other(reverse("quizzes:correct", args=[item_key, number]))
        require_possible(member_of(request.kenali), version, standing)
    except Refused as refusal:
        # Somebody else was first, or an old page was opened again: say so beside what stands.
        return _choose(request, version, problem=str(refusal.reason))
    page = _preview(request, version, standing) | {"form": form}
    return answer_with_form(request, "quizzes/correct_preview.html", page, form=form)


def _correct(
    request: KenaliRequest, version: ItemVersion, standing: Standing, data: dict[str, Any]
) -> None:
    correct_key(
        actor=member_of(request.kenali),
        version=version,
        standing=standing,
        reason=data["reason"],
        lower=data["lower"],
        client_key=data["key"],
        at=request.kenali.at,
    )


def _choose(request: KenaliRequest, version: ItemVersion, *, problem: str = "") -> HttpResponse:
    language = request.kenali.language
    document = item_version(version.pk)
    held = standing_on(member_of(request.kenali).organization_id, version.pk)
    corrected = {one.part for one in held}
    page = {
        **_head(version, document, language),
        "parts": [
            _part(document, one, language)
            for one in correctable(document)
            if one.part not in corrected
        ],
        "held": [_told(document, one, language) for one in held],
        "problem": problem,
    }
    return render(request, "quizzes/correct.html", page, status=CONFLICT if problem else 200)


def _head(version: ItemVersion, document: kinds.Item, language: Any) -> dict[str, Any]:
    return {
        "item_key": version.thing.key,
        "number": version.number,
        "label": item_label(document, language),
        "shown": kinds.shown(document, language),
    }


def _part(document: kinds.Item, part: Correctable, language: str) -> dict[str, Any]:
    """A part with a radio button for each thing it may become."""
    choices = []
    for change in part.changes:
        for option in part.options if change is Change.ACCEPT else (None,):
            key, text = (option.key, option.text[language]) if option else ("", "")
            words = change_words_of(change, text, document.kind)
            choices.append({"value": f"{part.part}|{change}|{key}", "words": words})
    return {
        "text": part.text.get(language) or _("The whole case"),
        "now": str(KEYS.get(part.now, "")) if document.kind != "choice" else "",
        "choices": choices,
    }


def _told(document: kinds.Item, one: KeyCorrection, language: str) -> dict[str, Any]:
    """A correction that stands, in words."""
    part = find(correctable(document), one.part)
    option = choices_of(document, language).get(one.option, one.option)
    return {
        "id": one.id,
        "text": (part.text.get(language) if part else "") or _("The whole case"),
        "words": change_words_of(one.change, option, document.kind),
        "reason": one.reason,
        "who": one.made_by.user.shown_name,
        "at": one.made_at,
    }


def _preview(request: KenaliRequest, version: ItemVersion, standing: Standing) -> dict[str, Any]:
    """Who changes, by how much. Names only of people the asker may see; the others are counted."""
    language = request.kenali.language
    document = item_version(version.pk)
    part = find(correctable(document), standing.part)
    effects = effects_of(member_of(request.kenali).organization_id, version.pk, standing)
    names = _names(request.kenali, effects)
    moving = [one for one in effects if one.rises or one.falls]
    seen = [one for one in moving if one.membership_id in names]
    option = choices_of(document, language).get(standing.option, standing.option)
    return {
        **_head(version, document, language),
        "change": f"{standing.part}|{standing.change}|{standing.option}",
        "text": (part.text.get(language) if part else "") or _("The whole case"),
        "words": change_words_of(standing.change, option, document.kind),
        "rise": sum(one.rises for one in effects),
        "fall": sum(one.falls for one in effects),
        "same": len(effects) - len(moving),
        "people": sorted(
            (
                {"name": names[one.membership_id], "effect": one, "id": one.attempt_id}
                for one in seen
            ),
            key=lambda row: (str(row["name"]).casefold(), str(row["id"])),
        ),
        "hidden": len(moving) - len(seen),
    }


def _names(context: Context, effects: list[Effect]) -> dict[UUID, str]:
    """Names to show of those the asker may see: one query."""
    rows = Membership.objects.visible_to(context).select_related("user")
    people = rows.filter(id__in={one.membership_id for one in effects})
    return {person.id: person.user.shown_name for person in people}


@requires(Ability.CORRECT_KEYS, methods=("POST",))
def undo(request: KenaliRequest, correction_id: UUID) -> HttpResponse:
    """Take a correction back. Twice is once."""
    correction = get_correction_or_404(request.kenali, correction_id)
    undo_correction(actor=member_of(request.kenali), correction=correction, at=request.kenali.at)
    messages.success(request, _("Taken back. Every result is again what it was."))
    version = correction.item_version
    return see_other(reverse("quizzes:correct", args=[version.thing.key, version.number]))
