"""Addresses of the top floor: neutral, as each may be read in a history on a shared phone."""

from django.urls import path

from modules.certificate_urls import certificate_patterns
from modules.privacy_urls import privacy_patterns
from modules.report_urls import report_patterns
from modules.sending_urls import sending_patterns
from modules.views import (
    assigning,
    calendar,
    gain,
    home,
    lessons,
    preview,
    progress,
    reference,
    refresh,
    reminders,
    room,
    style,
    team,
)

app_name = "modules"

ASSIGNMENT = "organisation/assignments/<uuid:assignment_id>/"
COHORT = "organisation/cohorts/<uuid:cohort_id>/"
LESSON = "modules/<slug:module_key>/<slug:lesson_key>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("progress/", progress.progress, name="progress"),
    path("team/", team.team, name="team"),
    path("modules/<slug:module_key>/", home.module, name="module"),
    path("taster/lesson/<int:number>/", lessons.taste, name="taste"),
    path(LESSON, lessons.lesson, name="lesson"),
    path(LESSON + "<int:number>/", lessons.step, name="step"),
    path(LESSON + "done/", lessons.done, name="done"),
    path(LESSON + "handout/", lessons.handout, name="handout"),
    path("reference/", reference.reference, name="reference"),
    path("reference/<slug:kind>/", reference.shelf, name="shelf"),
    path(
        "organisation/cohorts/<uuid:cohort_id>/assign/",
        assigning.assign_cohort,
        name="assign_cohort",
    ),
    path(
        "organisation/cohorts/<uuid:cohort_id>/assignments/",
        assigning.assignments,
        name="assignments",
    ),
    path(
        "organisation/people/<uuid:person_id>/assign/",
        assigning.assign_person,
        name="assign_person",
    ),
    path(
        "organisation/people/<uuid:person_id>/assignments/",
        assigning.person_assignments,
        name="person_assignments",
    ),
    path("account/calendar/", calendar.settings, name="calendar"),
    path("feed/<str:code>.ics", calendar.feed, name="feed"),
    path(ASSIGNMENT, assigning.assignment, name="assignment"),
    path(ASSIGNMENT + "withdraw/", assigning.assignment_withdraw, name="assignment_withdraw"),
    path(
        ASSIGNMENT + "people/<uuid:person_id>/",
        assigning.assignment_exception,
        name="assignment_exception",
    ),
    *privacy_patterns,
    path("account/reminders/", reminders.reminders, name="reminders"),
    path("notices/<uuid:notice_id>/seen/", reminders.seen, name="notice_seen"),
    path("stop/<str:token>/", reminders.stop, name="stop"),
    path("preview/", preview.start, name="preview"),
    path("preview/" + LESSON + "<int:number>/", preview.step, name="preview_step"),
    path(COHORT + "today/", room.today, name="cohort_today"),
    path(COHORT + "results/", room.results, name="cohort_results"),
    path(COHORT + "results/file/", room.results_file, name="cohort_results_file"),
    path(COHORT + "gain/", gain.gain, name="gain"),
    path(COHORT + "later/", gain.later, name="later"),
    path("refresh/", refresh.refresh, name="refresh"),
    path("refresh/start/", refresh.start, name="refresh_start"),
    path("refresh/stayed/", refresh.stayed, name="stayed"),
    path("refresh/cases/", refresh.check_up, name="check_up_start"),
    *certificate_patterns,
    *report_patterns,
    *sending_patterns,
    path("style/", style.style, name="style"),
]
