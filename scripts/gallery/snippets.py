"""A small course of the wrong and right lines that stand beside the texts of diagnoses.

Each is an exercise of one cell: it asks for a pass that runs, and for the `answer` of the right
lines. The wrong ones are handed in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

from grader import diagnose
from grader.report import LANGUAGES
from grader.selftest import Sample

_EXERCISE = """\
points = 2
title = {titles}

[events]
pass = {{ cell = "answer" }}

[[checks]]
id = "pass"
kind = "event"
visibility = "public"
event = "pass"
succeeded = true
title = {{ en = "The pass ran", zh = "反向传播成功", ru = "Проход выполнен" }}

[[checks]]
id = "answer"
kind = "tensor"
visibility = "after_due"
cell = "answer"
value = "answer"
{expected}
title = {{ en = "`answer` is right", zh = "`answer` 正确", ru = "`answer` верен" }}
"""
_PROMPTS = {"en": "A few lines.", "zh": "几行代码。", "ru": "Несколько строк."}


def snippets(folder: Path, ids: Sequence[str]) -> tuple[Path, tuple[Sample, ...]]:
    """Write a course with the assignment `snippets`; what is handed in to it, for ids with lines.

    Returns the course's folder and its samples, whose `exercise` is the diagnosis's id.
    """
    found = []
    for id in ids:
        wrong, right = diagnose.snippets(id)
        if wrong and right:
            _write(folder, id, right)
            text = f'# %% name="answer"\n{wrong}\n'
            found.append(Sample(id, "wrong", f"wrong/{id}/lines", text, {}, id))
    (folder / "exercises" / "assignments").mkdir(parents=True, exist_ok=True)
    listed = json.dumps([sample.exercise for sample in found])
    (folder / "exercises" / "assignments" / "snippets.toml").write_text(
        f'exercises = {listed}\ntitle = {{ en = "Lines" }}\n', "utf-8"
    )
    return folder, tuple(found)


def _write(folder: Path, id: str, right: str) -> None:
    titles = {tongue: diagnose.texts(id, tongue)["title"] for tongue in LANGUAGES}
    pairs = ", ".join(f"{t} = {json.dumps(x, ensure_ascii=False)}" for t, x in titles.items())
    exercise, solution = folder / "exercises" / id, folder / "solutions" / id
    exercise.mkdir(parents=True)
    solution.mkdir(parents=True)
    text = _EXERCISE.format(titles=f"{{ {pairs} }}", expected=_expected(right))
    (exercise / "exercise.toml").write_text(text, "utf-8")
    (exercise / "starter.py").write_text('# %% name="answer"\nanswer = ...\n', "utf-8")
    for tongue, prompt in _PROMPTS.items():
        (exercise / f"prompt.{tongue}.md").write_text(prompt, "utf-8")
    (solution / "reference.py").write_text(
        f"def {_name(right)}():\n{indent(right, '    ')}\n    return answer\n", "utf-8"
    )


def _expected(right: str) -> str:
    """What the check compares the answer with: the reference by its name, or None."""
    if _run(right) is None:
        return "none = true"
    return f'expect = "{_name(right)}"'


def _name(right: str) -> str:
    """The reference says in its name, as exercises do, that it is a gradient."""
    return "gradient" if re.search(r"^answer = .*grad", right, re.MULTILINE) else "right"


def _run(lines: str) -> object:
    space: dict[str, object] = {}
    exec(lines, space)
    return space["answer"]
