"""What a correction does to one row, and whose result would fall: pure."""

import pytest

from quizzes.rekeying import Change, Mark, Score, Standing, correctable, find, is_dropped, remark
from tests.quizzes.making import highlight, next_step, verdict
from tests.quizzes.sampled import KIND_NAMES, items_of_kind

HIT = Mark("signal", counts=True, credit=None, critical_error=False, flagged=True, chosen="")
MISS = Mark("signal", counts=True, credit=None, critical_error=False, flagged=False, chosen="")
HARM = Mark("decision", counts=False, credit=0.0, critical_error=True, flagged=None, chosen="d")


def test_a_sign_that_is_ordinary_now_turns_a_hit_into_a_false_alarm() -> None:
    after = remark(HIT, Standing("case", Change.NOISE))
    assert (after.kind, after.flagged, after.counts) == ("noise", True, True)
    assert (HIT.points, after.points) == (1.0, 0.0)
    assert remark(MISS, Standing("case", Change.NOISE)).points == 1.0


def test_what_is_dropped_counts_for_nobody() -> None:
    after = remark(HIT, Standing("case", Change.DROP))
    assert is_dropped(after)
    assert not after.counts
    harm = remark(HARM, Standing("answer", Change.DROP))
    assert is_dropped(harm)
    assert not harm.critical_error


def test_only_who_chose_the_accepted_option_is_marked_anew() -> None:
    after = remark(HARM, Standing("answer", Change.ACCEPT, "d"))
    assert (after.credit, after.critical_error) == (1.0, False)
    assert remark(HARM, Standing("answer", Change.ACCEPT, "b")) is HARM
    assert remark(HIT, Standing("answer", Change.ACCEPT, "d")) is HIT


def test_dropping_a_right_answer_lowers_the_share_unless_all_was_right() -> None:
    dropped = remark(HIT, Standing("case", Change.DROP))
    seven = Score(7, 10)
    assert seven.moved(HIT, dropped) == Score(6, 9)
    assert seven.falls_to(Score(6, 9))
    assert not Score(10, 10).falls_to(Score(10, 10).moved(HIT, dropped))
    gone = remark(MISS, Standing("case", Change.DROP))
    assert seven.moved(MISS, gone) == Score(7, 9)
    assert Score(7, 9).falls_to(seven)


def test_a_moment_tried_again_is_the_same_moment_but_p1_is_not_p10() -> None:
    standing = Standing("p1", Change.DROP)
    assert standing.reaches("p1")
    assert standing.reaches("p1/again")
    assert not standing.reaches("p10")


def test_each_part_offers_what_makes_sense_for_it() -> None:
    [case] = correctable(verdict("v-1", "pp", "control", signal=True))
    assert (case.part, case.now, case.changes) == ("case", "signal", (Change.NOISE, Change.DROP))
    assert case.allows(Change.NOISE, "")
    assert not case.allows(Change.SIGNAL, "")
    lines = correctable(highlight("h-1", "pp", "control", signals=1, noise=1))
    assert [one.now for one in lines] == ["signal", "noise"]
    [answer] = correctable(next_step("n-1", "pp"))
    assert [one.key for one in answer.options] == ["b", "c", "d"]
    assert answer.allows(Change.ACCEPT, "d")
    assert not answer.allows(Change.ACCEPT, "a")
    assert not answer.allows(Change.DROP, "d")
    assert find([answer], "x") is None


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_has_a_part_to_correct(kind: str) -> None:
    parts = correctable(items_of_kind(kind)[0])
    assert parts
    assert len({one.part for one in parts}) == len(parts)
    assert all(Change.DROP in one.changes for one in parts)
