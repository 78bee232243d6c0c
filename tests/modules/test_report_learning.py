"""Does it work? Numbers of a group against an oracle, their gates, and the page that tells them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from course.access import Context
from course.framework.loading import published_framework
from course.services.members import set_active
from modules.gain import Says
from modules.learning import Moves, fold_map, hides_rest, rates_of
from modules.published import current_outline
from modules.reports import learning, sittings
from modules.reports.asking import Question
from modules.reports.charts import Look
from modules.reports.completion import read_summary
from modules.reports.exports.pdf_file import Picture, write_pdf
from modules.reports.gain import cohort_gain
from modules.reports.learning import read_learning, read_map
from modules.reports.learning_cards import Cards
from modules.reports.learning_time import period_ends
from modules.reports.population import Scene, read_population
from modules.reports.retention import curve_of_cohort
from modules.services.progress import move_place
from modules.services.refreshing import begin_check_up
from modules.templatetags.charts import shown_rows
from quizzes.models import Evidence
from quizzes.policy import first_form
from quizzes.published import current_bank
from quizzes.services.attempting import start_attempt
from quizzes.services.grading import submit_attempt
from quizzes.summary import Counts, TrialFact, count
from tests.modules.finishing import answer_all as answer_at_once
from tests.modules.keeping import (
    DAY,
    STAGES,
    badly,
    complete,
    publish_keeping,
    well,
)
from tests.modules.test_gain import cohort_of, cohort_of_more, one_of, text_of
from tests.personas import (
    ADMINISTRATOR,
    AT,
    LEARNER,
    TRAINER,
    Place,
    World,
    make_membership,
    make_user,
)
from tests.quizzes.making import TACTIC

NOW = AT + 200 * DAY
MODEL = [("control", ["debt", "pay"]), ("movement", ["travel"])]


def person(**tactics: tuple[int, int, int, int]) -> dict[tuple[str, str], Counts]:
    """Sums of one person: tactic=(signals, hits, noise, alarms), all in the control stage."""
    return {("control", tactic): Counts(*sums) for tactic, sums in tactics.items()}


def test_a_map_counts_people_by_the_rule_of_their_own_map() -> None:
    solid = person(debt=(15, 15, 15, 0))
    growing = person(debt=(15, 8, 15, 0))
    flags = person(debt=(15, 15, 15, 14))
    few = person(debt=(11, 11, 15, 0))
    no_noise = person(debt=(15, 15, 3, 0))
    stages = fold_map([solid] * 4 + [growing, flags, few, no_noise], MODEL)
    debt, pay = stages[0].tactics
    assert (debt.enough, debt.solid, debt.growing, debt.lookalikes) == (6, 4, 2, 1)
    assert debt.share == pytest.approx(4 / 6)
    assert (pay.enough, pay.solid, pay.share) == (0, None, None)
    assert [one.tactic for one in stages[1].tactics] == ["travel"]


def test_below_five_people_who_can_be_judged_a_field_is_empty() -> None:
    solid, few = person(debt=(15, 15, 15, 0)), person(debt=(3, 3, 3, 0))
    four = fold_map([solid] * 4 + [few] * 20, MODEL)[0].tactics[0]
    assert (four.enough, four.solid, four.growing, four.lookalikes) == (4, None, None, None)
    assert fold_map([solid] * 5, MODEL)[0].tactics[0].solid == 5


def test_look_alikes_are_judged_over_the_whole_stage() -> None:
    """As on a person's own map: noise of one tactic counts for all tactics of its stage."""
    one = person(debt=(15, 15, 0, 0), pay=(0, 0, 15, 0))
    assert fold_map([one] * 5, MODEL)[0].tactics[0].solid == 5
    loud = person(debt=(15, 15, 0, 0), pay=(0, 0, 15, 15))
    assert fold_map([loud] * 5, MODEL)[0].tactics[0].solid == 0


@pytest.mark.parametrize(
    ("remainder", "hidden"), [(0, False), (1, True), (4, True), (5, False), (50, False)]
)
def test_a_rest_of_one_to_four_hides(remainder: int, hidden: bool) -> None:
    assert hides_rest(remainder) is hidden


def test_rates_of_a_person_need_their_gate() -> None:
    assert rates_of(Counts(11, 5, 20, 5)) is None
    assert rates_of(Counts(20, 5, 11, 5)) is None
    found = rates_of(Counts(12, 6, 12, 3))
    assert found is not None
    assert (found.hits, found.alarms) == (0.5, 0.25)


def moved(*people: tuple[Counts, Counts]) -> Any:
    moves = Moves()
    for one in people:
        moves.add({"control": one})
    return moves.of("control")


def test_a_group_is_the_mean_of_its_people_not_of_their_answers() -> None:
    """Nine people of twelve trials and one of two hundred: each counts once (1.2)."""
    small = (Counts(12, 6, 12, 3), Counts(12, 9, 12, 3))
    large = (Counts(200, 0, 200, 100), Counts(200, 200, 200, 0))
    found = moved(*[small] * 9, large)
    assert found.before.hits == pytest.approx((9 * 0.5 + 0.0) / 10)
    assert found.after.hits == pytest.approx((9 * 0.75 + 1.0) / 10)
    assert found.before.alarms == pytest.approx((9 * 0.25 + 0.5) / 10)
    changes = [
        rates_of(after).apart - rates_of(before).apart  # type: ignore[union-attr]
        for before, after in [small] * 9 + [large]
    ]
    assert found.change["mean"] == pytest.approx(sum(changes) / 10)


def test_a_stage_needs_ten_people_and_says_no_more_than_its_interval() -> None:
    better = (Counts(20, 10, 20, 5), Counts(20, 16, 20, 4))
    nine = moved(*[better] * 9)
    assert (nine.says, nine.pairs, nine.before, nine.change) == (Says.TOO_FEW, 9, None, None)
    other = (Counts(20, 10, 20, 5), Counts(20, 15, 20, 4))
    assert moved(*[better] * 5, *[other] * 5).says == Says.CLEAR_GAIN
    worse = (better[1], better[0])
    assert moved(*[better] * 5, *[worse] * 5).says == Says.NO_CLEAR_GAIN
    assert moved(*[worse] * 6, *[(other[1], other[0])] * 6).says == Says.CLEAR_LOSS


# --- what is read ---------------------------------------------------------------------------------


def viewer(place: Place, member: Any = None) -> Context:
    """What somebody of this organisation may see; the administrator unless said otherwise."""
    one = member or place.administrator
    return Context(
        user=one.user,
        membership=one,
        organization=place.organization,
        language="en",
        at=NOW,
    )


def answer_all(attempt: Any, answer: Any, *, at: datetime) -> None:
    """Answer everything in one statement, and hand in."""
    answer_at_once(attempt, at=at, answer=answer)
    submit_attempt(attempt=attempt, at=at)


def take(person: Any, key: str, answer: Any, *, at: datetime) -> None:
    """Take a whole quiz."""
    quiz = current_bank().quizzes[key]
    answer_all(start_attempt(membership=person, quiz=quiz, at=at), answer, at=at)


def learn(people: list[Any]) -> None:
    """First looks and finals of these people, and check-ups of every second one."""
    for number, person in enumerate(people):
        form = first_form(person.id)
        take(person, f"pre-{form}", badly if number % 2 else well, at=AT)
        if number % 3 == 2:
            continue
        take(person, f"final-{'b' if form == 'a' else 'a'}", well, at=AT + DAY)
        complete(person, at=AT + DAY)
        if number % 2:
            attempt = begin_check_up(membership=person, at=AT + 40 * DAY)
            answer_all(attempt, badly, at=AT + 40 * DAY)


def read(place: Place, question: Question | None = None, *, at: datetime = NOW) -> Any:
    return read_learning(current_outline(), viewer(place), question or Question(), at)


@pytest.mark.django_db
def test_the_tests_say_what_the_pages_of_a_cohort_say(world: World) -> None:
    """The oracle: two older reports that read the same facts another way."""
    publish_keeping(tests=4)
    people = cohort_of(world, 12)
    learn(people)
    place = world.harbour
    found = read(place, Question(cohort=place.first_cohort.id)).results
    older = cohort_gain(viewer(place), place.first_cohort)
    assert found.gain == older.gain
    assert found.gain.taken.pairs == 8
    curve = curve_of_cohort(viewer(place), place.first_cohort, at=NOW)
    assert found.curve == curve
    assert [one.taken for one in curve.later] == [4, 0, 0]


@pytest.mark.django_db
def test_enough_pairs_make_a_gain_and_a_move_of_every_stage(world: World) -> None:
    publish_keeping(tests=12)
    people = cohort_of(world, 10)
    for person in people:
        form = first_form(person.id)
        take(person, f"pre-{form}", one_of(3), at=AT)
        take(person, f"final-{'b' if form == 'a' else 'a'}", one_of(9), at=AT + DAY)
    place = world.harbour
    found = read(place, Question(cohort=place.first_cohort.id)).results
    assert found.gain == cohort_gain(viewer(place), place.first_cohort).gain
    assert found.gain.taken.pairs == 10
    counts = _by_hand(people)
    for move in found.moves:
        sides = [counts[person.id, move.stage] for person in people]
        assert move.pairs == 10
        assert move.before is not None
        assert move.after is not None
        assert move.before.hits == pytest.approx(sum(a.hits / a.n_signal for a, _b in sides) / 10)
        assert move.after.alarms == pytest.approx(
            sum(b.false_alarms / b.n_noise for _a, b in sides) / 10
        )


def _by_hand(people: list[Any]) -> dict[tuple[Any, str], tuple[Counts, Counts]]:
    """(person, stage) -> counts before and after, added up row by row."""
    found: dict[tuple[Any, str], tuple[Counts, Counts]] = {}
    for person in people:
        for stage in STAGES:
            sides = []
            for mode in ("pre-test", "final"):
                rows = Evidence.objects.of_person(person).filter(mode=mode, stage=stage)
                facts = [TrialFact(r.kind, r.stage, r.tactic, r.flagged, None, False) for r in rows]
                sides.append(count(facts))
            found[person.id, stage] = (sides[0], sides[1])
    return found


@pytest.mark.django_db
def test_the_map_is_the_same_from_kept_sums_and_from_facts(world: World) -> None:
    publish_keeping(tests=12)
    people = cohort_of(world, 6)
    for person in people:
        form = first_form(person.id)
        take(person, f"pre-{form}", badly, at=AT)  # a first look says nothing about today
        take(person, f"final-{'b' if form == 'a' else 'a'}", well, at=AT + DAY)
    today = map_at(world.harbour, None, NOW)
    then = map_at(world.harbour, (AT + 5 * DAY).date(), AT + 5 * DAY)
    assert then == today
    assert [(one.enough, one.solid) for stage in today for one in stage.tactics] == [(6, 6)] * 3
    before = map_at(world.harbour, AT.date(), AT + timedelta(hours=1))
    assert not any(one.enough for stage in before for one in stage.tactics)


def map_at(place: Place, day: date | None, at: datetime) -> Any:
    """The map of the made-up tactics of the made-up cases."""
    scene = Scene(current_outline(), viewer(place), Question(as_of=day), at)
    people = {one.person for one in read_population(scene).places}
    return read_map(scene, people, [(stage, [TACTIC[stage]]) for stage in STAGES])


@pytest.mark.django_db
def test_over_time_is_what_the_report_of_each_day_says(world: World) -> None:
    publish_keeping(tests=2)
    people = cohort_of(world, 8)
    for number, person in enumerate(people[:5]):
        complete(person, at=AT + (10 + 20 * number) * DAY)
    set_active(
        membership=people[7], active=False, actor=world.harbour.administrator, at=AT + 50 * DAY
    )
    place = world.harbour
    for question in (Question(), Question(cohort=place.first_cohort.id)):
        for at in (NOW, AT + 45 * DAY):
            told = read(place, question, at=at).over_time
            assert told.periods[-1].at == at
            assert told.weekly is (at != NOW)
            for period in told.periods:
                summary = read_summary(current_outline(), viewer(place), question, period.at)
                assert (period.people, period.completed, period.rate) == (
                    summary.population,
                    summary.completed,
                    summary.rate,
                )
    ends = [one.completed for one in read(place).over_time.periods]
    assert ends == sorted(ends)
    assert (ends[0], ends[-1]) == (0, 5)


def test_periods_end_at_midnight_where_people_work() -> None:
    at = datetime(2026, 3, 10, 9, tzinfo=UTC)
    zone = ZoneInfo("Asia/Kuala_Lumpur")
    months = [end.astimezone(zone) for end in period_ends(at, weekly=False)]
    assert len(months) == 12
    assert months[-1] == at
    assert [(one.year, one.month, one.day) for one in months[-4:-1]] == [
        (2025, 12, 31),
        (2026, 1, 31),
        (2026, 2, 28),
    ]
    assert all(one.hour == 23 and one.microsecond == 999_999 for one in months[:-1])
    weeks = period_ends(at, weekly=True)[:-1]
    assert all(one.astimezone(zone).isoweekday() == 7 for one in weeks)


@pytest.mark.django_db
def test_the_five_numbers_are_counted_from_facts(world: World) -> None:
    publish_keeping(tests=2)
    outline = current_outline()
    people = cohort_of(world, 7)
    lesson = next(iter(outline.lessons()))
    for person in people[:5]:
        move_place(membership=person, lesson=lesson, step=1, at=AT + DAY)
    for person in people[:3]:
        complete(person, key="m1", at=AT + 2 * DAY)
    for person in people[:2]:
        complete(person, key="m2", at=AT + 3 * DAY)
    complete(people[0], at=AT + 4 * DAY)
    complete(people[6], at=AT + 4 * DAY)  # a shortened round: nothing but the final
    attempt = begin_check_up(membership=people[6], at=AT + 40 * DAY)
    answer_all(attempt, well, at=AT + 40 * DAY)
    cohort = Question(cohort=world.harbour.first_cohort.id)
    funnel = read(world.harbour, cohort, at=AT + 50 * DAY).funnel
    assert (funnel.people, funnel.started, funnel.finished) == (8, 6, 3)
    assert (funnel.completed, funnel.refreshed) == (2, 1)
    assert [(one.started, one.completed) for one in funnel.modules] == [(5, 3), (2, 2)]
    later = read(world.harbour, cohort, at=AT + 170 * DAY).funnel
    assert later.refreshed == 0  # more than 120 days ago
    one = read(world.harbour, cohort.but(module="m1"), at=AT + 50 * DAY).funnel
    assert (one.people, one.started, one.completed) == (8, 5, 3)
    assert (one.finished, one.refreshed, len(one.modules)) == (None, None, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("past", [False, True])
def test_the_number_of_queries_does_not_depend_on_people(
    world: World,
    queries: Any,
    past: bool,
) -> None:
    publish_keeping(tests=2)
    learn(cohort_of(world, 3))
    question = Question(cohort=world.harbour.first_cohort.id)
    if past:
        question = question.but(as_of=(NOW - DAY).date())
    read(world.harbour, question)  # what a process keeps
    with queries() as few:
        read(world.harbour, question)
    learn(cohort_of_more(world, 9))
    with queries() as many:
        found = read(world.harbour, question)
    assert found.people == 13
    assert few == many
    assert few[0] <= 100


@pytest.mark.django_db
def test_a_sample_is_read_in_slices_and_says_what_the_whole_says(
    world: World, monkeypatch: Any
) -> None:
    """With five people as the most that are read, two at a time."""
    publish_keeping(tests=4)
    people = cohort_of(world, 7)
    learn(people)
    whole = read(world.harbour)
    monkeypatch.setattr(sittings, "SAMPLE", 1)
    monkeypatch.setattr(sittings, "SLICE", 2)
    monkeypatch.setattr(learning, "sample_of", frozenset)
    sliced = read(world.harbour)
    assert (sliced.results, sliced.stages) == (whole.results, whole.stages)
    monkeypatch.undo()
    monkeypatch.setattr(sittings, "SAMPLE", 5)
    drawn = read(world.harbour)
    assert (drawn.asked, drawn.people, drawn.results.gain.taken.people) == (5, 10, 5)
    assert drawn.results == read(world.harbour).results  # the same people each time
    cards = Cards(drawn, published_framework(), language="en").all()
    assert "Looked at: 5 of 10 people, drawn by lot" in cards[-1].more[0]
    assert not any("drawn by lot" in " ".join(card.more) for card in cards[:2])
    assert sittings.sample_of({one.id for one in people[:4]}) == {one.id for one in people[:4]}


@pytest.mark.django_db
def test_another_organisation_adds_nothing(world: World) -> None:
    publish_keeping(tests=12)
    learn(cohort_of(world, 6))
    here = read(world.harbour)
    there = world.lighthouse
    for number in range(6):
        user = make_user(f"other-{number}")
        learn([make_membership(there.organization, user)])
    assert read(world.harbour) == here


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_empty_house_says_why_there_is_nothing(world: World) -> None:
    publish_keeping(tests=2)
    answer = world.client(TRAINER).get("/reports/learning/")
    words = text_of(answer)
    assert answer.status_code == 200
    assert "No share is shown for fewer than 5 people; there is 1 here." in words
    assert "0 of at least 10 people took both tests" in words
    assert "Not enough cases yet." in words
    assert "<svg" not in answer.content.decode().partition("<main")[2]


@pytest.mark.django_db
def test_a_trainer_asks_about_own_cohorts_only(world: World) -> None:
    publish_keeping(tests=2)
    other = f"/reports/learning/?cohort={world.harbour.second_cohort.id}"
    assert world.client(TRAINER).get(other).status_code == 404
    assert world.client(ADMINISTRATOR).get(other).status_code == 200
    assert world.client(LEARNER).get("/reports/learning/").status_code == 403
    stranger = f"/reports/learning/?cohort={world.lighthouse.first_cohort.id}"
    assert world.client(ADMINISTRATOR).get(stranger).status_code == 404


def full_house(world: World) -> list[Any]:
    """Twelve learners with both tests, twelve signs a stage; eleven completed and came back."""
    publish_keeping(tests=12)
    people, begin = cohort_of(world, 12), AT - 150 * DAY  # a page is asked today, whenever that is
    for number, person in enumerate(people):
        form = first_form(person.id)
        take(person, f"pre-{form}", one_of(3), at=begin)
        take(person, f"final-{'b' if form == 'a' else 'a'}", one_of(9), at=begin + DAY)
        if number < 11:
            complete(person, at=begin + (1 + number) * DAY)
    for person in people[:11]:
        day = AT - 10 * DAY
        answer_all(begin_check_up(membership=person, at=day), one_of(2), at=day)
    return people


@pytest.mark.django_db
def test_every_number_of_a_picture_stands_in_the_words_or_the_table(world: World) -> None:
    """And the page is well-formed, names nobody, has one id once, and no style or script."""
    full_house(world)
    found = read(world.harbour)
    framework = published_framework()
    cards = Cards(found, framework, language="en").all()
    assert {one.key for one in cards if one.svg} >= {
        "over-time",
        "reach",
        "modules",
        "before-after",
        "stayed",
    }
    ids: list[str] = []
    for card in cards:
        if not card.svg:
            continue
        root = ET.fromstring(card.svg)  # noqa: S314 -- our own text
        ids += [one.get("id", "") for one in root.iter() if one.get("id")]
        assert card.table is not None
        told = " ".join([card.lead, *card.more, card.caption])
        told += " ".join(words for row in shown_rows(card.table) for _title, words in row)
        numbers = set(re.findall(r"\d+", told)) | {"0", "50", "100"}
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            words = "".join(text.itertext())
            assert set(re.findall(r"\d+", words)) <= numbers, (card.key, words)
    assert len(ids) == len(set(ids))
    assert not any("canary" in str(card).casefold() for card in cards)


@pytest.mark.django_db
def test_the_page_of_a_full_house(world: World) -> None:
    full_house(world)
    answer = world.client(ADMINISTRATOR).get("/reports/learning/")
    page, words = answer.content.decode(), text_of(answer)
    assert answer.status_code == 200
    assert "A clear gain. Signs spotted:" in words
    assert "False alarms:" in words
    assert "Took both: 12 of 15." in words
    # Without the line over time: the house was founded yesterday.
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" class="chart"') >= 4
    assert "style=" not in page.partition("<main")[2]
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "Row0" not in words  # nobody is named
    assert "harbour-learner" not in words
    # A filter that leaves out three people of fifteen would tell of them by subtraction.
    cohort = world.harbour.first_cohort.id
    narrowed = text_of(world.client(ADMINISTRATOR).get(f"/reports/learning/?cohort={cohort}"))
    assert "The filters leave out only 2 people." in narrowed
    assert "A clear gain" not in narrowed


@pytest.mark.django_db
def test_pictures_for_paper_have_no_classes(world: World) -> None:
    full_house(world)
    found = read(world.harbour)
    framework = published_framework()
    paper = Cards(found, framework, language="en", look=Look.PAPER).all()
    assert sum(bool(card.svg) for card in paper) == 5
    assert not any("class=" in card.svg for card in paper)
    pictures = [
        Picture(svg=card.svg, alt=card.lead, caption=card.title) for card in paper if card.svg
    ]
    table = paper[0].table
    assert table is not None
    made = write_pdf(table, zone=ZoneInfo("Asia/Kuala_Lumpur"), pictures=pictures)
    assert made.startswith(b"%PDF")
