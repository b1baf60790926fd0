"""A page holds what its reader may see at that time, and not a word more."""

from __future__ import annotations

import html
import re

import pytest

from grader.errors import CallError
from grader.giveback import page, shown
from grader.model.exercise import Assignment, Exercise
from grader.model.submission import Message
from tests.export.samples import LATE, PLAIN, decided, line
from tests.gradebook.samples import HALF, LI, OBSERVED

BEFORE, AFTER = "2026-10-02T23:59", "2026-10-03T00:00"  # the samples are due on 2026-10-02


def read(grade, audience="student", as_of=BEFORE, language=None, assignment=None) -> str:
    """What a reader reads."""
    made = page(grade, OBSERVED, audience, as_of, language, assignment=assignment).decode()
    body = made[made.index("<body") :]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_what_students_may_not_see_is_not_there() -> None:
    before, after = read(LATE), read(LATE, as_of=AFTER)
    assert "The raises" in before
    assert "The later" not in before
    assert "The later" in after
    for told in (before, after):
        assert "The varied" not in told
        assert "NOT-FOR-STUDENTS" not in told
    everything = read(LATE, "instructor")
    assert "The later" in everything
    assert "The varied" in everything
    assert "NOT-FOR-STUDENTS" in everything


def test_points_are_those_of_what_is_seen() -> None:
    assert [(s.score, s.max_score) for s in (shown(PLAIN, "student", BEFORE),
                                             shown(PLAIN, "student", AFTER),
                                             shown(PLAIN, "instructor", BEFORE))] == [
        (3, 5), (4, 6), (4, 8),
    ]  # fmt: skip


def test_what_a_person_decided_and_wrote_is_told_and_what_lateness_takes() -> None:
    told = read(LATE)
    assert "Loops, The gradient: 1.5 of 2 points" in told
    assert "-1 for the sign" in told
    assert "好 / Хорошо" in told
    assert "Lateness took 10 % of the points earned (one day)" in told


@pytest.mark.parametrize("target", [("twice", ""), ("", "")])
def test_points_that_would_tell_of_a_hidden_check_are_not_told(target) -> None:
    grade = line(LI, HALF, decided(*target, 2.5, "see me", "partial", 3.0))
    said = [notice.id for notice in shown(grade, "student", AFTER).notices]
    assert said == ["export.comment"]
    said = [notice.id for notice in shown(grade, "instructor", AFTER).notices]
    assert said == ["export.decided", "export.comment"]
    whole = line(LI, HALF, decided("loops", "", 2.5, "", "partial", 1.0))
    (notice,) = shown(whole, "student", BEFORE).notices
    assert notice == Message("export.decided", {"what": "Loops", "points": 2.5, "most": 3.0})


def test_a_page_speaks_the_language_that_is_asked_for() -> None:
    assert "因迟交扣除" in read(LATE, language="zh")
    assert "За опоздание снято" in read(LATE, language="ru")


def test_nothing_is_shown_without_a_result_or_at_no_time() -> None:
    with pytest.raises(CallError, match="expected a result"):
        shown(line(LI, HALF).__class__(LI, "autograd", "missing"), "student", BEFORE)
    with pytest.raises(CallError, match="cannot read the time"):
        shown(PLAIN, "student", "tomorrow")


def test_the_assignment_is_named_by_its_title() -> None:
    assert "Autograd" in read(LATE)
    assert "自动求导" in read(LATE, language="zh")


def test_the_tasks_are_on_the_page_where_the_course_is_at_hand() -> None:
    loops = Exercise(id="loops", title={}, points=1.0, checks=(), prompts={"en": {"": "Loop it."}})
    written = Assignment(id="autograd", title={"en": "Four tasks"}, exercises=(loops,))
    told = read(LATE, assignment=written)
    assert "Loop it." in told
    assert "Four tasks" in told
    assert "Loop it." not in read(LATE)
