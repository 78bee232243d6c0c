"""Forms are full, balanced and equal, and what is taught is tested."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quizzes import kinds
from quizzes.lint import forms, harm, report
from quizzes.schema import Bank
from tests.quizzes.samples import bank as real_bank
from tests.quizzes.samples import framework
from tests.quizzes.synthetic import (
    HERE,
    bank_of,
    context,
    dice_of,
    full_form,
    highlight,
    replaced,
    verdict,
)


def test_a_form_with_other_numbers_is_found() -> None:
    form = full_form()
    dice = dice_of(7)
    one_less = {
        "control-text-0": lambda item: highlight(
            dice, item.key, "control", "snsnnsn", item.person.model_dump()
        )
    }
    found = list(forms.balances_kept(context(replaced(form, one_less))))

    assert [problem.message for problem in found] == [
        "final-c: control has 19 signals and 26 noise, not 20 and 25."
    ]


def test_a_final_without_a_sign_free_text_is_found() -> None:
    form = full_form()
    dice = dice_of(8)
    signs = {
        "movement-text-4": lambda item: highlight(
            dice, item.key, "movement", "nnsnnn", item.person.model_dump()
        )
    }
    changed = replaced(form, signs)
    assert not list(forms.sign_free_texts(context(changed)))

    form.head = changed.head = changed.head.model_copy(update={"complete": True})
    assert not list(forms.sign_free_texts(context(form)))
    found = list(forms.sign_free_texts(context(changed)))
    assert [problem.message for problem in found] == ["final-c: every text of movement has a sign."]


@pytest.mark.parametrize(("every", "fair"), [(1, False), (2, True), (5, False)])
def test_a_stage_in_which_one_answer_fits_all_is_found(every: int, fair: bool) -> None:
    dice = dice_of(9)
    items = [
        verdict(dice, f"c-{n}", "control", "noise" if n % every else "signal", HERE, "final-c")
        for n in range(30)
    ]
    found = list(forms.shares_fair(context(bank_of(items))))

    assert [problem.rule for problem in found] == ([] if fair else ["signal-share"])
    assert not list(forms.shares_fair(context(bank_of(items[:20]))))  # too few to say


def test_what_is_missing_is_said_only_of_a_complete_bank() -> None:
    items = list(full_form().items.values())
    short = bank_of(items[1:])
    assert not list(forms.draws_filled(context(short)))
    assert not list(forms.covered(context(short)))

    complete = bank_of(items[1:], complete=True)
    found = list(forms.draws_filled(context(complete)))
    assert [problem.message for problem in found] == [
        "final-c: 5 highlight items (acquisition) are drawn from final-c, which have 4."
    ]
    assert not list(forms.draws_filled(context(bank_of(items, complete=True))))

    complete.readable = False  # then items may only seem to be missing
    assert not list(forms.draws_filled(context(complete)))
    assert not list(forms.covered(context(complete)))


def test_a_complete_bank_tests_every_sign_twice_and_uses_every_look_alike() -> None:
    complete = bank_of(list(full_form().items.values()), complete=True)
    said = "\n".join(problem.message for problem in forms.covered(context(complete)))

    assert "The sign “moved-often” is tested 0 times." in said
    assert "The sign “debt-keeps-growing”" not in said
    assert "The look-alike “tattoo” is never used." in said
    assert "The refresher card “debt-control, signal” has 0 items." in said
    assert len(said.splitlines()) == (
        len(framework().indicators) - 3 + len(framework().confounders)
        + 2 * len(framework().tactics)
    )  # fmt: skip


def test_further_signs_in_the_same_words_count_as_tested() -> None:
    item = real_bank().items["training-bill"]
    found = forms.tested(bank_of([item]))

    assert found == {"cannot-leave-until-paid": 1, "debt-account-never-shown": 1}
    pair = real_bank().items["locked-cupboard"]
    assert forms.used(bank_of([pair])) == {"employer-holds-passport-always"}
    choice = real_bank().items["never-left-the-country"]
    assert forms.used(bank_of([choice])) == {"must-cross-border"}
    micro = real_bank().items["one-bag-for-all"]
    assert forms.cards(bank_of([micro])) == {("travel-papers-held", "noise"): 1}


def test_an_evidence_item_is_one_trial_and_many_lines() -> None:
    item = real_bank().items["driver-and-houses"]
    counted = bank_of([kinds.parse(item.model_dump(mode="json") | {"pool": "final-c"})])
    quiz = counted.quizzes["final-c"]
    draw = quiz.draws[0].model_copy(update={"kind": "evidence", "stage": None, "take": 1})
    quiz = quiz.model_copy(update={"draws": (draw,)})

    assert {s: dict(c) for s, c in forms.counts_of(counted, quiz).items()} == {
        "movement": {"signal": 1}
    }
    assert len(harm.judged_in([item])) == 7


def balance_of(bank: Bank) -> Iterator[str]:
    return report.balance_lines(bank, framework())


def test_authors_see_what_a_form_lacks() -> None:
    form = full_form()
    lines = "\n".join(balance_of(form))
    assert "acquisition: 20 signals + 25 noise (full: 20 + 25)" in lines
    assert "lacks" not in lines
    assert "phi:" in lines

    items = [item for item in form.items.values() if item.key != "control-text-0"]
    assert "  lacks 1 of 5 highlight control" in "\n".join(balance_of(bank_of(items)))
    assert "whole bank" in "\n".join(balance_of(bank_of([])))


def test_micro_items_are_for_refreshers() -> None:
    micro = [item for item in real_bank().items.values() if item.kind == "refresher"]

    assert {item.pool for item in micro} == {"refresher"}
