"""The trainer's room in the access table: pages on a cohort, and pages as a learner sees them."""

from tests.access_rows_quizzes import QUIZ
from tests.access_table import Ids, Row, staff
from tests.personas import ADMINISTRATOR, OUTSIDER, TRAINER


def _cohort(ids: Ids) -> dict[str, object]:
    return {"cohort_id": ids["cohort"]}


def own_staff(status: int) -> dict[str, int | str]:
    """A page on a cohort: the outsider is staff, but of another organisation."""
    return staff(status) | {OUTSIDER: 404}


# The small course and bank that the other floors publish.
def _lesson(_ids: Ids) -> dict[str, object]:
    return {"module_key": "m1", "lesson_key": "l1", "number": 1}


def _quiz(_ids: Ids) -> dict[str, object]:
    return {"quiz_key": QUIZ.key}


def _item(_ids: Ids) -> dict[str, object]:
    return {"item_key": "pp-v1"}


ROWS = [
    Row("modules:cohort_today", "GET", own_staff(200), path=_cohort),
    Row("modules:cohort_results", "GET", own_staff(200), path=_cohort),
    # Signed in without having shown a secret: the passphrase is asked first.
    Row(
        "modules:cohort_results_file",
        "POST",
        own_staff(403),
        path=_cohort,
        proof=(TRAINER, ADMINISTRATOR),
    ),
    Row("modules:preview", "GET", staff(200)),
    Row("modules:preview_step", "GET", staff(200), path=_lesson),
    Row("quizzes:preview_quiz", "GET", staff(200), path=_quiz),
    Row("quizzes:preview_item", "GET", staff(200), path=_item),
    Row(
        "quizzes:preview_item",
        "POST",
        staff(200),
        path=_item,
        body=lambda _ids: {"concern": "yes"},
    ),
    Row("quizzes:preview_item", "POST", staff(422), path=_item, note="empty"),
]
