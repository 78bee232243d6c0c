"""Rules about the words of items: length, reading level, safety, both languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from course.framework.problems import Problem
from course.framework.schema import Language
from course.framework.wording import forbidden_in, readability, words_of
from quizzes.kinds.common import BOTH, Item, Segment, Way
from quizzes.kinds.evidence import EvidenceItem
from quizzes.kinds.highlight import HighlightItem
from quizzes.lint.base import Context, Found, item_problem, name_of


@dataclass(frozen=True, slots=True)
class Span:
    """Fewest and most words of a text, in English."""

    least: int
    most: int

    def holds(self, words: int, language: Language) -> bool:
        """Malay says the same in a few words more or fewer, so it gets a margin."""
        if language == "ms":
            return self.least * 0.8 <= words <= self.most * 1.1
        return self.least <= words <= self.most


# Words by role of a text (items design, section 5).
SPANS: Mapping[str, Span] = {
    "note segment": Span(6, 25),
    "mail segment": Span(6, 25),
    "advert segment": Span(2, 25),
    "chat segment": Span(2, 15),
    "vignette": Span(25, 55),
    "micro": Span(12, 40),
    "message": Span(5, 30),
    "situation": Span(5, 55),
    "question": Span(3, 25),
    "option": Span(2, 15),
    "label": Span(1, 8),
    "card": Span(5, 25),
    "report": Span(6, 30),
    "says": Span(3, 40),
    "reply": Span(2, 20),
    "feedback": Span(3, 40),
}
WHOLE_TEXTS: Mapping[str, Span] = {
    "note": Span(80, 130),
    "mail": Span(60, 130),
    "advert": Span(50, 100),
}
CHAT_MESSAGES = Span(8, 12)
SENTENCES: Mapping[Language, tuple[float, int]] = {"en": (12.0, 20), "ms": (13.0, 22)}  # mean, most

_PHONE = re.compile(r"\+?\d(?:[\s().-]?\d){6,}")
_ADDRESS = re.compile(
    r"https?:|www\.|\b[\w.-]+@[\w-]+\.|(?<!\w)@\w+|\b[\w-]+\.(?:com|org|net|info|gov|my)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORDS_OF_A_NAME = 4  # shorter texts may be the same in both languages: names, "OK"
REPEATED_FROM = 6  # words; shorter texts repeat by chance
UNEVEN_FROM = 12  # words; in short texts one word more is a lot
LONGER_AT_MOST = 2.0  # times the words of the other language; Malay is compact


def texts_in(item: Item) -> Iterator[tuple[Way, Language, str, str]]:
    """Every single text as (way to it, language, text, role)."""
    for way, text, role in item.texts():
        for language in BOTH:
            yield (*way, language), language, text[language], role


def word_limits(context: Context) -> Found:
    """No text is longer than a tired reader on a phone can take in, and none is a stub."""
    for item in context.bank.items.values():
        for way, language, text, role in texts_in(item):
            words, span = len(words_of(text)), SPANS[role]
            if not span.holds(words, language):
                yield item_problem(
                    context,
                    item,
                    "word-limit",
                    f"“{name_of(way)}” has {words} words.",
                    f"A {role} has {span.least} to {span.most} words.",
                    at=way,
                )
        if isinstance(item, HighlightItem | EvidenceItem):
            yield from _whole_text(context, item)


def _whole_text(context: Context, item: HighlightItem | EvidenceItem) -> Found:
    if item.material == "chat":
        number = len(item.segments)
        if not CHAT_MESSAGES.holds(number, "en"):
            yield _too_long(context, item, f"{number} messages", CHAT_MESSAGES, "messages")
        return
    span = WHOLE_TEXTS[item.material]
    for language in BOTH:
        words = sum(len(words_of(segment.text[language])) for segment in item.segments)
        if not span.holds(words, language):
            yield _too_long(context, item, f"{words} {language} words", span, "words")


def _too_long(context: Context, item: Item, what: str, span: Span, unit: str) -> Problem:
    return item_problem(
        context,
        item,
        "word-limit",
        f"the whole text has {what}.",
        f"It should have {span.least} to {span.most} {unit}.",
        at=("segments",),
    )


def readable(context: Context) -> Found:
    """Short sentences, one idea in each."""
    for item in context.bank.items.values():
        totals = {language: [0, 0] for language in BOTH}  # words, sentences
        for way, language, text, _ in texts_in(item):
            measured = readability(text)
            totals[language][0] += measured.words
            totals[language][1] += measured.sentences
            most = SENTENCES[language][1]
            if measured.longest > most:
                yield item_problem(
                    context,
                    item,
                    "long-sentence",
                    f"a {language} sentence of {measured.longest} words: "
                    f"“{measured.longest_text[:60]}…”.",
                    f"Split it; at most {most} words.",
                    at=way,
                )
        for language, (words, sentences) in totals.items():
            mean = words / sentences if sentences else 0.0
            if mean > SENTENCES[language][0]:
                yield item_problem(
                    context,
                    item,
                    "long-sentences",
                    f"its {language} sentences have {mean:.1f} words on average.",
                    f"Shorten them to {SENTENCES[language][0]:.0f} or fewer on average.",
                )


def safe_wording(context: Context) -> Found:
    """Nothing graphic, blaming or instructive is printed."""
    for item in context.bank.items.values():
        for way, _, text, _ in texts_in(item):
            for found, rule in forbidden_in(text):
                yield item_problem(
                    context,
                    item,
                    "forbidden-wording",
                    f"“{found}”: {rule.reason}.",
                    f"Write instead: {rule.instead}.",
                    at=way,
                )


def no_contacts(context: Context) -> Found:
    """Invented numbers and addresses may belong to somebody; real ones grow old in an item."""
    for item in context.bank.items.values():
        for way, _, text, _ in texts_in(item):
            found = _PHONE.search(text) or _ADDRESS.search(text)
            if found:
                yield item_problem(
                    context,
                    item,
                    "contact-in-text",
                    f"“{found.group(0)}” looks like a telephone number or an address.",
                    "Leave it out; 999 and 15999 may be named, other contacts stand on their page.",
                    at=way,
                )


def languages_agree(context: Context) -> Found:
    """Both languages say the same: same numbers, about the same length, and really translated."""
    for item in context.bank.items.values():
        for way, text, _ in item.texts():
            en, ms = text["en"], text["ms"]
            fault = None
            if sorted(_NUMBER.findall(en)) != sorted(_NUMBER.findall(ms)):
                fault = ("numbers-differ", "the numbers are not the same in both languages.")
            elif en == ms and len(words_of(en)) > WORDS_OF_A_NAME:
                fault = ("not-translated", "the text is the same in both languages.")
            elif _uneven(len(words_of(en)), len(words_of(ms))):
                fault = ("uneven-languages", "one language says much more than the other.")
            if fault:
                rule, message = fault
                yield item_problem(
                    context,
                    item,
                    rule,
                    f"“{name_of(way)}”: {message}",
                    "Let both languages tell the same facts; the key must fit both.",
                    at=(*way, "ms"),
                )


def _uneven(one: int, other: int) -> bool:
    shorter, longer = sorted((one, other))
    return longer > UNEVEN_FROM and longer > LONGER_AT_MOST * shorter


def told_once(context: Context) -> Found:
    """A text that was seen before is remembered, not recognised."""
    seen: dict[str, str] = {}
    for item in context.bank.items.values():
        for way, text, role in item.texts():
            words = words_of(text["en"].lower())
            if role in {"feedback", "label", "question"} or len(words) < REPEATED_FROM:
                continue
            first = seen.setdefault(" ".join(words), item.key)
            if first != item.key:
                yield item_problem(
                    context,
                    item,
                    "told-twice",
                    f"“{name_of(way)}” stands word for word in “{first}”.",
                    "Write it in new words.",
                    at=way,
                )


def chats_name_speakers(context: Context) -> Found:
    """Only chats have speakers: elsewhere a name before a line would be a stray hint."""
    for item in context.bank.items.values():
        segments: tuple[Segment, ...] = getattr(item, "segments", ())
        is_chat = getattr(item, "material", "") == "chat"
        for index, segment in enumerate(segments):
            if is_chat == (segment.speaker is None):
                yield item_problem(
                    context,
                    item,
                    "speaker",
                    "a message needs a speaker, and only messages have one.",
                    "Add speaker: to every message of a chat; remove it elsewhere.",
                    at=("segments", index),
                )
