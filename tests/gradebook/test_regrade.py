"""What a corrected specification would change, before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from grader.gradebook import CheckChange, Earlier, Gradebook, Outcome, compare, written
from grader.model.result import Result, Shown
from grader.model.submission import Message

from .samples import (
    ANNA,
    FULL,
    HALF,
    LI,
    LOOPS,
    OBSERVED,
    OTHER,
    SPEC,
    TOLERANCE,
    TWICE,
    body,
    check,
    exercise,
    give,
    later,
    result,
)

NEW = replace(FULL, spec_hash=OTHER.hash)


def always(made: Result) -> Callable[[Earlier], Result]:
    return lambda earlier: replace(made, student=earlier.result.student)


def test_nothing_is_written_until_it_is(book: Gradebook) -> None:
    give(book, LI, HALF)
    book.specify(OTHER)
    (seen,) = book.regrade("autograd", OTHER.hash, always(NEW))
    assert book.grade("li.wei", "autograd").result == replace(HALF, student="li.wei")
    assert seen.after is not None
    assert book.record_regraded([(seen, written(seen.after, body(seen.after)))]) == ()
    assert book.grade("li.wei", "autograd").result == seen.after
    assert book.observed(seen.submission) is not None
    assert list(book.regrade("autograd", OTHER.hash, always(NEW))) == []


def test_it_says_what_changed_for_whom_and_why(book: Gradebook) -> None:
    give(book, LI, HALF)
    give(book, ANNA, FULL, b"right")
    seen = {r.student: r for r in book.regrade("autograd", OTHER.hash, always(NEW))}
    assert not seen["anna"].changed
    mine = seen["li.wei"]
    assert mine.changed
    assert mine.score == (4, 8)
    assert mine.diagnoses == ({("loops", "accumulated-gradient")}, frozenset())
    assert [(c.exercise, c.check) for c in mine.changes] == [
        ("loops", "gradient"), ("twice", "varied"),
    ]  # fmt: skip
    assert mine.changes[1] == CheckChange(
        "twice", "varied", Outcome("failed", 0, 2), Outcome("passed", 2, 2), ("grader",)
    )


def test_the_recheck_gets_what_was_observed(book: Gradebook) -> None:
    give(book, LI, HALF)
    asked = []

    def recheck(earlier: Earlier) -> Result:
        observed, before = earlier.look(["loops"]), earlier.result
        asked.append((observed.submission.assignment, observed.capture.seed, before.student))
        return before

    assert [r.changed for r in book.regrade("autograd", OTHER.hash, recheck)] == [False]
    assert asked == [("autograd", 7, "li.wei")]


def test_manual_marks_that_would_no_longer_fit_are_shown(book: Gradebook) -> None:
    give(book, LI, HALF)
    decided = book.set_mark(
        "li.wei", "autograd", "loops", "gradient", points=1, who="Dr Q", why="seen"
    )
    (seen,) = book.regrade("autograd", OTHER.hash, always(NEW))
    assert [(f.mark, f.changed) for f in seen.flags] == [(decided, ("specification", "outcome"))]
    assert seen.score == (5, 7)


def test_without_a_capture_the_whole_submission_has_to_be_run(book: Gradebook) -> None:
    book.enrol([LI])
    attempt = give(book, LI, None)
    book.specify(SPEC)
    book.record(attempt.submission, HALF, body(HALF), None)
    (seen,) = book.regrade("autograd", OTHER.hash, always(NEW))
    assert seen.changed
    assert (seen.after, seen.score) == (None, (4, None))


def test_what_the_capture_cannot_answer_is_to_be_run_alone(book: Gradebook) -> None:
    give(book, LI, HALF)
    cannot = result(LOOPS, exercise("new", check("call", "needs_rerun")), spec=OTHER.hash)
    (seen,) = book.regrade("autograd", OTHER.hash, always(cannot))
    assert seen.rerun == (("new", "call"),)
    assert seen.score == (4, None)
    assert seen.after
    book.specify(OTHER)
    book.record_regraded([(seen, written(seen.after, body(seen.after)))])
    assert [r.checks for r in book.needs_rerun("autograd")] == [(("new", "call"),)]


def test_reasons_are_told_apart() -> None:
    value = Shown("tensor", "float32", (), (1.0,), 1)
    before = check("c", "failed", expected=value, actual=value, tolerance=TOLERANCE)
    cases = {
        "tolerance": replace(before, tolerance=replace(TOLERANCE, absolute=1.0)),
        "expected": replace(before, expected=replace(value, values=(2.0,))),
        "answer": replace(before, actual=None),
        "points": replace(before, max_score=3.0),
        "grader": before,
    }
    for why, case in cases.items():
        after = replace(case, status="passed", score=case.max_score)
        (change,) = compare(result(exercise("e", before)), result(exercise("e", after)))
        assert change.why == (why,), why
    (gone,) = compare(result(LOOPS, exercise("e", before)), result(LOOPS))
    assert (gone.after, gone.why) == (None, ("removed",))
    (added,) = compare(result(TWICE), result(TWICE, exercise("e", before)))
    assert (added.before, added.why) == (None, ("added",))


def test_another_rule_is_the_specification_s_or_the_grader_s() -> None:
    failed, passed_ = exercise("e", check("c", "failed")), exercise("e", check("c"))
    for spec, why in (("old", "grader"), ("new", "specification")):
        before, after = replace(failed, spec="old"), replace(passed_, spec=spec)
        (change,) = compare(result(before), result(after))
        assert change.why == (why,)
    (unasked,) = compare(result(failed), result(exercise("e", check("c", "needs_rerun"))))
    assert unasked.why == ("unasked",)


def test_a_fault_of_ours_leaves_the_result_as_it_is(book: Gradebook) -> None:
    give(book, LI, HALF)
    book.specify(OTHER)

    def broken(earlier: Earlier) -> Result:
        raise ZeroDivisionError("ours")

    (seen,) = book.regrade("autograd", OTHER.hash, broken)
    assert (seen.after, seen.fault) == (None, "ZeroDivisionError: ours")
    assert book.record_regraded([(seen, None)]) == ()
    assert book.grade("li.wei", "autograd").result == replace(HALF, student="li.wei")


def test_a_check_that_now_breaks_leaves_the_result_as_it_is(book: Gradebook) -> None:
    give(book, LI, HALF)
    why = Message("check.reference.broken", {"why": "ValueError: boom"})
    broken = exercise("twice", check("varied", "error", 2.0, message=why))
    (seen,) = book.regrade("autograd", OTHER.hash, always(result(LOOPS, broken, spec=OTHER.hash)))
    assert seen.after is None
    assert seen.fault is not None
    assert "twice/varied" in seen.fault
    assert "ValueError: boom" in seen.fault


def test_a_check_that_was_broken_before_holds_up_nobody(book: Gradebook) -> None:
    before = exercise("twice", check("varied", "error", 2.0), check("other"))
    after = exercise("twice", check("varied", "error", 2.0), check("other", "failed"))
    give(book, LI, result(before))
    (seen,) = book.regrade("autograd", OTHER.hash, always(result(after, spec=OTHER.hash)))
    assert seen.fault is None
    assert [change.check for change in seen.changes] == ["other"]


def test_a_result_that_came_meanwhile_is_not_replaced(book: Gradebook) -> None:
    give(book, LI, HALF)
    book.specify(OTHER)
    (seen,) = book.regrade("autograd", OTHER.hash, always(NEW))
    assert seen.after
    run_again = replace(HALF, student="li.wei", spec_hash=OTHER.hash, seed=8)
    book.record(seen.submission, run_again, body(run_again), OBSERVED)
    assert book.record_regraded([(seen, written(seen.after, body(seen.after)))]) == ("li.wei",)
    assert book.grade("li.wei", "autograd").result == run_again


def test_every_attempt_is_judged_again_where_the_best_counts(book: Gradebook) -> None:
    give(book, LI, HALF)
    give(book, LI, FULL, b"again", submitted_at=later(1))
    assert len(list(book.regrade("autograd", OTHER.hash, always(NEW)))) == 1
    assert len(list(book.regrade("autograd", OTHER.hash, always(NEW), attempts="best"))) == 2
    give(book, ANNA, FULL)
    some = book.regrade("autograd", OTHER.hash, always(NEW), students=["anna"])
    assert [each.student for each in some] == ["anna"]
