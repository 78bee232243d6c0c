"""PURE: what the key of another program may be allowed to read."""

from enum import StrEnum


class Scope(StrEnum):
    """One thing a key may open. Everything here reads; nothing can be changed from outside."""

    COMPLETIONS = "completions:read"  # one line a person
    SUMMARY = "summary:read"  # counts only
