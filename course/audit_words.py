"""The record of changes in words: what each action, each word of a change and each value is called.

The upper floors register theirs when they start (`audit_words.py` there). A test holds the list
against every call of `record_event` in the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Group(StrEnum):
    """What belongs together in the filter of the page."""

    PEOPLE = "people"
    COHORTS = "cohorts"
    OFFICES = "offices"
    COURSE = "course"
    ANSWERS = "answers"
    PAPERS = "papers"
    FILES = "files"
    ACCOUNT = "account"


GROUPS: Final[Mapping[Group, Words]] = {
    Group.PEOPLE: _("People and roles"),
    Group.COHORTS: _("Cohorts and invitations"),
    Group.OFFICES: _("Offices"),
    Group.COURSE: _("What is asked, and keys"),
    Group.ANSWERS: _("Looking at answers"),
    Group.PAPERS: _("Certificates"),
    Group.FILES: _("Files taken out"),
    Group.ACCOUNT: _("Own account, signing in"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of entry: where it belongs and what it is called."""

    group: Group
    title: Words


_actions: dict[str, Action] = {}
_fields: dict[str, Words] = {}
_values: dict[tuple[str, str], Words] = {}


def register_actions(group: Group, titles: Mapping[str, Words]) -> None:
    """Say what actions are called, for instance {"cohort.create": _("Cohort made")}."""
    _actions.update({action: Action(group, title) for action, title in titles.items()})


def register_fields(titles: Mapping[str, Words]) -> None:
    """Say what the words in `before` and `after` are called."""
    _fields.update(titles)


def register_values(field: str, titles: Mapping[str, Words]) -> None:
    """Say what the values of one word are called."""
    _values.update({(field, value): title for value, title in titles.items()})


def known_actions() -> Mapping[str, Action]:
    """All that were registered."""
    return _actions


def known_fields() -> Mapping[str, Words]:
    """All that were registered."""
    return _fields


def title_of(action: str) -> str:
    """What an action is called; the bare word when nobody said."""
    known = _actions.get(action)
    return str(known.title) if known else action


def field_title(field: str) -> str:
    """What a word of a change is called."""
    return str(_fields.get(field) or field.replace("_", " "))


def value_title(field: str, value: object) -> str:
    """What a value is called: yes and no, roles, ways, numbers; nothing for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(value_title(field, one) for one in value)
    return str(_values.get((field, str(value))) or value)


def actions_of(group: Group) -> list[str]:
    """The actions of one group."""
    return sorted(action for action, known in _actions.items() if known.group == group)


register_actions(
    Group.PEOPLE,
    {
        "membership.create": _("Came in"),
        "membership.role": _("Role changed"),
        "membership.activate": _("Let in again"),
        "membership.deactivate": _("Place paused"),
        "membership.manager": _("Manager changed"),
        "membership.office": _("Office changed"),
        "person.erase": _("Person erased"),
        "people.import": _("List of people brought in"),
        "sign_in_card.create": _("Card with a code printed"),
        "sign_in_link.create": _("One-time link made"),
    },
)
register_actions(
    Group.COHORTS,
    {
        "cohort.create": _("Cohort made"),
        "cohort.rename": _("Cohort renamed"),
        "cohort.add": _("Put into a cohort"),
        "cohort.remove": _("Taken out of a cohort"),
        "invitation.create": _("Invitation made"),
        "invitation.revoke": _("Invitation withdrawn"),
    },
)
register_actions(
    Group.OFFICES,
    {
        "office.create": _("Office made"),
        "office.rename": _("Office renamed"),
        "office.move": _("Office moved"),
        "office.open": _("Office opened again"),
        "office.close": _("Office closed"),
    },
)
register_actions(
    Group.ACCOUNT,
    {
        "session.start": _("Signed in"),
        "session.end_all": _("Signed out on all other devices"),
        "account.passphrase": _("Passphrase changed"),
        "account.details": _("Name to show or e-mail changed"),
    },
)
register_fields(
    {
        "active": _("Place active"),
        "role": _("Role"),
        "manager": _("Manager"),
        "office": _("Office"),
        "above": _("Below the office"),
        "open": _("Open"),
        "name": _("Name"),
        "membership": _("Person"),
        "invitation": _("Invitation"),
        "uses": _("For how many people"),
        "days": _("Days"),
        "way": _("By"),
        "file": _("Fingerprint of the file"),
        "rows": _("Rows"),
        "new": _("New people"),
        "change": _("Changed"),
        "same": _("People unchanged"),
        "cohort_places": _("Places in cohorts"),
        "managers": _("Managers named"),
        "cohorts": _("Cohorts"),
        "people": _("People"),
        "decided": _("Decided by"),
        "invitations_ended": _("Invitations ended"),
    }
)
register_values(
    "role",
    {
        "learner": _("Learner"),
        "trainer": _("Trainer"),
        "administrator": _("Administrator"),
    },
)
register_values(
    "way",
    {
        "passphrase": _("passphrase"),
        "link": _("one-time link or card"),
        "invitation": _("invitation"),
    },
)
register_values(
    "decided",
    {
        "self": _("the person"),
        "administrator": _("an administrator"),
        "server": _("the people who run the server"),
        "time": _("the period that was set"),
    },
)
