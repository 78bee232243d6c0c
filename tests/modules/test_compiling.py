"""Compiling and showing lessons: whole documents, right numbers, safe HTML. Pure."""

from datetime import date
from pathlib import Path

import pytest

from modules.compiling import compile_lesson, compile_module, in_language
from modules.reading import Course, read_course
from modules.shelves import SHELVES, compile_shelf
from modules.showing import show_steps

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def course() -> Course:
    return read_course(ROOT, date(2026, 11, 24))


def test_every_lesson_compiles_in_every_language_with_its_sources(course: Course) -> None:
    for content in course.modules:
        for key in content.module.lessons:
            document = compile_lesson(course.framework, content.lessons[key])
            assert set(document["texts"]) == {"en", "ms"}
            for text in document["texts"].values():
                keys = [source["key"] for source in text["sources"]]
                assert keys
                assert len(set(keys)) == len(keys)


def test_the_document_is_the_same_every_time(course: Course) -> None:
    texts = course.modules[0].lessons["what-it-is"]
    assert compile_lesson(course.framework, texts) == compile_lesson(course.framework, texts)


def test_both_languages_cite_the_same_sources_in_the_same_numbers(course: Course) -> None:
    texts = course.modules[0].lessons["what-it-is"]
    document = compile_lesson(course.framework, texts)["texts"]
    english = {source["key"] for source in document["en"]["sources"]}
    assert english == {source["key"] for source in document["ms"]["sources"]}


def test_a_citation_leads_to_a_source_of_the_same_screen(course: Course) -> None:
    for content in course.modules:
        for texts in content.lessons.values():
            for text in compile_lesson(course.framework, texts)["texts"].values():
                for step in show_steps(text):
                    shown = {f'#source-{source["key"]}"' for source in step.sources}
                    links = str(step.blocks).split('href="')[1:]
                    cited = {link.split(">")[0] for link in links if link.startswith("#source-")}
                    assert cited <= shown


def test_numbers_follow_the_list_of_the_whole_lesson(course: Course) -> None:
    texts = course.modules[0].lessons["what-it-is"]
    text = compile_lesson(course.framework, texts)["texts"]["en"]
    numbers = [source["key"] for source in text["sources"]]
    for step in show_steps(text):
        for source in step.sources:
            assert numbers[source["number"] - 1] == source["key"]


def test_every_block_of_a_lesson_has_an_id_of_its_own(course: Course) -> None:
    texts = course.modules[3].lessons[course.modules[3].module.lessons[0]]
    text = compile_lesson(course.framework, texts)["texts"]["en"]
    ids = [block["id"] for step in show_steps(text) for block in step.blocks]
    assert len(set(ids)) == len(ids)


def test_the_outline_of_a_module_names_minutes_steps_and_titles(course: Course) -> None:
    outline = compile_module(course.modules[0])
    first = outline["lessons"][0]
    assert first["key"] == "what-it-is"
    assert 5 <= first["minutes"] <= 10
    assert 4 <= first["steps"] <= 8
    assert set(first["title"]) == {"en", "ms"}


def test_a_missing_language_falls_back_to_one_that_is_there() -> None:
    assert in_language({"en": "yes"}, "ms") == "yes"
    assert in_language({"en": "yes", "ms": "ya"}, "ms") == "ya"


@pytest.mark.parametrize("kind", SHELVES)
def test_every_shelf_compiles_and_cites_what_it_lists(course: Course, kind: str) -> None:
    for language in ("en", "ms"):
        text = compile_shelf(course.framework, kind, language)
        steps = show_steps(text)
        assert steps
        assert text["sources"]


def test_the_shelf_of_signs_holds_every_sign_once(course: Course) -> None:
    shelf = compile_shelf(course.framework, "signs", "en")
    signs = [
        sign["key"]
        for step in shelf["steps"]
        for block in step["blocks"]
        if block["kind"] == "signs"
        for sign in block["signs"]
    ]
    assert sorted(signs) == sorted(course.framework.indicators)
