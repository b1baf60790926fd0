"""Nothing that a student reads is left in English: words of diagnoses, and of the course."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from grader import diagnose
from grader.spec import load_assignment

LETTERS = {"zh": re.compile("[\u4e00-\u9fff]"), "ru": re.compile("[а-яё]", re.IGNORECASE)}
CODE = re.compile(
    r"```.*?```|`[^`]*`|\$[^$]*\$|^(?: {4}|\t).*$|https?://\S+", re.DOTALL | re.MULTILINE
)
each_language = pytest.mark.parametrize("language", LETTERS)


def untranslated(text: str, english: str, language: str) -> bool:
    """Whether a text has words in English and none of the language."""
    words = re.search(r"[A-Za-z]{3}", CODE.sub("", english))
    return not text or (bool(words) and not LETTERS[language].search(text))


@each_language
def test_every_text_of_every_diagnosis_is_translated(language):
    lacking = [
        f"{id}: {field}"
        for id in diagnose.ids()
        for field, english in diagnose.texts(id, "en").items()
        if field != "read_on"
        and untranslated(diagnose.texts(id, language).get(field, ""), english, language)
    ]
    assert lacking == []


def test_lines_that_show_a_diagnosis_speak_no_language_but_python():
    """A comment or a docstring would be English in every report."""
    lacking = []
    for id in diagnose.ids():
        for lines in diagnose.snippets(id):
            tokens = list(tokenize.generate_tokens(io.StringIO(lines).readline))
            lacking += [f"{id}: {t.string}" for t in tokens if t.type == tokenize.COMMENT]
            lacking += [f"{id}: {t.string}" for t in tokens if t.string.startswith('"""')]
    assert lacking == []


def course_texts(course) -> Iterator[tuple[str, dict[str, str]]]:
    """Where a text stands → the text by language: titles and prompts of all exercises."""
    assignments = [load_assignment(course, p.stem) for p in course.glob("exercises/assignments/*")]
    for assignment in assignments:
        yield f"assignment {assignment.id}", dict(assignment.title)
    for exercise in {e.id: e for a in assignments for e in a.exercises}.values():
        yield exercise.id, dict(exercise.title)
        for check in exercise.checks:
            yield f"{exercise.id}: check {check.id}", dict(check.title)
        for cell in {name for prompts in exercise.prompts.values() for name in prompts}:
            told = {language: ps.get(cell, "") for language, ps in exercise.prompts.items()}
            yield f"{exercise.id}: text before {cell or 'the first cell'}", told


@each_language
def test_every_title_and_every_task_is_translated(course, language):
    lacking = [
        where
        for where, told in course_texts(course)
        if untranslated(told.get(language, ""), told.get("en", ""), language)
    ]
    assert lacking == []


def test_what_is_left_in_english_is_noticed():
    assert untranslated("", "The gradient", "ru")
    assert untranslated("The gradient of `x`", "The gradient of `x`", "zh")
    assert not untranslated("`x.grad`", "`x.grad`", "ru")
    assert not untranslated("Градиент", "The gradient", "ru")
