"""An attempt from start to end: nothing lost, nothing doubled, nothing after the end."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from course.models import AppendOnlyError, Membership
from quizzes.models import Attempt, AttemptItem, Evidence, Response, Tally
from quizzes.models.attempts import newest_answers
from quizzes.policy import Needs, Reason
from quizzes.published import PublishedQuiz, item_version
from quizzes.services.accommodating import set_accommodation
from quizzes.services.attempting import (
    BadAnswer,
    NotAllowed,
    items_of,
    mark_later,
    record_response,
    start_attempt,
)
from quizzes.services.grading import attempt_graded, submit_attempt
from tests.personas import AT, World
from tests.quizzes.making import (
    bank_of,
    eight_verdicts,
    full_form,
    full_quiz,
    publish,
    published,
    quiz,
    right_answer,
    verdict,
)

pytestmark = pytest.mark.django_db
YES: Any = {"concern": True, "confidence": 95}
NO: Any = {"concern": False, "confidence": None}


@pytest.fixture
def learner(world: World) -> Membership:
    return world.harbour.learner


@pytest.fixture
def short(db: None) -> PublishedQuiz:
    return published(eight_verdicts(), quiz())[0]


def begin(learner: Membership, short: PublishedQuiz, **more: Any) -> Attempt:
    return start_attempt(membership=learner, quiz=short, at=more.get("at", AT))


def answer(attempt: Attempt, position: int = 1, said: Any = YES, **more: Any) -> Any:
    options: dict[str, Any] = {"client_key": uuid4(), "at": AT, **more}
    return record_response(attempt=attempt, position=position, answer=said, **options)


def test_starting_draws_items_once_and_pins_their_versions(
    learner: Membership, short: PublishedQuiz
) -> None:
    attempt = begin(learner, short)
    drawn = list(items_of(attempt))
    assert [one.position for one in drawn] == [1, 2, 3, 4]
    assert len({one.item_id for one in drawn}) == 4
    old = drawn[0].item_version_id
    changed = [verdict(f"pp-v{n}", "pp", "control", signal=True, note="new") for n in range(1, 9)]
    publish(bank_of(changed, quiz()))
    assert items_of(attempt).first().item_version_id == old


def test_starting_again_goes_on_with_the_open_attempt(
    learner: Membership, short: PublishedQuiz
) -> None:
    assert begin(learner, short).pk == begin(learner, short).pk


def test_nobody_meets_a_case_twice_before_they_must(
    learner: Membership, short: PublishedQuiz
) -> None:
    met: list[set[UUID]] = []
    for _ in range(3):
        attempt = begin(learner, short)
        met.append({one.item_id for one in items_of(attempt)})
        submit_attempt(attempt=attempt, at=AT)
    assert not met[0] & met[1]
    assert len(met[0] | met[1]) == 8
    third = AttemptItem.objects.in_organization(learner.organization_id).filter(exposure=2)
    assert third.count() == 4


@pytest.mark.parametrize(
    ("rules", "reason"),
    [({"attempts": 1}, Reason.NO_ATTEMPTS_LEFT), ({"wait_hours": 24}, Reason.WAIT)],
)
def test_limits_of_attempts_and_waiting_time(
    learner: Membership, rules: dict[str, int], reason: Reason
) -> None:
    (limited,) = published(eight_verdicts(), quiz(**rules))
    submit_attempt(attempt=begin(learner, limited), at=AT)
    with pytest.raises(NotAllowed) as refused:
        begin(learner, limited, at=AT + timedelta(hours=23))
    assert refused.value.answer.reason == reason
    if reason == Reason.WAIT:
        assert refused.value.answer.when == AT + timedelta(hours=24)
        assert begin(learner, limited, at=AT + timedelta(hours=24)).number == 2


def test_an_empty_bank_begins_nothing(learner: Membership) -> None:
    (empty,) = published([], quiz())
    with pytest.raises(NotAllowed) as refused:
        begin(learner, empty)
    assert refused.value.answer.reason == Reason.EMPTY
    assert not Attempt.objects.of_person(learner).exists()


def test_an_answer_is_kept_and_another_one_is_added_beside_it(
    learner: Membership, short: PublishedQuiz
) -> None:
    attempt = begin(learner, short)
    answer(attempt, said=YES)
    answer(attempt, said=NO)
    rows = list(Response.objects.of_attempt(attempt))
    assert [row.answer["concern"] for row in rows] == [True, False]
    assert newest_answers(rows)[1].answer["concern"] is False


def test_a_repeated_sending_is_the_same_answer_also_after_the_end(
    learner: Membership, short: PublishedQuiz
) -> None:
    attempt, key = begin(learner, short), uuid4()
    first = answer(attempt, client_key=key)
    again = answer(attempt, client_key=key, said=NO)
    assert again.replayed
    assert again.response.pk == first.response.pk
    submit_attempt(attempt=attempt, at=AT)
    assert answer(attempt, client_key=key).replayed
    assert Response.objects.of_attempt(attempt).count() == 1


def test_answers_are_never_changed_or_removed(learner: Membership, short: PublishedQuiz) -> None:
    attempt = begin(learner, short)
    row = answer(attempt).response
    rows = Response.objects.of_attempt(attempt)
    for change in (row.save, rows.delete, lambda: rows.update(position=2)):
        with pytest.raises(AppendOnlyError):
            change()


def refusal(attempt: Attempt, **more: Any) -> Reason | None:
    before = Response.objects.of_attempt(attempt).count()
    with pytest.raises(NotAllowed) as refused:
        answer(attempt, **more)
    assert Response.objects.of_attempt(attempt).count() == before
    return refused.value.answer.reason


def test_after_handing_in_nothing_is_taken(learner: Membership, short: PublishedQuiz) -> None:
    attempt = begin(learner, short)
    submit_attempt(attempt=attempt, at=AT)
    assert refusal(attempt) == Reason.HANDED_IN
    with pytest.raises(NotAllowed):
        mark_later(attempt=attempt, position=1, later=True)


def test_an_answer_to_a_withdrawn_case_is_refused(
    learner: Membership, short: PublishedQuiz
) -> None:
    attempt = begin(learner, short)
    gone = item_version(items_of(attempt).first().item_version_id).key
    publish(bank_of([one for one in eight_verdicts() if one.key != gone], quiz()))
    assert refusal(attempt) == Reason.WITHDRAWN
    answer(attempt, position=2)


def test_once_told_the_first_answer_stands(learner: Membership) -> None:
    (told,) = published(eight_verdicts(), quiz(feedback="after-item"))
    attempt = begin(learner, told)
    answer(attempt)
    assert refusal(attempt, said=NO) == Reason.ANSWERED


@pytest.mark.parametrize(
    "said", [None, [], "yes", {}, {"concern": "yes"}, {"concern": True, "confidence": 51}, {"x": 1}]
)
def test_what_is_no_answer_is_refused_and_changes_nothing(
    learner: Membership, short: PublishedQuiz, said: Any
) -> None:
    attempt = begin(learner, short)
    with pytest.raises(BadAnswer):
        answer(attempt, said=said)
    assert not Response.objects.of_attempt(attempt).exists()


def test_an_unknown_case_does_not_exist(learner: Membership, short: PublishedQuiz) -> None:
    with pytest.raises(AttemptItem.DoesNotExist):
        answer(begin(learner, short), position=5)


def test_heavy_cases_can_be_skipped_and_leave_no_trace_in_the_counts(learner: Membership) -> None:
    heavy = [
        verdict(f"hh{n}", "pp", "control", signal=True, sensitive=n == 1) for n in (1, 2, 3, 4)
    ]
    (one,) = published(heavy, quiz())
    attempt = begin(learner, one)
    for drawn in items_of(attempt):
        item = item_version(drawn.item_version_id)
        if item.sensitive:
            answer(attempt, position=drawn.position, said=None, skipped=True)
        else:
            with pytest.raises(BadAnswer):
                answer(attempt, position=drawn.position, said=None, skipped=True)
            answer(attempt, position=drawn.position)
    submit_attempt(attempt=attempt, at=AT)
    assert Evidence.objects.of_person(learner).count() == 3
    tally = Tally.objects.of_person(learner).get()
    assert (tally.n_signal, tally.hits) == (3, 3)


# --- time ---------------------------------------------------------------------------------------


def test_a_time_limit_with_grace_and_longer_for_who_needs_it(
    world: World, learner: Membership
) -> None:
    (timed,) = published(eight_verdicts(), quiz(time_limit=10, grace=2))
    attempt = begin(learner, timed)
    assert attempt.closes_at == AT + timedelta(minutes=12)
    answer(attempt, at=AT + timedelta(minutes=12))
    assert refusal(attempt, at=AT + timedelta(minutes=12, seconds=1)) == Reason.TIME_OVER
    set_accommodation(
        membership=learner,
        actor=world.harbour.administrator,
        needs=Needs(extra_time=50),
        at=AT,
    )
    attempt.refresh_from_db()
    assert attempt.closes_at == AT + timedelta(minutes=17)
    answer(attempt, position=2, at=AT + timedelta(minutes=17))
    submit_attempt(attempt=attempt, at=AT + timedelta(hours=2))
    assert Tally.objects.of_person(learner).count() == 1
    set_accommodation(
        membership=learner,
        actor=world.harbour.administrator,
        needs=Needs(no_time_limit=True),
        at=AT,
    )
    assert begin(learner, timed).closes_at is None


# --- handing in ---------------------------------------------------------------------------------


def take_all(attempt: Attempt, how: Any = right_answer) -> None:
    for drawn in items_of(attempt):
        said = how(item_version(drawn.item_version_id))
        answer(attempt, position=drawn.position, said=said)


def test_handing_in_writes_one_fact_a_trial_and_their_sums(
    learner: Membership, short: PublishedQuiz
) -> None:
    attempt = begin(learner, short)
    take_all(attempt)
    submit_attempt(attempt=attempt, at=AT)
    facts = list(Evidence.objects.of_person(learner))
    assert len(facts) == 4
    assert all(fact.counts and fact.exposure == 1 for fact in facts)
    assert {fact.tactic for fact in facts} == {"debt"}
    tally = Tally.objects.of_person(learner).get()
    signals = sum(fact.kind == "signal" for fact in facts)
    assert (tally.n_signal, tally.hits) == (signals, signals)
    assert (tally.n_noise, tally.false_alarms) == (4 - signals, 0)


def test_handing_in_twice_is_once(learner: Membership, short: PublishedQuiz) -> None:
    attempt = begin(learner, short)
    take_all(attempt)
    submit_attempt(attempt=attempt, at=AT)
    sums = Tally.objects.of_person(learner).values_list("n_signal", "hits", "n_noise")
    before = sums.get()
    again = submit_attempt(attempt=attempt, at=AT + timedelta(hours=1))
    assert again.submitted_at == AT
    assert Evidence.objects.of_person(learner).count() == 4
    assert (
        Tally.objects.of_person(learner).values_list("n_signal", "hits", "n_noise").get() == before
    )


def test_unanswered_cases_are_facts_but_do_not_count(
    learner: Membership, short: PublishedQuiz
) -> None:
    attempt = begin(learner, short)
    answer(attempt)
    submit_attempt(attempt=attempt, at=AT)
    facts = Evidence.objects.of_person(learner)
    assert facts.count() == 4
    assert facts.counted().count() == 1
    assert facts.filter(flagged__isnull=True).count() == 3


def test_only_first_meetings_count(learner: Membership) -> None:
    (small,) = published(eight_verdicts()[:4], quiz())
    for _ in range(2):
        attempt = begin(learner, small)
        take_all(attempt)
        submit_attempt(attempt=attempt, at=AT)
    assert Evidence.objects.of_person(learner).count() == 8
    assert Evidence.objects.of_person(learner).counted().count() == 4


def test_practice_does_not_count(learner: Membership) -> None:
    (practice,) = published(eight_verdicts(), quiz(kind="practice", counts=False))
    attempt = begin(learner, practice)
    take_all(attempt)
    submit_attempt(attempt=attempt, at=AT)
    assert Evidence.objects.of_person(learner).count() == 4
    assert not Tally.objects.of_person(learner).exists()


def test_grading_is_announced_once_after_the_commit(
    learner: Membership, short: PublishedQuiz, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[Attempt] = []

    def listen(attempt: Attempt, **_more: Any) -> None:
        heard.append(attempt)

    attempt_graded.connect(listen)
    try:
        attempt = begin(learner, short)
        with django_capture_on_commit_callbacks(execute=True):
            submit_attempt(attempt=attempt, at=AT)
            assert heard == []
            submit_attempt(attempt=attempt, at=AT)
        assert [one.pk for one in heard] == [attempt.pk]
    finally:
        attempt_graded.disconnect(listen)


def test_a_whole_final_is_handed_in_with_the_queries_of_a_short_quiz(
    learner: Membership,
) -> None:
    whole, little = published([*full_form(), *eight_verdicts()], full_quiz(), quiz())
    counted: list[list[str]] = []
    for one in (little, whole):
        attempt = begin(learner, one)
        take_all(attempt)
        with CaptureQueriesContext(connection) as queries:
            submit_attempt(attempt=attempt, at=AT)
        counted.append([query["sql"] for query in queries])
    facts = [[sql for sql in one if 'INTO "quizzes_evidence"' in sql] for one in counted]
    # savepoint, lock person, lock attempt, items, documents, answers, corrections, sums read, sums
    # written, attempt, release; the facts come on top, on SQLite in batches of 999 values
    assert [len(one) - len(its) for one, its in zip(counted, facts, strict=True)] == [11, 11]
    assert len(facts[0]) == 1
    assert len(facts[1]) <= (4 if connection.vendor == "sqlite" else 1)
    assert Evidence.objects.of_person(learner).filter(mode="final").count() == 3 * 47
    counted = Evidence.objects.of_person(learner).filter(mode="final").counted()
    assert counted.filter(kind="signal").count() == 60
    assert counted.filter(kind="noise").count() == 75


# --- several devices ----------------------------------------------------------------------------


def together(*works: Any) -> list[Any]:
    """Run the works in threads of their own at the same time; their results or exceptions."""
    outcomes: list[Any] = []
    gate = threading.Barrier(len(works))

    def run(work: Any) -> None:
        try:
            gate.wait()
            outcomes.append(work())
        except Exception as problem:  # noqa: BLE001 -- the test looks at it
            outcomes.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_devices_that_start_at_once_share_one_attempt(world: World) -> None:
    (short,) = published(eight_verdicts(), quiz())
    learner = world.harbour.learner
    outcomes = together(*[lambda: begin(learner, short)] * 4)
    assert {getattr(one, "pk", one) for one in outcomes} == {outcomes[0].pk}
    assert AttemptItem.objects.in_organization(learner.organization_id).count() == 4


@pytest.mark.django_db(transaction=True)
def test_answers_and_hand_ins_from_many_devices_are_kept_once_each(world: World) -> None:
    (short,) = published(eight_verdicts(), quiz())
    learner, key = world.harbour.learner, uuid4()
    attempt = begin(learner, short)
    same = [lambda: answer(attempt, client_key=key)] * 3
    others = [lambda place=place: answer(attempt, position=place) for place in (2, 3, 4)]
    outcomes = together(*same, *others)
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert Response.objects.of_attempt(attempt).count() == 4
    together(*[lambda: submit_attempt(attempt=attempt, at=AT)] * 3)
    assert Evidence.objects.of_person(learner).count() == 4
    tally = Tally.objects.of_person(learner).get()
    assert tally.n_signal + tally.n_noise == 4
