"""Guards of the reports that no other test would miss: each was taken out once, to see one fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import Http404
from django.utils import timezone

from course.models import AuditEntry
from course.roles import Role
from course.services.exporting import TooManyRowsTaken, rows_left
from modules.models import Certificate, HolderName
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.exports.door import Asked, Format, export_response
from modules.reports.population import Scene, Staff
from modules.reports.tables import Column, Kind, Table
from modules.services.erasing import erase_somebody, what_goes
from quizzes.reading import facts_for_trainer, facts_of_person
from quizzes.services.commenting import add_comment
from tests.course.test_access_table import routes
from tests.modules.fencing import (
    COMPANIONS,
    Visitor,
    addresses,
    furnish_both,
    methods_of,
    other_ids,
    proved,
    statements,
)
from tests.modules.finishing import flag_everything, publish_course, take
from tests.modules.keeping import complete
from tests.modules.test_forgetting import fill
from tests.personas import ADMINISTRATOR, AT, World

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=1)


@pytest.mark.parametrize("kind", list(Format))
def test_a_file_beyond_the_budget_is_not_written_to_its_end(
    world: World, settings: Any, kind: Format
) -> None:
    """A table of millions must not fill the disk first and be refused then."""
    settings.KENALI_EXPORT_ROWS_PER_HOUR = 5
    read: list[int] = []

    def rows() -> Iterator[int]:
        for number in range(2000):
            read.append(number)
            yield number

    actor, at = world.harbour.administrator, timezone.now()
    table = Table("x", "X", (), (Column("n", "N", Kind.NUMBER, lambda row: row),), rows())
    with pytest.raises(TooManyRowsTaken):
        export_response(Asked(table=table, format=kind, filter="", actor=actor, at=at))
    assert len(read) <= 2 * 5 + 1  # the budget, one more, and counted on as far as it matters
    assert rows_left(actor=actor, at=at) == 5
    entries = AuditEntry.objects.in_organization(world.harbour.organization)
    assert [one.action for one in entries.order_by("sequence")][-1] == "export.refused"


@pytest.mark.slow
def test_no_file_leaves_on_the_strength_of_an_old_session(world: World) -> None:
    """Every door to a file that the site has, those of tomorrow too: it asks, and keeps nothing."""
    with time_machine.travel(NOW, tick=False):
        furnish_both(world)
        old, fresh = Visitor(world.client(ADMINISTRATOR), {}), proved(world, ADMINISTRATOR)
        own, opened = other_ids(world.harbour), set()
        doors = [(name, one) for name, one in routes() if name.endswith("_file")]
        for name, pattern in doors:
            assert methods_of(pattern) == ("POST",), f"{name} writes into the record"
            for address in addresses(name, pattern, own):
                data = COMPANIONS.get(name, {})
                told, asked = old.knock("POST", address, data), fresh.knock("POST", address, data)
                assert told.status in {403, 404}, address
                assert "attachment" not in told.text, address
                assert (told.status == 403) == (asked.status != 404), address
                if asked.status == 200:
                    assert "attachment" in asked.text, address
                    opened.add(name)
        expected = {"report_file", "report_items_file", "report_donor_file", "record_file"}
        assert {f"modules:{one}" for one in (*expected, "my_data_file")} <= {
            one[0] for one in doors
        }
        assert len(opened) > 4


@pytest.mark.parametrize("role", [Role.LEARNER, None])
def test_a_report_begins_for_nobody_below_a_trainer(
    world: World, small_course: Outline, role: Role | None
) -> None:
    """Whatever page, command or key asks: the abilities are the first lock, and this the second."""
    place = world.harbour
    viewer = Staff(place.organization.pk, place.learner.id, role)
    with pytest.raises(Http404):
        Scene(small_course, viewer, Question(), AT)
    Scene(
        small_course, Staff(place.organization.pk, place.trainer.id, Role.TRAINER), Question(), AT
    )


def test_how_sure_a_learner_was_is_not_even_read_for_somebody_else(world: World) -> None:
    """So that no page to come can show it by an oversight; it is there for the learner."""
    _outline, quiz, _final = publish_course()
    attempt = take(world.harbour.learner, quiz, at=AT, answer=flag_everything)
    assert any(one.confidence for one in facts_of_person(world.harbour.learner))
    with statements() as asked:
        facts = facts_for_trainer(attempt)
    assert facts
    assert {one.confidence for one in facts} == {None}
    assert len(asked) == 1
    assert "confidence" not in asked[0]


def test_what_is_said_to_go_with_a_person_goes(world: World) -> None:
    """Each kind that the page of erasing names, also the names on certificates."""
    _outline, quiz, _final = publish_course()
    person, actor = world.harbour.learner, world.harbour.administrator
    attempt = take(person, quiz, at=AT)
    add_comment(attempt=attempt, position=None, author=actor, text="Well seen.", at=AT)
    fill(person, actor)
    paper = Certificate.objects.create(
        organization_id=person.organization_id,
        membership_id=person.id,
        completion_id=complete(person, at=AT).id,
        cycle=1,
        number=1,
        issued_at=AT,
        expires_at=AT + timedelta(days=300),
        document={},
    )
    HolderName.objects.create(
        organization_id=person.organization_id, certificate_id=paper.id, name="Aisyah"
    )
    assert all(one.number for one in what_goes(person)), "one of each was made"
    erase_somebody(membership=person, actor=actor, reason="asked for it", at=NOW)
    assert [str(one.title) for one in what_goes(person) if one.number] == []
    assert not HolderName.objects.in_organization(person.organization_id).exists()
