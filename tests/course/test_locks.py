"""The committed locks: complete, hashed, equal to each other, and naming no host or machine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("runtime", "postgres", "dev")
PIN = re.compile(r"^([a-z0-9][a-z0-9-]*)==(\S+)", re.MULTILINE)


def text_of(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")


def pins_of(lock: str) -> dict[str, str]:
    return dict(PIN.findall(text_of(lock)))


def wanted(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"]]
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_path(lock: str) -> None:
    text = text_of(lock)
    assert "://" not in text
    assert not re.search(r"(^|\s)(/|\./|\.\./|~|-e |--index|--find|--extra|--trusted)", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", text_of(lock).strip())
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_each_lock_holds_the_ones_before_it() -> None:
    runtime, postgres, dev = (set(pins_of(lock).items()) for lock in LOCKS)
    assert runtime < postgres < dev


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("runtime", ()), ("postgres", ("postgres",)), ("dev", ("postgres", "dev"))],
)
def test_everything_the_project_names_is_locked(lock: str, extras: tuple[str, ...]) -> None:
    assert wanted(*extras) - set(pins_of(lock)) == set()


def test_no_test_tool_is_in_the_runtime_lock() -> None:
    assert not {"pytest", "ruff", "mypy", "playwright", "uv", "numpy", "scipy"} & set(
        pins_of("runtime")
    )
