"""Addresses of one's own data, of erasing, and of what is kept."""

from django.urls import path

from modules.views import erasing, kept, own
from modules.views.reports import audit

privacy_patterns = [
    path("account/data/", own.my_data, name="my_data"),
    path("account/data/file/", own.my_data_file, name="my_data_file"),
    path("account/data/delete/", own.my_data_delete, name="my_data_delete"),
    path("organisation/people/<uuid:person_id>/erase/", erasing.erase, name="erase"),
    path("organisation/record/file/<slug:kind>/", audit.record_file, name="record_file"),
    path("privacy/kept/", kept.kept, name="kept"),
]
