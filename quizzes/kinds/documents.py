"""What an item file may say: the header of every item, and parts with their key. Pure.

docs/reference/bank-format.md describes it for authors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from course.framework.schema import LANGUAGES, Day, Key, Keys, Language, Plain, Setting, Strict

BOTH: tuple[Language, ...] = get_args(Language)
Way = tuple[str | int, ...]  # the way to a value inside an item
Told = tuple[Way, Mapping[Language, str], str]  # way, text, role
# Guessing, leaning, fairly sure, certain: how sure I am to be right, in per cent.
Confidence = Literal[50, 65, 80, 95]


def as_tuple(value: object) -> object:
    """Lists of a file become tuples, so that a document cannot change after reading."""
    return tuple(value) if isinstance(value, list) else value


def _in_every_language(value: dict[Language, str]) -> dict[Language, str]:
    absent = [language for language in LANGUAGES if language not in value]
    if absent:
        raise ValueError(f"the text is missing in {', '.join(absent)}")
    return value


Text = Annotated[dict[Language, Plain], AfterValidator(_in_every_language)]
PartId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,7}$")]

Lure = Literal[
    "ordinary-practice",
    "poverty",
    "bad-job",
    "family-help",
    "migration-stress",
    "love",
    "culture",
    "other-harm",
    "own-choice",
    "coincidence",
]
Grade = Literal["best", "acceptable", "poor", "harmful"]
Material = Literal["note", "chat", "advert", "mail", "message"]
Exploitation = Literal[
    "sexual", "labour", "domestic", "begging", "forced-crime", "marriage", "none"
]
Origin = Literal[
    "malaysia",
    "indonesia",
    "viet-nam",
    "thailand",
    "philippines",
    "myanmar",
    "cambodia",
    "laos",
    "china",
    "nepal",
    "bangladesh",
    "india",
    "pakistan",
    "sri-lanka",
    "stateless",
    "unknown",
]
Sector = Literal["home-and-care", "service", "manual", "nightlife", "other"]
SECTORS: dict[str, Sector] = {
    "domestic-work": "home-and-care",
    "cleaning": "home-and-care",
    "care": "home-and-care",
    "restaurant": "service",
    "hotel": "service",
    "shop": "service",
    "beauty": "service",
    "factory": "manual",
    "farm": "manual",
    "construction": "manual",
    "fishing": "manual",
    "security": "manual",
    "driving": "manual",
    "bar": "nightlife",
    "spa": "nightlife",
    "sex-work": "nightlife",
    "office": "other",
    "study": "other",
    "no-job": "other",
    "unknown": "other",
}
Job = Literal[
    "domestic-work",
    "cleaning",
    "care",
    "restaurant",
    "hotel",
    "shop",
    "beauty",
    "factory",
    "farm",
    "construction",
    "fishing",
    "security",
    "driving",
    "bar",
    "spa",
    "sex-work",
    "office",
    "study",
    "no-job",
    "unknown",
]
AWAITING_PANEL = "keyed by authors, awaiting expert panel"


class Person(Strict):
    """Whom the item is about. Never shown: the linter asks whether looks give the key away."""

    gender: Literal["woman", "man", "nonbinary"]
    trans: bool = False
    origin: Origin
    job: Job
    age: Literal["18-25", "26-35", "36-50", "over-50", "unclear"]


class Place(Strict):
    """Where a sign or tactic stands in the taught model."""

    stage: Key
    tactic: Key


class About(Strict):
    """What an item touches beyond its scored parts: framework keys, for coverage and reports."""

    indicators: Keys = ()
    confounders: Keys = ()
    responses: Keys = ()


class Panel(Strict):
    """How experts judged the item, blind. `votes` by part: a count, or one rating per judge."""

    judges: Annotated[int, Field(ge=1, le=99)]
    held_on: Day
    votes: dict[str, int | Annotated[tuple[int, ...], BeforeValidator(as_tuple)]]


class Item(Strict):
    """The header of every item; the kinds add their parts."""

    key: Key
    kind: str
    pool: Key
    stage: Key | None
    setting: Setting
    exploitation: Exploitation
    person: Person | None = None
    sensitive: bool = False
    sources: Annotated[Keys, Field(min_length=1)]
    about: About = About()
    panel: Panel | None = None
    note: Plain | None = None  # for colleagues, never shown to learners
    # Filled in when the file is read: the stage and tactic of every sign named here, so that a
    # stored version is judged for ever by the model it was written for.
    places: dict[Key, Place] = Field(default_factory=dict)

    @property
    def key_status(self) -> str:
        """Who decided what is right, in words that claim no more than happened."""
        if self.panel is None:
            return AWAITING_PANEL
        return f"keyed by a panel of {self.panel.judges} on {self.panel.held_on.isoformat()}"

    def scored(self) -> Iterator[tuple[str, Scored]]:
        """The signal-detection parts as (part id, part), in order; none for most kinds."""
        return iter(())

    def texts(self) -> Iterator[Told]:
        """Every bilingual text as (way to it, text, role); the linter has limits for each role."""
        return iter(())

    def place_of(self, name: str | None) -> Place | None:
        """Stage and tactic of a sign (or tactic) this item names."""
        return self.places.get(name) if name else None


def digest_of(item: Item) -> str:
    """The version of an item: SHA-256 of its content. A changed word or key is a new version."""
    document = item.model_dump(mode="json")
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Scored(Strict):
    """A part that is judged "should raise a concern" or not, with its key and its feedback."""

    kind: Literal["signal", "noise", "neutral", "context"]
    text: Text
    indicator: Key | None = None  # signal: the sign it shows
    also: Keys = ()  # signal: further signs that support it
    imitates: Key | None = None  # noise: the sign or tactic it looks like
    lure: Lure | None = None  # noise: why it is innocent
    confounder: Key | None = None  # noise: the taught look-alike it uses
    feedback: dict[Literal["hit", "miss", "false_alarm", "left", "discuss"], Text] = Field(
        default_factory=dict
    )
    sources: Keys = ()

    @model_validator(mode="after")
    def _names_its_sign(self) -> Self:
        if self.kind == "signal" and (self.indicator is None or self.imitates):
            raise ValueError("a signal names its “indicator” and no “imitates”")
        if self.kind == "noise":
            if self.imitates is None or self.indicator or self.also:
                raise ValueError("noise names what it “imitates” and no “indicator”")
            if self.lure is None and self.confounder is None:
                raise ValueError("noise names its “lure” family or a “confounder”")
        elif self.lure or self.confounder:
            raise ValueError("only noise has a “lure” or a “confounder”")
        if self.kind in {"neutral", "context"} and (self.indicator or self.imitates or self.also):
            raise ValueError(f"a {self.kind} part names no sign")
        return self

    @property
    def is_scored(self) -> bool:
        """Whether an answer to this part counts."""
        return self.kind in {"signal", "noise"}


class Segment(Scored):
    """A sentence, message or line of a text that can be marked."""

    id: PartId
    speaker: Plain | None = None  # chats: an invented first name


class Vignette(Scored):
    """A short case with one yes/no question: whether it should raise a concern."""

    kind: Literal["signal", "noise"]


def scored_texts(way: Way, part: Scored, role: str) -> Iterator[Told]:
    """The text of a scored part and its feedback, for `Item.texts`."""
    yield (*way, "text"), part.text, role
    for name, text in part.feedback.items():
        yield (*way, "feedback", name), text, "feedback"


def unique(ids: Iterable[str]) -> None:
    """Raise when an id is used twice in an item."""
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise ValueError(f"the id “{name}” is used twice in this item")
        seen.add(name)


def point_at(name: str, known: Iterable[str], what: str) -> None:
    """Raise when `name` is not one of the ids of this item."""
    if name not in set(known):
        raise ValueError(f"{what} “{name}” does not exist in this item")
