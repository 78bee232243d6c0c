"""Every word of every page exists in Malay, says what it fills in, and is honest about its status.

Works without the gettext tools: templates through Django's own templatize, Python through its
syntax tree. Renewed by `manage.py makemessages -l ms --no-location -i .venv -i tests -i var`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "course" / "locale" / "ms" / "LC_MESSAGES" / "django.po"
NAMES = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def calls_in(source: str) -> Iterator[str]:
    """The first text of every translating call in Python source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in NAMES and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def words_of_code() -> Iterator[tuple[str, str]]:
    for floor in ("course", "quizzes", "modules"):
        for path in sorted((ROOT / floor).rglob("*.py")):
            for text in calls_in(path.read_text(encoding="utf-8")):
                yield path.relative_to(ROOT).as_posix(), text


STRING = r"u?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
CALL = re.compile(rf"(?:n?gettext|(?<![\w.])_)\(\s*{STRING}", re.DOTALL)


def words_of_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        code = templatize(path.read_text(encoding="utf-8"))
        for found in CALL.finditer(code):
            yield path.relative_to(ROOT).as_posix(), ast.literal_eval(found.group(1))


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def test_every_word_is_there_in_malay(catalogue: polib.POFile) -> None:
    known = {entry.msgid for entry in catalogue if entry.translated()}
    wanted = [*words_of_code(), *words_of_templates()]
    assert len({text for _path, text in wanted}) > 300, "the search for words is broken"
    assert sorted({(path, text) for path, text in wanted if text and text not in known}) == []


def test_every_translation_fills_in_the_same_values(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        asked = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            if text:
                assert set(PLACEHOLDER.findall(text)) == asked, entry.msgid


def test_nothing_is_left_over_or_doubtful(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


def test_the_catalogue_claims_no_review(catalogue: polib.POFile) -> None:
    assert catalogue.metadata["X-Status"] == "draft, awaiting review by a native speaker"
