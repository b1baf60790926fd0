from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from grader.model.exercise import Assignment, Exercise, TemplateCell
from grader.model.ids import cell_id

PROMPTS = {
    "double": {
        "en": {
            "": "Double the numbers that the next cell gives you.",
            "answer": "Set doubled now.",
        },
        "zh": {"": "请把下一个单元格给出的所有数字都乘以二，并保存结果到变量中。"},
    },
    "slope": {"en": {"": "What is the slope of the parabola at each point?"}},
}


@pytest.fixture
def assignment() -> Assignment:
    double = Exercise(
        id="double",
        title={"en": "Double"},
        points=1,
        checks=(),
        prompts=PROMPTS["double"],
        cells=(
            TemplateCell(
                name="inputs", source="import torch\n\nx = torch.arange(4.0)", locked=True
            ),
            TemplateCell(name="answer", source="doubled = ..."),
            TemplateCell(name="more", source="scale = torch.tensor(3.0)", locked=True),
            TemplateCell(name="scaled", source="..."),
        ),
    )
    slope = Exercise(
        id="slope",
        title={"en": "Slope"},
        points=1,
        checks=(),
        prompts=PROMPTS["slope"],
        cells=(
            TemplateCell(name="points", source="points = torch.linspace(0, 1, 5)", locked=True),
            TemplateCell(name="answer", source="slopes = ...\nlargest = ..."),
        ),
    )
    return Assignment(
        id="demo", title={"en": "Demo"}, exercises=(double, slope), spec_hash="a" * 64
    )


_numbers = itertools.count()


def code(source: str, id: str | None = None, **metadata: Any) -> dict[str, Any]:
    """A cell with an id of its own; with "", without one."""
    id = f"cell{next(_numbers)}" if id is None else id
    cell = {
        "cell_type": "code",
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
    return cell | ({"id": id} if id else {})


def markdown(source: str, **metadata: Any) -> dict[str, Any]:
    id = f"text{next(_numbers)}"
    return {"cell_type": "markdown", "id": id, "metadata": metadata, "source": source}


def notebook(*cells: Any, minor: int = 5, **metadata: Any) -> bytes:
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": minor, "metadata": metadata, "cells": list(cells)}
    ).encode()


Released = Callable[..., tuple[list[dict[str, Any]], dict[str, Any]]]


@pytest.fixture
def released(assignment: Assignment) -> Released:
    """(cells, metadata) as a release has them, to be spoilt by the test."""

    def make(*, answers: bool = True) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        cells = []
        for exercise in assignment.exercises:
            for cell in exercise.cells:
                name = "" if cell is exercise.cells[0] else cell.name
                if text := exercise.prompts["en"].get(name):
                    mark = {"exercise": exercise.id, "prompt": name}
                    cells.append(markdown(text, grader=mark))
                source = cell.source
                if answers and not cell.locked:
                    source = ANSWERS[exercise.id, cell.name]
                mark = {"exercise": exercise.id, "cell": cell.name, "locked": cell.locked}
                cells.append(code(source, cell_id(exercise.id, cell.name), grader=mark))
        stamp = {
            "version": 1,
            "language": "zh",
            "assignment": {"id": assignment.id, "spec_hash": assignment.spec_hash},
        }
        return cells, {"grader": stamp, "language_info": {"name": "python"}}

    return make


ANSWERS = {
    ("double", "answer"): "doubled = 2 * x",
    ("double", "scaled"): "print(scale * x)",
    ("slope", "answer"): "points.requires_grad_()\nslopes = 2 * points\nlargest = slopes.max()",
}
