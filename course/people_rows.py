"""Pure: from the texts of a row to a person to be, with every fault of the row."""

import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any, Final

from course.people_files import Problem, RawRow, Table
from course.roles import Role

LANGUAGES: Final = ("en", "ms")
LONGEST_NAME: Final = 40
LONGEST_ALIAS: Final = 60
LONGEST_COHORT: Final = 80
LONGEST_EMAIL: Final = 254
MOST_COHORTS: Final = 5

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_EMAIL: Final = re.compile(
    r"[^@\s,;<>\"]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+"
)
_IDENTITY: Final = re.compile(r"\d{6}-?\d{2}-?\d{4}")
_LANGUAGE_WORDS: Final = {
    "en": "en", "english": "en", "inggeris": "en",
    "ms": "ms", "my": "ms", "malay": "ms", "bahasa melayu": "ms", "bahasa malaysia": "ms",
    "melayu": "ms",
}  # fmt: skip
_ROLE_WORDS: Final = {
    "learner": Role.LEARNER, "pelajar": Role.LEARNER,
    "trainer": Role.TRAINER, "jurulatih": Role.TRAINER,
    "administrator": Role.ADMINISTRATOR, "admin": Role.ADMINISTRATOR,
    "pentadbir": Role.ADMINISTRATOR,
}  # fmt: skip
# Texts that a spreadsheet would run when the list is opened there again.
_FORMULA_SIGNS: Final = ("=", "+", "@", "-")
_INVISIBLE: Final = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One row that holds by itself. Whether it fits the organisation is for the service."""

    row: int
    sign_in_name: str
    alias: str = ""
    language: str = ""  # "" when the row leaves it open
    role: str = ""  # the same: a newcomer becomes a learner, somebody known stays what they are
    cohorts: tuple[str, ...] = ()
    email: str = ""
    manager: str = ""
    office: str = ""

    def as_document(self) -> dict[str, Any]:
        """For keeping."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "PersonLine":
        """From what was kept."""
        return cls(**{**document, "cohorts": tuple(document["cohorts"])})


def read_people(table: Table) -> tuple[list[PersonLine], list[Problem]]:
    """Every row, and every fault of the file and of its rows, in the order of rows.

    A row with a fault is read too, without what is wrong: its other cells, and people who name it
    as their manager, are to be judged as well.
    """
    lines: list[PersonLine] = []
    problems = list(table.problems)
    first_row: dict[str, int] = {}
    for raw in table.rows:
        faults = _Faults(table, raw)
        line = _read_row(raw, faults)
        if line.sign_in_name in first_row:
            faults.add("sign_in_name", "name_twice", str(first_row[line.sign_in_name]))
        elif line.sign_in_name:
            first_row[line.sign_in_name] = raw.number
        problems += faults.found
        lines.append(line)
    return lines, sorted(problems, key=lambda one: (one.row, one.column))


class _Faults:
    """Collects the faults of one row."""

    def __init__(self, table: Table, raw: RawRow) -> None:
        self.table, self.raw = table, raw
        self.found: list[Problem] = []

    def add(self, column: str, code: str, detail: str = "") -> None:
        self.found.append(Problem(self.raw.number, self.table.place(column), code, detail))


def _read_row(raw: RawRow, faults: _Faults) -> PersonLine:
    cells = {column: _plain(column, text, faults) for column, text in raw.cells.items()}
    return PersonLine(
        row=raw.number,
        sign_in_name=_sign_in_name(cells.get("sign_in_name", ""), raw, faults),
        alias=_short(cells.get("alias", ""), "alias", LONGEST_ALIAS, faults),
        language=_word(cells.get("language", ""), "language", _LANGUAGE_WORDS, faults),
        role=_role(cells.get("role", ""), faults),
        cohorts=_cohorts(cells.get("cohorts", ""), faults),
        email=_email(cells.get("email", ""), faults),
        manager=cells.get("manager", "").lower(),
        office=" ".join(cells.get("office", "").split()),
    )


def _plain(column: str, text: str, faults: _Faults) -> str:
    """One line of visible signs in NFC; "" when it is none, so that one fault is told once."""
    text = unicodedata.normalize("NFC", text).strip()
    if "\n" in text or "\r" in text:
        faults.add(column, "cell_lines")
    elif "\ufffd" in text:
        faults.add(column, "cell_broken_letter")
    elif any(unicodedata.category(sign) in _INVISIBLE for sign in text):
        faults.add(column, "cell_invisible")
    elif text.startswith(_FORMULA_SIGNS):
        faults.add(column, "cell_like_formula", text[0])
    else:
        return text
    return ""


def _sign_in_name(text: str, raw: RawRow, faults: _Faults) -> str:
    """The name in small letters; "" when it will not do."""
    name = text.lower()
    if not name:
        if "sign_in_name" not in raw.cells and "sign_in_name" in faults.table.places:
            faults.add("sign_in_name", "name_missing")
        return ""
    if code := _fault_of_name(name):
        faults.add("sign_in_name", code, str(LONGEST_NAME))
        return ""
    return name


def _fault_of_name(name: str) -> str:
    """The first that fits: what would tell who somebody is comes before mere signs."""
    faults = {
        "name_is_email": "@" in name,
        "name_is_identity": _IDENTITY.fullmatch(name),
        "name_is_number": name.isdigit() and len(name) > 6,
        "name_too_long": len(name) > LONGEST_NAME,
        "name_reserved": name.startswith("erased-"),
        "name_signs": not _NAME.fullmatch(name),
    }
    return next((code for code, wrong in faults.items() if wrong), "")


def _short(text: str, column: str, longest: int, faults: _Faults) -> str:
    if len(text) > longest:
        faults.add(column, f"{column}_too_long", str(longest))
    return text


def _word(text: str, column: str, words: dict[str, str], faults: _Faults) -> str:
    if text and text.lower() not in words:
        faults.add(column, f"{column}_unknown", text[:40])
    return words.get(text.lower(), "")


def _role(text: str, faults: _Faults) -> str:
    role = _word(text, "role", {word: role.value for word, role in _ROLE_WORDS.items()}, faults)
    if role == Role.ADMINISTRATOR:
        # Whoever may do everything is let in one by one, by somebody who thinks about it.
        faults.add("role", "role_administrator")
    return role


def _cohorts(text: str, faults: _Faults) -> tuple[str, ...]:
    names = [" ".join(name.split()) for name in re.split(r"[|;]", text)]
    names = [name for name in names if name]
    wrong = {
        "cohorts_too_many": (len(names) > MOST_COHORTS, MOST_COHORTS),
        "cohort_twice": (len({name.casefold() for name in names}) < len(names), ""),
        "cohort_too_long": (any(len(name) > LONGEST_COHORT for name in names), LONGEST_COHORT),
    }
    found = [(code, str(limit)) for code, (is_wrong, limit) in wrong.items() if is_wrong]
    for code, limit in found:
        faults.add("cohorts", code, limit)
    return () if found else tuple(names)


def _email(text: str, faults: _Faults) -> str:
    if len(text) > LONGEST_EMAIL:
        faults.add("email", "email_too_long", str(LONGEST_EMAIL))
    elif text and not _EMAIL.fullmatch(text):
        faults.add("email", "email_wrong")
    return text
