"""Addresses of reports; `modules.urls` takes them in. One line for each page."""

from django.urls import path

from modules.item_urls import item_patterns
from modules.views.reports import completion, donor, files, kept, learning, renewals

report_patterns = [
    path("reports/", completion.report, name="report"),
    path("reports/people/", completion.people, name="report_people"),
    path("reports/<slug:table_key>/file/<slug:kind>/", files.report_file, name="report_file"),
    path("reports/renewals/", renewals.renewals, name="report_renewals"),
    path("reports/renewals/save/<slug:kind>/", renewals.renewals_file, name="report_renewals_file"),
    path("reports/learning/", learning.learning, name="report_learning"),
    path("reports/kept/", kept.keep, name="report_keep"),
    path("reports/kept/<uuid:view_id>/", kept.kept, name="report_view"),
    path("reports/kept/<uuid:view_id>/remove/", kept.remove, name="report_view_remove"),
    path("reports/donor/", donor.donor, name="report_donor"),
    path("reports/donor/<slug:part>/<slug:kind>/", donor.donor_file, name="report_donor_file"),
    *item_patterns,
]
