"""What is kept, and how long: the page, the documentation and the tables say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation

from modules.kept import KEPT
from modules.reports.own.tables import BY_HAND, OWN


def documented() -> list[tuple[str, tuple[str, ...], str]]:
    text = (Path(settings.BASE_DIR) / "docs/explanation/privacy.md").read_text()
    table = text.partition("| What | Where | How long |\n")[2].partition("\n\n")[0]
    found = []
    for line in table.splitlines()[1:]:
        what, where, how_long = (cell.strip() for cell in line.strip("|").split("|"))
        found.append((what, tuple(re.findall(r"`(\w+)`", where)), how_long))
    return found


def test_the_documentation_says_the_same() -> None:
    with translation.override("en"):
        rows = [(str(one.what), one.tables, str(one.how_long)) for one in KEPT]
    assert documented() == rows


def test_every_table_about_people_stands_in_one_line() -> None:
    named = [name for one in KEPT for name in one.tables]
    assert len(named) == len(set(named))
    about = {one.model.__name__ for one in OWN} | {name.split(".")[1] for name in BY_HAND}
    assert about - set(named) == set()


@pytest.mark.django_db
def test_anybody_may_read_it_with_the_period_of_this_server() -> None:
    page = Client().get(reverse("modules:kept")).content.decode()
    assert "erased there by itself after 24 months" in page
    assert "until used; a link at most 24 hours" in page
    with override_settings(KENALI_FORGET_LEFT_MONTHS=0):
        assert "not by itself" in Client().get(reverse("modules:kept")).content.decode()
    safety = Client().get(reverse("course:safety")).content.decode()
    assert f'href="{reverse("modules:kept")}"' in safety
