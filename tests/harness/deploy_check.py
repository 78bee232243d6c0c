"""`python -m tests.harness.deploy_check`: Django's deployment check as a real site would run it.

Prints the check's own output. Exit status 1 on any warning. Also starts it once with a spoilt
setting, which must fail: a check that cannot go red proves nothing.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def production_environment(data_dir: str) -> dict[str, str]:
    """Variables like those of a real site, and nothing of the shell that KENALI would read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KENALI_")}
    kept.pop("DATABASE_URL", None)
    return kept | {
        "DJANGO_SETTINGS_MODULE": "course.settings",
        "KENALI_DATA_DIR": data_dir,
        "KENALI_SITE_URL": "https://course.example.org",
        "KENALI_SECRET_KEY": secrets.token_urlsafe(48),
    }


def run_check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """One `check --deploy` in its own process."""
    command = [sys.executable, "-W", "error", "manage.py", "check", "--deploy"]
    return subprocess.run(
        [*command, "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def main() -> int:
    """0 when the good environment passes and the spoilt one fails."""
    with tempfile.TemporaryDirectory() as data_dir:
        good = production_environment(data_dir)
        passed = run_check(good)
        print(passed.stdout + passed.stderr, end="")
        spoilt = run_check(good | {"KENALI_SITE_URL": "http://course.example.org"})
    if passed.returncode != 0 or spoilt.returncode == 0:
        print("deployment check: FAILED")
        return 1
    print("deployment check: clean, and red when the site is moved to plain HTTP")
    return 0


if __name__ == "__main__":
    sys.exit(main())
