"""Addresses of the middle floor: neutral, as each may be read in a history on a shared phone."""

from django.urls import path

from quizzes.views import (
    attempts,
    cohort_items,
    corrections,
    needs,
    papering,
    people,
    preview,
    quizzes,
    results,
    rooms,
    taster,
)

app_name = "quizzes"

PERSON = "organisation/people/<uuid:person_id>/attempts/"
COHORT = "organisation/cohorts/<uuid:cohort_id>/"
ATTEMPT = "quizzes/attempt/<uuid:attempt_id>/"

urlpatterns = [
    path("quizzes/", quizzes.quizzes, name="quizzes"),
    path("quizzes/map/", results.my_map, name="map"),
    path("quizzes/<slug:quiz_key>/", quizzes.quiz, name="quiz"),
    path("quizzes/<slug:quiz_key>/start/", attempts.start, name="start"),
    path(ATTEMPT, attempts.resume, name="resume"),
    path(ATTEMPT + "<int:number>/", attempts.item, name="item"),
    path(ATTEMPT + "<int:number>/later/", attempts.later, name="later"),
    path(ATTEMPT + "overview/", attempts.overview, name="overview"),
    path(ATTEMPT + "submit/", attempts.submit, name="submit"),
    path(ATTEMPT + "results/", results.results, name="results"),
    path(ATTEMPT + "notes/", results.notes_read, name="notes_read"),
    path(PERSON, people.attempts, name="person_attempts"),
    path(PERSON + "<uuid:attempt_id>/", people.attempt, name="person_attempt"),
    path(PERSON + "<uuid:attempt_id>/open/", people.open_answers, name="open_answers"),
    path(PERSON + "<uuid:attempt_id>/note/", people.write_note, name="write_note"),
    path("preview/quizzes/<slug:quiz_key>/", preview.quiz, name="preview_quiz"),
    path("preview/items/<slug:item_key>/", preview.item, name="preview_item"),
    path("taster/", taster.taster, name="taster"),
    path("taster/<int:number>/", taster.taster_item, name="taster_item"),
    path(COHORT + "items/", cohort_items.items, name="cohort_items"),
    path(COHORT + "items/<slug:item_key>/<int:number>/", cohort_items.item, name="cohort_item"),
    path(COHORT + "present/", rooms.present, name="present"),
    path(COHORT + "present/<uuid:room_id>/", rooms.room, name="room"),
    path(COHORT + "present/<uuid:room_id>/step/", rooms.room_step, name="room_step"),
    path("room/", rooms.room_door, name="room_door"),
    path(COHORT + "paper/", papering.papers, name="papers"),
    path(COHORT + "paper/<uuid:sheet_id>/", papering.paper, name="paper"),
    path(COHORT + "paper/<uuid:sheet_id>/enter/", papering.paper_enter, name="paper_enter"),
    path(COHORT + "debrief/", cohort_items.debrief, name="debrief"),
    path("organisation/items/<slug:item_key>/<int:number>/", corrections.correct, name="correct"),
    path("organisation/items/undo/<uuid:correction_id>/", corrections.undo, name="undo"),
    path("organisation/people/<uuid:person_id>/needs/", needs.needs, name="needs"),
]
