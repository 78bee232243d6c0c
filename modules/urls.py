"""Addresses of the top floor: neutral, as each may be read in a history on a shared phone."""

from django.urls import path

from modules.views import home

app_name = "modules"

urlpatterns = [
    path("", home.home, name="home"),
]
