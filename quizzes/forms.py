"""What the quiz pages may send, and in which words a mistake is explained."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from course.forms import PageForm, PlainTextField, parsed_uuid
from course.framework.schema import LANGUAGES
from quizzes import kinds
from quizzes.answers import Fields, Json, answer_from, places_of
from quizzes.kinds import InvalidResponse, Item
from quizzes.models.attempts import UNKNOWN
from quizzes.models.comments import COMMENT_LENGTH

MOST_EXTRA_DAYS = 90
LARGEST_BODY = 64 * 1024  # bytes of one answer

WORDS: dict[str, str | Promise] = {
    "shape": _("This answer could not be read. Please answer again."),
    "unknown-part": _("This answer names something that is not on the page. Please answer again."),
    "too-many": _("Please choose one answer only."),
    "incomplete": _("Something is still open. Please complete your answer."),
    "path": _("The conversation has moved on. Please go on from here."),
    "not-skippable": _("This one cannot be skipped. You may leave it open and go on."),
}
# Where a kind can say more precisely what is missing.
SPECIAL_WORDS: dict[tuple[str, str], str | Promise] = {
    ("sequence", "incomplete"): _("Give every card a place of its own, from first to last."),
    ("evidence", "incomplete"): _("Say yes or no. After yes, mark a line that shows it."),
}


def words_about(kind: str, reason: str) -> str:
    """What is wrong with an answer, in the learner's words."""
    return str(SPECIAL_WORDS.get((kind, reason), WORDS[reason]))


Tried = tuple[Json | None, Json, str]  # the answer or None, what was filled in, what is wrong
UNTRIED: Tried = (None, {}, "")


def try_answer(item: Item, fields: Fields, *, so_far: Json | None = None) -> Tried:
    """The answer in the fields of a page that tells at once and keeps nothing."""
    typed = answer_from(item, fields, so_far=so_far)
    answer = kinds.validate(item, typed)
    if item.kind == "sequence":
        typed = {"places": places_of(item, fields)}
    if isinstance(answer, InvalidResponse):
        return None, typed, words_about(item.kind, answer.reason)
    if not kinds.score(item, answer).answered:
        return None, typed, words_about(item.kind, "incomplete")
    return answer, typed, ""


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer as it came in: the browser's key, and what was answered. `wants` is the button.

    `language` is the one of the page that was answered: it may have been switched in another
    window since. "" when it was not sent.
    """

    client_key: UUID
    answer: Any
    wants: str
    language: str


class Unreadable(Exception):
    """The request itself is broken: no page of ours sends such a thing."""


def read_answer(request: HttpRequest, item: Item, *, so_far: Any) -> Sent:
    """The answer in a form or in JSON `{"key": uuid, "answer": …, "shown_in": "ms"}`.

    Raises Unreadable.
    """
    if request.content_type == "application/json":
        return _read_json(request)
    key = parsed_uuid(request.POST.get("key", ""))
    if key is None:
        raise Unreadable("The answer carries no key.")
    wants = request.POST.get("wants", "")
    answer = None if wants == "skip" else answer_from(item, request.POST, so_far=so_far)
    return Sent(key, answer, wants, _known_language(request.POST.get("shown_in")))


def _read_json(request: HttpRequest) -> Sent:
    if len(request.body) > LARGEST_BODY:
        raise Unreadable("The answer is too large.")
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Unreadable("The answer is not JSON.") from None
    key = parsed_uuid(str(sent.get("key"))) if isinstance(sent, dict) else None
    if key is None or ("answer" not in sent and sent.get("wants") != "skip"):
        raise Unreadable("The answer carries no key or no answer.")
    language = _known_language(sent.get("shown_in"))
    return Sent(key, sent.get("answer"), str(sent.get("wants") or ""), language)


def _known_language(sent: object) -> str:
    """A language of the bank, or "": an answer is never lost for its language."""
    return sent if isinstance(sent, str) and sent in LANGUAGES else UNKNOWN


def fresh_key() -> UUID:
    """A key for the form of a page; a browser that works offline makes its own."""
    return uuid4()


class NeedsForm(PageForm):
    """What a person needs in every quiz."""

    extra_time = forms.TypedChoiceField(
        label=_("Time"),
        help_text=_("For every quiz with a time limit, also those that are open now."),
        coerce=int,
        choices=[
            (0, _("As everybody")),
            (25, _("A quarter more")),
            (50, _("Half as much again")),
            (100, _("Twice as long")),
        ],
        widget=forms.RadioSelect,
    )
    no_time_limit = forms.BooleanField(label=_("No time limit at all"), required=False)
    extra_days = forms.IntegerField(
        label=_("More days until every due date"),
        help_text=_("For everything that is asked, also what is asked already."),
        min_value=0,
        max_value=MOST_EXTRA_DAYS,
        required=False,
    )

    def clean_extra_days(self) -> int:
        """Left empty means none."""
        return self.cleaned_data["extra_days"] or 0


class NoteTextField(PlainTextField):
    """A few sentences. A new line becomes a space: the note stands beside one answer."""

    def to_python(self, value: Any) -> str:
        """As one line."""
        return super().to_python(" ".join(str(value or "").split()))


class NoteForm(PageForm):
    """A note of a trainer; `case` is the number on the page, empty for the whole attempt."""

    case = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    text = NoteTextField(
        label=_("Your note"),
        help_text=_("The learner reads it beside the answer, with your name."),
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
