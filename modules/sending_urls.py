"""Addresses of what leaves this site by itself: regular reports, and what other programs read."""

from django.urls import path

from modules.views.api import reading
from modules.views.reports import schedules, tokens

SCHEDULE = "reports/schedules/<uuid:schedule_id>/"

sending_patterns = [
    path("reports/schedules/", schedules.schedules, name="report_schedules"),
    path("reports/schedules/new/", schedules.schedule_new, name="report_schedule_new"),
    path(SCHEDULE, schedules.schedule, name="report_schedule"),
    path(SCHEDULE + "pause/", schedules.schedule_pause, name="report_schedule_pause"),
    path(SCHEDULE + "stop/", schedules.schedule_stop, name="report_schedule_stop"),
    path(SCHEDULE + "test/", schedules.schedule_test, name="report_schedule_test"),
    path("stop/report/<str:token>/", schedules.stop, name="report_stop"),
    path("organisation/tokens/", tokens.tokens, name="tokens"),
    path("organisation/tokens/help/", tokens.token_help, name="token_help"),
    path("organisation/tokens/<uuid:token_id>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("api/v1/openapi.json", reading.openapi, name="api_description"),
    path("api/v1/completions", reading.completions, name="api_completions"),
    path("api/v1/summary", reading.summary, name="api_summary"),
    path("api/<path:rest>", reading.nothing, name="api_nothing"),
]
