"""Lesson and home page against a bare Django page: same machine, same run, in turn.

Goal: the lesson page at least 0.6 of the bare page's requests per second.
"""

from __future__ import annotations

import pytest

from tests.benchmarks.conftest import Site
from tests.benchmarks.serving import Figures, measure, middle, serving

ROUNDS, REQUESTS, CLIENTS = 7, 400, 4
PAGES = {"lesson": "/modules/control/money/1/", "home": "/", "module": "/modules/control/"}
GOAL = 0.6


@pytest.mark.benchmark
def test_pages_against_a_bare_view(site: Site) -> None:
    cookie = site.cookie_of("learner")
    bare_cookie = site.cookie_of("learner", "django.contrib.auth.backends.ModelBackend")
    ours = serving("course.wsgi", site.environment, path="/healthz")
    bare = serving("tests.benchmarks.bare_wsgi", site.environment, path="/bare/")
    found: dict[str, list[Figures]] = {name: [] for name in ("bare", *PAGES)}
    ratios: dict[str, list[float]] = {name: [] for name in PAGES}
    with ours as our_port, bare as bare_port:
        for path in PAGES.values():
            measure(our_port, path, cookie, requests=80, clients=CLIENTS)  # warm
        measure(bare_port, "/bare/", bare_cookie, requests=80, clients=CLIENTS)
        for _round in range(ROUNDS):
            one = measure(bare_port, "/bare/", bare_cookie, requests=REQUESTS, clients=CLIENTS)
            found["bare"].append(one)
            for name, path in PAGES.items():
                page = measure(our_port, path, cookie, requests=REQUESTS, clients=CLIENTS)
                found[name].append(page)
                ratios[name].append(page.per_second / one.per_second)
    print(f"\n{'page':8} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'of bare (min med max)':>24}")
    for name, figures in found.items():
        row = middle(figures)
        spread = sorted(ratios.get(name, [1.0]))
        shown = f"{spread[0]:.2f} {spread[len(spread) // 2]:.2f} {spread[-1]:.2f}"
        print(f"{name:8} {row.per_second:8.0f} {row.p50:8.2f} {row.p99:8.2f} {shown:>24}")
    lesson = sorted(ratios["lesson"])[ROUNDS // 2]
    assert lesson >= GOAL, f"the lesson page reaches {lesson:.2f} of a bare view, not {GOAL}"
