"""The arithmetic of marks: for any result, any decisions and any penalty."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook import mark, standing_marks
from grader.model.record import Judged, ManualMark
from grader.model.result import Finding, Result

from .samples import HALF, NOON, check, exercise, result

IDS = ("a", "b", "c")
POINTS = st.sampled_from([0.0, 0.1, 0.25, 1.0, 2.0, 3.3])
STATUSES = st.sampled_from(
    ["passed", "failed", "skipped", "missing", "undecidable", "needs_rerun", "error"]
)
SHARES = st.floats(0, 1)


def decision(exercise: str, check: str, points: float | None, number: int = 1, **more):
    values = {"action": "set", "comment": "", **more}
    return ManualMark(
        "li", "autograd", exercise, check, points=points, who="Dr Q", why="seen", at=NOON,
        judged=Judged(None, None, None, None), number=number, **values,
    )  # fmt: skip


@st.composite
def results(draw) -> Result:
    def checks() -> list[Finding]:
        return [check(id, draw(STATUSES), draw(POINTS)) for id in IDS[: draw(st.integers(1, 3))]]

    return result(*(exercise(id, *checks()) for id in IDS[: draw(st.integers(1, 3))]))


@st.composite
def decisions(draw, made: Result):
    """Decisions on targets that are there, each from nothing to its highest score."""
    found = {}
    for e in made.exercises:
        for target, most in [
            *(((e.id, c.check), c.max_score) for c in e.checks),
            ((e.id, ""), sum(c.max_score for c in e.checks)),
        ]:
            share = draw(st.none() | st.sampled_from([0.0, 0.5, 1.0]))
            if share is not None:
                found[target] = decision(*target, share * most)
    return found


@given(results(), SHARES)
def test_without_decisions_the_grader_s_own_numbers_count(made: Result, late: float) -> None:
    got = mark(made, {}, late)
    assert got is not None
    assert got.earned == got.automatic == made.score
    assert got.max_score == made.max_score
    assert got.open == (made.status == "not_graded")
    assert got.score + got.deducted == pytest.approx(got.earned)


@given(st.data(), results(), SHARES)
def test_a_mark_is_never_negative_and_never_above_the_highest(data, made, late) -> None:
    got = mark(made, data.draw(decisions(made)), late)
    assert got is not None
    assert 0 <= got.score <= got.earned
    assert got.earned <= got.max_score + 1e-9
    for part in got.exercises:
        assert 0 <= part.score <= part.max_score + 1e-9
        assert all(0 <= c.score <= c.max_score for c in part.checks)


@given(st.data(), results(), SHARES, SHARES)
def test_who_is_later_never_gets_more(data, made, one, other) -> None:
    decided = data.draw(decisions(made))
    early, late = (mark(made, decided, share) for share in sorted((one, other)))
    assert early and late
    assert late.score <= early.score


@given(st.data(), results())
def test_a_decision_about_something_changes_nothing_else(data, made) -> None:
    decided = data.draw(decisions(made))
    target = data.draw(st.sampled_from([(e.id, "") for e in made.exercises]))
    without = {key: entry for key, entry in decided.items() if key != target}
    before = mark(made, without)
    after = mark(made, {**without, target: decision(*target, 0.0)})
    assert before and after
    for was, now in zip(before.exercises, after.exercises, strict=True):
        if was.id == target[0]:
            assert (now.score, now.open) == (0, False)
        else:
            assert was == now


@given(results(), SHARES)
def test_a_comment_alone_changes_nothing(made: Result, late: float) -> None:
    said = {
        target: decision(*target, None, comment="well done")
        for target in [("", ""), *((e.id, "") for e in made.exercises)]
    }
    assert mark(made, said, late) == mark(made, {}, late)


@given(results())
def test_what_a_person_has_marked_as_a_whole_is_open_no_longer(made: Result) -> None:
    got = mark(made, {("", ""): decision("", "", 1.0)})
    assert got and not got.open
    assert got.earned == 1


@given(st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(["set", "clear"]))))
def test_the_last_decision_about_a_target_stands(steps) -> None:
    history = [
        decision(id, "", number if action == "set" else None, number, action=action)
        for number, (id, action) in enumerate(steps)
    ]
    expected = {id: number for number, (id, _) in enumerate(steps)}
    standing = standing_marks(reversed(history))
    assert {id: entry.points for (id, _), entry in standing.items()} == {
        id: number for id, number in expected.items() if steps[number][1] == "set"
    }


def test_the_larger_target_wins() -> None:
    decided = {
        ("loops", "gradient"): decision("loops", "gradient", 2),
        ("loops", ""): decision("loops", "", 1.5),
    }
    got = mark(HALF, decided)
    assert got and got.exercises[0].score == 1.5
    assert got.exercises[0].checks[1].score == 2
    assert got.score == 1.5 + 3


def test_an_undecided_check_counts_once_a_person_has_decided() -> None:
    made = result(exercise("loops", check("shape"), check("ratio", "undecidable", 3.0)))
    before = mark(made, {})
    after = mark(made, {("loops", "ratio"): decision("loops", "ratio", 2.0)})
    assert before and (before.score, before.max_score, before.open) == (1, 1, False)
    assert after and (after.score, after.max_score) == (3, 4)


@pytest.mark.parametrize("status", ["error", "needs_rerun"])
def test_what_the_grader_could_not_say_is_open_until_a_person_says(status) -> None:
    made = result(exercise("loops", check("shape"), check("ratio", status, 3.0)))
    before = mark(made, {("loops", "shape"): decision("loops", "shape", 0.0)})
    after = mark(made, {("loops", "ratio"): decision("loops", "ratio", 3.0)})
    assert before and before.open
    assert after and not after.open
    assert after.score == 4


def test_a_result_without_exercises_is_open_as_a_whole() -> None:
    made = result(status="not_graded", reason="the grader failed")
    got = mark(made, {})
    assert got and got.open
    marked = mark(made, {("", ""): decision("", "", 2.0)}, 0.5)
    assert marked and (marked.open, marked.earned, marked.score) == (False, 2, 1)


def test_work_on_paper_can_be_marked_as_a_whole() -> None:
    assert mark(None, {}) is None
    assert mark(None, {("loops", ""): decision("loops", "", 2.0)}) is None
    got = mark(None, {("", ""): decision("", "", 2.0)})
    assert got and got.score == 2
    assert mark(replace(HALF, exercises=()), {}) is not None
