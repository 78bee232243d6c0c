"""What must not be written, how readable a text is, and how both are judged. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9À-Þ])|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Limits:
    """Readability limits of one language: words per sentence and LIX (None: not used)."""

    mean: float
    longest: int
    lix: float | None


# CEFR B1 has no official formula. Sentence length is the part of every formula that authors can
# act on; LIX (Björnsson 1968: mean sentence length + per cent of words over six letters) is used
# for English only, because Malay builds long words from easy parts.
LIMITS = {"en": Limits(15.0, 28, 42.0), "ms": Limits(17.0, 32, None)}


@dataclass(frozen=True, slots=True)
class Readability:
    """Counts of a text: words, sentences, words of more than six letters, longest sentence."""

    words: int
    sentences: int
    long_words: int
    longest: int
    longest_text: str

    @property
    def mean(self) -> float:
        """Words per sentence; 0 for an empty text."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def lix(self) -> float:
        """Läsbarhetsindex: about 30 is easy, 40 ordinary prose, 50 official text."""
        return self.mean + 100 * self.long_words / self.words if self.words else 0.0


def sentences_of(text: str) -> list[str]:
    """Split plain text into sentences; list items and paragraphs count as sentence ends."""
    return [part.strip() for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def words_of(text: str) -> list[str]:
    """The words of a plain text, hyphenated words as one."""
    return _WORD.findall(text)


def readability(text: str) -> Readability:
    """Measure plain text (no markup)."""
    sentences = sentences_of(text)
    counts = [len(words_of(sentence)) for sentence in sentences]
    words = words_of(text)
    longest = max(range(len(counts)), key=counts.__getitem__, default=None)
    return Readability(
        words=len(words),
        sentences=len(sentences),
        long_words=sum(len(word) > 6 for word in words),
        longest=counts[longest] if longest is not None else 0,
        longest_text=sentences[longest] if longest is not None else "",
    )


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A wording we do not print, why, and what to write instead."""

    pattern: re.Pattern[str]
    reason: str
    instead: str


def _rule(pattern: str, reason: str, instead: str) -> Forbidden:
    return Forbidden(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), reason, instead)


_BLAME = "it blames or labels a person"
_GRAPHIC = "graphic detail is not needed to recognise a sign and can harm a reader"
_METHOD = "a tactic is told only as far as a worker needs to notice it"
_CHILD = "no minor appears in any sexual context"
# Best effort: both kinds of words in one sentence. The titles of laws say "sexual exploitation".
_MINOR_WORDS = r"(?:girls?|boys?|child(?:ren)?|minors?|teen(?:ager)?s?|kanak-kanak|budak|remaja)"
# “A sex worker and her child” is an ordinary family, so the other order asks for more.
_SEX_WORDS = (
    r"sex(?:ual)? (?:acts?|services?)|brothels?|porn\w*|(?:khidmat|perkhidmatan) seks|lucah"
)

FORBIDDEN: tuple[Forbidden, ...] = (
    _rule(r"prostitutes?|hookers?|whores?|pelacur|sundal", _BLAME, "“person in sex work”"),
    _rule(r"illegal (?:immigrants?|migrants?|aliens?)|illegals", _BLAME, "“person without papers”"),
    _rule(r"pendatang (?:haram|tanpa izin)|(?-i:PATI)", _BLAME, "“orang tanpa dokumen”"),
    _rule(r"sex slaves?|hamba seks", _BLAME, "“person who was exploited”"),
    _rule(r"fallen wom[ae]n|loose wom[ae]n|perempuan jalang", _BLAME, "leave the judgement out"),
    _rule(r"rescue(?:d|s)? (?:her|him|them) from (?:prostitution|vice)", _BLAME, "“offered help”"),
    _rule(r"gang[- ]?rap\w*|rogol berkumpulan", _GRAPHIC, "“violence”"),
    _rule(r"penetrat\w+|ejaculat\w+|genital\w*|naked bod\w+|bogel", _GRAPHIC, "leave it out"),
    _rule(r"blood[- ]soaked|mutilat\w+|tortured? to death", _GRAPHIC, "“was badly hurt”"),
    _rule(r"how to (?:recruit|groom|control|smuggle)", _METHOD, "say what the worker may see"),
    _rule(
        r"bribe the|avoid (?:the )?checkpoints? by|forged? passports? by", _METHOD, "leave it out"
    ),
    _rule(r"(?:drug|dose|spike)s? (?:her|him|them|the) (?:drink|food)", _METHOD, "leave it out"),
    _rule(
        r"child(?:ren)? (?:prostitut\w+|sex work\w*|porn\w*)|pelacur kanak-kanak", _CHILD, "refer"
    ),
    _rule(
        rf"{_MINOR_WORDS}\b[^.?!\n]*\b(?:sex work\w*|kerja seks|{_SEX_WORDS})"
        rf"|(?:{_SEX_WORDS})\b[^.?!\n]*\b{_MINOR_WORDS}",
        _CHILD,
        "leave it out, or speak of a doubt about age and refer",
    ),
    _rule(
        r"under-?age (?:girl|boy|prostitut\w+|sex\w*)s?", _CHILD, "“a person who may be under 18”"
    ),
)


# Nearly every text is clean, so one look at all patterns at once saves fourteen.
_ANY = re.compile("|".join(rule.pattern.pattern for rule in FORBIDDEN), re.IGNORECASE)


def forbidden_in(text: str) -> list[tuple[str, Forbidden]]:
    """Every forbidden wording found in `text`, with its rule."""
    if not _ANY.search(text):
        return []
    return [(match.group(0), rule) for rule in FORBIDDEN for match in rule.pattern.finditer(text)]
