"""Who a person is, and single words, must not give the key away."""

from __future__ import annotations

import pytest

from quizzes import kinds
from quizzes.kinds.common import Item
from quizzes.kinds.highlight import HighlightItem
from quizzes.lint import forms, harm, lint_bank
from quizzes.schema import Bank
from tests.quizzes.samples import bank as real_bank
from tests.quizzes.samples import framework
from tests.quizzes.synthetic import (
    HERE,
    STAGES,
    THERE,
    TODAY,
    bank_of,
    context,
    dice_of,
    full_form,
    highlight,
    replaced,
    rules_of,
    verdict,
    with_person,
)


def test_a_fair_full_form_is_silent() -> None:
    form = full_form()

    assert form.is_full(form.quizzes["final-c"])
    assert forms.is_fixed(form, form.quizzes["final-c"])
    counts = forms.counts_of(form, form.quizzes["final-c"])
    assert {stage: dict(count) for stage, count in counts.items()} == {
        stage: {"signal": 20, "noise": 25} for stage in STAGES
    }
    assert rules_of(form) == set()


def test_a_bank_in_which_all_migrants_are_signals_fails() -> None:
    dice = dice_of(2)
    items = [
        verdict(
            dice,
            f"case-{n}",
            "control",
            "signal" if n % 2 else "noise",
            THERE if n % 2 else HERE,
            "practice",
        )
        for n in range(30)
    ]
    found = list(harm.people_tell_nothing(context(bank_of(items))))

    said = " ".join(problem.message for problem in found)
    assert {problem.rule for problem in found} == {"attribute-predicts-key"}
    assert "“origin foreign” predicts the key: phi is +1.00" in said
    assert "“origin malaysia” predicts the key: phi is -1.00" in said
    assert "“gender man”" in said
    assert lint_bank(bank_of(items), framework(), today=TODAY)


def test_while_a_bank_grows_only_what_chance_does_not_explain_is_a_fault() -> None:
    dice = dice_of(3)
    pattern = [("signal", THERE)] * 14 + [("noise", THERE)] * 10
    pattern += [("signal", HERE)] * 10 + [("noise", HERE)] * 14
    items = [
        verdict(dice, f"case-{n}", "control", kind, person, "practice")
        for n, (kind, person) in enumerate(pattern)
    ]
    parts = harm.judged_in(items)
    assert harm.phis(parts)["origin foreign"] == pytest.approx(4 / 24)  # 48 x .167^2 = 1.3

    assert not list(harm.people_tell_nothing(context(bank_of(items))))
    assert list(harm.people_tell_nothing(context(bank_of(items, complete=True))))


def test_in_a_full_form_an_attribute_may_not_lean_at_all() -> None:
    form = full_form()
    # In the verdicts, the signals are now about people from abroad and the noise about locals.
    lean = {
        f"{stage}-case-{n}": (
            lambda item: with_person(item, THERE if item.vignette.kind == "signal" else HERE)
        )
        for stage in STAGES
        for n in range(10)
    }
    found = list(harm.people_tell_nothing(context(replaced(form, lean))))

    assert found
    assert all("final-c" in problem.message for problem in found)


def test_phi_by_hand() -> None:
    # 10 of 15 foreign trials are signals, 5 of 15 local ones: (10*10 - 5*5) / 15^2 = 1/3.
    dice = dice_of(4)
    pattern = [("signal", THERE)] * 10 + [("noise", THERE)] * 5
    pattern += [("signal", HERE)] * 5 + [("noise", HERE)] * 10
    parts = harm.judged_in(
        verdict(dice, f"c-{n}", "control", kind, person, "practice")
        for n, (kind, person) in enumerate(pattern)
    )

    assert harm.phis(parts)["origin foreign"] == pytest.approx(1 / 3)
    assert harm.phis(parts)["gender woman"] == pytest.approx(-1 / 3)
    assert harm.phis(parts)["work manual"] == pytest.approx(1 / 3)


def test_what_few_items_carry_is_not_judged() -> None:
    dice = dice_of(5)
    rare = {"gender": "nonbinary", "origin": "laos", "job": "office", "age": "over-50"}
    items = [verdict(dice, f"rare-{n}", "control", "signal", rare, "practice") for n in range(2)]
    items += [
        verdict(dice, f"c-{n}", "control", kind, HERE, "practice")
        for n, kind in enumerate(["signal", "noise"] * 10)
    ]

    assert "origin laos" not in harm.phis(harm.judged_in(items))
    unknown = {**rare, "origin": "unknown", "job": "unknown", "age": "unclear"}
    assert set(harm.attributes_of(items[0].person)) > {"gender nonbinary", "work other"}  # type: ignore[arg-type]
    unclear = with_person(items[0], unknown).person
    assert unclear is not None
    assert set(harm.attributes_of(unclear)) == {"gender nonbinary"}


def telling(bank: Bank, word: str, *, also_noise: bool) -> Bank:
    """Put one word into every signal, and into every look-alike as well."""
    items = []
    for item in bank.items.values():
        document = item.model_dump(mode="json")
        for each in [*document.get("segments", []), document.get("vignette")]:
            if each and (also_noise or each["kind"] == "signal"):
                for language in ("en", "ms"):
                    rest = each["text"][language].split()[1:]
                    each["text"][language] = " ".join([word, *rest])
        items.append(kinds.parse(document))
    return bank_of(items)


def test_a_word_that_only_signals_have_is_found_and_named() -> None:
    form = telling(full_form(), "refused", also_noise=False)
    found = list(harm.words_tell_little(context(form)))

    assert len(found) == 2  # both languages
    assert all("refused" in problem.message for problem in found)
    assert rules_of(form) == {"words-predict-key"}


def test_a_word_on_both_sides_tells_nothing() -> None:
    assert not list(
        harm.words_tell_little(context(telling(full_form(), "refused", also_noise=True)))
    )


def test_words_are_judged_by_other_texts_only() -> None:
    """Names and places of one text would let a classifier without cross-validation win."""
    form = full_form()
    items = []
    for number, item in enumerate(form.items.values()):
        document = item.model_dump(mode="json")
        for each in [*document.get("segments", []), document.get("vignette")]:
            if each:
                for language in ("en", "ms"):
                    each["text"][language] += f" own{'x' * number}{each['kind']}"
        items.append(kinds.parse(document))
    parts = harm.judged_in(items)

    for language in ("en", "ms"):
        value = harm.word_auc(parts, language)  # type: ignore[arg-type]
        assert value is not None
        assert 0.35 < value < 0.65


def test_word_scores_do_not_depend_on_the_order_of_items() -> None:
    parts = harm.judged_in(full_form().items.values())

    assert harm.word_auc(parts, "en") == harm.word_auc(parts[::-1], "en")
    assert harm.word_auc(parts, "en") == harm.word_auc(parts, "en")
    assert harm.word_auc([], "en") is None


def test_twins_never_stand_on_both_sides_of_a_cross_validation() -> None:
    items = {key: real_bank().items[key] for key in ("factory-or-farm-1", "factory-or-farm-2")}
    groups = {part.group for part in harm.judged_in(items.values())}

    assert groups == {"factory-or-farm-1"}


def lengthened(item: Item, kind: str, number: int) -> Item:
    document = item.model_dump(mode="json")
    for each in [*document.get("segments", []), document.get("vignette")]:
        if each and each["kind"] == kind:
            for language in ("en", "ms"):
                each["text"][language] += " more" * number
    return kinds.parse(document)


def test_longer_signals_are_found() -> None:
    form = full_form()
    longer = replaced(
        form,
        {key: (lambda item: lengthened(item, "signal", 2)) for key in form.items if "text" in key},
    )

    found = list(harm.lengths_alike(context(longer)))
    assert [problem.rule for problem in found] == ["length-predicts-key"] * 2
    assert "segments: signals have 14.0 words on average, look-alikes 12.0" in found[0].message
    assert harm.mean_lengths([], "en") == (0.0, 0.0)


def test_signals_at_the_end_are_found() -> None:
    form = full_form()
    dice = dice_of(6)
    items = [
        highlight(
            dice,
            item.key,
            str(item.stage),
            "".join(sorted(part.kind[0] for part in item.segments)),  # noise first, signals last
            item.person.model_dump() if item.person else None,
        )
        if isinstance(item, HighlightItem)
        else item
        for item in form.items.values()
    ]

    assert rules_of(bank_of(items)) == {"place-predicts-key"}
