"""The administration pages: absent by default, for operators only, look only, under the policy."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from course.middleware import policy_text
from course.models import User
from tests.harness.admin_pages import CLOSED, PAGES, WRITES
from tests.personas import make_user

Answers = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def site() -> dict[str, Any]:
    """What a site with KENALI_ADMIN=1 answers; a process of its own, on SQLite."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KENALI_")}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.harness.admin_pages"],
        cwd=settings.BASE_DIR,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return dict(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.django_db
def test_there_are_none_unless_asked_for(client: Client) -> None:
    assert client.get("/administration/").status_code == 404
    assert "course.admin_config.OperatorAdminConfig" not in settings.INSTALLED_APPS


@pytest.mark.slow
def test_an_operator_sees_every_page_under_the_strict_policy(site: dict[str, Any]) -> None:
    for page in PAGES:
        answer = site["operator"][f"GET {page}"]
        assert answer["status"] == 200, page
        assert answer["policy"] == policy_text(settings.SECURE_CSP), page
        assert answer["cache"] == "no-store", page


@pytest.mark.slow
def test_no_page_needs_what_the_policy_forbids(site: dict[str, Any]) -> None:
    for page in PAGES[:-1]:
        body = site["operator"][f"GET {page}"]["body"]
        found = re.findall(
            r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*\ssrc=)[^>]*>", body
        )
        assert found == [], page
        assert not re.search(r"(src|href)=\"https?://", body), page
        assert not re.search(r"jquery|prepopulate", body, re.IGNORECASE), "trusted types forbid it"


@pytest.mark.slow
def test_the_pages_show_people_but_not_what_is_theirs(site: dict[str, Any]) -> None:
    people = site["operator"]["GET /administration/course/user/"]["body"]
    assert "administrator" in people
    for page in PAGES:
        assert "canary@example.org" not in site["operator"][f"GET {page}"]["body"], page
        assert "session_seed" not in site["operator"][f"GET {page}"]["body"], page


@pytest.mark.slow
def test_everybody_else_stays_outside(site: dict[str, Any]) -> None:
    """Also the administrator of an organisation: these pages cross organisations."""
    for page in PAGES + CLOSED:
        stranger = site["anonymous"][f"GET {page}"]
        assert stranger["status"] == 302, page
        assert "/sign-in/" in stranger["to"] or "/administration/login/" in stranger["to"], page
        other = site["administrator"][f"GET {page}"]
        assert other["status"] in {302, 403}, page
        assert "Look, do not touch" not in stranger["body"] + other["body"]
    assert site["administrator"]["GET /administration/login/"]["status"] == 403


@pytest.mark.slow
def test_there_is_no_second_place_to_try_passphrases(site: dict[str, Any]) -> None:
    """Django's own form would know nothing of the throttle."""
    for method in ("GET", "POST"):
        answer = site["anonymous"][f"{method} /administration/login/"]
        assert (answer["status"], answer["to"][:9]) == (302, "/sign-in/")
    own = site["operator"]["GET /administration/password_change/"]
    assert (own["status"], own["to"]) == (302, "/account/")


@pytest.mark.slow
def test_nothing_can_be_written(site: dict[str, Any]) -> None:
    for page in WRITES[1:]:
        assert site["operator"][f"POST {page}"]["status"] in {403, 404}, page
    for page in CLOSED[2:]:
        assert site["operator"][f"GET {page}"]["status"] in {302, 403, 404}, page
    assert site["names"] == ["administrator", "operator"]


# --- who is an operator -------------------------------------------------------------------------


@pytest.mark.django_db
def test_operators_are_made_and_unmade_on_the_console() -> None:
    user = make_user("mel")
    assert not user.is_operator
    call_command("operator", " MEL ")
    assert User.objects.get(pk=user.pk).is_operator
    call_command("operator", "mel", "--remove")
    assert not User.objects.get(pk=user.pk).is_operator
    with pytest.raises(CommandError, match="nobody"):
        call_command("operator", "nobody")
