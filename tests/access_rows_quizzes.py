"""The middle floor's rows of the access table. An attempt is only its owner's, also at home."""

from uuid import uuid4

from quizzes.models import ItemVersion, KeyCorrection
from quizzes.published import current_bank
from quizzes.rekeying import Change, Standing
from quizzes.services.correcting import correct_key
from quizzes.services.papering import make_sheet
from quizzes.services.presenting import open_room
from tests.access_table import Ids, Row, everybody, members, staff
from tests.personas import ADMINISTRATOR, AT, BOTH, OUTSIDER, TRAINER, Place, World
from tests.quizzes.making import bank_of, eight_verdicts, publish, quiz, verdict

QUIZ = quiz()
TASTER = quiz("taster", kind="taster", module=None, feedback="after-item", shuffle=False)

ROOM_CASE = verdict("rr-v1", "rr", "control", signal=True)
PRACTICE = quiz(
    "practice",
    kind="practice",
    module=None,
    counts=False,
    draws=[{"kind": "verdict", "pools": ["rr"], "take": 1}],
)


def furnish(world: World) -> None:
    """A made-up bank, and an open attempt of each organisation's learner."""
    from quizzes.services.attempting import start_attempt

    publish(bank_of([*eight_verdicts(), ROOM_CASE], QUIZ, TASTER, PRACTICE))
    short = current_bank().quizzes[QUIZ.key]
    for place in (world.harbour, world.lighthouse):
        attempt = start_attempt(membership=place.learner, quiz=short, at=AT)
        place.ids["attempt"] = attempt.id
        place.ids["correction"] = _corrected(place).id
        place.ids["room"] = open_room(
            cohort=place.first_cohort,
            version_id=current_bank().items[ROOM_CASE.key].version_id,
            actor=place.trainer,
            at=AT,
        ).id
        sheet = make_sheet(
            cohort=place.first_cohort,
            quiz=current_bank().quizzes[PRACTICE.key],
            actor=place.trainer,
            at=AT,
        )
        place.ids["sheet"] = sheet.id


def _corrected(place: Place) -> KeyCorrection:
    version = ItemVersion.objects.get(pk=current_bank().items["pp-v2"].version_id)
    return correct_key(
        actor=place.trainer,
        version=version,
        standing=Standing("case", Change.DROP),
        reason="A test.",
        lower=False,
        client_key=uuid4(),
        at=AT,
    )


def owner(status: int) -> dict[str, int | str]:
    """A page of the learner whose attempt it is."""
    others = dict.fromkeys((TRAINER, ADMINISTRATOR, BOTH, OUTSIDER), 404)
    return members(status) | others


def _quiz(_ids: Ids) -> dict[str, object]:
    return {"quiz_key": QUIZ.key}


def _attempt(ids: Ids) -> dict[str, object]:
    return {"attempt_id": ids["attempt"]}


def _person_attempt(ids: Ids) -> dict[str, object]:
    return {"person_id": ids["person"], "attempt_id": ids["attempt"]}


def own_staff(status: int) -> dict[str, int | str]:
    """A page on a learner of a cohort: the outsider is staff, but of another organisation."""
    return staff(status) | {OUTSIDER: 404}


def _item(ids: Ids) -> dict[str, object]:
    return {**_attempt(ids), "number": 1}


def _taster_item(_ids: Ids) -> dict[str, object]:
    return {"number": 1}


def _person(ids: Ids) -> dict[str, object]:
    return {"person_id": ids["person"]}


def _answer(_ids: Ids) -> dict[str, object]:
    return {"key": "0f0e0d0c-0b0a-4908-8706-050403020100", "concern": "yes"}


def _cohort(ids: Ids) -> dict[str, object]:
    return {"cohort_id": ids["cohort"]}


def _cohort_item(ids: Ids) -> dict[str, object]:
    return {**_cohort(ids), **_bank_item(ids)}


def _bank_item(_ids: Ids) -> dict[str, object]:
    return {"item_key": "pp-v1", "number": 1}


def _correction(ids: Ids) -> dict[str, object]:
    return {"correction_id": ids["correction"]}


def _room(ids: Ids) -> dict[str, object]:
    return {**_cohort(ids), "room_id": ids["room"]}


def _sheet(ids: Ids) -> dict[str, object]:
    return {**_cohort(ids), "sheet_id": ids["sheet"]}


ROWS = [
    Row("quizzes:papers", "GET", staff(200) | {OUTSIDER: 404}, path=_cohort),
    Row("quizzes:papers", "POST", staff(404), path=_cohort, note="a quiz that is not there"),
    Row(
        "quizzes:papers",
        "POST",
        staff(303) | {OUTSIDER: 404},
        path=_cohort,
        body=lambda _ids: {"quiz": PRACTICE.key},
    ),
    Row("quizzes:paper", "GET", staff(200) | {OUTSIDER: 404}, path=_sheet),
    Row("quizzes:paper_enter", "GET", staff(200) | {OUTSIDER: 404}, path=_sheet),
    Row(
        "quizzes:paper_enter",
        "POST",
        staff(303) | {OUTSIDER: 404},
        path=_sheet,
        body=lambda ids: {"person": ids["person"], "agreed": "on", "line_1": "Y"},
    ),
    Row("quizzes:paper_enter", "POST", staff(422) | {OUTSIDER: 404}, path=_sheet, note="empty"),
    Row("quizzes:present", "GET", staff(200) | {OUTSIDER: 404}, path=_cohort),
    Row("quizzes:present", "POST", staff(404), path=_cohort, note="a case of no practice"),
    Row(
        "quizzes:present",
        "POST",
        staff(303) | {OUTSIDER: 404},
        path=_cohort,
        body=lambda _ids: {"case": ROOM_CASE.key},
    ),
    Row("quizzes:room", "GET", staff(200) | {OUTSIDER: 404}, path=_room),
    Row("quizzes:room_step", "POST", staff(303) | {OUTSIDER: 404}, path=_room),
    Row("quizzes:room_door", "GET", everybody(200)),
    Row("quizzes:room_door", "POST", everybody(200), note="without a code"),
    Row(
        "quizzes:room_door",
        "POST",
        everybody(422),
        body=lambda _ids: {"code": "ZZZZZZ"},
        note="a wrong code",
    ),
    Row("quizzes:cohort_items", "GET", staff(200) | {OUTSIDER: 404}, path=_cohort),
    Row("quizzes:cohort_item", "GET", staff(200) | {OUTSIDER: 404}, path=_cohort_item),
    Row("quizzes:debrief", "GET", staff(200) | {OUTSIDER: 404}, path=_cohort),
    Row("quizzes:correct", "GET", staff(200), path=_bank_item),
    Row("quizzes:correct", "POST", staff(404), path=_bank_item, note="without a change"),
    Row("quizzes:undo", "POST", staff(303) | {OUTSIDER: 404}, path=_correction),
    Row("quizzes:quizzes", "GET", members(200)),
    Row("quizzes:map", "GET", members(200)),
    Row("quizzes:quiz", "GET", members(200), path=_quiz),
    Row("quizzes:start", "POST", members(303), path=_quiz),
    Row("quizzes:resume", "GET", owner(302), path=_attempt),
    Row("quizzes:item", "GET", owner(200), path=_item),
    Row("quizzes:item", "POST", owner(303), path=_item, body=_answer),
    Row("quizzes:item", "POST", owner(400), path=_item, note="without a key"),
    Row("quizzes:later", "POST", owner(303), path=_item),
    Row("quizzes:overview", "GET", owner(200), path=_attempt),
    Row("quizzes:submit", "POST", owner(303), path=_attempt),
    # Not handed in yet, so the results lead back to the look over everything.
    Row("quizzes:results", "GET", owner(302), path=_attempt),
    Row("quizzes:taster", "GET", everybody(200)),
    Row("quizzes:taster_item", "GET", everybody(200), path=_taster_item),
    Row(
        "quizzes:taster_item",
        "POST",
        everybody(200),
        path=_taster_item,
        body=lambda _ids: {"concern": "yes"},
    ),
    Row("quizzes:taster_item", "POST", everybody(422), path=_taster_item, note="empty"),
    Row("quizzes:needs", "GET", staff(200) | {OUTSIDER: 404}, path=_person),
    Row(
        "quizzes:needs",
        "POST",
        staff(303) | {OUTSIDER: 404},
        path=_person,
        body=lambda _ids: {"extra_time": 25},
    ),
    Row("quizzes:notes_read", "POST", owner(303), path=_attempt),
    Row("quizzes:person_attempts", "GET", own_staff(200), path=_person),
    Row("quizzes:person_attempt", "GET", own_staff(200), path=_person_attempt),
    Row("quizzes:open_answers", "POST", own_staff(303), path=_person_attempt),
    Row("quizzes:write_note", "POST", own_staff(303), path=_person_attempt),
]
