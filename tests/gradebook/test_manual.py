"""What people decide survives, is kept, and is flagged when it no longer fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.errors import CallError
from grader.gradebook import Gradebook
from grader.model.record import Flag

from .samples import (
    FULL,
    HALF,
    LI,
    LOOPS,
    NOON,
    OTHER,
    SPEC,
    TWICE,
    check,
    exercise,
    give,
    later,
    result,
)


def decide(book: Gradebook, points: float | None = 2, *target: str, **more):
    words = {"who": "Dr Q", "why": "an oral exam", **more}
    return book.set_mark("li.wei", "autograd", *target, points=points, **words)


def changed(book: Gradebook) -> list[tuple[str, ...]]:
    return [flag.changed for flag in book.grade("li.wei", "autograd").flags]


def score(book: Gradebook) -> float | None:
    mark = book.grade("li.wei", "autograd").mark
    return None if mark is None else mark.score


def test_a_manual_mark_counts_and_says_who_when_and_why(book: Gradebook) -> None:
    give(book, LI, HALF)
    assert score(book) == 4
    decided = decide(book, 1.5, "loops", "gradient", comment="nearly")
    assert score(book) == 5.5
    assert (decided.who, decided.why, decided.at) == ("Dr Q", "an oral exam", NOON)
    assert (decided.judged.status, decided.judged.score) == ("failed", 0)
    assert book.grade("li.wei", "autograd").manual == (decided,)


def test_a_cleared_mark_no_longer_counts_but_stays_in_the_history(book: Gradebook) -> None:
    give(book, LI, HALF)
    decide(book, 2, "loops")
    book.clear_mark("li.wei", "autograd", "loops", who="Dr Z", why="a mistake")
    assert score(book) == 4
    assert [(e.action, e.points, e.who) for e in book.history("li.wei", "autograd")] == [
        ("set", 2, "Dr Q"), ("clear", None, "Dr Z"),
    ]  # fmt: skip
    with pytest.raises(CallError, match=r"li\.wei, loops: there is no manual mark to clear"):
        book.clear_mark("li.wei", "autograd", "loops", who="Dr Z", why="again")
    decide(book, 2, "loops")
    assert score(book) == 5


def test_a_manual_mark_survives_what_is_graded_again(book: Gradebook) -> None:
    give(book, LI, HALF)
    decide(book, 3, "loops")
    decide(book, 0, "twice", "raises")
    give(book, LI, replace(HALF, seed=8))
    assert score(book) == 4
    assert changed(book) == []


@pytest.mark.parametrize("target", [(), ("loops",), ("loops", "gradient")])
def test_another_outcome_is_flagged(book: Gradebook, target: tuple[str, ...]) -> None:
    give(book, LI, HALF)
    decided = decide(book, 1, *target)
    give(book, LI, FULL)
    assert book.grade("li.wei", "autograd").flags == (Flag(decided, ("outcome",)),)
    give(book, LI, HALF)
    assert changed(book) == []


def test_another_outcome_elsewhere_is_not_flagged(book: Gradebook) -> None:
    give(book, LI, HALF)
    decide(book, 1, "loops", "shape")
    give(book, LI, FULL)
    assert changed(book) == []


def test_another_notebook_is_flagged_until_it_is_judged(book: Gradebook) -> None:
    give(book, LI, HALF)
    decide(book, 1, "loops")
    give(book, LI, HALF, b"another", submitted_at=later(1))
    assert changed(book) == [("submission",)]
    decide(book, 1, "loops")
    assert changed(book) == []
    assert len(book.history("li.wei", "autograd")) == 2


def test_another_specification_is_flagged(book: Gradebook) -> None:
    give(book, LI, HALF)
    decide(book, 1, "loops")
    give(book, LI, replace(HALF, spec_hash=OTHER.hash))
    assert changed(book) == [("specification",)]


@pytest.mark.parametrize("target", [("loops", "gradient"), ("loops",), ()])
def test_a_mark_above_what_there_is_to_be_had_now_is_flagged(
    book: Gradebook, target: tuple[str, ...]
) -> None:
    give(book, LI, HALF)
    full = {2: 2.0, 1: 3.0, 0: 8.0}[len(target)]
    decide(book, full, *target)
    fewer = exercise("loops", check("shape"), check("gradient", "failed", 1.0))
    give(book, LI, result(fewer, spec=OTHER.hash))
    (flagged,) = changed(book)
    assert "above" in flagged
    decide(book, 1, *target)
    assert changed(book) == []


def test_a_mark_for_a_check_that_is_gone_is_flagged_and_can_be_cleared(book: Gradebook) -> None:
    give(book, LI, HALF)
    decide(book, 2, "loops", "gradient")
    give(book, LI, result(TWICE, spec=OTHER.hash))
    assert changed(book) == [("specification", "absent")]
    assert score(book) == 3
    book.clear_mark("li.wei", "autograd", "loops", "gradient", who="Dr Q", why="it is gone")
    assert changed(book) == []


def test_a_comment_needs_no_points(book: Gradebook) -> None:
    give(book, LI, HALF)
    decide(book, None, "loops", comment="Смотрите лекцию 3\nи 4")
    assert score(book) == 4
    (entry,) = book.grade("li.wei", "autograd").manual
    assert (entry.points, entry.comment) == (None, "Смотрите лекцию 3\nи 4")


def test_only_the_whole_can_be_marked_without_a_result(book: Gradebook) -> None:
    book.specify(SPEC)
    book.enrol([LI])
    decide(book, 7)
    assert score(book) == 7
    assert book.grade("li.wei", "autograd").standing == "graded"
    with pytest.raises(CallError, match="there is no result yet"):
        decide(book, 7, "loops")


@pytest.mark.parametrize(
    ("points", "target", "more", "said"),
    [
        (1, ("lops",), {}, "autograd: expected one of its exercises .loops, twice., found 'lops'"),
        (1, ("loops", "x"), {}, "loops: expected one of its checks .shape, gradient., found 'x'"),
        (3, ("loops", "gradient"), {}, "loops/gradient: expected 0 to 2 points, found 3"),
        (-1, ("loops",), {}, "li.wei, loops: expected 0 to 3 points, found -1"),
        (9, (), {}, "li.wei, autograd: expected 0 to 8 points, found 9"),
        (float("nan"), (), {}, "expected 0 to 8 points, found nan"),
        (1, (), {"who": " "}, "expected who decides and why, found nothing"),
        (1, (), {"why": ""}, "expected who decides and why, found nothing"),
        (None, (), {}, "expected points or a comment, found neither"),
        (1, (), {"comment": "a\x00b"}, "a comment: expected at most 10000 characters"),
    ],
)
def test_what_cannot_be_decided_says_why(book: Gradebook, points, target, more, said) -> None:
    give(book, LI, result(LOOPS, TWICE))
    with pytest.raises(CallError, match=said):
        decide(book, points, *target, **more)
    assert book.history("li.wei", "autograd") == ()
