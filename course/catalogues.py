"""Compiles the translation catalogues in Python, so that no gettext tool is needed to start."""

from __future__ import annotations

import os
from pathlib import Path

import polib


def compile_catalogues(folders: list[Path]) -> list[Path]:
    """Write a `.mo` beside each `.po` below `folders` that is newer; returns the written files.

    Fuzzy entries are left out, as gettext does. The file appears in one step, because several
    processes may start at once and one of them may be reading it.
    """
    written = []
    for source in sorted(path for folder in folders for path in folder.rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written
