"""The documentation says what the code does, and the code does what it says."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.db import models

from course.env import NAMES, OTHER_NAMES
from course.env_values import POSTGRES_OPTIONS
from course.roles import Ability, Role, abilities_of

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
FLOORS = ("course", "quizzes", "modules")
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
SECTIONS = ["Context", "Decision", "Consequences", "Rejected"]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


# --- settings -----------------------------------------------------------------------------------


def test_every_setting_is_documented_and_none_that_is_gone() -> None:
    text = page("reference/settings.md")
    known = NAMES | OTHER_NAMES | {"DATABASE_URL", "PORT"}
    assert [name for name in sorted(known) if f"`{name}`" not in text] == []
    written = set(re.findall(r"`(KENALI_[A-Z_]+[A-Z])`", text))
    bare = {name.removesuffix("_FILE") for name in written if not name.startswith("KENALI_TEST_")}
    assert bare - known == set()


def test_every_database_option_is_documented() -> None:
    text = page("reference/settings.md")
    assert [option for option in POSTGRES_OPTIONS if f"`{option}`" not in text] == []


def test_every_variable_for_tests_is_documented() -> None:
    text = page("reference/settings.md")
    files = [ROOT / "Makefile", ROOT / ".ci" / "run", *(ROOT / "tests").rglob("*.py")]
    used = set()
    for file in files:
        used |= set(re.findall(r"KENALI_TEST_[A-Z]+(?:_[A-Z]+)*", file.read_text(encoding="utf-8")))
    assert [name for name in sorted(used) if f"`{name}`" not in text] == []


# --- commands -----------------------------------------------------------------------------------


def our_commands() -> list[str]:
    return sorted(name for name, app in get_commands().items() if app in FLOORS)


def test_every_command_is_documented() -> None:
    text = page("reference/commands.md")
    assert [name for name in our_commands() if f"`{name}" not in text] == []


def test_no_command_is_documented_that_is_gone() -> None:
    rows = re.findall(r"^\| `([a-z_]+)", page("reference/commands.md"), re.MULTILINE)
    assert set(rows) - set(our_commands()) - {"install"} == set()


@pytest.mark.parametrize("name", our_commands())
def test_the_options_of_a_command_are_its_documented_ones(name: str) -> None:
    """Only for rows that show options: a row without any may leave them to --help."""
    (row,) = [
        line for line in page("reference/commands.md").splitlines() if f"`{name}" in line[:60]
    ][:1] or [""]
    shown = set(re.findall(r"--[a-z-]+", row.split("|")[1] if row else ""))
    app = get_commands()[name]
    parser = load_command_class(str(app), name).create_parser("manage.py", name)
    real = {option for action in parser._actions for option in action.option_strings}
    assert shown <= real


def test_every_command_says_what_it_is_for() -> None:
    for name in our_commands():
        command = load_command_class(str(get_commands()[name]), name)
        assert command.help, name


# --- permissions --------------------------------------------------------------------------------


def test_the_table_of_permissions_is_the_one_in_the_code() -> None:
    rows = re.findall(
        r"^\| `([a-z_]+)` \| [^|]+ \| (yes|no) \| (yes|no) \| (yes|no) \|$",
        page("reference/permissions.md"),
        re.MULTILINE,
    )
    written = {
        (ability, role): answer == "yes"
        for ability, *answers in rows
        for role, answer in zip(Role, answers, strict=True)
    }
    real = {
        (ability.value, role): ability in abilities_of(role) for ability in Ability for role in Role
    }
    assert written == real


# --- decisions ----------------------------------------------------------------------------------


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    numbers = [int(file.name[:4]) for file in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    index = page("decisions/README.md")
    assert [file.name for file in DECISIONS if f"({file.name})" not in index] == []


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.name)
def test_a_decision_has_its_four_parts_on_one_page(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"# {file.name[:4]} ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert len(text.splitlines()) <= 75
    rejected = text.partition("## Rejected")[2]
    assert rejected.count("\n- ") >= 2, "what was looked at and not taken"


def test_decisions_that_the_code_names_exist() -> None:
    named = set()
    for floor in FLOORS:
        for file in (ROOT / floor).rglob("*.py"):
            named |= set(re.findall(r"[Dd]ecision (\d{4})", file.read_text(encoding="utf-8")))
    assert named - {file.name[:4] for file in DECISIONS} == set()


# --- privacy ------------------------------------------------------------------------------------

MODELS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_says_whether_it_holds_personal_data(model: type[models.Model]) -> None:
    text = (model.__doc__ or "").lower()
    assert "personal data" in text, f"{model.__name__}: say it in the docstring"


def test_every_table_of_personal_data_is_on_the_page() -> None:
    text = page("explanation/privacy.md")
    personal = [
        model.__name__
        for model in MODELS
        if "no personal data" not in (model.__doc__ or "").lower()
    ]
    assert personal, "the test must see some"
    assert [name for name in personal if f"`{name}`" not in text] == []


def test_the_promised_times_are_the_real_ones() -> None:
    from course.services import sign_in_links, throttle

    text = page("explanation/privacy.md")
    hours = int(settings.KENALI_SESSION_LONGEST.total_seconds() // 3600)
    days = settings.KENALI_SESSION_OWN_DEVICE.days
    assert f"{hours} hours" in text
    assert f"{days} days" in text
    assert sign_in_links.LIFETIME == throttle.KEEP
    assert f"{int(throttle.KEEP.total_seconds() // 3600)} hours" in text
    assert f"{throttle.DEVICE_SECONDS // 86400} days" in text


# --- all pages ----------------------------------------------------------------------------------

PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(file: Path) -> None:
    text = re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    ours = [one for one in targets if not re.match(r"[a-z]+:", one)]
    assert [one for one in ours if not (file.parent / one).exists()] == []
