"""The rows of one person from every table, with other people blotted out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.db.models.fields.related import ForeignObject
from django.utils.translation import gettext_lazy as _

from course.audit_reading import naming
from course.audit_words import title_of
from course.models import AuditEntry, CohortStay, Membership, Placement, User
from course.roles import Role
from modules.models import Certificate
from modules.reports.own.tables import OWN, WITH_COHORTS, Own
from quizzes.models import Attempt

ME, SOMEBODY = "me", "somebody else"
AT_ONCE = 200  # subjects named in one statement
Row = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How one table is read: output name -> what the database is asked for."""

    asked: dict[str, str]
    people: frozenset[str]


_LIKE_A_PERSON = re.compile(
    r"(?:^|_)(?:by|membership|user|actor|author|owner|person|manager|recipient|holder)_id$"
)


def points_to_people(model: Any) -> set[str]:
    """The columns of a table that hold a person: references, and ids that are named like one."""
    found = {column for column in columns_of(model) if _LIKE_A_PERSON.search(column)}
    for one in model._meta.get_fields():
        if isinstance(one, ForeignObject) and one.related_model in {Membership, User}:
            found |= set(one.from_fields if len(one.from_fields) > 1 else [one.attname])
    return found - {"organization"}


def plan_of(own: Own) -> Plan:
    """Every column but those held back; keys of the course and names instead of bare ids."""
    asked: dict[str, str] = {}
    for column in columns_of(own.model):
        if column not in own.without:
            asked |= _asked(own.model, column)
    return Plan(asked, frozenset(points_to_people(own.model)))


def columns_of(model: Any) -> list[str]:
    """The columns of a table, but for the organisation, which stands above the whole part."""
    fields = [one for one in model._meta.concrete_fields if not isinstance(one, _NO_COLUMN)]
    return [one.attname for one in fields if one.attname != "organization_id"]


_NO_COLUMN = (models.CompositePrimaryKey,)


def _asked(model: Any, column: str) -> dict[str, str]:
    name = column.removesuffix("_id")
    try:
        related = model._meta.get_field(name).related_model if name != column else None
    except FieldDoesNotExist:
        related = None
    known = {one.name for one in related._meta.get_fields()} if related else set()
    if "thing" in known:
        return {name: f"{name}__thing__key", f"{name}_number": f"{name}__number"}
    for word in ("key", "name"):
        if word in known and related is not Membership:
            return {column: column, name: f"{name}__{word}"}
    return {column: column}


def rows_of(own: Own, place: Membership) -> Iterator[Row]:
    """What one table holds about one place."""
    plan = plan_of(own)
    mine = Q()
    for column in own.by:
        mine |= Q(**{column: place.id})
    rows = own.model.objects.in_organization(place.organization_id).filter(mine).order_by("id")
    for values in rows.values_list(*plan.asked.values()).iterator():
        yield _blotted_row(dict(zip(plan.asked, values, strict=True)), plan, place)


def _blotted_row(row: Row, plan: Plan, place: Membership) -> Row:
    return row | {name: blotted(row[name], place) for name in plan.people & row.keys()}


# --- what came with a cohort ----------------------------------------------------------------------

Stretch = tuple[datetime, datetime | None]  # from, up to and not including; None: still


def rows_with_cohorts(own: Own, place: Membership) -> Iterator[Row]:
    """What was asked of a cohort while this person was a learner in it: three queries.

    A cohort's assignment reaches its learners of the day (quizzes/duties.py), so whoever came later
    or had left, or looked after the cohort, was not asked. `reached_me_until` is empty while it
    stands; that it was taken back after one left is not about oneself.
    """
    plan, stays = plan_of(own), _as_learner_in_cohorts(place)
    rows = own.model.objects.in_organization(place.organization_id).filter(cohort_id__in=stays)
    ordered = rows.order_by("assigned_at", "id")
    for values in ordered.values_list(*plan.asked.values()).iterator():
        row = dict(zip(plan.asked, values, strict=True))
        asked = (row["assigned_at"], row["withdrawn_at"])
        if reached := _within(stays[row["cohort_id"]], [asked]):
            yield _blotted_row(row, plan, place) | _reach(asked, reached)


def _reach(asked: Stretch, reached: Sequence[Stretch]) -> Row:
    ends = [until for _since, until in reached if until is not None]
    until = max(ends) if len(ends) == len(reached) else None
    return {
        "withdrawn_at": asked[1] if asked[1] == until else None,
        "reached_me_from": min(since for since, _until in reached),
        "reached_me_until": until,
    }


def _as_learner_in_cohorts(place: Membership) -> dict[UUID, list[Stretch]]:
    """Cohort -> when this person was in it as a learner: two queries."""
    roles = Placement.objects.of_person(place).filter(role=Role.LEARNER)
    learning: list[Stretch] = list(roles.values_list("since", "until"))
    found: dict[UUID, list[Stretch]] = {}
    stays = CohortStay.objects.of_person(place).order_by("since")
    for cohort, since, until in stays.values_list("cohort_id", "since", "until"):
        if both := _within([(since, until)], learning):
            found.setdefault(cohort, []).extend(both)
    return found


def _within(some: Iterable[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    """The stretches of time that are in both; one without length is none."""
    found: list[Stretch] = []
    for since, until in some:
        for other_since, other_until in others:
            begin, ends = max(since, other_since), [one for one in (until, other_until) if one]
            end = min(ends, default=None)
            if end is None or begin < end:
                found.append((begin, end))
    return found


def blotted(value: object, place: Membership) -> object:
    """The person's own id as a word, that of anybody else as another."""
    if value in {None, ""}:
        return value
    return ME if str(value) == str(place.id) else SOMEBODY


# --- the record ---------------------------------------------------------------------------------


def entries_of(place: Membership) -> Iterator[Row]:
    """The record of changes, as far as this person acted or something happened to them.

    Where they only acted, what changed and why is about somebody else and left out.
    """
    rows = AuditEntry.objects.in_organization(place.organization_id)
    found = {one.sequence: one for one in rows.filter(Q(actor_id=place.id) | naming(place.id))}
    mine = _subjects(place)
    for start in range(0, len(mine), AT_ONCE):
        some = rows.filter(subject__in=mine[start : start + AT_ONCE])
        found |= {one.sequence: one for one in some}
    for number in sorted(found):
        yield _entry(found[number], place, set(mine))


def _subjects(place: Membership) -> list[str]:
    attempts = Attempt.objects.of_person(place).values_list("id", flat=True)
    papers = Certificate.objects.of_person(place).values_list("id", flat=True)
    return [f"attempt:{one}" for one in attempts] + [f"certificate:{one}" for one in papers]


def _entry(entry: AuditEntry, place: Membership, mine: set[str]) -> Row:
    about_me = entry.subject == f"membership:{place.id}" or entry.subject in mine
    kind, _colon, _key = entry.subject.partition(":")
    row: Row = {
        "number": entry.sequence,
        "at": entry.at,
        "action": entry.action,
        "what": title_of(entry.action),
        "who": "server" if entry.actor_id is None else blotted(entry.actor_id, place),
        "about": ME if about_me else f"{kind}, {SOMEBODY}" if kind == "membership" else kind,
        "before": {},
        "after": {},
        "reason": "",
    }
    if about_me:
        row["before"] = _without_others(entry.before, place)
        row["after"] = _without_others(entry.after, place)
        row["reason"] = entry.reason
    return row


def _without_others(text: str, place: Membership) -> Row:
    return {word: _hidden(value, place) for word, value in json.loads(text).items()}


def _hidden(value: Any, place: Membership) -> Any:
    """Every id that is not one's own could be somebody; the rest are words and numbers."""
    if isinstance(value, list):
        return [_hidden(one, place) for one in value]
    try:
        UUID(str(value))
    except ValueError:
        return value
    return blotted(value, place)


# --- all of it ----------------------------------------------------------------------------------


def account_of(user: User) -> Row:
    """The account, without the secrets."""
    return {
        "sign_in_name": user.username,
        "name_to_show": user.display_name,
        "email": user.email,
        "language": user.language,
        "has_passphrase": user.has_usable_password(),
        "is_active": user.is_active,
        "is_operator": user.is_operator,
        "joined_at": user.joined_at,
    }


LEFT_OUT_OF_ACCOUNT = {
    "password": "a slow hash of a secret",
    "session_seed": "part of the fingerprint of sessions",
    "id": "internal; hangs on nothing outside this site",
}


def links_of(user: User) -> list[Row]:
    """One-time links and printed codes, without the secret."""
    rows = user.sign_in_links.order_by("created_at")
    return [dict(one) for one in rows.values("created_at", "expires_at", "used_at")]


def places_of(user: User) -> Sequence[Membership]:
    """Every place of the person, also paused ones, in all organisations."""
    return list(Membership.objects.of_user(user))


def tables_of(place: Membership) -> Iterator[tuple[str, Any, list[Row]]]:
    """(name, title, rows) of every table that holds something about this place."""
    for own in OWN:
        if rows := list(rows_of(own, place)):
            yield own.name, own.title, rows
    for own in WITH_COHORTS:
        if rows := list(rows_with_cohorts(own, place)):
            yield own.name, own.title, rows
    if rows := list(entries_of(place)):
        yield "record", _("Entries in the record of changes"), rows
