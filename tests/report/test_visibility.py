import json
from dataclasses import replace

import pytest

from grader.errors import CallError
from grader.model.result import Plotted, Shown, Tolerance, Worst
from grader.model.submission import Message
from grader.report import (
    exercise_status,
    for_audience,
    html,
    markdown,
    notebook,
    terminal,
    to_json,
    totals,
)

from .samples import CAPTURE, RESULT, SUBMISSION, TEXTS, finding

DUE = "2026-10-05T23:59:00+03:00"
BEFORE = "2026-10-05T20:58:59+00:00"
AFTER = "2026-10-05T20:59:00+00:00"


def ids(result):
    return [check.check for exercise in result.exercises for check in exercise.checks]


def test_an_instructor_sees_everything():
    seen = for_audience(RESULT, "instructor", BEFORE, DUE)
    assert ids(seen) == ids(RESULT)
    assert seen.exercises == RESULT.exercises
    assert (seen.score, seen.max_score) == (RESULT.score, RESULT.max_score)


def test_a_student_sees_no_hidden_check_ever_and_after_due_ones_afterwards():
    assert "matrix" not in ids(for_audience(RESULT, "student", BEFORE, DUE))
    assert "matrix" in ids(for_audience(RESULT, "student", AFTER, DUE))
    for as_of in (BEFORE, AFTER, "2099-01-01", None):
        assert "hidden-vary" not in ids(for_audience(RESULT, "student", as_of, DUE))


@pytest.mark.parametrize(("as_of", "due"), [(None, DUE), (AFTER, None), (None, None)])
def test_without_a_time_after_due_checks_stay_absent(as_of, due):
    assert "matrix" not in ids(for_audience(RESULT, "student", as_of, due))


@pytest.mark.parametrize("due", ["2026-10-05", "20261005", "2026-W41-1"])
def test_a_due_date_without_a_time_lasts_the_day(due):
    assert "matrix" not in ids(for_audience(RESULT, "student", "2026-10-05T23:59", due))
    assert "matrix" in ids(for_audience(RESULT, "student", "2026-10-06T00:00", due))


def test_a_time_that_cannot_be_read_says_how_to_write_it():
    with pytest.raises(CallError, match="2026-10-01T23:59:00"):
        for_audience(RESULT, "student", "tomorrow", DUE)


def test_totals_and_statuses_count_what_is_visible():
    seen = for_audience(RESULT, "student", BEFORE, DUE)
    twice = seen.exercises[1]
    assert (twice.score, twice.max_score, twice.status) == (2.0, 4.0, "partial")
    assert seen.score == sum(exercise.score for exercise in seen.exercises)
    assert seen.max_score == 11.0


def test_an_exercise_that_fails_only_hidden_checks_has_passed():
    exercise = replace(
        RESULT.exercises[0],
        checks=(finding("a"), finding("b", "failed", visibility="hidden")),
        status="partial",
    )
    seen = for_audience(replace(RESULT, exercises=(exercise,)), "student", BEFORE, DUE)
    assert seen.exercises[0].status == "passed"


def test_diagnoses_are_those_that_were_made_for_students():
    seen = for_audience(RESULT, "student", BEFORE, DUE).exercises[1]
    assert [diagnosis.id for diagnosis in seen.diagnoses] == ["accumulated-gradient"]
    assert seen.diagnoses[0].checks == ("second-gradient",)


def test_a_check_that_waited_for_a_hidden_one_does_not_name_it():
    exercise = replace(
        RESULT.exercises[0],
        checks=(
            finding("secret-one", "failed", visibility="hidden"),
            finding("b", "skipped", Message("check.skipped", {"needs": "other, secret-one"})),
        ),
    )
    result = for_audience(replace(RESULT, exercises=(exercise,)), "student", BEFORE, DUE)
    assert "secret-one" not in json.dumps(to_json(result, "en"))


def test_the_reason_is_for_the_instructor():
    result = replace(RESULT, status="not_graded", reason="hidden-vary: reference failed")
    assert for_audience(result, "student", BEFORE, DUE).reason is None
    assert for_audience(result, "instructor", BEFORE, DUE).reason == result.reason


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_no_report_for_a_student_holds_anything_of_absent_checks(language):
    from rich.console import Console

    seen = for_audience(RESULT, "student", BEFORE, DUE)
    console = Console(record=True, width=80, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    terminal(seen, language, console, TEXTS[language])
    said = (
        html(seen, SUBMISSION, CAPTURE, language, TEXTS[language])
        + json.dumps(to_json(seen, language, TEXTS[language]))
        + console.export_text()
    )
    for secret in ("hidden-vary", "HIDDEN-VALUE", "77777", "typed-constant", "matrix"):
        assert secret not in said


def test_it_is_pure():
    before = repr(RESULT)
    for_audience(RESULT, "student", BEFORE, DUE)
    assert repr(RESULT) == before


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((), "not_graded"),
        (("passed", "passed"), "passed"),
        (("passed", "undecidable"), "passed"),
        (("undecidable",), "not_graded"),
        (("passed", "failed"), "partial"),
        (("failed", "missing"), "failed"),
        (("missing", "skipped"), "missing"),
        (("skipped",), "failed"),
        (("passed", "error"), "not_graded"),
        (("needs_rerun",), "not_graded"),
    ],
)
def test_the_status_of_an_exercise_follows_from_its_checks(statuses, expected):
    checks = [finding(str(at), status) for at, status in enumerate(statuses)]
    assert exercise_status(checks) == expected


def test_what_cannot_be_decided_counts_neither_for_nor_against():
    assert totals([finding("a"), finding("b", "undecidable"), finding("c", "failed")]) == (1, 2)


SECRET = 4321.0987
SPELLINGS = (
    "4321",
    "4,321",
    "4 321",
    "4\u00a0321",
    "4\u202f321",
    "4.32",
    "4,32",
    "0x10e1",
    "432109",
)


def with_secret(visibility):
    """The sample in which a check with expected values, a curve and a place has that visibility."""
    check = finding(
        "secret-check",
        "failed",
        Message("check.value.differs", {"value": "SECRET_NAME"}),
        visibility=visibility,
        title={"en": "SECRET TITLE"},
        expected=Shown("tensor", "float64", (2,), (SECRET, 1.0), 2),
        actual=Shown("tensor", "float32", (2,), (2.0, 1.0), 2),
        tolerance=Tolerance(1e-3, 1e-6, "elementwise", 1e-3, 0.0, 0.0, "float32"),
        worst=Worst((0,), 1e9),
        plotted=Plotted((0.0, 1.0), (SECRET, SECRET + 1), (0.0, 1.0)),
        cell=2,
        line=2,
    )
    passed = RESULT.exercises[0]
    return replace(RESULT, exercises=(replace(passed, checks=(*passed.checks, check)),))


def everywhere(result):
    texts = TEXTS["en"]
    return {
        "html": html(result, SUBMISSION, CAPTURE, "en", texts),
        "markdown": markdown(result, "en", texts),
        "notebook": notebook(result, SUBMISSION, CAPTURE, "en", texts).decode(),
        "json": json.dumps(to_json(result, "en", texts)),
    }


@pytest.mark.parametrize(
    ("visibility", "as_of"), [("hidden", AFTER), ("hidden", BEFORE), ("after_due", BEFORE)]
)
def test_nothing_of_a_withheld_check_is_in_any_file_in_any_spelling(visibility, as_of):
    seen = for_audience(with_secret(visibility), "student", as_of, DUE)
    without = replace(RESULT, exercises=(RESULT.exercises[0],))
    plain = for_audience(without, "student", as_of, DUE)
    for (kind, said), bare in zip(
        everywhere(seen).items(), everywhere(plain).values(), strict=True
    ):
        assert said == bare, f"{kind}: the file is another one because of a check that is withheld"
        body = said.split("</style>")[-1]
        for spelling in (*SPELLINGS, "SECRET", "secret-check"):
            assert spelling not in body


def test_what_may_be_seen_is_found_by_the_same_search():
    seen = for_audience(with_secret("after_due"), "student", AFTER, DUE)
    for kind, said in everywhere(seen).items():
        body = said.split("</style>")[-1]
        assert any(spelling in body for spelling in SPELLINGS), kind
    assert 'class="pic curves"' in everywhere(seen)["html"]
