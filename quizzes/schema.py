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
from quizzes.kinds.common import Item, Place, Text, as_tuple

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
    kind: Literal["pre-test", "module", "final", "follow-up", "practice", "inbox", "taster"]
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
    where: dict[str, tuple[str, int]] = field(default_factory=dict)  # "items/key", "quizzes/key"

    def place(self, key: str) -> tuple[str, int]:
        """File and line of "items/<key>" or "quizzes/<key>"."""
        return self.where.get(key, (f"{BANK_FOLDER.as_posix()}/{HEAD_FILE}", 1))

    def eligible(self, draw: Draw) -> list[Item]:
        """The items a draw may choose from, in file order."""
        return [
            item
            for item in self.items.values()
            if item.kind == draw.kind
            and item.pool in draw.pools
            and (draw.stage is None or item.stage == draw.stage)
        ]

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
    return bank, problems


def _places(framework: Framework) -> dict[str, Place]:
    tactics = {
        key: Place(stage=tactic.stage, tactic=key) for key, tactic in framework.tactics.items()
    }
    signs = {
        key: Place(stage=sign.stage, tactic=sign.tactic)
        for key, sign in framework.indicators.items()
    }
    return tactics | signs


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
    if _has_head(document, QUIZZES_FORMAT, "quizzes", languages=False):
        for index in range(len(document.data["quizzes"])):
            quiz = parse_model(Quiz, document, ("quizzes", index))
            if quiz is None:
                continue
            line = document.line_of(("quizzes", index))
            if _is_new(document, line, quiz.key, bank.quizzes):
                bank.quizzes[quiz.key] = quiz
                bank.where[f"quizzes/{quiz.key}"] = (document.file, line)
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
    places: Mapping[str, Place],
    problems: list[Problem],
) -> None:
    document = _open(path, root, problems)
    if document is None:
        return
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


def _read_item(bank: Bank, document: Document, index: int, places: Mapping[str, Place]) -> None:
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
    names = dict(names_in(unplaced))
    unknown = {name: where for name, where in names.items() if name not in places}
    for name, where in unknown.items():
        document.report(
            line,
            "unknown-sign",
            f"{unplaced.key}: {where} names “{name}”, which is no indicator or tactic.",
            "Use a key of indicators.yaml (or, for imitates, of tactics.yaml).",
        )
    if unknown:
        return
    found = {name: places[name] for name in names}
    bank.items[unplaced.key] = unplaced.model_copy(update={"places": found})
    bank.where[f"items/{unplaced.key}"] = (document.file, line)


def names_in(item: Item) -> Iterator[tuple[str, str]]:
    """Every sign (or tactic) an item names, with the place where it does."""
    yield from _names(item.model_dump(mode="json", exclude={"places"}), "it")


def _names(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for inner in value:
            yield from _names(inner, where)
    elif isinstance(value, dict):
        here = str(value.get("id", where))
        for name, inner in value.items():
            if name in {"indicator", "imitates", "tactic"} and inner is not None:
                yield str(inner), here
            elif name in {"also", "indicators"}:
                yield from ((str(sign), here) for sign in inner)
            else:
                yield from _names(inner, here)
