"""What a class's marks come to, in numbers that can be worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from grader.classroom import Item, distribution, items, line, overview
from grader.classroom.items import correlation
from grader.gradebook import mark
from grader.model.observation import RunInfo
from grader.model.record import Grade, Judged, ManualMark, Student
from grader.model.result import ExerciseResult
from tests.classroom.samples import NOON, exercise, finding, grade, klass, result

DONE = RunInfo("completed", 1.0)


def student(key: str, *exercises: ExerciseResult, run: RunInfo = DONE, **more: float) -> Grade:
    return grade(Student(key), result(exercises, run), **more)


def answers(*rows: str) -> list[Grade]:
    """One exercise of two points-worthy checks and a second one, by letters: p, f, s, m, u."""
    words = {"p": "passed", "f": "failed", "s": "skipped", "m": "missing", "u": "undecidable"}
    return [
        student(
            str(at),
            exercise("one", [finding("a", words[row[0]]), finding("b", words[row[1]])]),
            exercise("two", [finding("c", words[row[2]], 2.0)]),
        )
        for at, row in enumerate(rows)
    ]


def of(grades: list[Grade]) -> dict[tuple[str, str], Item]:
    found = items(map(line, grades))
    return {(i.exercise, i.check): i for item in found for i in (item, *item.checks)}


def test_difficulty_is_the_share_that_passed_and_of_an_exercise_the_share_of_its_points() -> None:
    found = of(answers("ppp", "pfp", "pff", "ffm"))
    assert found["one", "a"].difficulty == pytest.approx(3 / 4)
    assert found["one", "b"].difficulty == pytest.approx(1 / 4)
    assert found["one", ""].difficulty == pytest.approx((1 + 0.5 + 0.5 + 0) / 4)
    assert found["one", ""].counts == {"passed": 1, "partial": 2, "failed": 1}
    assert found["two", "c"].counts == {"passed": 2, "failed": 1, "missing": 1}


def test_discrimination_is_the_point_biserial_correlation_with_the_rest() -> None:
    found = of(answers("ppp", "pfp", "pff", "ffm"))
    # rest of a: (1 + 2, 0 + 2, 0, 0) of 3; by the formula of point-biserial r for 0/1 items
    rest, passed = [1, 2 / 3, 0, 0], [True, True, True, False]
    right = [r for r, p in zip(rest, passed, strict=True) if p]
    wrong = [r for r, p in zip(rest, passed, strict=True) if not p]
    mean = sum(rest) / 4
    spread = math.sqrt(sum((r - mean) ** 2 for r in rest) / 4)
    by_hand = (sum(right) / 3 - sum(wrong) / 1) / spread * math.sqrt(3 / 4 * 1 / 4)
    assert found["one", "a"].discrimination == pytest.approx(by_hand)
    assert found["two", ""].discrimination == pytest.approx(
        correlation([(1, 1), (1, 0.5), (0, 0.5), (0, 0)])
    )


def test_an_item_is_not_correlated_with_itself() -> None:
    """With itself in the total, a check that is drawn by lot would seem to tell people apart."""
    found = of(answers("pfp", "pff", "ffp", "fff") * 10)
    assert found["one", "a"].discrimination == pytest.approx(0)
    assert found["one", "a"].note == "weak"


def test_what_nobody_decided_is_left_out_and_what_was_not_reached_is_not() -> None:
    found = of(answers("upp", "psf", "ppp"))
    assert (found["one", "a"].n, found["one", "a"].difficulty) == (2, 1.0)
    assert found["one", "a"].counts == {"open": 1, "passed": 2}
    assert (found["one", "b"].n, found["one", "b"].counts["skipped"]) == (3, 1)
    assert found["one", "b"].difficulty == pytest.approx(2 / 3)


def test_points_by_hand_are_what_counts() -> None:
    made = result(
        [exercise("one", [finding("a", "failed", 2.0), finding("b", "undecidable")])], DONE
    )
    marks = [
        ManualMark("li", "autograd", "one", check, "set", points, "", "Dr Q", "oral", NOON,
                   Judged("c", "5f0c", "failed", 0.0))
        for check, points in (("a", 1.0), ("b", 1.0))
    ]  # fmt: skip
    decided = mark(made, {one.target: one for one in marks})
    lines = [line(replace(grade(Student("li"), made), mark=decided))]
    whole = overview("autograd", lines)
    (one,) = whole.items
    assert [check.difficulty for check in one.checks] == [0.5, 1.0]
    assert one.checks[0].counts == {"partial": 1}
    assert whole.waiting.undecided == ()
    assert overview("autograd", [line(grade(Student("li"), made))]).waiting.undecided


def test_notes_say_what_is_worth_a_look() -> None:
    good = ["ppp"] * 20 + ["pff"] * 20
    assert of(answers(*good))["one", "a"].note == "everybody"
    assert of(answers(*good))["one", "b"].note is None
    against = ["fpp"] * 20 + ["pff"] * 20
    assert of(answers(*against))["one", "a"].note == "reversed"
    assert of(answers(*against[10:30]))["one", "a"].note is None  # too few to say so
    assert of(answers(*["fpp", "fff"] * 20))["one", "a"].note == "nobody"


def test_who_handed_in_nothing_or_nothing_readable_says_nothing_of_the_exercises() -> None:
    right = student("a", exercise("one", [finding("a", "passed")]))
    refused = student("b", exercise("one", [finding("a", "missing")]), run=RunInfo("refused"))
    whole = overview("autograd", map(line, [right, refused, grade(Student("c"), None)]))
    assert whole.answered == whole.items[0].n == 1
    assert [one.key for one in whole.missing] == ["c"]
    assert [one.key for one in whole.waiting.refused] == ["b"]
    assert whole.marks is not None
    assert whole.marks.n == 2  # nothing readable earned nothing, which is a mark


def test_a_fault_of_the_grader_waits_and_is_no_mark_no_crash_and_no_answer() -> None:
    fault = ExerciseResult("one", {}, 0.0, 1.0, "not_graded", ())
    whole = overview("autograd", [line(student("a", fault, run=RunInfo("crashed")))])
    assert whole.marks is None
    assert whole.runs.failed == {}
    assert [one.key for one in whole.waiting.not_graded] == ["a"]
    assert whole.waiting.students == {"a"}
    assert whole.items[0].n == 0
    broken = exercise("one", [finding("a", "error")])
    whole = overview("autograd", [line(student("a", broken))])
    assert whole.waiting.not_graded == ()  # said once, by its check
    assert [(u.check, u.why, u.students) for u in whole.waiting.undecided] == [
        ("a", "error", ("a",))
    ]


def test_misconceptions_count_people_and_say_where() -> None:
    failed = [finding("a", "failed")]
    grades = [
        student("a", exercise("one", failed, "old", "new"), exercise("two", failed, "old")),
        student("b", exercise("one", failed, "old")),
    ]
    old, new = overview("autograd", map(line, grades)).misconceptions
    assert (old.id, old.students, old.exercises) == ("old", ("a", "b"), {"one": 2, "two": 1})
    assert (new.id, new.students) == ("new", ("a",))


def test_slowest_and_failed_runs() -> None:
    one = exercise("one", [finding("a", "passed")])
    grades = [student(f"{at:02}", one, run=RunInfo("completed", at)) for at in range(20)]
    grades.append(student("z", one, run=RunInfo("timeout", 60.0)))
    runs = overview("autograd", map(line, grades)).runs
    assert [found.key for found in runs.slowest[:2]] == ["z", "19"]
    assert runs.median == 10
    assert {status: len(those) for status, those in runs.failed.items()} == {"timeout": 1}


def test_runs_without_walls_are_those_that_ran_and_had_none() -> None:
    one = exercise("one", [finding("a", "passed")])
    runs = {
        "walled": RunInfo("completed", 1.0, isolation=("namespaces",)),
        "bare": RunInfo("completed", 1.0),
        "died": RunInfo("crashed", 1.0),
        "unread": RunInfo("refused"),
    }
    whole = overview("autograd", [line(student(key, one, run=run)) for key, run in runs.items()])
    assert [found.key for found in whole.runs.unwalled] == ["bare", "died"]


def test_bins_hold_their_lower_edge_and_the_last_holds_the_highest_mark() -> None:
    marks = distribution([0.0, 0.05, 0.3, 0.35, 1.0, 1.2] * 10)
    assert marks is not None
    assert len(marks.counts) == 20
    assert {at: count for at, count in enumerate(marks.counts) if count} == {
        0: 10, 1: 10, 6: 10, 7: 10, 19: 20,
    }  # fmt: skip
    assert distribution([]) is None
    alone = distribution([0.5])
    assert alone is not None
    assert (alone.lower, alone.median, alone.upper, alone.spread) == (0.5, 0.5, 0.5, 0.0)
    assert len(alone.counts) == 10


def test_a_correlation_of_what_does_not_vary_is_none() -> None:
    assert correlation([]) is None
    assert correlation([(1, 0.5)]) is None
    assert correlation([(1, 0.1), (1, 0.9)]) is None
    assert correlation([(0, 0.5), (1, 0.5)]) is None
    assert correlation([(0, 0.1), (1, 0.9)]) == pytest.approx(1)


def test_a_class_without_anybody() -> None:
    whole = overview("autograd", [])
    assert (whole.marks, whole.items, whole.misconceptions, whole.runs.n) == (None, (), (), 0)


def test_everything_of_a_mixed_class_is_somewhere() -> None:
    lines = [line(one) for one in klass(300, seed=3)]
    whole = overview("autograd", lines)
    assert whole.marks is not None
    with_mark = sum(one.score is not None for one in lines)
    assert sum(whole.marks.counts) == whole.marks.n == with_mark
    for item in whole.items:
        for one in (item, *item.checks):
            assert sum(one.counts.values()) == whole.answered
    legend = next(c for item in whole.items for c in item.checks if c.check == "legend")
    assert legend.note == "reversed"
