"""`python -m tests.harness.screenshots`: pictures of the real site, as people see it.

Without arguments: the pictures of the README, into docs/images. With `--all FOLDER`: every page in
phone and desktop size, light and dark, to be looked at; `--only /reports/` narrows it to the pages
whose address begins so.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.serving import ROOT, manage, serving, site_environment

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
README = (
    ("learner", "learner", "/", PHONE),
    ("lesson", "learner", "/modules/control/money/1/", PHONE),
    ("trainer", "trainer", "/progress/", DESKTOP),
    ("administrator", "admin", "/reports/", DESKTOP),
)
PAGES = {
    "": ("/", "/sign-in/", "/join/", "/privacy/", "/calendar/", "/nowhere/"),
    "learner": (
        "/",
        "/modules/foundations/",
        "/modules/foundations/what-it-is/1/",
        "/modules/foundations/what-it-is/2/",
        "/modules/foundations/what-it-is/3/",
        "/modules/foundations/what-it-is/4/",
        "/modules/foundations/what-it-is/6/",
        "/modules/control/money/2/",
        "/modules/control/money/handout/",
        "/reference/",
        "/reference/signs/",
        "/reference/contacts/",
        "/reference/beliefs/",
        "/reference/steps/",
        "/reference/certainty/",
        "/reference/sources/",
        "/account/",
        "/progress/",
    ),
    "trainer": ("/", "/progress/", "/organisation/", "/style/"),
    "admin": (
        "/",
        "/progress/",
        "/organisation/",
        "/organisation/people/",
        "/organisation/cohorts/",
        "/organisation/invitations/",
        "/organisation/record/",
        "/organisation/certificates/",
        "/organisation/tokens/",
        "/privacy/kept/",
        "/account/data/",
        "/reports/",
        "/reports/?by=cohort",
        "/reports/?by=module",
        "/reports/?by=role",
        "/reports/?by=round",
        "/reports/people/",
        "/reports/people/?only=not_started",
        "/reports/learning/",
        "/reports/items/",
        "/reports/items/mixed/",
        "/reports/renewals/",
        "/reports/donor/",
        "/reports/schedules/",
        "/reports/schedules/new/",
    ),
}


@dataclass(frozen=True)
class Site:
    """The served demo site."""

    port: int
    environment: dict[str, str]

    def link_of(self, username: str) -> str:
        """A one-time link of this person."""
        environment = self.environment | {"PORT": str(self.port)}
        address = manage(environment, "sign_in_link", username).strip().splitlines()[-1]
        return f"{self.base}/link/{address.rstrip('/').rpartition('/')[2]}/"

    @property
    def base(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def demo_site() -> Iterator[Site]:
    """What `make run` serves, on a data directory that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="kenali-pictures-") as folder:
        environment = site_environment(Path(folder))
        manage(environment, "up", "--no-serve")
        with serving("course.wsgi", environment, path="/healthz") as port:
            yield Site(port, environment)


def signed_in(browser: Browser, site: Site, username: str, **options: object) -> Page:
    """A fresh browser in which this person is signed in, as they would do it."""
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    if username:
        page.goto(site.link_of(username))
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(f"{site.base}/")
    return page


def for_readme(browser: Browser, site: Site) -> None:
    """The pictures of the README, small enough to keep in the repository."""
    folder = ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    for name, username, path, size in README:
        page = signed_in(browser, site, username, viewport=size)
        page.goto(site.base + path)
        page.screenshot(path=str(folder / f"{name}.png"))
        page.context.close()
        print(f"docs/images/{name}.png")


def everything(browser: Browser, site: Site, folder: Path, only: str) -> None:
    """Every page in every dress, as far as its address begins with `only`."""
    folder.mkdir(parents=True, exist_ok=True)
    for size_name, size in (("phone", PHONE), ("desktop", DESKTOP)):
        for scheme in ("light", "dark"):
            for username, every in PAGES.items():
                paths = [path for path in every if path.startswith(only)]
                if not paths:
                    continue
                page = signed_in(browser, site, username, viewport=size, color_scheme=scheme)
                for path in paths:
                    page.goto(site.base + path)
                    slug = re.sub(r"[^a-z0-9]+", "-", path).strip("-") or "home"
                    name = f"{username or 'visitor'}-{slug}-{size_name}-{scheme}.png"
                    page.screenshot(path=str(folder / name), full_page=True)
                page.context.close()
                print(f"{size_name} {scheme} {username or 'visitor'}: {len(paths)} pages")


def main() -> int:
    """0 when every picture was taken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", metavar="FOLDER", type=Path)
    parser.add_argument("--only", default="/", metavar="PATH")
    asked = parser.parse_args()
    chromium = os.environ.get("KENALI_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        print("No Chromium: set KENALI_CHROMIUM to its path.", file=sys.stderr)
        return 1
    with demo_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        if asked.all:
            everything(browser, site, asked.all, asked.only)
        else:
            for_readme(browser, site)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
