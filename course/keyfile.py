"""PURE: the data directory and the key in it, made at the first start for their owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from course.env import EnvironmentProblems
from course.env_values import is_open_to_others, weakness_of_key

KEY_BYTES = 48  # 64 characters


def prepare_data_directory(path: Path) -> Path:
    """Make `path` (mode 0700) and what is in it; returns it. Refuses what others can open."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / "static").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblems([f"KENALI_DATA_DIR cannot be made: {error}."]) from None
    if is_open_to_others(path):
        raise EnvironmentProblems(
            [f"KENALI_DATA_DIR: {path} is open to other users; run `chmod 700 {path}`."]
        )
    return path


def read_or_create(path: Path) -> str:
    """The secret key in `path`, made with the system's random source when there is none.

    Two processes that start at once get the same key: the file is written under another name and
    linked into place, and linking fails for the second one. Raises EnvironmentProblems.
    """
    try:
        if not path.exists():
            _create(path)
        if is_open_to_others(path):
            raise EnvironmentProblems(
                [f"The secret key {path} is open to other users; run `chmod 600 {path}`."]
            )
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentProblems([f"The secret key cannot be used: {error}."]) from None
    if weakness := weakness_of_key(key):
        raise EnvironmentProblems([f"The secret key in {path}: {weakness}"])
    return key


def _create(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # the other process was first; its key is as good
    finally:
        draft.unlink()
