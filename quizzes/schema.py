"""The item bank as frozen, typed documents, read from its files. Pure.

A file is refused with every fault it has (file, line, rule, how to mend), as the framework files
are. docs/reference/bank-format.md says what authors write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from course.framework.problems import Problem
from course.framework.schema import (
    LANGUAGES,
    Framework,
    Key,
    Keys,
    LanguageStatus,
    Strict,
    parse_model,
    read_framework,
)
from course.framework.strict_yaml import Document, read_yaml
from quizzes.kinds import KINDS
from quizzes.kinds.common import Item, Place, Text, Way, as_tuple

BANK_FOLDER = FilePath("quizzes/bank")
FRAMEWORK_FOLDER = FilePath("course/framework/content")
HEAD_FILE = "bank.yaml"
QUIZZES_FILE = "quizzes.yaml"
ITEMS_FOLDER = "items"
QUIZZES_FORMAT = "kenali-quizzes/1"
ITEMS_FORMAT = "kenali-items/1"

KindName = Literal[
    "highlight",
    "verdict",
    "choice",
    "next_step",
    "sequence",
    "match",
    "triage",
    "dialogue",
    "contrast_pair",
    "refresher",
    "evidence",
    "rate_actions",
]
Count = Annotated[int, Field(ge=0, le=999)]

# What draws a few items across forms that are judged themselves: never a form of its own.
ACROSS_FORMS = frozenset({"follow-up", "check-up"})
# Begun only by the schedule, which also chooses their items (the floor above).
SCHEDULED = frozenset({"refresher", "check-up"})


class BankHead(Strict):
    """What `bank.yaml` holds: `complete` switches on the rules that need the whole bank."""

    format: Literal["kenali-bank/1"]
    complete: bool
    note: str = ""


class Balance(Strict):
    """How many trials of each kind a form has in a stage."""

    signal: Count
    noise: Count


class Draw(Strict):
    """`take` items of a kind (and stage) from pools: all of a fixed form, some of a larger pool."""

    kind: KindName
    pools: Annotated[Keys, Field(min_length=1)]
    stage: Key | None = None  # null: any stage
    take: Annotated[int, Field(ge=1, le=60)]


class Quiz(Strict):
    """One quiz: what it is for, its rules, and what is drawn for it.

    Times are minutes, waits are hours; null means there is no limit.
    """

    key: Key
    kind: Literal[
        "pre-test",
        "module",
        "final",
        "follow-up",
        "practice",
        "inbox",
        "taster",
        "refresher",
        "check-up",
    ]
    form: Literal["a", "b", "c"] | None = None
    module: Key | None = None
    title: Text
    summary: Text
    minutes: Annotated[int, Field(ge=1, le=120)]  # how long it usually takes
    feedback: Literal["never", "after-item", "after-form"]
    time_limit: Annotated[int, Field(ge=1, le=600)] | None
    grace: Annotated[int, Field(ge=0, le=60)] = 0
    attempts: Annotated[int, Field(ge=1, le=99)] | None
    wait_hours: Annotated[int, Field(ge=0, le=720)]
    confidence: bool
    shuffle: bool
    counts: bool  # whether its trials enter reports, mastery and certificates
    draws: Annotated[tuple[Draw, ...], BeforeValidator(as_tuple), Field(min_length=1)]
    balance: dict[Key, Balance] = Field(default_factory=dict)

    @property
    def pools(self) -> set[str]:
        """Every pool it draws from."""
        return {pool for draw in self.draws for pool in draw.pools}


@dataclass(slots=True)
class Bank:
    """The whole bank by key, in file order, and where each entry stands."""

    head: BankHead = field(default_factory=lambda: BankHead(format="kenali-bank/1", complete=False))
    quizzes: dict[str, Quiz] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    languages: dict[str, dict[str, LanguageStatus]] = field(default_factory=dict)  # by file
    documents: dict[str, Document] = field(default_factory=dict)  # by file
    indexes: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)  # file, place
    readable: bool = True  # False when a file or an entry could not be read

    def place(self, kind: str, key: str, *way: str | int) -> tuple[str, int]:
        """File and line of an entry of "items" or "quizzes", or of the value at `way` inside it."""
        if (kind, key) not in self.indexes:
            return f"{BANK_FOLDER.as_posix()}/{HEAD_FILE}", 1
        file, index = self.indexes[kind, key]
        return file, self.documents[file].line_of((kind, index, *way))

    def eligible(self, draw: Draw) -> list[Item]:
        """The items a draw may choose from, in file order."""
        return [
            item
            for item in self.items.values()
            if item.kind == draw.kind
            and item.pool in draw.pools
            and (draw.stage is None or item.stage == draw.stage)
        ]

    def is_full(self, quiz: Quiz) -> bool:
        """Whether every draw of a quiz finds the items it takes."""
        return all(len(self.eligible(draw)) >= draw.take for draw in quiz.draws)

    def items_of(self, quiz: Quiz) -> list[Item]:
        """Every item that can come up in a quiz, once each, in file order."""
        keys = {item.key for draw in quiz.draws for item in self.eligible(draw)}
        return [item for item in self.items.values() if item.key in keys]


def items_by_kind(bank: Bank) -> dict[str, int]:
    """How many items of every kind there are (kinds without items count 0)."""
    counts = dict.fromkeys(KINDS, 0)
    for item in bank.items.values():
        counts[item.kind] += 1
    return counts


def read_bank(root: FilePath, framework: Framework | None = None) -> tuple[Bank, list[Problem]]:
    """Read the bank of the project folder `root`; never raises for wrong content.

    The framework places every named sign in its stage and tactic; it is read from `root` when it
    is not given. File names in problems are relative to `root`.
    """
    if framework is None:
        framework, _ = read_framework(root / FRAMEWORK_FOLDER, root=root)
    bank = Bank()
    problems: list[Problem] = []
    folder = root / BANK_FOLDER
    _read_head(bank, folder / HEAD_FILE, root, problems)
    _read_quizzes(bank, folder / QUIZZES_FILE, root, problems)
    places = _places(framework)
    for path in sorted((folder / ITEMS_FOLDER).rglob("*.yaml")):
        _read_items(bank, path, root, places, problems)
    bank.readable = not problems
    return bank, problems


Places = Mapping[str, Mapping[str, Place]]


def _places(framework: Framework) -> Places:
    tactics = {
        key: Place(stage=tactic.stage, tactic=key) for key, tactic in framework.tactics.items()
    }
    signs = {
        key: Place(stage=sign.stage, tactic=sign.tactic)
        for key, sign in framework.indicators.items()
    }
    return {"tactic": tactics, "sign": signs, "any": tactics | signs}


def _open(path: FilePath, root: FilePath, problems: list[Problem]) -> Document | None:
    name = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(Problem(name, 1, "missing-file", "This file is missing.", f"Add {name}."))
        return None
    except UnicodeDecodeError:
        problems.append(
            Problem(name, 1, "not-utf8", "The file is not UTF-8 text.", "Save it as UTF-8.")
        )
        return None
    document = read_yaml(text, file=name)
    if document.problems:
        problems.extend(document.problems)
        return None
    return document


def _read_head(bank: Bank, path: FilePath, root: FilePath, problems: list[Problem]) -> None:
    document = _open(path, root, problems)
    if document is None:
        return
    head = parse_model(BankHead, document, ())
    problems.extend(document.problems)
    if head is not None:
        bank.head = head


def _has_head(document: Document, format_: str, name: str, *, languages: bool) -> bool:
    data = document.data
    wanted = {"format", name} | ({"languages"} if languages else set())
    right = (
        isinstance(data, dict)
        and set(data) == wanted
        and data["format"] == format_
        and isinstance(data[name], list)
    )
    if right and languages:
        right = isinstance(data["languages"], dict) and set(data["languages"]) == set(LANGUAGES)
    if not right:
        document.report(
            1,
            "file-head",
            "The head of the file is not right.",
            f"Write exactly {', '.join(sorted(wanted))}: format: {format_}, then a list “{name}”. "
            "docs/reference/bank-format.md shows a file.",
        )
    return right


def _read_quizzes(bank: Bank, path: FilePath, root: FilePath, problems: list[Problem]) -> None:
    document = _open(path, root, problems)
    if document is None:
        return
    bank.documents[document.file] = document
    if _has_head(document, QUIZZES_FORMAT, "quizzes", languages=False):
        for index in range(len(document.data["quizzes"])):
            quiz = parse_model(Quiz, document, ("quizzes", index))
            if quiz is None:
                continue
            line = document.line_of(("quizzes", index, "key"))
            if _is_new(document, line, quiz.key, bank.quizzes):
                bank.quizzes[quiz.key] = quiz
                bank.indexes["quizzes", quiz.key] = (document.file, index)
    problems.extend(document.problems)


def _is_new(document: Document, line: int, key: str, known: Mapping[str, object]) -> bool:
    if key not in known:
        return True
    document.report(
        line,
        "duplicate-entry",
        f"The key “{key}” is used twice.",
        "Give one of the two another key; keys never change once published.",
    )
    return False


def _read_items(
    bank: Bank,
    path: FilePath,
    root: FilePath,
    places: Places,
    problems: list[Problem],
) -> None:
    document = _open(path, root, problems)
    if document is None:
        return
    bank.documents[document.file] = document
    if _has_head(document, ITEMS_FORMAT, "items", languages=True):
        statuses = {
            language: parse_model(LanguageStatus, document, ("languages", language))
            for language in LANGUAGES
        }
        bank.languages[document.file] = {
            language: status for language, status in statuses.items() if status is not None
        }
        for index in range(len(document.data["items"])):
            _read_item(bank, document, index, places)
    problems.extend(document.problems)


def _read_item(bank: Bank, document: Document, index: int, places: Places) -> None:
    path = ("items", index)
    line = document.line_of(path)
    raw = document.data["items"][index]
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        document.report(
            line,
            "unknown-kind",
            f"“{kind}” is not a kind of item.",
            f"Write kind: and one of {', '.join(KINDS)}.",
        )
        return
    if "places" in raw:
        document.report(
            document.line_of((*path, "places")),
            "unknown-key",
            "“places” is filled in when the file is read.",
            "Remove it; the stage and tactic come from the sign.",
        )
        return
    unplaced = parse_model(KINDS[kind].model, document, path)
    if unplaced is None or not _is_new(document, line, unplaced.key, bank.items):
        return
    found: dict[str, Place] = {}
    wrong = False
    for field_, name, way in names_in(unplaced):
        known = places[_PLACED_AS[field_]] if field_ in _PLACED_AS else places["any"]
        if name in known:
            found[name] = known[name]
            continue
        wrong = True
        document.report(
            document.line_of((*path, *way)),
            "unknown-sign",
            f"{unplaced.key}: “{field_}” names “{name}”, which is not there.",
            "Use a key of indicators.yaml (tactic, or imitates: also of tactics.yaml).",
        )
    if not wrong:
        bank.items[unplaced.key] = unplaced.model_copy(update={"places": found})
        bank.indexes["items", unplaced.key] = (document.file, index)


_PLACED_AS = {"indicator": "sign", "also": "sign", "indicators": "sign", "tactic": "tactic"}


def names_in(item: Item) -> Iterator[tuple[str, str, Way]]:
    """Every sign or tactic an item names, as (field, key, way to it)."""
    yield from _names(item.model_dump(mode="json", exclude={"places"}), ())


def _names(value: Any, way: Way) -> Iterator[tuple[str, str, Way]]:
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _names(inner, (*way, index))
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in {"indicator", "imitates", "tactic"} and inner is not None:
                yield name, str(inner), (*way, name)
            elif name in {"also", "indicators"}:
                yield from (
                    (name, str(sign), (*way, name, index)) for index, sign in enumerate(inner)
                )
            else:
                yield from _names(inner, (*way, name))
