"""An author's files load as they mean, and every mistake is named, all at once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from grader.errors import CallError, SpecError, SubmissionError
from grader.model.exercise import TensorCheck
from grader.spec import (
    exercise_ids,
    find_course,
    from_stamp,
    load_assignment,
    load_exercise,
    public,
    to_stamp,
)


def problems(course: Path, name: str = "doubling") -> list[str]:
    with pytest.raises(SpecError) as caught:
        load_exercise(course, name)
    return [str(problem) for problem in caught.value.problems]


def edit(course: Path, old: str, new: str, file: str = "exercise.toml") -> None:
    path = course / "exercises" / "doubling" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_new_exercise_loads_with_warnings_about_languages(small_course: Path) -> None:
    exercise = load_exercise(small_course, "doubling")
    assert [check.id for check in exercise.checks] == ["shape", "gradient"]
    assert isinstance(exercise.checks[1], TensorCheck)
    assert exercise.cells[0].locked and not exercise.cells[1].locked
    assert set(exercise.prompts["en"]) == {"", "answer"}
    assert any("prompt.zh.md" in warning for warning in exercise.warnings)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("**2. A vector.** Run `f`.", {"en": "2. A vector"}),
        ("\n**3. `x.grad`, mended:**\nSet …", {"en": "3. x.grad, mended"}),
        ("**2. 向量。** 运行 `f`。", {"en": "2. 向量"}),
        ("The next cell is given. **Do not** change it.", {}),
    ],
)
def test_a_cells_heading_is_the_bold_words_that_its_text_begins_with(
    small_course: Path, text: str, heading: dict[str, str]
) -> None:
    prompt = small_course / "exercises" / "doubling" / "prompt.en.md"
    prompt.write_text(f"**Not of a cell.**\n\n<!-- cell: answer -->\n{text}\n", "utf-8")
    exercise = load_exercise(small_course, "doubling")
    assert exercise.headings == ({"answer": heading} if heading else {})


def test_a_course_is_found_upward(small_course: Path) -> None:
    deep = small_course / "exercises" / "doubling"
    assert find_course(deep) == small_course.resolve()
    assert exercise_ids(small_course) == ("doubling",)


def test_no_course_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"expected a folder with exercises/ and solutions/"):
        find_course(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "shape"', 'id = "shape"\ncolour = "red"', "checks.shape.colour.*an unknown key"),
        ('kind = "tensor"', 'kind = "tenser"', "checks.shape.kind: expected one of tensor"),
        ("points = 2", "points = 5", "points: expected the sum of the checks' points, 2, found 5"),
        ('expect = "gradient"', 'expect = "gradiant"', "expect: expected a function.*gradiant"),
        ('value = "gradient"', 'value = "slope"', "a name that the starter has.*'slope'"),
        ('value = "gradient"', 'value = "gradient()"', "a path such as x, x.grad"),
        ('cell = "answer"', 'cell = "anser"', "a cell of the starter.*'anser'"),
        ('needs = ["shape"]', 'needs = ["size"]', "checks that stand before it, found 'size'"),
        ('id = "gradient"', 'id = "shape"', "an id used once"),
        ('visibility = "after_due"', 'visibility = "public"', "after_due or hidden.*found expect"),
        ("[roles.x]", "[roles.z]", "a role for every parameter of gradient, found none for 'x'"),
        ('draw = "normal"', 'draw = "gauss"', "vary.names.x.draw"),
        ("[vary.names.x]", "[vary.names.q]", "a name that the cell inputs sets"),
        ("shape = [3]\npoints = 0", "points = 0", "an expectation"),
        ('title = { en = "doubling" }', "title = {}", "title: expected a title"),
        ('title = { en = "doubling" }', "title = ", "expected TOML in UTF-8"),
        ("points = 2", 'points = "two"', "points: expected a number, found 'two'"),
        (
            'needs = ["shape"]',
            'neds = ["shape"]',
            "neds: expected a key of the format, perhaps needs",
        ),
        ("shape = [3]\npoints = 0", 'shape = "3"\npoints = 0', "shape: expected a list, found '3'"),
    ],
)
def test_a_mistake_names_file_key_expected_and_found(
    small_course: Path, old: str, new: str, complaint: str
) -> None:
    edit(small_course, old, new)
    found = problems(small_course)
    assert all(problem.startswith("exercises/doubling/") for problem in found)
    assert any(re.search(complaint, problem) for problem in found), found


def test_all_mistakes_are_told_at_once(small_course: Path) -> None:
    edit(small_course, "points = 2", "points = 7")
    edit(small_course, 'cell = "answer"', 'cell = "nowhere"')
    edit(small_course, "<!-- cell: answer -->", "<!-- cell: anywhere -->", "prompt.en.md")
    edit(small_course, 'name="answer"', 'name="Answer!"', "starter.py")
    (small_course / "solutions" / "doubling" / "reference.py").write_text("def gradient(x:\n")
    found = "\n".join(problems(small_course))
    for key in ("points", "nowhere", "anywhere", "Answer!", "reference.py"):
        assert key in found


def test_nothing_more_is_said_of_a_check_that_cannot_be_read(small_course: Path) -> None:
    edit(small_course, 'kind = "tensor"', 'kind = "tenser"')
    assert len(problems(small_course)) == 1


def test_a_missing_reference_starter_or_prompt_is_named(small_course: Path) -> None:
    (small_course / "solutions" / "doubling" / "reference.py").unlink()
    (small_course / "exercises" / "doubling" / "starter.py").unlink()
    (small_course / "exercises" / "doubling" / "prompt.en.md").unlink()
    found = "\n".join(problems(small_course))
    assert "reference.py: (file): expected a reference" in found
    assert "starter.py: (file): expected a starter" in found
    assert "prompt.en.md: expected a prompt" in found


def test_an_unknown_exercise_or_assignment_names_those_there_are(small_course: Path) -> None:
    assert "doubling" in problems(small_course, "tripling")[0]
    with pytest.raises(SpecError, match="no such assignment"):
        load_assignment(small_course, "nothing")


def test_an_assignment_collects_the_mistakes_of_its_exercises(small_course: Path) -> None:
    folder = small_course / "exercises" / "assignments"
    (folder / "week.toml").write_text(
        'title = {en = "W"}\nexercises = ["doubling", "other"]\nfiles = ["../../secret"]\nx = 1\n'
    )
    edit(small_course, "points = 2", "points = 5")
    with pytest.raises(SpecError) as caught:
        load_assignment(small_course, "week")
    text = str(caught.value)
    for part in ("other", "points", "secret", "x: expected a key of the format"):
        assert part in text


@pytest.mark.parametrize(
    ("draw", "enough"),
    [
        ('draw = "normal"', True),
        ('draw = "uniform"', True),
        ('draw = "integers"\nlow = 0\nhigh = 5', False),
        ('draw = "integers"\nlow = -100\nhigh = 100', True),
        ('draw = "normal"\ndtype = "int64"', False),
        ('draw = "uniform"\ndtype = "bool"', False),
        ('draw = "choice"\nvalues = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]', False),
    ],
)
def test_inputs_with_few_values_are_drawn_more_than_once(
    small_course: Path, draw: str, enough: bool
) -> None:
    if "dtype" in draw:
        edit(small_course, "requires_grad = true\n", "")
    edit(small_course, 'draw = "normal"', draw)
    said = "vary.times: expected 2 or more, because x has few values"
    if enough:
        assert load_exercise(small_course, "doubling").vary is not None
    else:
        assert any(said in problem for problem in problems(small_course))
        edit(small_course, 'cell = "inputs"', 'cell = "inputs"\ntimes = 2')
        assert load_exercise(small_course, "doubling").vary is not None


@pytest.mark.parametrize(
    ("limits", "complaint"),
    [
        ("cell_seconds = 0", "limits.cell_seconds: expected a finite number over 0, found 0"),
        ("call_seconds = -1", "limits.call_seconds: expected a finite number over 0, found -1"),
        ("notebook_seconds = inf", "limits.notebook_seconds: expected a finite number over 0"),
        ("cell_seconds = nan", "limits.cell_seconds: expected a finite number over 0, found nan"),
        ("wall_factor = 0.5", "limits.wall_factor: expected 1 or more, found 0.5"),
        ("output_bytes = 0", "limits.output_bytes: expected a finite number over 0, found 0"),
        ('cell_seconds = "long"', "limits.cell_seconds"),
        ("cell_second = 3", "limits.cell_second: expected a key of the format"),
        ("memory_bytes = 1000", "limits.memory_bytes: expected 268435456 or more, found 1000"),
        ("processes = 1", "limits.processes: expected 32 or more, found 1"),
    ],
)
def test_limits_that_cannot_be_held_are_named(
    small_course: Path, limits: str, complaint: str
) -> None:
    path = small_course / "exercises" / "assignments" / "week.toml"
    head = 'title = {en = "W"}\nexercises = ["doubling"]\n'
    path.write_text(f"{head}[limits]\n{limits}\n")
    with pytest.raises(SpecError, match=r"exercises/assignments/week\.toml: limits") as caught:
        load_assignment(small_course, "week")
    assert complaint in str(caught.value)
    path.write_text(f"{head}[limits]\ncell_seconds = 7\nwall_factor = 2\n")
    assert load_assignment(small_course, "week").limits.wall(7) == 14


def test_modules_to_be_imported_for_all_have_names(small_course: Path) -> None:
    week = small_course / "exercises" / "assignments" / "week.toml"
    head = 'title = {en = "W"}\nexercises = ["doubling"]\n'
    week.write_text(f'{head}preload = ["scipy.special", "--help"]\n')
    with pytest.raises(SpecError) as caught:
        load_assignment(small_course, "week")
    said = "exercises/assignments/week.toml: preload: expected names of modules"
    assert said in str(caught.value)
    assert "'--help'" in str(caught.value)
    assert "special" not in str(caught.value).partition("found")[2]
    week.write_text(f'{head}preload = ["scipy.special"]\n')
    assert load_assignment(small_course, "week").preload == ("scipy.special",)


def test_a_course_sets_the_limits_of_assignments_that_do_not(small_course: Path) -> None:
    exercises = small_course / "exercises"
    week = exercises / "assignments" / "week.toml"
    week.write_text('title = {en = "W"}\nexercises = ["doubling"]\n[limits]\ncell_seconds = 7\n')
    before = load_assignment(small_course, "week")
    (exercises / "course.toml").write_text("[limits]\ncell_seconds = 5\nprocesses = 100\n")
    after = load_assignment(small_course, "week")
    assert (after.limits.cell_seconds, after.limits.processes) == (7, 100)
    assert load_assignment(small_course, "doubling").limits.cell_seconds == 5
    assert after.spec_hash != before.spec_hash


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[limit]", r"exercises/course\.toml: limit: expected the table"),
        ("[limits]\nprocesses = 1", r"exercises/course\.toml: limits\.processes: expected 32"),
        ("[limits]\nprocess = 50", r"exercises/course\.toml: process"),
        ("limits = 3", r"exercises/course\.toml: limits: expected a table"),
        ("[limits", r"exercises/course\.toml: \(file\): expected TOML"),
    ],
)
def test_what_is_wrong_with_the_courses_limits_is_named(
    small_course: Path, text: str, complaint: str
) -> None:
    (small_course / "exercises" / "course.toml").write_text(text)
    with pytest.raises(SpecError, match=complaint):
        load_assignment(small_course, "doubling")


def test_the_hash_follows_every_file_that_defines_the_exercise(small_course: Path) -> None:
    before = load_assignment(small_course, "doubling").spec_hash
    for path in [
        *(small_course / "exercises" / "doubling").iterdir(),
        small_course / "solutions" / "doubling" / "reference.py",
    ]:
        text = path.read_text()
        path.write_text(text + "\n# a comment\n")
        assert load_assignment(small_course, "doubling").spec_hash != before, path.name
        path.write_text(text)
    assert load_assignment(small_course, "doubling").spec_hash == before


def test_the_core_assignment_loads_without_a_warning(course: Path) -> None:
    assignment = load_assignment(course, "autograd")
    assert [exercise.id for exercise in assignment.exercises] == [
        "backward-twice",
        "control-flow-vector",
        "sin-derivative-plot",
        "gradient-argument",
    ]
    assert [exercise.warnings for exercise in assignment.exercises] == [()] * 4


def test_the_public_part_survives_the_stamp_and_holds_nothing_else(course: Path) -> None:
    assignment = load_assignment(course, "autograd")
    stamp = json.loads(json.dumps(to_stamp(assignment, "zh")))
    assert from_stamp(stamp) == public(assignment)
    text = json.dumps(stamp)
    for exercise, shown in zip(assignment.exercises, from_stamp(stamp).exercises, strict=True):
        public_ids = [check.id for check in exercise.checks if check.visibility == "public"]
        assert [check.id for check in shown.checks] == public_ids
    for secret in ("reference", "expect", '"answer"', "roles", "vary", "after_due", "hidden"):
        assert secret not in text


@pytest.mark.parametrize(
    "stamp",
    [
        None,
        [],
        {"assignment": 3},
        {"version": 99, "assignment": {}},
        {"version": 1, "assignment": {"id": "a"}},
        {"version": 1, "assignment": {"id": "a", "title": {}, "exercises": [{"id": 3}]}},
        {"version": 1, "assignment": {"id": "a", "title": {}, "exercises": "no"}},
    ],
)
def test_a_damaged_stamp_is_refused(stamp: object) -> None:
    with pytest.raises(SubmissionError):
        from_stamp(stamp)


CALL = """
[[checks]]
id = "called"
kind = "call"
points = 0
visibility = "hidden"
cell = "answer"
function = "gradient"
expect = "gradient"
inputs = [{ x = { shape = [3] } }, { x = { shape = [2] } }]
title = { en = "called" }
"""


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "{ x = { shape = [2] } }",
            "{ y = { shape = [2] } }",
            r"inputs\[1\]: expected the parameters of gradient \(x\), found y",
        ),
        (
            "{ x = { shape = [2] } }",
            "{ x = { shape = [2] }, y = { shape = [2] } }",
            r"inputs\[1\]: expected the parameters of gradient \(x\), found x, y",
        ),
        ('expect = "gradient"', 'expect = "slope"', "called.expect: expected a function"),
        ("inputs = [", 'untouched = ["y"]\ninputs = [', "untouched: expected parameters.*found y"),
    ],
)
def test_a_call_has_the_parameters_of_its_reference(
    small_course: Path, old: str, new: str, complaint: str
) -> None:
    path = small_course / "exercises" / "doubling" / "exercise.toml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + CALL, encoding="utf-8")
    load_exercise(small_course, "doubling")
    path.write_text(whole + CALL.replace(old, new), encoding="utf-8")
    (found,) = problems(small_course)
    assert re.search(complaint, found), found
