"""Two devices, or a holder and an administrator, at the same moment: one fact, one paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from course.models import Membership
from course.services import Refused
from modules.certificates import Choices
from modules.models import Certificate, Completion, Cycle, Revocation
from modules.services.certifying import (
    issue_certificate,
    issue_certificates,
    reissue_certificate,
    revoke_certificate,
)
from modules.services.completing import completions_of, grant_completions
from modules.services.progress import finish_lesson
from modules.services.renewing import renew_course
from quizzes.services.attempting import start_attempt
from quizzes.services.grading import submit_attempt
from tests.course.race import at_once
from tests.modules.finishing import answer_all, complete_course, publish_course
from tests.personas import AT, make_world

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
CHOICES = Choices(name="Aisyah")


def papers(learner: Membership) -> int:
    return int(Certificate.objects.of_person(learner).count())


def test_the_last_lesson_and_the_quiz_in_one_moment_complete_the_module() -> None:
    """Each is written before the other looks: only the lock lets one of them see both."""
    learner = make_world().harbour.learner
    outline, short, _final = publish_course()
    first, last = list(outline.lessons())[:2]
    finish_lesson(membership=learner, lesson=first, at=AT)
    attempt = start_attempt(membership=learner, quiz=short, at=AT)
    answer_all(attempt, at=AT)
    at_once(
        lambda: finish_lesson(membership=learner, lesson=last, at=AT),
        lambda: submit_attempt(attempt=attempt, at=AT),
        refusals=Refused,
    )
    assert [one.key for one in completions_of(learner)] == ["m1"]


def test_many_grants_at_once_are_one() -> None:
    learner = make_world().harbour.learner
    complete_course(learner, publish_course(), at=AT)
    number = completions_of(learner).count()
    Completion.objects.of_person(learner)._raw_delete("default")
    grants = [lambda: grant_completions(membership=learner, at=AT)] * 3
    made = at_once(*grants, refusals=Refused)
    assert sorted(len(one) for one in made) == [0, 0, number]  # type: ignore[arg-type]
    assert completions_of(learner).count() == number


def test_holder_and_administrator_issue_one_paper() -> None:
    place = make_world().harbour
    complete_course(place.learner, publish_course(), at=AT)
    at_once(
        lambda: issue_certificate(membership=place.learner, choices=CHOICES, at=AT),
        lambda: issue_certificate(membership=place.learner, choices=CHOICES, at=AT),
        lambda: issue_certificates(completions=None, actor=place.administrator, at=AT),
        refusals=Refused,
    )
    assert papers(place.learner) == 1


def test_withdrawing_and_replacing_at_once_is_one_of_both() -> None:
    place = make_world().harbour
    complete_course(place.learner, publish_course(), at=AT)
    paper = issue_certificate(membership=place.learner, choices=CHOICES, at=AT)
    facts = {"certificate": paper, "reason": "x", "at": AT}
    outcomes = at_once(
        lambda: reissue_certificate(choices=CHOICES, actor=place.learner, **facts),
        lambda: revoke_certificate(actor=place.administrator, **facts),
        refusals=Refused,
    )
    assert sum(isinstance(one, Refused) for one in outcomes) == 1
    assert Revocation.objects.of_person(place.learner).count() == 1


def test_two_devices_begin_one_round() -> None:
    learner = make_world().harbour.learner
    complete_course(learner, publish_course(), at=AT)
    issue_certificate(membership=learner, choices=CHOICES, at=AT)
    when = AT + 300 * DAY
    rounds = at_once(
        lambda: renew_course(membership=learner, at=when),
        lambda: renew_course(membership=learner, at=when + DAY),
        refusals=Refused,
    )
    assert len({one.id for one in rounds if isinstance(one, Cycle)}) == 1
    assert Cycle.objects.of_person(learner).count() == 1


@pytest.mark.postgres
def test_whoever_grants_or_issues_holds_the_person() -> None:
    """The races above are seldom lost; that the row is locked first can be seen each time."""
    place = make_world().harbour
    complete_course(place.learner, publish_course(), at=AT)
    paper = issue_certificate(membership=place.learner, choices=CHOICES, at=AT)
    later = AT + 300 * DAY
    for write in (
        lambda: grant_completions(membership=place.learner, at=AT),
        lambda: issue_certificate(membership=place.learner, choices=CHOICES, at=AT),
        lambda: revoke_certificate(certificate=paper, reason="x", actor=place.administrator, at=AT),
        lambda: renew_course(membership=place.learner, at=later),
    ):
        with CaptureQueriesContext(connection) as seen:
            write()
        statements = [one["sql"] for one in seen if not one["sql"].startswith(("BEGIN", "SAVE"))]
        assert 'FROM "course_membership"' in statements[0]
        assert statements[0].endswith("FOR UPDATE")
