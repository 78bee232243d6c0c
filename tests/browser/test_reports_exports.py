"""Walk 3C-3: from the report to a file of each kind in two clicks, also without script."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from course.models import AuditEntry, User
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.browser.test_look import violations
from tests.browser.test_programme_people import Clicks
from tests.personas import ADMINISTRATOR, BOTH, PASSPHRASE, World

WORDS = {"xlsx": "Excel", "pdf": "PDF", "csv": "CSV", "json": "JSON"}


def come_in(page: Page, world: World) -> None:
    """By name and passphrase, as people do: that is the proof."""
    user = world.users[ADMINISTRATOR]
    User.objects.filter(pk=user.pk).update(password=make_password(PASSPHRASE))
    page.goto("/sign-in/")
    page.get_by_role("textbox", name="Sign-in name").fill(user.username)
    page.get_by_role("textbox", name="Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def save(page: Page, table: str, kind: str, folder: Path) -> Path:
    """Two clicks: open the box, press the button. Returns the file."""
    clicks = Clicks(page)
    clicks.number += 1
    page.locator(".files summary").click()
    with page.expect_download() as waited:
        clicks.button(re.compile(f"^{WORDS[kind]} – {table}"))
    assert clicks.number <= 2
    name = waited.value.suggested_filename
    assert name.startswith("completion")
    assert name.endswith(f".{kind}")
    path = folder / name
    waited.value.save_as(path)
    return path


def test_every_file_is_two_clicks_from_the_report(
    new_page: NewPage, world: World, tmp_path: Path
) -> None:
    page = new_page(viewport=DESKTOP, has_touch=False, java_script_enabled=False)
    come_in(page, world)
    for table in ("people", "table"):
        for kind in WORDS:
            page.goto("/reports/")
            path = save(page, table, kind, tmp_path)
            assert path.stat().st_size > 100
    read = json.loads((path).read_text())
    assert read["table"] == "completion-by-office"
    rows = AuditEntry.objects.in_organization(world.harbour.organization)
    assert rows.filter(action="export.report").count() == 8


def test_an_old_sign_in_is_asked_once_and_keeps_the_filter(
    page: Page, world: World, sign_in: SignIn, tmp_path: Path
) -> None:
    user = world.users[ADMINISTRATOR]
    User.objects.filter(pk=user.pk).update(password=make_password(PASSPHRASE))
    user.refresh_from_db()
    sign_in(page, ADMINISTRATOR)
    page.goto("/reports/people/?only=completed")
    page.locator(".files summary").click()
    page.get_by_role("button", name="CSV – people").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Please show once more that it is you"
    )
    assert violations(page) == []
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Go on").click()
    path = tmp_path / "people.csv"
    waited.value.save_as(path)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > 1
    assert any(line.startswith("canaryharbour stranger") for line in lines)
    assert not any(line.startswith(world.users[BOTH].shown_name) for line in lines)
    page.get_by_role("link", name="Back").click()
    expect(page).to_have_url(re.compile(r"/reports/people/\?only=completed$"))


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_box_of_files_fits_and_axe_finds_nothing(
    new_page: NewPage, sign_in: SignIn, world: World, viewport: dict[str, int]
) -> None:
    for scheme in ("light", "dark"):
        page = new_page(viewport=viewport, color_scheme=scheme)
        sign_in(page, ADMINISTRATOR)
        page.goto("/reports/")
        page.locator(".files summary").click()
        expect(page.get_by_role("button", name="PDF – table")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
