"""Which groups may be told beside the whole: nobody may be found by subtraction."""

from __future__ import annotations

import random
from itertools import combinations
from uuid import UUID, uuid4

import pytest

from modules.learning import FEWEST_PEOPLE, tellable

PEOPLE = [uuid4() for _ in range(40)]


def first(number: int, after: int = 0) -> set[UUID]:
    return set(PEOPLE[after : after + number])


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([first(13)], []),  # of fourteen: one would be left
        ([first(9)], [0]),
        ([first(14)], [0]),  # the whole itself
        ([first(4)], []),
        ([first(8), first(3, 8), first(3, 11)], [0]),
        ([first(6), first(6, 6), first(2, 12)], [0]),  # the two together would leave two
        ([first(9), first(8)], [0]),  # one person more
        ([first(7), first(7, 7)], [0, 1]),
    ],
)
def test_examples(groups: list[set[UUID]], told: list[int]) -> None:
    keys = [uuid4() for _ in groups]
    found = tellable(first(14), dict(zip(keys, groups, strict=True)))
    chosen = {place for place, key in enumerate(keys) if key in found}
    same_size = len({len(one) for one in groups}) < len(groups)
    assert chosen == set(told) or (same_size and len(chosen) == len(told))


@pytest.mark.parametrize("seed", range(60))
def test_no_subtraction_of_two_and_no_rest_leaves_so_few(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    everybody = set(PEOPLE[: dice.randint(5, 40)])
    groups = {
        UUID(int=dice.getrandbits(128)): set(
            dice.sample(PEOPLE, dice.randint(0, dice.choice([6, 20, 40])))
        )
        for _ in range(dice.randint(1, 6))
    }
    found = tellable(everybody, groups)
    told = [everybody, *(groups[key] & everybody for key in found)]
    for one, other in combinations(told, 2):
        assert not 0 < len(one ^ other) < FEWEST_PEOPLE
    for whole in told:
        parts = [one for one in told if one < whole]
        rest = whole.difference(*parts)
        assert not parts or not 0 < len(rest) < FEWEST_PEOPLE
    assert all(len(one) >= FEWEST_PEOPLE for one in told[1:])
    assert tellable(everybody, dict(reversed(groups.items()))) == found, "the order must not count"
