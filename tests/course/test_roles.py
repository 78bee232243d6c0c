"""The policy table, spelled out: a change here is a change of who may do what."""

import pytest

from course.roles import ABILITIES, Ability, Role, abilities_of, sees_every_cohort

EXPECTED = {
    Ability.USE_ACCOUNT: {Role.LEARNER, Role.TRAINER, Role.ADMINISTRATOR},
    Ability.TAKE_COURSE: {Role.LEARNER, Role.TRAINER, Role.ADMINISTRATOR},
    Ability.SEE_COHORTS: {Role.TRAINER, Role.ADMINISTRATOR},
    Ability.SEE_REPORTS: {Role.TRAINER, Role.ADMINISTRATOR},
    Ability.EXPORT_REPORTS: {Role.ADMINISTRATOR},
    Ability.MANAGE_PEOPLE: {Role.ADMINISTRATOR},
    Ability.MANAGE_COHORTS: {Role.ADMINISTRATOR},
    Ability.MANAGE_INVITATIONS: {Role.ADMINISTRATOR},
    Ability.READ_AUDIT: {Role.ADMINISTRATOR},
    Ability.MANAGE_CERTIFICATES: {Role.ADMINISTRATOR},
    Ability.MANAGE_TOKENS: {Role.ADMINISTRATOR},
    Ability.READ_ANSWERS: {Role.TRAINER, Role.ADMINISTRATOR},
    Ability.EXPORT_RESULTS: {Role.TRAINER, Role.ADMINISTRATOR},
    Ability.PREVIEW: {Role.TRAINER, Role.ADMINISTRATOR},
    Ability.ASSIGN: {Role.TRAINER, Role.ADMINISTRATOR},
    Ability.CORRECT_KEYS: {Role.TRAINER, Role.ADMINISTRATOR},
    Ability.TEACH: {Role.TRAINER, Role.ADMINISTRATOR},
}


def test_every_ability_is_in_the_table() -> None:
    assert set(EXPECTED) == set(Ability)
    assert set(ABILITIES) == set(Role)


@pytest.mark.parametrize("ability", Ability)
@pytest.mark.parametrize("role", Role)
def test_role_has_ability_or_not(role: Role, ability: Ability) -> None:
    assert (ability in abilities_of(role)) is (role in EXPECTED[ability])
    assert (ability in abilities_of(role.value)) is (role in EXPECTED[ability])


def test_an_unknown_role_can_do_nothing() -> None:
    assert abilities_of("owner") == abilities_of("") == frozenset()


def test_only_administrators_see_every_cohort() -> None:
    assert [role for role in Role if sees_every_cohort(role)] == [Role.ADMINISTRATOR]
