"""From an address of the middle floor to what it names. An attempt is only its owner's."""

from typing import Any
from uuid import UUID

from django.http import Http404

from course.access import Context, get_or_404
from course.models import Cohort, Membership
from course.roles import Role
from quizzes.models import Assignment, Attempt, ItemVersion, KeyCorrection, PaperSheet, Room
from quizzes.published import PublishedQuiz, current_bank, practice_pools
from quizzes.schema import SCHEDULED


def member_of(context: Context) -> Membership:
    """The place of whoever asks. Views behind an ability always have one."""
    if context.membership is None:
        raise Http404
    return context.membership


def get_quiz_or_404(key: str) -> PublishedQuiz:
    """The quiz with this key, if it is published now and has no door of its own."""
    quiz = current_bank().quizzes.get(key)
    if quiz is None or quiz.quiz.kind in SCHEDULED:
        raise Http404
    return quiz


def get_own_attempt_or_404(context: Context, attempt_id: UUID) -> Attempt:
    """An attempt of the person who asks; anybody else's does not exist."""
    rows = Attempt.objects.of_person(member_of(context)).for_attempt_page()
    attempt: Attempt = get_or_404(rows, id=attempt_id)
    return attempt


def get_learner_or_404(context: Context, person_id: UUID) -> Membership:
    """A learner whom the asker may see. The answers of staff are nobody else's business."""
    rows = learners_seen_by(context).select_related("user")
    found: Membership = get_or_404(rows, id=person_id)
    return found


def learners_seen_by(context: Context) -> Any:
    """Whose attempts have a page for the asker, if they may read answers: by the role of today."""
    return Membership.objects.visible_to(context).filter(role=Role.LEARNER.value)


def get_attempt_of_or_404(person: Membership, attempt_id: UUID) -> Attempt:
    """An attempt of this person, whom `get_learner_or_404` has found; no refresher."""
    rows = Attempt.objects.of_person(person).for_trainers().for_attempt_page()
    attempt: Attempt = get_or_404(rows, id=attempt_id)
    return attempt


def get_item_version_or_404(key: str, number: int) -> ItemVersion:
    """A version of an item of the bank, also one that is out of use: answers were given to it."""
    versions: Any = ItemVersion.objects
    version: ItemVersion = get_or_404(
        versions.select_related("thing"), thing__key=key, number=number
    )
    return version


def get_correction_or_404(context: Context, correction_id: UUID) -> KeyCorrection:
    """A correction of the own organisation."""
    rows: Any = KeyCorrection.objects.visible_to(context)
    correction: KeyCorrection = get_or_404(
        rows.select_related("item_version__thing"), id=correction_id
    )
    return correction


def get_assignment_or_404(context: Context, assignment_id: UUID) -> Assignment:
    """Something that is asked now of a cohort or a person whom the asker may see."""
    rows = Assignment.objects.visible_to(context).standing(context.at).with_whom()
    assignment: Assignment = get_or_404(rows, id=assignment_id)
    return assignment


def get_room_or_404(cohort: Cohort, room_id: UUID) -> Room:
    """A room of a cohort that `get_cohort_or_404` has found."""
    room: Room = get_or_404(Room.objects.of_cohort(cohort), id=room_id)
    return room


def get_practice_version_or_404(key: str) -> UUID:
    """A case that only practice draws: nothing that a test asks is ever shown to a room."""
    item = current_bank().items.get(key)
    if item is None or item.candidate.pool not in practice_pools():
        raise Http404
    return item.version_id


def get_sheet_or_404(cohort: Cohort, sheet_id: UUID) -> PaperSheet:
    """A printed sheet of a cohort that `get_cohort_or_404` has found."""
    rows: Any = PaperSheet.objects.in_organization(cohort.organization_id)
    sheet: PaperSheet = get_or_404(
        rows.filter(cohort_id=cohort.id).select_related("quiz__current"), id=sheet_id
    )
    return sheet
