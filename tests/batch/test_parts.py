"""The parts of a batch by themselves: what is handed in, what is tried twice, what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from grader.batch import Begun, Finished, HandedIn, Place, Started, hand_in, seed_of
from grader.batch.one import judged
from grader.cli import shown
from grader.cli.screen import write_file
from grader.cli.shown import Progress, Screen, Tally
from grader.errors import CallError, InternalError, SubmissionError
from grader.export import canvas, cells
from grader.gradebook import Gradebook
from grader.intake import LatePolicy, lateness, take_in
from grader.model.exercise import Assignment
from grader.model.observation import Capture, CellObservation, RunInfo
from grader.model.submission import Submission
from grader.pipeline import Graded, judge
from grader.report import say
from grader.report.language import catalog
from grader.spec import load_assignment

POLICY = LatePolicy(percent_per_day=10)


@pytest.fixture
def doubling(small_course: Path) -> Assignment:
    return load_assignment(small_course, "doubling")


@pytest.fixture
def book(tmp_path: Path) -> Gradebook:
    return Gradebook(tmp_path / "book.db", create=True)


def tree(folder: Path, student: str, data: bytes, time: str) -> None:
    """One submission as nbgrader keeps it."""
    place = folder / "submitted" / student / "hw"
    place.mkdir(parents=True, exist_ok=True)
    (place / "hw.ipynb").write_bytes(b'{"cells": [], "x": "' + data + b'"}')
    (place / "timestamp.txt").write_text(time)


def read(book: Gradebook, folder: Path) -> HandedIn:
    taken = take_in(folder)
    late = {each: lateness(each, "2026-10-01T12:00", POLICY) for each in taken.attempts}
    handed = hand_in(book, taken, "hw", late.__getitem__, lambda message: say(message, "en"))
    assert handed.troubles == ()
    return handed


def numbers(book: Gradebook, student: str) -> list[tuple[int, float]]:
    return [(one.number, one.late_penalty) for one in book.attempts("hw")[student]]


def test_the_roster_tells_the_book_numbers_and_names(tmp_path: Path, book: Gradebook) -> None:
    tree(tmp_path, "a1", b"1", "2026-10-01 11:00:00 UTC")
    roster = tmp_path / "class.csv"
    roster.write_text("First name,Surname,ID number,Email address\nWei,Li,a1,li@uni.example\n")
    taken = take_in(tmp_path / "submitted", roster)
    late = {each: lateness(each, None, POLICY) for each in taken.attempts}
    assert not hand_in(book, taken, "hw", late.__getitem__, lambda message: message.id).troubles
    (li,) = book.students()
    assert (li.first_name, li.last_name, li.email) == ("Wei", "Li", "li@uni.example")
    assert li.ids == {"id_number": "a1"}


def test_canvas_is_told_the_roster_s_logins_and_its_own_numbers(
    tmp_path: Path, book: Gradebook
) -> None:
    tree(tmp_path, "a1", b"1", "2026-10-01 11:00:00 UTC")
    roster = tmp_path / "class.csv"
    for text in (
        'Student,ID,SIS User ID,SIS Login ID,Section\n"Wei, Li",4711,a1,li.wei,A\n',
        "Username,Student ID,Name\nann,b2,Ann\n",
    ):
        roster.write_text(text)
        taken = take_in(tmp_path / "submitted", roster)
        late = {each: lateness(each, None, POLICY) for each in taken.attempts}
        hand_in(book, taken, "hw", late.__getitem__, lambda message: message.id)
    found = [row[1:4] for row in cells.read(canvas(tuple(book.grades("hw")), "HW"))[2:]]
    assert found == [["4711", "a1", "li.wei"], ["", "", "ann"]]


def test_the_same_pile_again_adds_nothing_and_what_is_new_is_a_further_attempt(
    tmp_path: Path, book: Gradebook
) -> None:
    tree(tmp_path, "li", b"1", "2026-10-01 11:00:00 UTC")
    tree(tmp_path, "anna", b"1", "2026-10-02 13:00:00 UTC")
    read(book, tmp_path / "submitted")
    read(book, tmp_path / "submitted")
    assert (numbers(book, "li"), numbers(book, "anna")) == ([(1, 0.0)], [(1, 0.2)])
    tree(tmp_path, "li", b"2", "2026-10-01 12:30:00 UTC")
    read(book, tmp_path / "submitted")
    tree(tmp_path, "li", b"1", "2026-10-01 13:00:00 UTC")
    read(book, tmp_path / "submitted")
    assert numbers(book, "li") == [(1, 0.0), (2, 0.1), (3, 0.1)]
    assert book.attempts("hw")["anna"][0].late_reason
    assert not book.attempts("hw")["li"][0].late_reason


def test_files_without_a_sure_time_are_told_apart_by_their_order(
    tmp_path: Path, book: Gradebook
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for content in (b"1", b"2", b"2", b"3"):
        (folder / "li.ipynb").write_bytes(b'{"cells": [], "x": "' + content + b'"}')
        read(book, folder)
    assert numbers(book, "li") == [(1, 0.0), (2, 0.0), (3, 0.0)]


def test_it_says_whose_latest_attempt_does_not_lie_there(tmp_path: Path, book: Gradebook) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("li", "anna"):
        (folder / f"{name}.ipynb").write_bytes(b'{"cells": [], "x": "1"}')
    for content in (b"1", b"2"):
        (folder / "li.ipynb").write_bytes(b'{"cells": [], "x": "' + content + b'"}')
        assert read(book, folder) == HandedIn()
    (folder / "li.ipynb").write_bytes(b'{"cells": [], "x": "1"}')  # the other one was a mistake
    assert read(book, folder) == HandedIn(otherwise=(("li", 2, 1),))
    (folder / "li.ipynb").unlink()
    assert read(book, folder) == HandedIn(absent=("li",))
    (folder / "li (1).ipynb").write_bytes(b'{"cells": [], "x": "1"}')
    (folder / "li (2).ipynb").write_bytes(b'{"cells": [], "x": "2"}')
    assert read(book, folder) == HandedIn()


def test_a_copy_without_a_time_of_what_has_one_is_no_attempt(
    tmp_path: Path, book: Gradebook
) -> None:
    tree(tmp_path, "li", b"1", "2026-10-02 13:00:00 UTC")
    read(book, tmp_path / "submitted")
    folder = tmp_path / "flat"
    folder.mkdir()
    (folder / "li.ipynb").write_bytes(b'{"cells": [], "x": "1"}')
    read(book, folder)
    assert numbers(book, "li") == [(1, 0.2)]
    (folder / "li.ipynb").write_bytes(b'{"cells": [], "x": "2"}')
    read(book, folder)
    read(book, tmp_path / "submitted")
    assert numbers(book, "li") == [(1, 0.2), (2, 0.0)]


def graded_as(assignment: Assignment, status: str, cell: int = 0) -> Graded:
    """A run in which one cell ended as `status`."""
    submission = Submission(cells=())
    capture = Capture(1, RunInfo("completed"), cells=(CellObservation(cell, status),))  # type: ignore[arg-type]
    return judge(assignment, submission, capture, {}, student=None, language="en")


def turns(*given: Graded | Exception) -> tuple[Callable[[], Graded], list[int]]:
    """A run that gives these in turn, and a note of every call."""
    calls: list[int] = []

    def run() -> Graded:
        calls.append(len(calls))
        one = given[len(calls) - 1]
        if isinstance(one, Exception):
            raise one
        return one

    return run, calls


def test_a_fault_is_tried_twice_and_a_crash_until_it_repeats(doubling: Assignment) -> None:
    fine, crash = graded_as(doubling, "ok"), graded_as(doubling, "crashed")
    elsewhere = graded_as(doubling, "crashed", cell=1)
    both = replace(crash, result=replace(crash.result, status="not_graded", reason="e"))
    fault, refused = InternalError("ours"), SubmissionError("input.not-json", name="x")
    for given, calls, status in (
        ((fine,), 1, "graded"),
        ((graded_as(doubling, "timeout"),), 1, "graded"),  # `grade` has seen to it
        ((refused,), 1, "graded"),
        ((crash, fine), 2, "graded"),
        ((crash, crash), 2, "graded"),
        ((crash, elsewhere, fine), 3, "graded"),
        ((crash, elsewhere, crash), 3, "graded"),
        ((crash, fault, fine), 3, "graded"),
        ((fault, crash, crash), 3, "graded"),
        ((crash, both, fine), 3, "graded"),
        ((fault, fine), 2, "graded"),
        ((ValueError("ours too"), refused), 2, "graded"),
        ((fault, fault), 2, "not_graded"),
        ((crash, fault, fault), 3, "not_graded"),
    ):
        run, made = turns(*given)
        outcome = judged(run, doubling, 1, None)
        assert (len(made), outcome.result.status) == (calls, status)
        assert (outcome.fault is None) == (status == "graded")
        assert outcome.result.max_score == 2


def test_what_cannot_be_graded_earns_nothing_and_says_why(doubling: Assignment) -> None:
    run, _ = turns(SubmissionError("input.not-json", name="x"))
    outcome = judged(run, doubling, 1, "zh")
    assert (outcome.result.score, outcome.result.run.status) == (0, "refused")
    assert outcome.result.notices == (outcome.reason,)


def test_a_seed_follows_from_the_batch_and_the_contents_alone() -> None:
    assert seed_of(1, "hw", ["abc", "abd"]) == seed_of(1, "hw", ["abd", "abc", "abd"])
    different = {seed_of(1, "hw", ["abc"]), seed_of(2, "hw", ["abc"]), seed_of(1, "hw", ["abd"])}
    different |= {seed_of(1, "hw", ["abc", "abd"]), seed_of(1, "other", ["abc"])}
    assert len(different) == 5
    assert all(0 <= seed < 2**31 for seed in different)


def test_a_folder_is_one_batch_s_and_keeps_its_seed(tmp_path: Path) -> None:
    with Place(tmp_path / "out", write_file) as place:
        seed = place.seed(None)
        with pytest.raises(CallError, match="another batch is writing"):
            Place(tmp_path / "out", write_file)
    with Place(tmp_path / "out", write_file) as place:
        assert place.seed(None) == place.seed(seed) == seed
        with pytest.raises(CallError, match="--seed: expected"):
            place.seed(seed + 1)


@pytest.mark.parametrize(
    "noted", ["", "[]", "{}", '{"batch": 2, "seed": 1}', '{"batch": 1, "seed": "1"}']
)
def test_a_note_that_cannot_be_read_is_named(tmp_path: Path, noted: str) -> None:
    with Place(tmp_path, write_file) as place:
        (tmp_path / "batch.json").write_text(noted)
        with pytest.raises(CallError, match=r"batch\.json.*expected"):
            place.seed(None)


EVENTS = (
    Begun(4, 2, 3),
    Started(1, "[bold]anna", 1),
    Started(2, "boris", 1),
    Finished(1, "[bold]anna", 1, "graded", 3, 4, "completed", 1.0),
    Started(3, "chen", 1),
    Finished(3, "chen", 1, "not_graded", 0, 4, None, 1.0, fault="InternalError: x"),
)


def test_rate_time_left_and_who_is_slowest() -> None:
    now = [0.0]
    tally = Tally(lambda: now[0])
    for event in EVENTS:
        tally.add(event)
        now[0] += 1
    assert (tally.done, tally.total, tally.faults, tally.refused) == (2, 4, 1, 0)
    assert tally.rate == pytest.approx(2 / 6)
    assert tally.left == pytest.approx(6)
    assert tally.slowest == ("boris", 4.0)


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_what_is_shown_is_nobody_s_markup(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, language: str
) -> None:
    console = Console(width=120, record=True, force_terminal=terminal, file=None)
    monkeypatch.setattr(shown, "errors", console)
    screen = Screen(Progress.auto, language)
    with console.capture() as captured, screen.running() as tell:
        for event in EVENTS:
            tell(event)
        console.print(screen._render())
    assert screen.done == 2
    assert "InternalError: x" in captured.get()
    assert "boris" in captured.get()
    assert ("[bold]anna" in captured.get()) is not terminal


def test_every_text_of_a_batch_is_there_and_is_said() -> None:
    folder = Path(shown.__file__).parent
    said = {
        id
        for name in ("shown.py", "batch.py", "unseen.py")
        for id in re.findall(r'"(batch\.[a-z-]+)"', (folder / name).read_text("utf-8"))
        if id != "batch.json"
    }
    texts = {str(message.id) for message in catalog("en") if str(message.id).startswith("batch.")}
    assert said == texts


def test_a_stranger_s_reason_is_one_line(doubling: Assignment) -> None:
    run, _ = turns(InternalError("a\nb" * 1000), InternalError("a\nb" * 1000))
    outcome = judged(run, doubling, 1, None)
    assert outcome.fault is not None
    assert len(outcome.fault) <= 1000
    assert replace(outcome.result, student="x").reason == outcome.fault
