"""What every kind of item shares: the header, scored parts, trials, outcomes and feedback. Pure.

The words follow the measurement design: a *signal* should raise a concern, *noise* looks like one
and should not, *neutral* is shown and discussed but not scored, *context* tells the story.
docs/reference/bank-format.md says what authors write.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Generic, Literal, Protocol, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from course.framework.schema import LANGUAGES, Day, Key, Keys, Language, Plain, Setting, Strict

BOTH: tuple[Language, ...] = get_args(Language)
Response = dict[str, Any]
Way = tuple[str | int, ...]  # the way to a value inside an item
Told = tuple[Way, Mapping[Language, str], str]  # way, text, role
CONFIDENCE = (50, 65, 80, 95)  # guessing, leaning, fairly sure, certain: per cent "I am right"
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
Material = Literal["note", "chat", "advert", "mail", "message", "report", "talk"]
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


@dataclass(frozen=True, slots=True)
class InvalidResponse:
    """Why an answer cannot be used: `shape`, `unknown-part`, `too-many`, `incomplete`, `path`."""

    reason: Literal["shape", "unknown-part", "too-many", "incomplete", "path"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One piece of evidence. Only `signal` and `noise` trials enter hits and false alarms.

    `flagged` is None when there was no answer. `decision` trials (a next step, a reply, a match)
    carry `chosen` and `credit` instead. `confidence` is a probability (0..1) of being right.
    """

    part: str
    kind: Literal["signal", "noise", "decision"]
    stage: str | None = None
    tactic: str | None = None
    indicator: str | None = None
    confounder: str | None = None
    lure: str | None = None
    flagged: bool | None = None
    chosen: str | None = None
    credit: float | None = None
    critical_error: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer is worth: credit 0..1 for feedback and item analysis, trials for reports."""

    credit: float
    trials: tuple[Trial, ...]
    answered: bool = True
    critical_error: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


Result = Literal[
    "found",
    "missed",
    "false_alarm",
    "left_alone",
    "unanswered",
    "discuss",
    "right",
    "wrong",
    "best",
    "acceptable",
    "poor",
    "harmful",
]


@dataclass(frozen=True, slots=True)
class PartFeedback:
    """What to say about one part: how it went, why, and what that rests on.

    `chosen` is false for parts that are explained although the learner did not choose them.
    """

    part: str
    result: Result
    why: Mapping[Language, str] | None
    sources: tuple[str, ...]
    indicator: str | None = None
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Feedback:
    """What to say after an answer. `rule` is the one line to remember, when the item has one."""

    parts: tuple[PartFeedback, ...]
    signs: int = 0
    found: int = 0
    missed: int = 0
    false_alarms: int = 0
    rule: Mapping[Language, str] | None = None


I = TypeVar("I", bound=Item)  # noqa: E741 - the usual name of the one type of a kind
S = TypeVar("S", bound=Strict)


class HasId(Protocol):
    """A part with an id."""

    @property
    def id(self) -> str: ...  # noqa: D102 - the class says it


P = TypeVar("P", bound=HasId)


class Kind(Generic[I]):
    """How one kind of item is read, answered, marked, explained and shown."""

    name: ClassVar[str]
    model: type[I]

    def parse(self, document: object) -> I:
        """The item in a stored document; raises pydantic's ValidationError when it is not one."""
        return self.model.model_validate(document)

    def validate(self, item: I, response: object) -> Response | InvalidResponse:
        """The answer in its one normal form, or why it is none. Never raises, whatever comes."""
        raise NotImplementedError

    def score(self, item: I, response: Response | None) -> Outcome:
        """Credit and trials of a validated answer; None is an item that was left unanswered."""
        raise NotImplementedError

    def feedback(self, item: I, response: Response | None) -> Feedback:
        """What to tell the learner about a validated answer."""
        raise NotImplementedError

    def shown(
        self, item: I, language: Language, *, seed: str = "", so_far: Response | None = None
    ) -> dict[str, Any]:
        """All that may leave the server before the answer: no key, no feedback, no sign.

        `seed` (of the attempt) decides the order of what may be shuffled; `so_far` is only used by
        conversations, which show one step at a time.
        """
        raise NotImplementedError


def head_shown(item: Item, language: Language, **more: object) -> dict[str, Any]:
    """What every kind shows of its header."""
    return {
        "kind": item.kind,
        "language": language,
        "setting": item.setting,
        "sensitive": item.sensitive,
        **more,
    }


def mixed(parts: Iterable[P], item: Item, seed: str) -> list[P]:
    """`parts` in an order that depends on the seed only: the order of the file may give hints."""

    def place(part: P) -> str:
        return hashlib.sha256(f"{seed}/{item.key}/{part.id}".encode()).hexdigest()

    return sorted(parts, key=place)


def shaped(model: type[S], response: object) -> S | InvalidResponse:
    """`response` read as `model`, or an invalid response."""
    try:
        return model.model_validate(response)
    except (ValidationError, RecursionError):
        return InvalidResponse("shape")


def probability(confidence: int | None) -> float | None:
    """80 (per cent) -> 0.8."""
    return None if confidence is None else confidence / 100


def trial_of(
    item: Item, part_id: str, part: Scored, *, flagged: bool | None, confidence: int | None = None
) -> Trial:
    """The signal-detection trial of a scored part: a lure stands where what it imitates stands."""
    sign = part.indicator if part.kind == "signal" else part.imitates
    place = item.place_of(sign)
    return Trial(
        part=part_id,
        kind="signal" if part.kind == "signal" else "noise",
        stage=place.stage if place else item.stage,
        tactic=place.tactic if place else None,
        indicator=sign,
        confounder=part.confounder,
        lure=part.lure,
        flagged=flagged,
        confidence=probability(confidence),
    )


def feedback_of(item: Item, part_id: str, part: Scored, *, flagged: bool | None) -> PartFeedback:
    """The feedback of one scored or neutral part after it was flagged, left or not answered."""
    result: Result
    name: str
    if part.kind == "neutral":
        result, name = "discuss", "discuss"
    elif flagged is None:
        result, name = "unanswered", "miss" if part.kind == "signal" else "left"
    elif part.kind == "signal":
        result, name = ("found", "hit") if flagged else ("missed", "miss")
    else:
        result, name = ("false_alarm", "false_alarm") if flagged else ("left_alone", "left")
    # What is ordinary, and what would change that, is worth reading after a right "no" as well.
    fallback = part.feedback.get("false_alarm") if name == "left" else None
    return PartFeedback(
        part=part_id,
        result=result,
        why=next((text for key, text in part.feedback.items() if key == name), fallback),
        sources=part.sources or item.sources,
        indicator=part.indicator if part.kind == "signal" else None,
        chosen=bool(flagged),
    )


def summed(
    parts: Iterable[PartFeedback], *, signs: int, rule: Mapping[Language, str] | None = None
) -> Feedback:
    """Feedback on marked parts with its counts."""
    told = tuple(parts)
    results = [part.result for part in told]
    return Feedback(
        parts=told,
        signs=signs,
        found=results.count("found"),
        missed=signs - results.count("found"),
        false_alarms=results.count("false_alarm"),
        rule=rule,
    )


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
