"""The executed notebook with the feedback written beside each exercise, as nbformat 4.5.

It is made anew from the aligned cells and from what their run showed: of what was handed in, no
metadata, attachments or saved outputs are in it. Outputs are text and sound PNGs only, so that
opening it runs nothing; it is not marked as trusted.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from grader.languages import known
from grader.model.exercise import Assignment
from grader.model.observation import Capture, CellObservation, Output
from grader.model.result import Result
from grader.model.submission import Submission, SubmittedCell
from grader.report.inert import clip, printed, visible
from grader.report.language import text
from grader.report.markdown import escaped, feedback, sentence
from grader.report.outputs import TEXT_LIMIT, sound_png, without_places
from grader.report.stopped import of_the_whole
from grader.report.texts import Texts, headline, naming_exercises, title

LINES = 400
TRACEBACK = 8_000
SOURCE = 200_000

Node = dict[str, Any]


def notebook(
    result: Result,
    submission: Submission,
    capture: Capture | None,
    language: str,
    diagnosis_texts: Texts | None = None,
    *,
    assignment: Assignment | None = None,
) -> bytes:
    """A notebook that opens in any editor; `result` is what its audience may see.

    Feedback stands behind the last cell of each exercise; of an exercise without cells, at the end.
    Above it all stands the title of `assignment`, the id where there is none.
    """
    tongue = known(language)
    texts = diagnosis_texts or {}
    seen = {cell.cell: cell for cell in capture.cells} if capture else {}
    last = {c.exercise: c.index for c in submission.cells if c.exercise is not None}
    behind: dict[int, list[Node]] = {}
    after: list[Node] = []
    for exercise in result.exercises if result.run.status != "refused" else ():
        name = escaped(title(exercise.title, exercise.id, tongue).replace("`", ""))
        said = f"### {name}\n\n{feedback(result, exercise, tongue, texts)}"
        place = last.get(exercise.id)
        where = after if place is None else behind.setdefault(place, [])
        where.append(_told(f"feedback-{exercise.id}", said))
    cells = [_told("feedback", _summary(result, assignment, tongue))]
    count = 0
    for cell in submission.cells:
        count += cell.kind == "code"
        cells += [_cell(cell, seen.get(cell.index), count, tongue), *behind.get(cell.index, [])]
    body = {
        "cells": [*cells, *after],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _summary(result: Result, assignment: Assignment | None, language: str) -> str:
    graded = result.status == "graded"
    score = text("report.score", language, score=result.score, max=result.max_score)
    said = escaped(score) if graded else escaped(text("report.not-graded", language))
    notices = (
        sentence(naming_exercises(n, result, language), language) for n in of_the_whole(result)[:10]
    )
    name = escaped(headline(result, assignment, language).replace("`", ""))
    return "\n\n".join([f"## {name}", f"**{said}**", *notices])


def _told(id: str, source: str) -> Node:
    """A cell of ours."""
    metadata: Mapping[str, Any] = {"editable": False, "tags": ["feedback"]}
    return {"cell_type": "markdown", "id": _id(id), "metadata": metadata, "source": source}


def _cell(cell: SubmittedCell, seen: CellObservation | None, count: int, language: str) -> Node:
    source = visible(cell.source[:SOURCE])
    node: Node = {
        "cell_type": cell.kind,
        "id": _id(f"cell-{cell.index}"),
        "metadata": {},
        "source": source,
    }
    if cell.kind == "code":
        ran = seen is not None and seen.status in ("ok", "error")
        outputs = [_output(one, seen, count, language) for one in seen.outputs] if seen else []
        node |= {"execution_count": count if ran else None, "outputs": outputs}
    return node


def _output(output: Output, seen: CellObservation, count: int, language: str) -> Node:
    if output.kind == "image":
        if not sound_png(output.png):
            return _stream("stderr", text("report.picture.refused", language))
        data = {"image/png": base64.b64encode(output.png).decode("ascii")}
        return {"output_type": "display_data", "metadata": {}, "data": data}
    told = printed(output.text[: 4 * TEXT_LIMIT])
    if output.kind in ("error", "stderr"):
        told = without_places(told)
    shown = clip(told, 2 * TEXT_LIMIT, LINES)[0]
    if output.kind == "result":
        data = {"text/plain": shown}
        return {
            "output_type": "execute_result",
            "metadata": {},
            "data": data,
            "execution_count": count,
        }
    if output.kind == "error":
        raised = seen.error
        return {
            "output_type": "error",
            "ename": visible(raised.type[:200]) if raised else "",
            "evalue": visible(raised.text[:2000]) if raised else "",
            "traceback": shown[:TRACEBACK].split("\n"),
        }
    return _stream(output.kind, shown)


def _stream(name: str, words: str) -> Node:
    return {"output_type": "stream", "name": name, "text": words}


def _id(name: str) -> str:
    """A cell id as nbformat wants it: at most 64 of letters, digits, - and _."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)
    return plain if len(plain) <= 64 else hashlib.sha256(name.encode()).hexdigest()
