"""Builds the notebook that students get. The same assignment gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import nbformat

from grader.errors import CallError, Problem
from grader.model.exercise import Assignment, Exercise, TemplateCell
from grader.model.ids import cell_id, legal_id
from grader.release.texts import chain, choose, part

_LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})*")


def release(assignment: Assignment, language: str, stamp: Mapping[str, Any]) -> bytes:
    """A valid notebook (nbformat 4.5) in `language`, stamped with `stamp`.

    `stamp` is `grader.spec.to_stamp(assignment, language)`: what is in it is what a student gets of
    the checks. Where a text lacks the language another one stands in; `warnings` names them.

    Raises:
        CallError: `language` is no language code.
    """
    if not _LANGUAGE.fullmatch(language):
        raise CallError(f"expected a language such as en, zh or ru, found {language!r}")
    notebook = nbformat.from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {
                "kernelspec": {
                    "name": "python3",
                    "display_name": "Python 3 (ipykernel)",
                    "language": "python",
                },
                "language_info": {"name": "python"},
                "grader": dict(stamp),
            },
            "cells": [
                _markdown("_about", _about(assignment, language), {}),
                *(
                    cell
                    for number, exercise in enumerate(assignment.exercises, start=1)
                    for cell in _exercise(exercise, number, language)
                ),
            ],
        }
    )
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text.rstrip("\n").encode() + b"\n"


def warnings(assignment: Assignment, language: str) -> tuple[Problem, ...]:
    """The texts that students will read in another language than `language`."""
    found = []
    if not _has(assignment.title, language):
        found.append(_lacks(f"exercises/assignments/{assignment.id}.toml", "title", language))
    for exercise in assignment.exercises:
        folder = f"exercises/{exercise.id}"
        if not _has(exercise.title, language):
            found.append(_lacks(f"{folder}/exercise.toml", "title", language))
        for name in ("", *(cell.name for cell in exercise.cells)):
            texts = {key: parts.get(name, "") for key, parts in exercise.prompts.items()}
            if any(texts.values()) and not _has(texts, language):
                file = f"{folder}/prompt.{language}.md"
                found.append(_lacks(file, f"cell: {name}" if name else "(top)", language))
    return tuple(found)


def _has(texts: Mapping[str, str], language: str) -> bool:
    own = [key for key in chain(language) if key.startswith(re.split("[_-]", language)[0])]
    return any(texts.get(key, "").strip() for key in own)


def _lacks(file: str, key: str, language: str) -> Problem:
    return Problem(file, key, f"a text in {language!r}", "none; another language is used", False)


def _about(assignment: Assignment, language: str) -> str:
    title = choose(assignment.title, language) or assignment.id
    parts = [part(language, "", title=title)]
    if assignment.due is not None:
        parts.append(part(language, "due", due=assignment.due))
    if assignment.files:
        names = ", ".join(f"`{name}`" for name in assignment.files)
        parts.append(part(language, "files", files=names))
    return "\n".join(parts)


def _exercise(exercise: Exercise, number: int, language: str) -> Iterator[dict[str, Any]]:
    title = choose(exercise.title, language) or exercise.id
    heading = part(language, "exercise", number=str(number), title=title)
    yield _markdown(f"_heading--{exercise.id}", heading, {"exercise": exercise.id})
    for name, cell in (("", None), *((cell.name, cell) for cell in exercise.cells)):
        texts = {key: parts.get(name, "") for key, parts in exercise.prompts.items()}
        if text := choose(texts, language):
            mark = {"exercise": exercise.id, "prompt": name}
            yield _markdown(_id("_prompt", f"{exercise.id}--{name}"), text, mark)
        if cell is not None:
            yield _code(exercise.id, cell)


def _code(exercise: str, cell: TemplateCell) -> dict[str, Any]:
    mark = {"exercise": exercise, "cell": cell.name, "locked": cell.locked}
    metadata: dict[str, Any] = {
        "grader": mark,
        "tags": ["grader-given" if cell.locked else "grader-answer"],
    }
    if cell.locked:
        metadata |= {"deletable": False, "editable": False}
    return {
        "cell_type": "code",
        "id": cell_id(exercise, cell.name),
        "metadata": metadata,
        "source": cell.source.strip("\n"),
        "execution_count": None,
        "outputs": [],
    }


def _markdown(id: str, text: str, mark: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "id": legal_id(id, plain=True),
        "metadata": {"grader": dict(mark)} if mark else {},
        "source": text.strip("\n"),
    }


def _id(kind: str, rest: str) -> str:
    return f"{kind}--{rest}".removesuffix("--")
