"""A made-up class of any size: right, wrong, late, broken, hostile by name, and missing."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from grader.gradebook import mark
from grader.model.observation import RunInfo
from grader.model.record import Attempt, Flag, Grade, Judged, ManualMark, Student
from grader.model.result import Diagnosis, ExerciseResult, Finding, Result
from grader.model.submission import Message
from grader.report import exercise_status, totals

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
DUE = "2026-10-01T18:00:00+00:00"
TITLE = {
    "en": "Automatic differentiation",
    "zh": "自动求导",
    "ru": "Автоматическое дифференцирование",
}
HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror=alert(1)>',
    "=HYPERLINK(\"http://evil.example\")",
    "＝1+1",
    "gnp.\u202eexe",
    "\u2067עברית\u2069 [bold]",
    "{{ 7*7 }}",
    "a\nb\tc\x1b[31m",
    "\ud800half",
    "x" * 4000,
)  # fmt: skip
_NAMES = (  # noqa: SIM905
    "李伟 王芳 張敏 Ольга Иван Дарья Anna Boris Chen Dora Egor Fatima Grace Hugo Inés Jörg Kofi "
    "Łucja Mei Nils Oluwaseun Priya Quentin Rosa Sámuel Tanaka Ümit Vera Wanjiru Ximena Yusuf Zoë"
).split()
_FAMILIES = (  # noqa: SIM905
    "Абрамова Кузнецов Смирнова Li Zhang 陈 佐藤 Müller Okafor García Nguyễn Silva Kowalska Haddad "
    "Rossi Svensson Papadopoulou Novák O’Brien de-la-Cruz"
).split()
# exercise, its titles, and its checks: (id, points, difficulty, how sharply it tells apart)
COURSE: tuple[tuple[str, dict[str, str], tuple[tuple[str, float, float, float], ...]], ...] = (
    ("backward-twice", {"en": "Backward, twice", "zh": "两次反向传播",
                        "ru": "Обратный проход дважды"},
     (("shape", 0.0, -2.5, 1.0), ("first-gradient", 1.0, -1.6, 1.2), ("raises", 1.0, -0.6, 1.5),
      ("second-gradient", 2.0, 0.2, 1.8))),
    ("gradient-argument", {"en": "The argument of `backward`", "zh": "`backward` 的参数",
                           "ru": "Аргумент `backward`"},
     (("scalar", 1.0, -1.2, 1.2), ("cotangent", 2.0, 0.6, 1.6), ("why", 1.0, 0.0, 0.05))),
    ("sin-derivative-plot", {"en": "The sine and its derivative", "zh": "正弦及其导数",
                             "ru": "Синус и его производная"},
     (("curve", 2.0, -0.8, 1.4), ("derivative", 2.0, 0.1, 1.6), ("legend", 0.5, -0.2, -0.6),
      ("no-cosine", 1.0, -3.5, 0.8))),
    ("control-flow-vector", {"en": "A function with `while` and `if`",
                             "zh": "含 `while` 与 `if` 的函数", "ru": "Функция с `while` и `if`"},
     (("value", 1.0, -0.4, 1.5), ("gradient", 2.0, 0.5, 2.0), ("any-input", 2.0, 1.3, 2.0))),
    ("second-derivative", {"en": "The second derivative", "zh": "二阶导数",
                           "ru": "Вторая производная"},
     (("first", 1.0, -0.9, 1.4), ("second", 2.0, 0.9, 2.0), ("graph-kept", 1.0, 0.7, 1.6))),
)  # fmt: skip
_WHY = {
    "backward-twice": ("graph-freed", "accumulated-gradient"),
    "gradient-argument": ("scalar-output-required", "wrong-cotangent"),
    "sin-derivative-plot": ("derivative-by-formula", "detached-early"),
    "control-flow-vector": ("finite-differences", "typed-in-constant"),
    "second-derivative": ("no-gradient", "accumulated-gradient"),
}


def finding(id: str, status: Any, points: float = 1.0) -> Finding:
    """A check that earned all or nothing."""
    score = points if status == "passed" else 0.0
    return Finding(
        id, "tensor", status, score, points, "public", Message("check.passed"),
        title={"en": id.capitalize().replace("-", " ")},
    )  # fmt: skip


def exercise(id: str, checks: Sequence[Finding], *why: str, title: Any = None) -> ExerciseResult:
    """An exercise whose totals are those of its checks."""
    score, most = totals(checks)
    return ExerciseResult(
        id, title or {"en": id}, score, most, exercise_status(checks), tuple(checks),
        tuple(Diagnosis(one, 0.9, (checks[-1].check,)) for one in why),
    )  # fmt: skip


def result(exercises: Sequence[ExerciseResult], run: RunInfo, **more: Any) -> Result:
    """A result whose totals are those of its exercises."""
    fault = any(one.status == "not_graded" for one in exercises)
    made = Result(
        assignment="autograd", spec_hash="5f0c", released_hash=None, student=None, language="en",
        seed=1, audience="instructor", as_of=None, status="not_graded" if fault else "graded",
        reason="InternalError: the reference process died" if fault else None,
        score=sum(one.score for one in exercises),
        max_score=sum(one.max_score for one in exercises),
        exercises=tuple(exercises), run=run,
    )  # fmt: skip
    return replace(made, **more)


def grade(student: Student, made: Result | None, *, late: float = 0.0, **more: Any) -> Grade:
    """A line of the gradebook: without a result, of somebody who handed in nothing."""
    counted = mark(made, {}, late)
    fields: dict[str, Any] = {
        "standing": "missing" if counted is None else "not_graded" if counted.open else "graded",
        "attempt": None if made is None else Attempt(1, 1, "c", NOON, "", late, ""),
        "attempts": 0 if made is None else 1,
    }
    return Grade(
        student, "autograd", due=DUE, title=TITLE, result=made, mark=counted, **{**fields, **more}
    )


def klass(n: int, seed: int = 0) -> Iterator[Grade]:
    """`n` students in the order of their keys: one in 50 missing, some with every trouble."""
    draw = random.Random(seed)
    for at in range(n):
        name = f"{draw.choice(_NAMES)} {draw.choice(_FAMILIES)}"
        if at < len(HOSTILE):
            name = HOSTILE[at]
        student = Student(f"s{at:04}", name, section="ABCD"[at % 4])
        ability, luck = draw.gauss(0.4, 1.1), draw.random()
        if luck < 0.02:
            yield grade(student, None)
            continue
        seconds = round(0.3 + draw.expovariate(1.4), 3)
        if luck < 0.03:
            notice = Message("input.not-json", {"name": "hw.ipynb", "line": 1, "column": 2})
            empty = [exercise(id, [finding(c[0], "missing", c[1]) for c in checks], title=title)
                     for id, title, checks in COURSE]  # fmt: skip
            yield grade(student, result(empty, RunInfo("refused"), notices=(notice,)))
            continue
        status: Any = "completed"
        if luck < 0.05:
            status = ("timeout", "crashed", "out_of_memory")[at % 3]
            seconds += 10 * (status == "timeout")
        made = [_answered(draw, ability, one, luck, status) for one in COURSE]
        late = 0.1 if draw.random() < 0.06 else 0.0
        attempts = 1 + (draw.random() < 0.2)
        attempt = Attempt(attempts, at, "c", NOON + timedelta(minutes=draw.randrange(600)),
                          "", late, "one day late" if late else "")  # fmt: skip
        walls = () if at % 29 == 11 else ("namespaces", "landlock")
        line = grade(student, result(made, RunInfo(status, seconds, isolation=walls)), late=late,
                     attempt=attempt, attempts=attempts)  # fmt: skip
        yield replace(line, flags=(_flag(student.key),)) if 0.06 < luck < 0.062 else line
    if n > 50:
        yield grade(Student("zz-pending", "Pending, Peter"), None, standing="pending",
                    attempt=Attempt(1, 1, "c", NOON, "", 0.0, ""), attempts=1)  # fmt: skip


def _answered(
    draw: random.Random, ability: float, one: Any, luck: float, run: str
) -> ExerciseResult:
    id, title, checks = one
    found: list[Finding] = []
    for name, points, hard, sharp in checks:
        right = draw.random() < 1 / (1 + math.exp(-sharp * (ability - hard)))
        status = "passed" if right else "failed"
        if id == "second-derivative" and run != "completed":
            status = "missing"
        elif found and found[0].status == "failed" and not right:
            status = "skipped"
        elif name == "cotangent" and 0.07 < luck < 0.078:
            status = "undecidable"
        elif name == "any-input" and 0.08 < luck < 0.084:
            status = "error"
        elif name == "legend" and 0.09 < luck < 0.1:
            status = "needs_rerun"
        found.append(finding(name, status, points))
    wrong = [check for check in found if check.status == "failed"]
    why = [draw.choices(_WHY[id], (3, 1))[0]] if wrong and draw.random() < 0.7 else []
    return exercise(id, found, *why, title=title)


def _flag(student: str) -> Flag:
    entry = ManualMark(student, "autograd", "backward-twice", "raises", "set", 1.0, "", "Dr Q",
                       "oral", NOON, Judged("c", "5f0c", "failed", 0.0))  # fmt: skip
    return Flag(entry, ("submission",))
