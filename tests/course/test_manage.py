"""The first half of manage.py: which lock is installed, and when it does nothing."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings

FILE = Path(settings.BASE_DIR) / "manage.py"


@pytest.fixture
def manage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module, with an environment that exists and nothing installed in it."""
    spec = importlib.util.spec_from_file_location("kenali_manage", FILE)
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(module, "PYTHON", python)
    monkeypatch.setattr(module, "STAMP", tmp_path / "stamp")
    return module


def test_nothing_is_there_so_everything_is_needed(manage: Any) -> None:
    assert manage.missing_lock("runtime") == "runtime"
    assert manage.missing_lock("dev") == "dev"


@pytest.mark.parametrize(
    ("installed", "needed", "missing"),
    [
        ("runtime", "runtime", None),
        ("runtime", "postgres", "postgres"),
        ("runtime", "dev", "dev"),
        ("dev", "runtime", None),
        ("dev", "postgres", None),
        ("postgres", "runtime", None),
    ],
)
def test_a_later_lock_satisfies_an_earlier_need(
    installed: str, needed: str, missing: str | None, manage: Any
) -> None:
    manage.STAMP.write_text(manage.fingerprint(installed))
    assert manage.missing_lock(needed) == missing


def test_a_changed_lock_is_installed_again(manage: Any) -> None:
    manage.STAMP.write_text("dev 0000")
    assert manage.missing_lock("runtime") == "dev", "not less than what was there"


def test_a_stamp_without_an_environment_counts_for_nothing(manage: Any) -> None:
    manage.STAMP.write_text(manage.fingerprint("dev"))
    manage.PYTHON.unlink()
    assert manage.missing_lock("runtime") == "runtime"


def test_a_broken_stamp_counts_for_nothing(manage: Any) -> None:
    manage.STAMP.write_text("nonsense")
    assert manage.missing_lock("postgres") == "postgres"


def test_whoever_brings_an_environment_keeps_it(
    manage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manage, "install", lambda _lock: pytest.fail("nothing was asked for"))
    monkeypatch.setenv("KENALI_NO_BOOTSTRAP", "1")
    manage.bootstrap("dev")


def test_an_unknown_lock_is_told() -> None:
    command = [sys.executable, str(FILE), "install", "everything"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "there are: runtime, postgres, dev" in run.stderr


def test_the_first_half_needs_nothing_but_python() -> None:
    """A new machine has no Django yet; `-S` hides every installed package."""
    program = (
        "import importlib.util as u; "
        f"s = u.spec_from_file_location('m', {str(FILE)!r}); "
        "m = u.module_from_spec(s); s.loader.exec_module(m); print(m.fingerprint('runtime'))"
    )
    run = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("runtime ")
