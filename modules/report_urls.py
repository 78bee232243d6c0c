"""Addresses of reports; `modules.urls` takes them in. One line for each page."""

from django.urls import path

from modules.item_urls import item_patterns
from modules.views.reports import completion, kept, renewals

report_patterns = [
    path("reports/", completion.report, name="report"),
    path("reports/people/", completion.people, name="report_people"),
    path("reports/renewals/", renewals.renewals, name="report_renewals"),
    path("reports/kept/", kept.keep, name="report_keep"),
    path("reports/kept/<uuid:view_id>/", kept.kept, name="report_view"),
    path("reports/kept/<uuid:view_id>/remove/", kept.remove, name="report_view_remove"),
    *item_patterns,
]
