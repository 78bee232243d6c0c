"""The experts' key: what a segment is, how far the experts agree, and what base rates do to alarms.

Sections 9 and 10.1 of the measurement design. Sources: Fleiss 1971; Lawshe 1975; Lynn 1986.
"""

import math
from collections.abc import Sequence
from typing import TypedDict

from quizzes.measures import checks, limits
from quizzes.measures.moments import ratio


class Kappa(TypedDict):
    """Agreement beyond chance, at most 1."""

    kappa: float | None


class ContentValidity(TypedDict):
    """Lawshe's ratio, -1 to 1, and Lynn's index, 0 to 1."""

    cvr: float | None
    i_cvi: float | None


class Keying(TypedDict):
    """`key`, `nonkey`, `neutral` or `insufficient_panel`."""

    label: str


class PredictiveValues(TypedDict):
    """What an alarm, and no alarm, are worth at a base rate."""

    ppv: float | None
    npv: float | None
    lr_plus: float | None
    lr_minus: float | None


def fleiss_kappa(*, table: Sequence[Sequence[int]]) -> Kappa:
    """Agreement of several raters; `table[subject][category]` counts raters (9.2).

    None for no subject, fewer than two raters, or when everybody always chose one category.
    ValueError for rows of different length or with different numbers of raters.
    """
    rows = [[checks.count(cell, "a cell") for cell in row] for row in table]
    checks.table(rows, "table")
    raters = {sum(row) for row in rows}
    if len(raters) > 1:
        raise ValueError("every subject must have the same number of raters")
    m = raters.pop() if rows else 0
    if m < 2:
        return Kappa(kappa=None)
    pairs = m * (m - 1)
    agreement = sum(cell * (cell - 1) for row in rows for cell in row) / (pairs * len(rows))
    shares = [sum(column) / (m * len(rows)) for column in zip(*rows, strict=True)]
    by_chance = math.fsum(share * share for share in shares)
    return Kappa(kappa=ratio(agreement - by_chance, 1 - by_chance))


def content_validity(*, essential: int, panel: int) -> ContentValidity:
    """Lawshe's CVR = (n_e - N/2)/(N/2) and I-CVI = n_e/N for "this item belongs here" (9.2).

    `panel` is the number of experts, `essential` how many said yes. None for an empty panel;
    ValueError for more votes than experts.
    """
    yes, experts = checks.part(essential, panel, ("essential", "panel"))
    return ContentValidity(cvr=ratio(2 * yes - experts, experts), i_cvi=ratio(yes, experts))


def segment_keying(*, signal: int, not_signal: int) -> Keying:
    """What a panel's votes make of a segment (9.1). ValueError for a negative count."""
    yes, no = checks.count(signal, "signal"), checks.count(not_signal, "not_signal")
    if yes + no < limits.KEYING_MIN_EXPERTS:
        return Keying(label="insufficient_panel")
    share = yes / (yes + no)
    if share >= limits.KEY_FROM:
        return Keying(label="key")
    return Keying(label="nonkey" if share <= limits.NONKEY_TO else "neutral")


def predictive_values(
    *, sensitivity: float, specificity: float, prevalence: float
) -> PredictiveValues:
    """How many alarms are real at a base rate (10.1); all inputs are proportions.

    None where a denominator is 0: `lr_plus` at a specificity of 1, `lr_minus` at 0, `ppv` when
    there is never an alarm, `npv` when there is always one. ValueError outside 0 to 1.
    """
    se = checks.share(sensitivity, "sensitivity")
    sp = checks.share(specificity, "specificity")
    base = checks.share(prevalence, "prevalence")
    true_alarms, false_alarms = se * base, (1 - sp) * (1 - base)
    true_quiet, missed = sp * (1 - base), (1 - se) * base
    return PredictiveValues(
        ppv=ratio(true_alarms, true_alarms + false_alarms),
        npv=ratio(true_quiet, true_quiet + missed),
        lr_plus=ratio(se, 1 - sp),
        lr_minus=ratio(1 - se, sp),
    )
