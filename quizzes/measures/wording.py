"""Numbers as words: which sentence fits, never the sentence itself (that is the templates' work).

Section 1.7 of the measurement design, and the bands of 3.1, 3.2, 4.3 and 7. Every function answers
with a code that pages translate.
"""

from typing import TypedDict

from quizzes.measures import checks, limits


class LayRate(TypedDict):
    """A rate in everyday numbers. What a kind does not use is None.

    `none`: nothing to say; `counts`: num of den; `all` and `none_of`: den; `per10`: num of 10 with
    the qualifier `exact`, `about`, `more_than` or `fewer_than`.
    """

    kind: str
    num: int | None
    den: int | None
    qualifier: str | None


class Word(TypedDict):
    """A code for a word; None where the number is None."""

    word: str | None


def _lay(
    kind: str, *, num: int | None = None, den: int | None = None, qualifier: str | None = None
) -> LayRate:
    return LayRate(kind=kind, num=num, den=den, qualifier=qualifier)


def lay_rate(*, k: int, n: int) -> LayRate:
    """A rate as a reader would say it (1.7). ValueError for more successes than trials."""
    k, n = checks.part(k, n, ("k", "n"))
    if not n:
        return _lay("none")
    if n < limits.LAY_MIN_TRIALS:
        return _lay("counts", num=k, den=n)
    if k in {0, n}:
        return _lay("all" if k else "none_of", den=n)
    return _of_ten(k, n)


def _of_ten(k: int, n: int) -> LayRate:
    """The nearest number of ten; never 0 or 10, for some but not all were right."""
    tenths = (20 * k + n) // (2 * n)  # floor(10k/n + 0.5) without rounding errors
    if tenths == 10:
        return _lay("per10", num=9, qualifier="more_than")
    if tenths == 0:
        return _lay("per10", num=1, qualifier="fewer_than")
    return _lay("per10", num=tenths, qualifier="exact" if 10 * k == tenths * n else "about")


def dprime_word(*, dprime: float | None) -> Word:
    """`guessing`, `beginning`, `developing`, `reliable` or `strong` (1.7)."""
    if dprime is None:
        return Word(word=None)
    for bound, word in limits.DPRIME_WORDS:
        if dprime < bound:
            return Word(word=word)
    return Word(word="reliable" if dprime <= limits.DPRIME_RELIABLE_TO else "strong")


def over_under_word(*, over_under: float | None) -> Word:
    """`surer_than_right`, `knows_more_than_thinks` or `fits` (4.3)."""
    if over_under is None:
        return Word(word=None)
    if over_under >= limits.OVERCONFIDENT_FROM:
        return Word(word="surer_than_right")
    low = over_under <= limits.UNDERCONFIDENT_FROM
    return Word(word="knows_more_than_thinks" if low else "fits")


def ebel_word(*, discrimination: float | None) -> Word:
    """`very_good`, `good`, `marginal`, `poor`, or `negative`: check the key (3.2)."""
    if discrimination is None:
        return Word(word=None)
    for bound, word in limits.EBEL_BANDS:
        if discrimination >= bound:
            return Word(word=word)
    return Word(word="poor" if discrimination >= 0 else "negative")


def facility_word(*, facility: float | None, pre_test: bool = False) -> Word:
    """`very_hard` (or miskeyed), `already_known` (on the pre-test only) or `fits` (3.1)."""
    if facility is None:
        return Word(word=None)
    if facility < limits.FACILITY_HARD_BELOW:
        return Word(word="very_hard")
    known = pre_test and facility > limits.FACILITY_EASY_ABOVE
    return Word(word="already_known" if known else "fits")


def hake_word(*, g: float | None) -> Word:
    """`low`, `medium` (.3 to .7) or `high` (7)."""
    if g is None:
        return Word(word=None)
    if g < limits.HAKE_MEDIUM_FROM:
        return Word(word="low")
    return Word(word="high" if g > limits.HAKE_HIGH_ABOVE else "medium")
