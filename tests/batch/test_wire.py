"""What travels to other machines: it arrives as it left, and another version refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import grader
from grader.batch import Orders, Task, wire
from grader.batch.one import Judged, judged
from grader.batch.station import Station
from grader.capture import encode
from grader.errors import CallError, InternalError, MachineError, SubmissionError
from grader.model.observation import Capture, CellObservation, RunInfo
from grader.model.submission import Submission, SubmittedCell
from grader.pipeline import Graded, judge
from grader.spec import load_assignment, references
from tests.pipeline.conftest import filled


@pytest.fixture
def course(small_course: Path) -> wire.Course:
    assignment = load_assignment(small_course, "doubling")
    sources = {
        name: path.read_bytes() for name, path in references(small_course, assignment).items()
    }
    orders = Orders(assignment=assignment, companions={"a.csv": b"\0\xff"}, language="zh")
    return wire.Course(orders=orders, references=sources, isolation="available")


def test_a_course_arrives_as_it_left(course: wire.Course) -> None:
    assert wire.course_of(wire.course_bytes(course)) == course


def test_a_task_arrives_as_it_left() -> None:
    task = Task("李.ipynb", {"李.ipynb": b"{}", "data/x": b"\0"}, 7)
    came = wire.task_of(wire.task_bytes(task))
    assert (came.name, came.files, came.seed) == (task.name, task.files, task.seed)


def test_what_was_judged_arrives_as_it_left(course: wire.Course) -> None:
    assignment = course.orders.assignment
    cell = SubmittedCell(0, "code", "x = '\ud800\0'")
    submission = Submission(cells=(cell,))
    capture = Capture(1, RunInfo("completed", seconds=0.1), cells=(CellObservation(0, "ok"),))

    def run() -> Graded:
        return judge(assignment, submission, capture, {}, student=None, language="en")

    def refuse() -> Graded:
        raise SubmissionError("input.not-json", name="\ud800")

    def fail() -> Graded:
        raise InternalError("ours")

    for how in (run, refuse, fail):
        before = judged(how, assignment, 1, None)
        after = wire.judged_of(wire.judged_bytes(before))
        assert plain(after) == plain(before)


def plain(one: Judged) -> object:
    seen = one.observed
    observed = None if seen is None else (seen.submission, encode(seen.capture))
    return one.result, one.reason, one.fault, observed


def test_a_station_grades_and_another_version_s_refuses(
    course: wire.Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    assignment = course.orders.assignment
    right = filled(assignment, {"doubling/answer": "gradient = 2 * x.detach()"})
    task = wire.task_bytes(Task("a.ipynb", {"a.ipynb": right}, 3))
    station = Station(wire.course_bytes(course), 1)
    done = wire.judged_of(station.ask(task))
    assert (done.result.score, done.fault) == (2, None)
    assert station._process is not None
    station._process.kill()  # the next question has another one
    assert [wire.judged_of(again(station, task)).result.score for _ in range(2)] == [2, 2]
    station.close()
    monkeypatch.setattr(grader, "__version__", "0.0.0")
    older = Station(wire.course_bytes(course), 1)
    monkeypatch.undo()
    with pytest.raises(MachineError, match=r"expected grader 0\.0\.0.*found"):
        wire.judged_of(older.ask(task))


def again(station: Station, task: bytes) -> bytes:
    """Ask as a cluster does: once more when the station ended meanwhile."""
    try:
        return station.ask(task)
    except InternalError as error:
        assert "station ended with exit code" in str(error)
        return station.ask(task)


def test_where_no_scheduler_answers_says_so(
    course: wire.Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = pytest.importorskip("grader.batch.cluster", exc_type=ModuleNotFoundError)
    monkeypatch.setattr(cluster, "CONNECT", "500ms")
    for address in ("nowhere", "smoke://signals:1", "tcp://127.0.0.1", "tcp://127.0.0.1:1"):
        with pytest.raises(CallError, match=f"--scheduler: expected .*, found.* {address}"):
            cluster.Cluster(address, course)


def test_a_message_is_json_and_bytes(course: wire.Course) -> None:
    cover = wire.numbered(4, wire.cannot_bytes("no walls"))
    number, message = wire.opened(cover)
    assert (number, wire.refusal(message)) == (4, "no walls")
    with pytest.raises(MachineError, match="no walls"):
        wire.judged_of(message)
    header = wire.course_bytes(course)[16:]
    assert (
        json.JSONDecoder().raw_decode(header.decode("latin-1"))[0]["grader"] == grader.__version__
    )
