"""Addresses of the top floor: neutral, as each may be read in a history on a shared phone."""

from django.urls import path

from modules.views import home, lessons, progress, reference, reminders, style

app_name = "modules"

LESSON = "modules/<slug:module_key>/<slug:lesson_key>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("progress/", progress.progress, name="progress"),
    path("modules/<slug:module_key>/", home.module, name="module"),
    path("taster/lesson/<int:number>/", lessons.taste, name="taste"),
    path(LESSON, lessons.lesson, name="lesson"),
    path(LESSON + "<int:number>/", lessons.step, name="step"),
    path(LESSON + "done/", lessons.done, name="done"),
    path(LESSON + "handout/", lessons.handout, name="handout"),
    path("reference/", reference.reference, name="reference"),
    path("reference/<slug:kind>/", reference.shelf, name="shelf"),
    path("account/reminders/", reminders.reminders, name="reminders"),
    path("notices/<uuid:notice_id>/seen/", reminders.seen, name="notice_seen"),
    path("stop/<str:token>/", reminders.stop, name="stop"),
    path("style/", style.style, name="style"),
]
