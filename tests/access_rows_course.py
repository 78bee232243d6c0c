"""The ground floor's rows of the access table."""

from django.utils import timezone

from course.services.importing import keep_people_list, read_list
from tests.access_table import (
    Ids,
    Row,
    administrators,
    everybody,
    members,
    own_administrators,
    staff,
)
from tests.personas import ADMINISTRATOR, ANONYMOUS, OUTSIDER, TRAINER, World


def _person(ids: Ids) -> dict[str, object]:
    return {"person_id": ids["person"]}


def _cohort(ids: Ids) -> dict[str, object]:
    return {"cohort_id": ids["cohort"]}


def _invitation(ids: Ids) -> dict[str, object]:
    return {"invitation_id": ids["invitation"]}


def _import(ids: Ids) -> dict[str, object]:
    return {"import_id": ids["import"]}


def _template(_ids: Ids) -> dict[str, object]:
    return {"kind": "csv"}


def furnish(world: World) -> None:
    """A list of people that each administrator has sent in and not yet applied."""
    for place in (world.harbour, world.lighthouse):
        data = f"sign_in_name,alias\n{place.canary}-new,{place.canary} new\n".encode()
        reading = read_list(organization=place.organization, data=data)
        kept = keep_people_list(
            actor=place.administrator, data=data, reading=reading, at=timezone.now()
        )
        place.ids["import"] = kept.id


ROWS = [
    Row("healthz", "GET", everybody(200)),
    # The door. Somebody who is signed in is sent home from the sign-in page.
    Row("course:sign_in", "GET", everybody(302) | {ANONYMOUS: 200}),
    Row("course:sign_in", "POST", everybody(422)),
    Row("course:link", "GET", everybody(200), path=lambda _ids: {"code": "ABCD-EFGH"}),
    Row("course:link", "POST", everybody(422), path=lambda _ids: {"code": "ABCD-EFGH"}),
    Row("course:join", "GET", everybody(200)),
    Row("course:join", "POST", everybody(422), body=lambda _ids: {"code": "ABCD"}),
    Row("course:join_code", "GET", everybody(200), path=lambda _ids: {"code": "ABCD-EFGH"}),
    Row("course:welcome", "GET", everybody(303)),
    Row("course:welcome", "POST", everybody(303)),
    Row("course:sign_out", "POST", everybody(303)),
    Row("course:sign_out", "GET", everybody(405)),
    Row("course:language", "POST", everybody(303), body=lambda _ids: {"language": "ms"}),
    # Safety.
    Row("course:exit", "POST", everybody(303)),
    Row("course:exit", "GET", everybody(405)),
    Row("course:exit_calendar", "GET", everybody(200)),
    Row("course:exit_start", "POST", everybody(303)),
    Row("course:safety", "GET", everybody(200)),
    # The account.
    Row("course:account", "GET", members(200)),
    Row("course:account_details", "POST", members(303), body=lambda _ids: {"display_name": "Jo"}),
    Row("course:account_details", "GET", members(405)),
    # Whoever may take reports out shows who they are before a first passphrase.
    Row(
        "course:account_passphrase",
        "POST",
        members(422) | {TRAINER: 403, ADMINISTRATOR: 403, OUTSIDER: 403},
        body=lambda _ids: {"new": "short"},
    ),
    Row("course:account_other_devices", "POST", members(303)),
    Row(
        "course:account_switch",
        "POST",
        members(404),
        body=lambda _ids: {"organization": "0190b6a0-0000-7000-8000-000000000000"},
    ),
    # The organisation.
    Row("course:organisation", "GET", staff(200)),
    Row("course:people", "GET", administrators(200)),
    Row("course:cards", "GET", administrators(200)),
    Row("course:cards", "POST", administrators(303), note="nobody ticked"),
    Row(
        "course:cards",
        "POST",
        administrators(200) | {OUTSIDER: 404},
        body=lambda ids: {"person": ids["person"]},
        note="person of harbour in the body",
    ),
    Row("course:several", "GET", administrators(404), note="no step"),
    Row(
        "course:several",
        "GET",
        administrators(200) | {OUTSIDER: 404},
        body=lambda ids: {"do": "move", "person": ids["person"]},
        note="person of harbour in the query",
    ),
    Row(
        "course:several",
        "POST",
        administrators(303) | {OUTSIDER: 404},
        body=lambda ids: {"do": "pause", "person": ids["person"]},
        note="person of harbour in the body",
    ),
    Row("course:people_import", "GET", administrators(200)),
    Row("course:people_import", "POST", administrators(422)),
    Row("course:people_import_template", "GET", administrators(200), path=_template),
    Row("course:people_import_look", "GET", own_administrators(200), path=_import),
    # Without the fingerprint of what was looked at nothing is done; the page says so.
    Row("course:people_import_apply", "POST", own_administrators(303), path=_import),
    Row("course:person", "GET", own_administrators(200), path=_person),
    Row(
        "course:person_role",
        "POST",
        own_administrators(303),
        path=_person,
        body=lambda _ids: {"role": "trainer"},
    ),
    Row("course:person_role", "POST", own_administrators(422), path=_person, note="empty"),
    Row(
        "course:person_active",
        "POST",
        own_administrators(303),
        path=_person,
        body=lambda _ids: {"active": "no"},
    ),
    Row("course:person_link", "POST", own_administrators(200), path=_person),
    Row("course:cohorts", "GET", administrators(200)),
    Row("course:cohorts", "POST", administrators(303), body=lambda _ids: {"name": "Fresh"}),
    Row("course:cohort", "GET", own_administrators(200), path=_cohort),
    Row(
        "course:cohort_name",
        "POST",
        own_administrators(303),
        path=_cohort,
        body=lambda _ids: {"name": "Other"},
    ),
    Row(
        "course:cohort_add",
        "POST",
        own_administrators(303),
        path=_cohort,
        body=lambda ids: {"person": ids["stranger"]},
    ),
    Row(
        "course:cohort_remove",
        "POST",
        own_administrators(303),
        path=_cohort,
        body=lambda ids: {"person": ids["person"]},
    ),
    Row("course:invitations", "GET", administrators(200)),
    Row(
        "course:invitations",
        "POST",
        administrators(303) | {OUTSIDER: 422},
        body=lambda ids: {
            "role": "learner",
            "cohort": ids["cohort"],
            "max_uses": "1",
            "days": "3",
        },
        note="cohort of harbour in the body",
    ),
    Row("course:invitation_card", "GET", own_administrators(200), path=_invitation),
    Row("course:invitation_revoke", "POST", own_administrators(303), path=_invitation),
    Row("course:audit", "GET", administrators(200)),
    Row("course:audit_check", "POST", administrators(303)),
]
