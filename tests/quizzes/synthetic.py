"""Whole forms made of nonsense words, fair until a test makes them unfair."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from typing import Any

from quizzes import kinds
from quizzes.kinds.common import Item, Place
from quizzes.lint import forms, harm
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
