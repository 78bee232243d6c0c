"""Who a person is, and single words, must not give the key away; forms are full and balanced."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

from quizzes import kinds
from quizzes.kinds.common import Item, Place
from quizzes.kinds.highlight import HighlightItem
from quizzes.lint import forms, harm, lint_bank, report
from quizzes.lint.base import Context
from quizzes.schema import Bank, BankHead
from tests.quizzes.samples import bank as real_bank
from tests.quizzes.samples import framework

TODAY = dt.date(2027, 1, 15)
STAGES = {
    "acquisition": "costs-paid-upfront",
    "movement": "destination-changed",
    "control": "debt-keeps-growing",
}
WORDS = [f"{a}{b}{c}" for a, b, c in itertools.product("bdfk", "aeiou", "lmnr")]
HERE = {"gender": "woman", "origin": "malaysia", "job": "shop", "age": "26-35"}
THERE = {"gender": "man", "origin": "nepal", "job": "factory", "age": "36-50"}


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same nonsense words in every run


def words(dice: random.Random, number: int) -> dict[str, str]:
    return {language: " ".join(dice.choices(WORDS, k=number)) for language in ("en", "ms")}


def part(dice: random.Random, name: str, kind: str, sign: str, number: int) -> dict[str, Any]:
    text = words(dice, number)
    if kind == "signal":
        key = {"indicator": sign, "feedback": {"hit": text, "miss": text}}
    else:
        key = {"imitates": sign, "lure": "poverty", "feedback": {"false_alarm": text}}
    return {"id": name, "kind": kind, "text": text, **key}


def make(key: str, kind: str, pool: str, stage: str, **parts: Any) -> Item:
    sign = STAGES[stage]
    tactic = framework().indicators[sign].tactic
    return kinds.parse(
        {
            "key": key,
            "kind": kind,
            "pool": pool,
            "stage": stage,
            "setting": "clinic",
            "exploitation": "labour",
            "sources": ["who-2003"],
            "places": {sign: Place(stage=stage, tactic=tactic).model_dump()},
            **parts,
        }
    )


def verdict(
    dice: random.Random, key: str, stage: str, kind: str, person: dict[str, Any], pool: str
) -> Item:
    vignette = part(dice, "x", kind, STAGES[stage], 30)
    del vignette["id"]
    return make(key, "verdict", pool, stage, vignette=vignette, person=person)


def highlight(dice: random.Random, key: str, stage: str, kinds_: str, person: Any) -> Item:
    """A text whose segments are given as letters: s a signal, n noise."""
    segments = [
        part(dice, f"p{n}", "signal" if letter == "s" else "noise", STAGES[stage], 12)
        for n, letter in enumerate(kinds_)
    ]
    return make(
        key, "highlight", "final-c", stage, material="note", segments=segments, person=person
    )


# Five texts of a stage: 15 signals and 20 look-alikes, one text without signals.
TEXTS = ("snsnsns", "nsnsnsns", "snsnnss", "nsnsnns", "nnnnnn")


def full_form(seed: int = 1) -> Bank:
    """Form C, complete and fair: 20 signals and 25 noise in every stage."""
    dice = dice_of(seed)
    items: list[Item] = []
    for turn, stage in enumerate(STAGES):
        people = itertools.cycle((HERE, THERE) if turn % 2 else (THERE, HERE))
        items += [
            highlight(dice, f"{stage}-text-{n}", stage, letters, next(people))
            for n, letters in enumerate(TEXTS)
        ]
        for n, kind in enumerate(["signal", "noise"] * 5):
            person = HERE if n // 2 % 2 else THERE
            items.append(verdict(dice, f"{stage}-case-{n}", stage, kind, person, "final-c"))
    return bank_of(items)


def bank_of(items: list[Item], *, complete: bool = False) -> Bank:
    real = real_bank()
    draws = real.quizzes["final-c"].draws
    only = tuple(draw for draw in draws if draw.kind in {"highlight", "verdict"})
    quiz = real.quizzes["final-c"].model_copy(update={"draws": only})
    head = BankHead(format="kenali-bank/1", complete=complete)
    return Bank(head=head, quizzes={"final-c": quiz}, items={item.key: item for item in items})


def context(bank: Bank) -> Context:
    return Context(bank, framework(), TODAY)


def rules_of(bank: Bank) -> set[str]:
    """The rules of forms and harm that speak (the words are nonsense, so others would too)."""
    rules = (
        harm.people_tell_nothing,
        harm.words_tell_little,
        harm.lengths_alike,
        harm.signals_everywhere,
        forms.shares_fair,
        forms.balances_kept,
        forms.sign_free_texts,
        forms.draws_filled,
    )
    return {problem.rule for rule in rules for problem in rule(context(bank))}


def replaced(bank: Bank, changes: dict[str, Any]) -> Bank:
    """The bank with some items changed by a function of the item."""
    items = [
        changes[item.key](item) if item.key in changes else item for item in bank.items.values()
    ]
    return bank_of(items, complete=bank.head.complete)


def with_person(item: Item, person: dict[str, Any]) -> Item:
    return kinds.parse(item.model_dump(mode="json") | {"person": person})


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
