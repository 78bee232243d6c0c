"""Pure: who somebody is in an organisation, and what that lets them do.

No Django here. The policy table of the whole site is `ABILITIES`: a role that is not listed for an
ability does not have it. docs/reference/permissions.md is the same table in words.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What a membership is. One membership has one role; a person may hold several memberships."""

    LEARNER = "learner"
    TRAINER = "trainer"
    ADMINISTRATOR = "administrator"


class Ability(StrEnum):
    """One thing a view may ask for. Named after the deed, never after the page."""

    USE_ACCOUNT = "use_account"
    TAKE_COURSE = "take_course"
    SEE_COHORTS = "see_cohorts"
    SEE_REPORTS = "see_reports"
    EXPORT_REPORTS = "export_reports"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_COHORTS = "manage_cohorts"
    MANAGE_INVITATIONS = "manage_invitations"
    READ_AUDIT = "read_audit"
    READ_ANSWERS = "read_answers"
    EXPORT_RESULTS = "export_results"
    PREVIEW = "preview"
    ASSIGN = "assign"
    CORRECT_KEYS = "correct_keys"
    TEACH = "teach"
    MANAGE_CERTIFICATES = "manage_certificates"
    MANAGE_TOKENS = "manage_tokens"


_EVERYBODY: Final = frozenset({Ability.USE_ACCOUNT, Ability.TAKE_COURSE})
_TRAINER: Final = _EVERYBODY | {
    Ability.SEE_COHORTS,
    Ability.SEE_REPORTS,
    Ability.READ_ANSWERS,
    Ability.EXPORT_RESULTS,
    Ability.PREVIEW,
    Ability.ASSIGN,
    Ability.CORRECT_KEYS,
    Ability.TEACH,
}

ABILITIES: Final[Mapping[Role, frozenset[Ability]]] = MappingProxyType(
    {
        Role.LEARNER: _EVERYBODY,
        Role.TRAINER: _TRAINER,
        Role.ADMINISTRATOR: _TRAINER
        | {
            Ability.EXPORT_REPORTS,
            Ability.MANAGE_PEOPLE,
            Ability.MANAGE_COHORTS,
            Ability.MANAGE_INVITATIONS,
            Ability.READ_AUDIT,
            Ability.MANAGE_CERTIFICATES,
            Ability.MANAGE_TOKENS,
        },
    }
)


def abilities_of(role: Role | str | None) -> frozenset[Ability]:
    """The abilities of a role; none at all without one, or for a word that is not a role."""
    try:
        return ABILITIES[Role(role or "")]
    except ValueError:
        return frozenset()


def sees_every_cohort(role: Role | str | None) -> bool:
    """True for roles that see all cohorts; the others see only those they belong to."""
    return Ability.MANAGE_COHORTS in abilities_of(role)
