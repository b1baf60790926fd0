"""What other systems get: columns, points, and nothing that students may not see."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader import export
from grader.errors import CallError
from grader.export import cells
from grader.model.record import Grade
from grader.report import DiagnosisText
from tests.gradebook.samples import HALF, LI, NOON, TEXTS, check, exercise, result

from .samples import FORMULAS, GRADES, LATE, MISSING, OPEN, PLAIN, line

GOLDEN = Path(__file__).parent / "golden"
BEFORE, AFTER = "2026-10-01", "2026-12-01"
READY = (PLAIN, FORMULAS, LATE)


def gradescope(grade: Grade, as_of: str = BEFORE, **more: Any) -> dict[str, Any]:
    return export.gradescope(grade, as_of, lambda seen: TEXTS, **more)


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


@pytest.fixture(autouse=True)
def _one_version(monkeypatch: pytest.MonkeyPatch) -> None:
    for grade in GRADES:
        if grade.body is not None:
            monkeypatch.setitem(grade.body, "grader", "1.2.3")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("exercises.csv", lambda: export.exercises(GRADES)),
        ("checks.csv", lambda: export.checks(GRADES)),
        ("canvas.csv", lambda: export.canvas(GRADES, "Autograd (4711)")),
        ("moodle.csv", lambda: export.moodle(GRADES)),
        ("nbgrader.csv", lambda: export.nbgrader(GRADES)),
        ("interchange.json", lambda: dumped(export.interchange(GRADES, NOON))),
        ("gradescope.before.json", lambda: dumped([gradescope(g) for g in READY])),
        ("gradescope.after.json", lambda: dumped([gradescope(g, AFTER) for g in READY])),
        ("gradescope.zh.json", lambda: dumped(gradescope(LATE, language="zh"))),
    ],
)
def test_other_systems_get_what_they_got_before(name: str, text) -> None:
    path = GOLDEN / name
    said = text().encode()
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(said)
    assert path.read_bytes() == said


def rows(text: str) -> list[dict[str, str]]:
    header, *rest = cells.read(text.removeprefix("\ufeff"))
    return [dict(zip(header, row, strict=True)) for row in rest]


SCORES = {"anna": 4.0, "eve": 2.25, "li.wei": 4.95}


@pytest.mark.parametrize(
    ("text", "key", "score"),
    [
        (export.exercises(GRADES), "student", "score"),
        (export.nbgrader(GRADES), "student_id", "score"),
        (export.canvas(GRADES), "SIS Login ID", "Autograd"),
        (export.moodle(GRADES), "Email address", "Assignment: Autograd"),
    ],
)
def test_marks_and_names_are_read_back(text: str, key: str, score: str) -> None:
    email = key == "Email address"
    found = {row[key]: row[score] for row in rows(text)}
    for grade in READY:
        name = grade.student.email if email else grade.student.key
        assert float(found[name]) == pytest.approx(SCORES[grade.student.key])
    if not email:
        assert (found["оля"], found["pat"]) == ("", "")


def test_who_handed_in_nothing_has_zero_where_the_file_is_the_last_word() -> None:
    assert rows(export.exercises(GRADES))[-1]["score"] == "0"
    assert rows(export.exercises(GRADES))[-1]["status"] == "missing"
    assert rows(export.nbgrader(GRADES))[-1]["score"] == "0"
    assert rows(export.canvas(GRADES))[-1]["Autograd"] == ""
    assert rows(export.moodle(GRADES))[-1]["Assignment: Autograd"] == ""


def test_an_exercise_that_is_not_decided_is_no_zero() -> None:
    row = next(row for row in rows(export.exercises([OPEN])) if row["student"] == "оля")
    assert (row["loops"], row["twice"], row["score"], row["status"]) == ("", "1", "", "not_graded")
    checks = {row["check"]: row["score"] for row in rows(export.checks([OPEN]))}
    assert checks == {"shape": "1", "gradient": "", "raises": "0", "later": "1"}


def test_no_cell_of_any_file_is_a_formula() -> None:
    import csv
    import io

    from .test_cells import formula

    for text in (
        export.exercises(GRADES), export.checks(GRADES), export.canvas(GRADES),
        export.moodle(GRADES), export.nbgrader(GRADES),
    ):  # fmt: skip
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
            assert not [c for c in row if formula(c) and not c.startswith("    Points")], row


def test_canvas_gets_its_positional_columns() -> None:
    header, points, *students = cells.read(export.canvas(GRADES))
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Autograd"]
    assert points == ["    Points Possible", "", "", "", "", "8"]
    assert students[0] == ["Анна Wang", "102", "", "anna", "B", "4"]
    assert rows(export.canvas([PLAIN], percent=True))[1]["Autograd"] == "50"


def test_moodle_gets_no_feedback_without_a_grade() -> None:
    commented = replace(OPEN, manual=LATE.manual)
    row = rows(export.moodle([commented]))[0]
    assert (row["Assignment: Autograd"], row["Feedback: Autograd"]) == ("", "")


def test_students_read_no_comment_on_a_check_that_they_may_not_see() -> None:
    assert "NOT-FOR-STUDENTS" in export.checks([LATE])
    assert "NOT-FOR-STUDENTS" not in export.moodle([LATE], as_of=AFTER)
    (entry,) = export.interchange([LATE], NOON, AFTER)["grades"]
    assert "sign" in entry["ags"]["comment"]
    assert "NOT-FOR-STUDENTS" not in entry["ags"]["comment"]


def test_moodles_id_number_is_the_rosters_and_never_a_participants() -> None:
    numbered = replace(LI, ids={"moodle": "401", "id_number": "2021001"})
    assert rows(export.moodle([line(numbered, HALF)]))[0]["ID number"] == "2021001"
    unknown = replace(LI, ids={"moodle": "401"})
    assert "401" not in export.moodle([line(unknown, HALF)])


def test_moodle_refuses_more_than_a_hundred_and_so_do_we() -> None:
    many = line(LI, result(exercise("big", check("all", points=150.0))))
    with pytest.raises(CallError, match=r"li\.wei, autograd: expected at most 100.*--percent"):
        export.moodle([many])
    assert rows(export.moodle([many], percent=True))[0]["Assignment: Autograd"] == "100"


def test_gradescope_shows_what_a_student_may_see_and_no_word_more() -> None:
    always = {"Loops: The shape", "Loops: The gradient", "Twice: The raises"}
    for as_of, names in ((BEFORE, always), (AFTER, {*always, "Twice: The later"})):
        made = gradescope(LATE, as_of)
        visible = [test for test in made["tests"] if test["visibility"] == "visible"]
        assert {test["name"] for test in visible} == names
        said = json.dumps(made)
        assert "varied" not in said
        assert "NOT-FOR-STUDENTS" not in said


@pytest.mark.parametrize("as_of", [BEFORE, AFTER])
@pytest.mark.parametrize("grade", [PLAIN, line(LI, HALF)])
def test_gradescope_s_tests_add_up_to_the_mark(grade: Grade, as_of: str) -> None:
    made = gradescope(grade, as_of)
    assert sum(test["score"] for test in made["tests"]) == made["score"] == 4
    assert sum(test["max_score"] for test in made["tests"]) == 8


def test_gradescope_hides_the_total_only_where_something_is_withheld() -> None:
    hidden = [test for test in gradescope(PLAIN)["tests"] if test["visibility"] == "hidden"]
    assert [(test["score"], test["max_score"]) for test in hidden] == [(1, 3)]
    whole = line(LI, result(exercise("loops", check("shape"))))
    assert {test["visibility"] for test in gradescope(whole)["tests"]} == {"visible"}


def test_gradescope_knows_all_of_the_fields() -> None:
    top = {
        "score", "execution_time", "output", "output_format", "test_output_format",
        "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests",
    }  # fmt: skip
    fields = {
        "score", "max_score", "status", "name", "name_format", "number", "output",
        "output_format", "tags", "visibility", "extra_data",
    }  # fmt: skip
    for grade in READY:
        made = gradescope(grade, AFTER)
        assert set(made) <= top
        for test in made["tests"]:
            assert set(test) <= fields
            assert test.get("status", "passed") in ("passed", "failed")


@pytest.mark.parametrize("grade", [OPEN, MISSING])
def test_gradescope_gets_no_mark_that_is_not_one(grade: Grade) -> None:
    with pytest.raises(CallError, match="expected a mark, found none yet"):
        gradescope(grade)


def test_a_student_s_text_cannot_draw_on_a_page_of_gradescope() -> None:
    texts = {"accumulated-gradient": DiagnosisText("<b>{times}</b>", "<script>")}
    made = export.gradescope(PLAIN, AFTER, lambda seen: texts)
    assert {test["output_format"] for test in made["tests"] if "output" in test} == {"text"}
    assert made["output_format"] == "text"


def test_the_json_says_of_every_mark_how_far_it_is() -> None:
    made = export.interchange(GRADES, NOON)
    progress = {e["student"]["key"]: e["ags"]["gradingProgress"] for e in made["grades"]}
    assert progress == {
        "anna": "FullyGraded", "eve": "FullyGraded", "li.wei": "FullyGraded",
        "оля": "PendingManual", "pat": "Pending", "Zoë": "NotReady",
    }  # fmt: skip
    for entry in json.loads(dumped(made))["grades"]:
        graded = entry["ags"]["gradingProgress"] == "FullyGraded"
        assert ("scoreGiven" in entry["ags"]) == graded
        assert (entry["mark"] or {}).get("score") == (
            pytest.approx(SCORES[entry["student"]["key"]]) if graded else None
        )
