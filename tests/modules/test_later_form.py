"""Who takes another form of a test later is not who takes it first: the page says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from course.access import Context
from modules.reports.item_words import about_form
from modules.reports.items import form_report, forms_for
from quizzes.policy import form_for
from tests.modules.classes import learners
from tests.modules.keeping import publish_keeping, take
from tests.personas import AT, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_how_many_took_another_form_before_is_said(world: World) -> None:
    publish_keeping()
    people = learners(world.harbour, 3)
    for person in people:
        take(person, f"final-{form_for('final', person.id, finals_taken=0)}", at=AT)
    for person in people[:2]:
        take(person, "final-c", at=AT + 40 * DAY)
    viewer = world.harbour.administrator
    context = Context(
        user=viewer.user,
        membership=viewer,
        organization=viewer.organization,
        language="en",
        at=AT + 50 * DAY,
    )
    again = {}
    for line in forms_for(context):
        found = form_report(context, None, line, language="en")
        assert found is not None
        again[line.key] = found.again
        said = " ".join(about_form(found, ""))
        assert ("2 people had taken another form of this test before" in said) is (
            line.key == "final-c"
        )
    assert again.pop("final-c") == 2
    assert set(again.values()) == {0}
