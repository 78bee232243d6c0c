"""What a lesson costs a phone that has never been here: bytes on the wire and requests."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.benchmarks.conftest import Site
from tests.benchmarks.serving import serving
from tests.harness.screenshots import CHROMIUM_FLAGS, PHONE

MOST_BYTES, MOST_REQUESTS = 60_000, 8
PAGES = {"lesson": "/modules/control/money/1/", "home": "/", "module": "/modules/control/"}


@pytest.mark.benchmark
def test_a_cold_page_is_light(site: Site, chromium_path: str) -> None:
    cookies = [one.split("=", 1) for one in site.cookie_of("learner").split("; ")]
    with serving("course.wsgi", site.environment, path="/healthz") as port, sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        print(f"\n{'page':8} {'bytes':>8} {'requests':>9}")
        for page_name, path in PAGES.items():
            context = browser.new_context(viewport=PHONE)
            address = f"http://127.0.0.1:{port}"
            context.add_cookies(
                [{"name": name, "value": value, "url": address} for name, value in cookies]
            )
            page = context.new_page()
            client = context.new_cdp_session(page)
            client.send("Network.enable")
            loaded: list[dict[str, Any]] = []

            def keep(event: dict[str, Any], loaded: list[dict[str, Any]] = loaded) -> None:
                loaded.append(event)

            client.on("Network.loadingFinished", keep)
            page.goto(address + path, wait_until="networkidle")
            sizes = [one["encodedDataLength"] for one in loaded]
            print(f"{page_name:8} {int(sum(sizes)):8} {len(sizes):9}")
            assert sum(sizes) <= MOST_BYTES
            assert len(sizes) <= MOST_REQUESTS
            context.close()
        browser.close()
