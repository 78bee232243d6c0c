"""Addresses of the pages on questions; `modules.report_urls` takes them in."""

from django.urls import path

from modules.views.reports import items

item_patterns = [
    path("reports/items/", items.items, name="report_items"),
    path("reports/items/mixed/", items.mixed, name="report_mixed"),
    path("reports/items/save/<slug:kind>/", items.items_file, name="report_items_file"),
    path("reports/items/<slug:item_key>/<int:number>/", items.item, name="report_item"),
]
