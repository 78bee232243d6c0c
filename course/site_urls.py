"""Addresses of the ground floor: neutral, as each may be read in a history on a shared phone."""

from django.urls import path

from course.views import (
    account,
    cards,
    cohorts,
    door,
    invitations,
    offices,
    organisation,
    people_import,
    record,
    reporting,
    safety,
    several,
)

app_name = "course"

urlpatterns = [
    path("sign-in/", door.sign_in, name="sign_in"),
    path("link/<str:code>/", door.link, name="link"),
    path("join/", door.join, name="join"),
    path("join/<str:code>/", door.join_code, name="join_code"),
    path("welcome/", door.welcome, name="welcome"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("language/", door.language, name="language"),
    path("account/", account.account, name="account"),
    path("account/details/", account.details, name="account_details"),
    path("account/passphrase/", account.passphrase, name="account_passphrase"),
    path("account/other-devices/", account.other_devices, name="account_other_devices"),
    path("account/organisation/", account.switch, name="account_switch"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/people/", organisation.people, name="people"),
    path("organisation/people/cards/", cards.cards, name="cards"),
    path("organisation/people/several/", several.several, name="several"),
    path("organisation/people/import/", people_import.people_import, name="people_import"),
    path(
        "organisation/people/import/template.<str:kind>",
        people_import.template,
        name="people_import_template",
    ),
    path(
        "organisation/people/import/<uuid:import_id>/",
        people_import.look,
        name="people_import_look",
    ),
    path(
        "organisation/people/import/<uuid:import_id>/apply/",
        people_import.apply,
        name="people_import_apply",
    ),
    path("organisation/people/<uuid:person_id>/", organisation.person, name="person"),
    path(
        "organisation/people/<uuid:person_id>/role/", organisation.person_role, name="person_role"
    ),
    path(
        "organisation/people/<uuid:person_id>/place/",
        organisation.person_active,
        name="person_active",
    ),
    path(
        "organisation/people/<uuid:person_id>/link/", organisation.person_link, name="person_link"
    ),
    path("organisation/people/<uuid:person_id>/team/", reporting.person_team, name="person_team"),
    path("organisation/cohorts/", cohorts.cohorts, name="cohorts"),
    path("organisation/cohorts/<uuid:cohort_id>/", cohorts.cohort, name="cohort"),
    path("organisation/cohorts/<uuid:cohort_id>/name/", cohorts.cohort_name, name="cohort_name"),
    path("organisation/cohorts/<uuid:cohort_id>/add/", cohorts.cohort_add, name="cohort_add"),
    path(
        "organisation/cohorts/<uuid:cohort_id>/remove/",
        cohorts.cohort_remove,
        name="cohort_remove",
    ),
    path("organisation/offices/", offices.offices, name="offices"),
    path("organisation/offices/<uuid:office_id>/", offices.office, name="office"),
    path("organisation/offices/<uuid:office_id>/name/", offices.office_name, name="office_name"),
    path("organisation/offices/<uuid:office_id>/move/", offices.office_move, name="office_move"),
    path("organisation/offices/<uuid:office_id>/open/", offices.office_open, name="office_open"),
    path("organisation/invitations/", invitations.invitations, name="invitations"),
    path(
        "organisation/invitations/<uuid:invitation_id>/card/",
        invitations.invitation_card,
        name="invitation_card",
    ),
    path(
        "organisation/invitations/<uuid:invitation_id>/revoke/",
        invitations.invitation_revoke,
        name="invitation_revoke",
    ),
    path("organisation/record/", record.audit, name="audit"),
    path("organisation/record/check/", record.check, name="audit_check"),
    path("exit/", safety.leave, name="exit"),
    path("calendar/", safety.exit_calendar, name="exit_calendar"),
    path("calendar/start/", safety.exit_start, name="exit_start"),
    path("privacy/", safety.safety, name="safety"),
]
