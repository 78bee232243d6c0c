"""Secrets that people read, print and type: short words without look-alikes.

The alphabet leaves out 0 O 1 I L U, so that a printed code is read the same by everybody and cannot
spell a rude word by accident. 30 signs are 4.9 bits each: an invitation of 12 signs has 58 bits
(guarded by the throttle, an expiry and a count), a sign-in code of 24 has 117.
"""

import secrets
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP: Final = 4
INVITATION_LENGTH: Final = 12
SIGN_IN_LENGTH: Final = 24
LONGEST_INPUT: Final = 100


def new_code(length: int) -> str:
    """A fresh code without hyphens."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def grouped(code: str) -> str:
    """As it is printed: groups of four joined by hyphens."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalized(text: str) -> str:
    """What was meant by typed text: capitals, without hyphens and spaces. "" when it is no code."""
    if len(text) > LONGEST_INPUT:
        return ""
    code = "".join(sign for sign in text.upper() if sign not in "- \t‐‑–—.")
    return code if code and all(sign in ALPHABET for sign in code) else ""
