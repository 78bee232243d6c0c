"""The taught framework as frozen, typed documents, read from content files. Pure.

A file is refused with every fault it has (file, line, rule, how to mend); a misspelt key is a
fault, never silence. What the entries mean is described in docs/reference/content-format.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from course.framework.problems import Problem
from course.framework.strict_yaml import Document, read_yaml

LANGUAGES = ("en", "ms")
Language = Literal["en", "ms"]


def _date(value: object) -> object:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError as error:
            raise ValueError("write the date as YYYY-MM-DD") from error
    return value


def _list_to_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Key = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=60)
]
Plain = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1500)]
MaybePlain = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1500)]
Text = dict[Language, Plain]
Keys = Annotated[tuple[Key, ...], BeforeValidator(_list_to_tuple)]
Lines = Annotated[tuple[Plain, ...], BeforeValidator(_list_to_tuple), Field(min_length=1)]
Texts = dict[Language, Lines]
Day = Annotated[dt.date, BeforeValidator(_date)]

PalermoAct = Literal["recruitment", "transportation", "transfer", "harbouring", "receipt"]
PalermoMeans = Literal[
    "threat",
    "force",
    "coercion",
    "abduction",
    "fraud",
    "deception",
    "abuse-of-power",
    "abuse-of-vulnerability",
    "payments-to-controller",
]
PalermoPurpose = Literal["sexual-exploitation", "forced-labour", "slavery-like"]
IloDimension = Literal[
    "deceptive-recruitment",
    "coercive-recruitment",
    "recruitment-abuse-of-vulnerability",
    "exploitation",
    "coercion-at-destination",
    "vulnerability-at-destination",
    "none",
]
Setting = Literal[
    "shelter-intake",
    "clinic",
    "hotline",
    "outreach",
    "online",
    "airport-or-ferry",
    "embassy-or-community-visit",
]


class Strict(BaseModel):
    """Unknown keys and wrong types are errors; values cannot change after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Entry(Strict):
    """What every framework entry has."""

    key: Key
    missing: Annotated[tuple[Language, ...], BeforeValidator(_list_to_tuple)] = ()


class Palermo(Strict):
    """Terms of article 3 of the Palermo Protocol (source palermo-2000)."""

    act: Annotated[tuple[PalermoAct, ...], BeforeValidator(_list_to_tuple)] = ()
    means: Annotated[tuple[PalermoMeans, ...], BeforeValidator(_list_to_tuple)] = ()
    purpose: Annotated[tuple[PalermoPurpose, ...], BeforeValidator(_list_to_tuple)] = ()


class Source(Entry):
    """A work that statements rest on; `checked` is the day the record was last compared."""

    title: Plain
    authors: MaybePlain
    year: Annotated[int, Field(ge=1900, le=2100)]
    kind: Literal["treaty", "statute", "guideline", "report", "study", "encyclopedia", "judgement"]
    url: MaybePlain
    read: Literal["full", "part", "secondary", "no"]
    extent: MaybePlain
    checked: Day
    supports: Text


class Stage(Entry):
    """One of the three stages: acquisition, movement, control."""

    order: Annotated[int, Field(ge=1, le=9)]
    name: Text
    short_name: Text
    summary: Text
    worker_lens: Text
    palermo: Palermo
    sources: Keys


class Tactic(Entry):
    """What is done to a person in a stage, told only as far as a worker needs to notice it."""

    stage: Key
    name: Text
    worker_may_see: Text
    why_it_works: Text
    sources: Keys


class Indicator(Entry):
    """A sign: what a worker sees or hears, how strong it is, and what else may explain it."""

    stage: Key
    tactic: Key
    text: Text
    palermo: Palermo
    ilo_dimension: IloDimension
    ilo_indicator: Plain | None
    strength: Literal["strong", "medium", "weak", "unrated"]
    strength_basis: Literal[
        "ilo-labour-list-transcribed", "ilo-sexual-list-general-knowledge", "none-published"
    ]
    course_weight: Literal["strong", "medium", "weak", "refer"]
    how_known: Literal["disclosed", "observed", "both"]
    observed_in: Annotated[
        tuple[Setting, ...], BeforeValidator(_list_to_tuple), Field(min_length=1)
    ]
    innocent_explanations: Texts
    sources: Keys


class Confounder(Entry):
    """A belief or a look-alike that makes people over-flag or miss a person."""

    kind: Literal["myth", "lure"]
    sign_or_myth: Text
    why_people_believe_it: Text
    what_is_so: Text
    sources: Keys


class ResponseStep(Strict):
    """One step of a pathway: who, and what happens there."""

    who: Text
    what: Text


class Response(Entry):
    """What a worker does and does not do in one situation."""

    title: Text
    when: Text | None = None
    steps: Annotated[tuple[ResponseStep, ...], BeforeValidator(_list_to_tuple)] = ()
    do: Texts
    do_not: Texts
    status: Literal["sourced", "practice", "legal-review"]
    sources: Keys


class Contact(Entry):
    """A hotline or referral body. Every one is to be verified before use."""

    name: Text
    number: MaybePlain
    other: MaybePlain = ""
    hours: Text
    use_for: Text
    kind: Literal[
        "emergency",
        "government",
        "ngo",
        "un",
        "health",
        "legal",
        "enforcement",
        "embassy",
        "support",
    ]
    is_enforcement_body: bool
    needs_consent: bool
    date_of_source: MaybePlain
    date_checked: Day
    tested_by_calling: bool
    verify: Literal["before use"]
    sources: Keys
    unsourced_reason: Text | None = None


class Claim(Entry):
    """A statement of the article this course grew from, with how sure we are of it."""

    certainty: Literal["high", "medium", "low"]
    statement: Text
    caveat: Text
    full_paper_read: bool
    sources: Keys


class Term(Entry):
    """A word used for a code in the other files."""

    group: Literal[
        "setting",
        "ilo-dimension",
        "palermo-act",
        "palermo-means",
        "palermo-purpose",
        "strength",
        "certainty",
        "how-known",
    ]
    label: Text


class LanguageStatus(Strict):
    """Whether a language is the original, a draft, or was reviewed (and by whom, and when)."""

    status: Literal["original", "draft", "reviewed"]
    note: MaybePlain = ""
    reviewed_by: MaybePlain = ""
    reviewed_on: Day | None = None


FILES: dict[str, type[Entry]] = {
    "sources": Source,
    "stages": Stage,
    "tactics": Tactic,
    "indicators": Indicator,
    "confounders": Confounder,
    "responses": Response,
    "contacts": Contact,
    "claims": Claim,
    "vocabulary": Term,
}
FORMAT = "kenali-framework/1"
E = TypeVar("E", bound=Entry)
M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class Framework:
    """All entries by kind and key, in file order, and where each stands."""

    sources: dict[str, Source] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    tactics: dict[str, Tactic] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    confounders: dict[str, Confounder] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    vocabulary: dict[str, Term] = field(default_factory=dict)
    heads: dict[tuple[str, str], LanguageStatus] = field(default_factory=dict)  # kind, language
    documents: dict[str, Document] = field(default_factory=dict)  # by kind
    indexes: dict[tuple[str, str], int] = field(default_factory=dict)  # place in the file's list
    complete: bool = True  # False when a file or an entry could not be read

    def entries(self) -> Iterator[tuple[str, str, Entry]]:
        """Every entry as (kind, key, entry)."""
        for kind in FILES:
            for key, entry in getattr(self, kind).items():
                yield kind, key, entry

    def place(self, kind: str, key: str, *path: str | int) -> tuple[str, int]:
        """File and line of an entry, or of the value at `path` inside it."""
        document = self.documents.get(kind)
        if document is None:
            return f"{kind}.yaml", 1
        if (kind, key) not in self.indexes:
            return document.file, 1
        return document.file, document.line_of((kind, self.indexes[kind, key], *path))


def parse_model(model: type[M], document: Document, path: tuple[str | int, ...]) -> M | None:
    """Validate the value at `path` as `model`; faults are added to the document."""
    value: Any = document.data
    for step in path:
        value = value[step]
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for fault in error.errors():
            _report_fault(document, path, fault)
        return None


_FIXES: dict[str, Callable[[str], tuple[str, str, str]]] = {
    "missing": lambda name: (
        "missing-key",
        f"“{name}” is missing.",
        f"Add “{name}: …” here; docs/reference/content-format.md says what it holds.",
    ),
    "extra_forbidden": lambda name: (
        "unknown-key",
        f"“{name}” is not a known key here.",
        "Check the spelling against docs/reference/content-format.md, or remove the line.",
    ),
}


def _report_fault(document: Document, path: tuple[str | int, ...], fault: Any) -> None:
    inner = tuple(part for part in fault["loc"] if part != "[key]")
    name = str(inner[-1]) if inner else "entry"
    line = document.line_of((*path, *inner))
    if fault["type"] in _FIXES:
        document.report(line, *_FIXES[fault["type"]](name))
        return
    where = ".".join(str(part) for part in inner)
    document.report(
        line,
        "wrong-value",
        f"“{where}” is not right: {fault['msg']}.",
        "Compare this line with docs/reference/content-format.md.",
    )


def read_framework(directory: FilePath, *, root: FilePath) -> tuple[Framework, list[Problem]]:
    """Read every file of `directory`. File names in problems are relative to `root`."""
    framework = Framework()
    problems: list[Problem] = []
    for kind, model in FILES.items():
        path = directory / f"{kind}.yaml"
        name = path.relative_to(root).as_posix()
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            problems.append(
                Problem(name, 1, "missing-file", "This file is missing.", f"Add {name}.")
            )
            continue
        except UnicodeDecodeError:
            problems.append(
                Problem(name, 1, "not-utf8", "The file is not UTF-8 text.", "Save it as UTF-8.")
            )
            continue
        document = framework.documents[kind] = read_yaml(text, file=name)
        _read_list(framework, document, kind, model)
        problems.extend(document.problems)
    framework.complete = not problems
    return framework, problems


def _read_list(framework: Framework, document: Document, kind: str, model: type[Entry]) -> None:
    data = document.data
    if not _has_right_head(document, kind):
        return
    for language in data["languages"]:
        status = parse_model(LanguageStatus, document, ("languages", language))
        if status is not None:
            framework.heads[kind, language] = status
    target: dict[str, Entry] = getattr(framework, kind)
    for index in range(len(data[kind])):
        entry = parse_model(model, document, (kind, index))
        if entry is None:
            continue
        key = f"{entry.group}/{entry.key}" if isinstance(entry, Term) else entry.key
        if key in target:
            document.report(
                document.line_of((kind, index, "key")),
                "duplicate-entry",
                f"The key “{key}” is used twice in {kind}.",
                "Give one of the two another key; keys never change once published.",
            )
            continue
        target[key] = entry
        framework.indexes[kind, key] = index


def _has_right_head(document: Document, kind: str) -> bool:
    data = document.data
    if document.problems:
        return False
    wanted = {"format", "languages", kind}
    if not isinstance(data, dict) or set(data) != wanted:
        document.report(
            1,
            "file-head",
            f"The file must have exactly the keys {', '.join(sorted(wanted))}.",
            "Copy the head of another file of this folder.",
        )
        return False
    right = (
        data["format"] == FORMAT
        and isinstance(data["languages"], dict)
        and set(data["languages"]) == set(LANGUAGES)
        and isinstance(data[kind], list)
    )
    if not right:
        document.report(
            1,
            "file-head",
            "The head of the file is not right.",
            f"Write format: {FORMAT}, languages with en and ms, then a list “{kind}”.",
        )
    return right
