"""What is written is there, once, and tells what has to be graded."""

from __future__ import annotations

from dataclasses import replace

import pytest

import grader
from grader.capture import encode
from grader.errors import CallError, InternalError
from grader.gradebook import Gradebook, content_hash
from grader.gradebook.tables import Base
from grader.model.record import Key, Student
from grader.model.submission import Message

from .samples import (
    ANNA,
    FULL,
    HALF,
    LI,
    NOON,
    OBSERVED,
    OTHER,
    SPEC,
    body,
    check,
    exercise,
    give,
    handed,
    later,
    result,
)


def rows(book: Gradebook) -> dict[str, list[tuple]]:
    """All that a gradebook holds."""
    with book._database.reading() as session:
        return {
            table.name: sorted(session.execute(table.select()).all(), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_a_result_comes_back_whole(book: Gradebook) -> None:
    attempt = give(book, LI, HALF)
    grade = book.grade("li.wei", "autograd")
    assert grade.result == replace(HALF, student="li.wei")
    assert grade.body == body(replace(HALF, student="li.wei"))
    assert (grade.standing, grade.attempt, grade.attempts) == ("graded", attempt, 1)
    assert (grade.grader, grade.due, grade.title) == (
        grader.__version__, SPEC.due, SPEC.stamp["assignment"]["title"],
    )  # fmt: skip
    observed = book.observed(attempt.submission)
    assert observed is not None
    assert observed.submission == OBSERVED.submission
    assert encode(observed.capture) == encode(OBSERVED.capture)


def test_text_that_a_database_refuses_comes_back(book: Gradebook) -> None:
    params = {"text": "NUL \x00, 𝒳, العربية, \u202e", "one": 1, "float": 1.0, "inf": float("inf")}
    strange = result(
        exercise("loops", check("shape", "failed", message=Message("check.value.differs", params))),
        status="not_graded",
        reason="\x00",
    )
    give(book, LI, strange)
    found = book.grade("li.wei", "autograd").result
    assert found is not None
    assert found.exercises == strange.exercises
    assert [type(v) for v in found.exercises[0].checks[0].message.params.values()] == [
        str, int, float, float,
    ]  # fmt: skip
    assert found.reason == "\x00"


def test_files_come_back_byte_for_byte(book: Gradebook) -> None:
    book.enrol([LI])
    data, companion = b"\x00\xff" * 1000, b"def f(): ...\r\n"
    attempt = book.hand_in(handed("li.wei", data, companions={"帮助.py": companion}))
    assert book.files(attempt.submission) == (
        "hw.ipynb", {"hw.ipynb": data, "帮助.py": companion},
    )  # fmt: skip
    assert attempt.content == content_hash(data, {"帮助.py": companion})


def test_writing_everything_again_changes_nothing(book: Gradebook) -> None:
    give(book, LI, HALF)
    book.set_mark("li.wei", "autograd", "loops", points=2, who="Dr Q", why="seen")
    before = rows(book)
    give(book, LI, HALF)
    book.set_mark("li.wei", "autograd", "loops", points=2, who="Dr Q", why="seen")
    assert rows(book) == before


def test_a_better_known_student_keeps_what_was_known(book: Gradebook) -> None:
    book.enrol([Student("anna", ids={"canvas": "1"}), Student("anna", email="a@example.org")])
    book.enrol([Student("anna", "Anna", ids={"moodle": "2"})])
    assert book.students() == (
        Student("anna", "Anna", email="a@example.org", ids={"canvas": "1", "moodle": "2"}),
    )


def test_names_that_look_the_same_are_the_same(book: Gradebook) -> None:
    book.enrol([Student("jose\u0301")])
    book.hand_in(handed("jos\u00e9"))
    assert [student.key for student in book.students()] == ["jos\u00e9"]


@pytest.mark.parametrize("key", ["a\x00b", "a\x1bb", "a\ud800b", "x" * 501])
def test_a_name_that_no_database_keeps_is_refused(book: Gradebook, key: str) -> None:
    with pytest.raises(CallError, match="a student's key: expected at most 500 characters"):
        book.enrol([Student(key)])


def test_an_unknown_student_is_asked_about(book: Gradebook) -> None:
    book.enrol([LI, ANNA])
    with pytest.raises(CallError, match=r"one of the 2 students, found 'ana'. Did you mean anna"):
        book.grade("ana", "autograd")


def test_attempts_are_numbered_and_the_same_one_is_not_counted_twice(book: Gradebook) -> None:
    book.enrol([LI])
    first = book.hand_in(handed("li.wei", b"1"))
    second = book.hand_in(handed("li.wei", b"2", submitted_at=later(1)))
    again = book.hand_in(handed("li.wei", b"1", submitted_at=later(2)))
    assert [a.number for a in (first, second, again)] == [1, 2, 3]
    assert again.submission == first.submission != second.submission
    assert book.hand_in(handed("li.wei", b"2", submitted_at=later(1))) == second
    late = handed("li.wei", b"2", submitted_at=later(1), late_penalty=0.2, late_reason="a day")
    assert book.hand_in(late) == replace(second, late_penalty=0.2, late_reason="a day")
    assert book.grade("li.wei", "autograd").attempts == 3


def test_several_are_handed_in_at_once_or_none_is(book: Gradebook) -> None:
    book.enrol([LI, ANNA])
    with pytest.raises(CallError, match="found 'nobody'"):
        book.hand_in_all([handed("li.wei"), handed("anna"), handed("nobody")])
    assert {grade.standing for grade in book.grades("autograd")} == {"missing"}
    attempts = book.hand_in_all(handed(key) for key in ("li.wei", "anna", "li.wei"))
    assert [attempt.number for attempt in attempts] == [1, 1, 1]


def test_a_number_belongs_to_one_content(book: Gradebook) -> None:
    book.enrol([LI])
    book.hand_in(handed("li.wei", b"1", number=4))
    assert book.hand_in(handed("li.wei", b"1", number=4)).number == 4
    with pytest.raises(CallError, match=r"attempt 4 of li\.wei at autograd"):
        book.hand_in(handed("li.wei", b"2", number=4, submitted_at=later(1)))
    assert book.hand_in(handed("li.wei", b"2", submitted_at=later(1))).number == 5


@pytest.mark.parametrize("penalty", [-0.1, 1.1, float("nan")])
def test_a_penalty_is_a_share(book: Gradebook, penalty: float) -> None:
    book.enrol([LI])
    with pytest.raises(CallError, match=r"late penalty of li\.wei: expected a share from 0 to 1"):
        book.hand_in(handed("li.wei", late_penalty=penalty))


def test_what_has_a_result_under_the_same_key_is_not_pending(book: Gradebook) -> None:
    one = give(book, LI, HALF)
    other = give(book, ANNA, None, b"other")
    pending = book.pending("autograd", SPEC.hash)
    assert [(w.student, w.submission, w.content) for w in pending] == [
        ("anna", other.submission, other.content)
    ]
    assert len(book.pending("autograd", OTHER.hash)) == 2
    assert len(book.pending("autograd", SPEC.hash, "99.0")) == 2
    assert book.pending("another", SPEC.hash) == []
    assert one.submission not in {w.submission for w in pending}


def test_only_the_latest_attempts_are_pending_unless_all_are_asked_for(book: Gradebook) -> None:
    book.enrol([LI])
    book.hand_in(handed("li.wei", b"new", submitted_at=later(3)))
    book.hand_in(handed("li.wei", b"old", submitted_at=later(1)))
    assert [w.attempt for w in book.pending("autograd", SPEC.hash)] == [1]
    assert len(book.pending("autograd", SPEC.hash, attempts="all")) == 2
    assert [w.attempt for w in book.pending("autograd", SPEC.hash, attempts="first")] == [2]
    (line,) = book.grades("autograd", attempts="first")
    assert line.attempt is not None
    assert line.attempt.number == 2
    assert [a.number for a in book.attempts("autograd")["li.wei"]] == [2, 1]


def test_what_came_without_a_time_stands_behind_what_was_there_before(book: Gradebook) -> None:
    book.enrol([LI])
    order = []
    for data, moment in (
        (b"1", None),
        (b"2", later(3)),
        (b"3", None),  # by e-mail, after the download
        (b"4", later(1)),  # of a download that came late
        (b"2", None),  # a copy of what has a time is no news
    ):
        book.hand_in(handed("li.wei", data, submitted_at=moment))
        order.append([each.number for each in book.attempts("autograd")["li.wei"]])
    assert order == [[1], [1, 2], [1, 2, 3], [1, 4, 2, 3], [1, 5, 4, 2, 3]]
    assert [work.attempt for work in book.pending("autograd", SPEC.hash)] == [3]


def test_what_was_not_graded_is_pending_when_asked(book: Gradebook) -> None:
    give(book, LI, result(status="not_graded", reason="the grader failed"))
    assert book.pending("autograd", SPEC.hash) == []
    assert len(book.pending("autograd", SPEC.hash, retry=True)) == 1
    give(book, LI, HALF)
    assert book.pending("autograd", SPEC.hash, retry=True) == []


def test_the_same_content_is_known_whoever_hands_it_in(book: Gradebook) -> None:
    attempt = give(book, LI, HALF)
    key = Key(attempt.content, SPEC.hash, grader.__version__)
    found = book.known(key)
    assert found is not None
    known, observed = found
    assert known.student == "li.wei"
    copied = give(book, ANNA, None)
    again = replace(known, student="anna")
    assert book.record(copied.submission, again, body(again), observed)
    book.remove_student("li.wei")
    assert book.observed(copied.submission) is not None
    assert book.known(replace(key, spec_hash=OTHER.hash)) is None


def test_a_later_result_stands_and_an_earlier_one_can_stand_again(book: Gradebook) -> None:
    attempt = give(book, LI, HALF)
    for made in (FULL, HALF):
        give(book, LI, made)
        grade = book.grade("li.wei", "autograd")
        assert grade.result == replace(made, student="li.wei")
    assert len(rows(book)["result"]) == 2
    same = replace(HALF, student="li.wei")
    assert not book.record(attempt.submission, same, body(same), OBSERVED)


def test_a_capture_that_is_too_large_is_left_out(
    book: Gradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.gradebook.stored.LARGEST_CAPTURE", 10)
    attempt = give(book, LI, HALF)
    assert book.observed(attempt.submission) is None
    assert book.grade("li.wei", "autograd").result is not None


def test_a_result_without_its_specification_is_refused(book: Gradebook) -> None:
    book.enrol([LI])
    attempt = book.hand_in(handed("li.wei"))
    with pytest.raises(CallError, match="does not know the specification 5f0c5f0c5f0c"):
        book.record(attempt.submission, HALF, body(HALF), None)
    with pytest.raises(InternalError):
        book.record(attempt.submission + 1, HALF, body(HALF), None)
    book.specify(SPEC)
    with pytest.raises(InternalError, match="capture 99 is not one of submission"):
        book.record(attempt.submission, HALF, body(HALF), 99)


def test_who_handed_in_nothing_is_missing_and_who_waits_is_pending(book: Gradebook) -> None:
    book.specify(SPEC)
    book.enrol([LI])
    give(book, ANNA, None)
    lines = {grade.student.key: grade for grade in book.grades("autograd")}
    assert (lines["li.wei"].standing, lines["anna"].standing) == ("missing", "pending")
    assert lines["li.wei"].due == SPEC.due
    assert lines["li.wei"].mark is None
    assert book.assignments() == ("autograd",)


def test_the_best_attempt_counts_when_asked(book: Gradebook) -> None:
    give(book, LI, FULL, b"good")
    give(book, LI, HALF, b"worse", submitted_at=later(1))
    latest = book.grade("li.wei", "autograd")
    best = book.grade("li.wei", "autograd", attempts="best")
    assert latest.mark and latest.mark.score == 4
    assert best.mark and best.mark.score == 8
    assert (latest.attempt and latest.attempt.number, best.attempt and best.attempt.number) == (
        2,
        1,
    )


def test_a_late_penalty_can_make_an_earlier_attempt_the_best(book: Gradebook) -> None:
    give(book, LI, HALF, b"in time")
    give(book, LI, FULL, b"late", submitted_at=later(48), late_penalty=0.75)
    best = book.grade("li.wei", "autograd", attempts="best")
    assert best.attempt and best.attempt.number == 1


@pytest.mark.parametrize("status", ["needs_rerun", "error"])
def test_the_best_attempt_is_not_known_while_an_open_one_may_be_better(
    book: Gradebook, status: str
) -> None:
    def counts() -> tuple[int, str]:
        line = book.grade("li.wei", "autograd", attempts="best")
        assert line.attempt is not None
        return line.attempt.number, line.standing

    give(book, LI, result(exercise("loops", check("a"), check("b", "failed", 4.0))), b"1")
    waits = exercise("loops", check("a", "failed", 4.0), check("b", status))
    give(book, LI, result(waits, exercise("twice", check("c"))), b"2", submitted_at=later(1))
    assert counts() == (2, "not_graded"), "it may come to more than 1"
    decide = {"points": 0.0, "who": "Dr Q", "why": "looked", "attempts": "best"}
    book.set_mark("li.wei", "autograd", "twice", **decide)
    assert counts() == (2, "not_graded")
    give(book, LI, result(exercise("loops", check("a", points=6.0))), b"3", submitted_at=later(2))
    assert counts() == (3, "graded"), "no more can be had by the other"


def test_what_needs_a_run_is_listed(book: Gradebook) -> None:
    attempt = give(
        book, LI, result(exercise("loops", check("shape"), check("varied", "needs_rerun")))
    )
    give(book, ANNA, HALF)
    (rerun,) = book.needs_rerun("autograd")
    assert (rerun.student, rerun.submission) == ("li.wei", attempt.submission)
    assert rerun.checks == (("loops", "varied"),)


def test_several_books_may_be_open_at_once(place) -> None:
    where = place()
    with Gradebook(where, create=True, clock=lambda: NOON) as one, Gradebook(where) as two:
        reading = one.grades("autograd")
        give(two, LI, HALF)
        assert [g.student.key for g in reading] == ["li.wei"]
        give(one, ANNA, FULL)
        assert [g.student.key for g in two.grades("autograd")] == ["anna", "li.wei"]


def test_a_content_that_was_graded_for_somebody_else_is_not_graded_again(book: Gradebook) -> None:
    give(book, LI, HALF, b"same")
    give(book, ANNA, None, b"same")
    give(book, Student("eve"), None, b"another")
    taken = book.reuse("autograd", SPEC.hash)
    assert [work.student for work in taken] == ["anna"]
    assert book.grade("anna", "autograd").result == replace(HALF, student="anna")
    assert book.grade("anna", "autograd").body == body(replace(HALF, student="anna"))
    assert book.observed(taken[0].submission) is not None
    assert [work.student for work in book.pending("autograd", SPEC.hash)] == ["eve"]
    assert book.reuse("autograd", SPEC.hash) == ()


def test_what_is_open_is_not_passed_on(book: Gradebook) -> None:
    give(book, LI, result(exercise("e", check("c", "error"))), b"same")
    give(book, ANNA, None, b"same")
    assert book.reuse("autograd", SPEC.hash) == ()


def test_a_script_is_another_content_than_a_notebook_of_the_same_bytes(book: Gradebook) -> None:
    give(book, LI, HALF, b"1")
    script = book.hand_in(replace(handed("li.wei", b"1", submitted_at=later(1)), notebook="hw.PY"))
    assert script.number == 2
    assert script.content != content_hash(b"1") == book.attempts("autograd")["li.wei"][0].content
    assert [work.notebook for work in book.pending("autograd", SPEC.hash)] == ["hw.PY"]
    assert book.reuse("autograd", SPEC.hash) == ()
