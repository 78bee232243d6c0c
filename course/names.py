"""Pure: sign-in names to suggest. They come from the kitchen and the garden, and name nobody."""

import secrets
from typing import Final

_COLOURS: Final = (
    "amber", "blue", "bright", "calm", "coral", "early", "gentle", "golden", "green", "ivory",
    "jade", "kind", "late", "light", "mellow", "merry", "mild", "plain", "quick", "quiet",
    "red", "round", "silver", "soft", "steady", "still", "sunny", "warm", "white", "wise",
)  # fmt: skip
_THINGS: Final = (
    "bakau", "basil", "bayam", "betik", "bunga", "cempaka", "durian", "halia", "jambu", "kelapa",
    "kemboja", "kopi", "kunyit", "lada", "limau", "mangga", "manggis", "melur", "nanas", "pandan",
    "payung", "pinang", "pisang", "rambutan", "serai", "tebu", "telur", "teratai", "tomato", "ubi",
)  # fmt: skip


def suggest_username() -> str:
    """For example "quiet-pandan-4821": 8 million names, so that a clash is rare and harmless."""
    return f"{secrets.choice(_COLOURS)}-{secrets.choice(_THINGS)}-{1000 + secrets.randbelow(9000)}"
