"""Whether what is told of some people, beside what is told of others, would tell of a few.

Measurement design 11: filters must not allow to subtract two groups and to find one person. The
filters of a question are taken off one by one, and its cohort or office is looked at beside all
others that the viewer could ask for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from uuid import UUID

from modules.learning import FEWEST_PEOPLE, hides_rest, tellable
from modules.reports.asking import Question
from modules.reports.population import Scene
from modules.reports.states import PRESENT

WITHOUT = {"office": None, "cohort": None, "round": PRESENT}


def gives_away(scene: Scene, people: AbstractSet[UUID]) -> bool:
    """Whether the answers of these people, the population of a scene, had better not be told.

    One query for each filter that is set, and three where the only one is a cohort or an office.
    """
    question = scene.question
    filters = [name for name, off in WITHOUT.items() if getattr(question, name) != off]
    for name in filters:
        wider = _scene(scene, question.but(**{name: WITHOUT[name]}))
        if hides_rest(wider.wanted().count() - len(people)):
            return True
    if len(people) < FEWEST_PEOPLE or len(filters) != 1:
        return False  # what is told of so few is hidden anyway
    whole = _scene(scene, question.but(**WITHOUT))
    if isinstance(question.cohort, UUID):
        return question.cohort not in tellable(*_by_cohort(whole))
    if isinstance(question.office, UUID):
        return question.office not in tellable(*_by_office(whole))
    return False


def _scene(scene: Scene, question: Question) -> Scene:
    return Scene(scene.outline, scene.viewer, question, scene.at)


def _by_cohort(whole: Scene) -> tuple[AbstractSet[UUID], Mapping[UUID, AbstractSet[UUID]]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = whole.stays().filter(cohort_id__in=list(whole.cohorts))
    for cohort, person in rows.order_by().values_list("cohort_id", "membership_id"):
        found[cohort].add(person)
    return frozenset(whole.wanted().values_list("membership_id", flat=True)), found


def _by_office(whole: Scene) -> tuple[AbstractSet[UUID], Mapping[UUID, AbstractSet[UUID]]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    people = dict(whole.wanted().values_list("membership_id", "office_id"))
    for person, office in people.items():
        for each in whole.offices.above(office):
            found[each].add(person)
    return people.keys(), found


__all__ = ["gives_away"]
