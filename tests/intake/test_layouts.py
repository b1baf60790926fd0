"""Every layout is recognised, as a folder and as a zip, and people read what they read before."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from grader.cli.intake import show
from grader.intake import IntakeError, Options, take_in
from grader.intake.messages import MESSAGES
from grader.model.intake import Intake

from .builders import SCRIPT, laid_out, notebook, saved, zipped
from .piles import CANVAS, FLAT, FOLDERS, NBGRADER, PILES, RECEIPTS, ROSTER

GOLDEN = Path(__file__).parent / "golden"


def printed(intake: Intake, language: str = "en") -> str:
    file = io.StringIO()
    show(replace(intake, path="PATH"), language, Console(file=file, width=150, soft_wrap=True))
    return "".join(line.rstrip() + "\n" for line in file.getvalue().splitlines())


def checked(intake: Intake) -> Intake:
    """The intake, after a look at what holds of every one."""
    ids = [student.id for student in intake.students]
    assert len(ids) == len(set(ids))
    assert {attempt.student for attempt in intake.attempts} <= set(ids)
    assert set(intake.missing) == set(ids) - {attempt.student for attempt in intake.attempts}
    for id in ids:
        assert [a.number for a in intake.of(id)] == list(range(1, len(intake.of(id)) + 1))
    said = [*intake.evidence, *intake.conflicts, *(r.reason for r in intake.refused)]
    for message in said:
        assert tuple(message.params) == MESSAGES[message.id]
    for attempt in intake.attempts:
        assert len(attempt.source.read()) == attempt.size
        assert attempt.source.sha256() == attempt.sha256
    return intake


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes(ROSTER)
    return path


@pytest.mark.parametrize("name", PILES)
@pytest.mark.parametrize("how", ["zip", "folder"])
def test_a_layout_is_recognised_without_being_told(tmp_path: Path, name: str, how: str) -> None:
    if how == "zip":
        path = saved(tmp_path / "download.zip", PILES[name])
    else:
        path = laid_out(tmp_path / "pile", PILES[name])
    assert checked(take_in(path)).kind == name


@pytest.mark.parametrize("name", PILES)
@pytest.mark.parametrize("known", ["roster", "alone"])
def test_people_read_what_they_read_before(
    tmp_path: Path, name: str, known: str, roster: Path
) -> None:
    path = saved(tmp_path / "download.zip", PILES[name])
    said = printed(checked(take_in(path, roster if known == "roster" else None)))
    golden = GOLDEN / f"{name}.{known}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(said, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == said


@pytest.mark.parametrize("language", ["zh", "ru"])
def test_the_list_speaks_the_instructors_language(
    tmp_path: Path, language: str, roster: Path
) -> None:
    said = printed(take_in(laid_out(tmp_path / "pile", FOLDERS), roster), language)
    golden = GOLDEN / f"folders.roster.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(said, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == said


@pytest.mark.parametrize("name", ["canvas", "moodle", "gradescope", "nbgrader"])
def test_a_download_is_found_inside_folders_and_archives_that_hold_nothing_else(
    tmp_path: Path, name: str
) -> None:
    inner = zipped({f"export/{path}": data for path, data in PILES[name].items()})
    path = laid_out(tmp_path / "pile", {"Downloads/hw1.zip": inner})
    assert checked(take_in(path)).kind == name


def test_submitted_itself_may_be_named(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, {k: v for k, v in NBGRADER.items() if "timestamp" not in k})
    intake = checked(take_in(folder / "submitted"))
    assert intake.kind == "nbgrader"
    assert [student.id for student in intake.students] == ["a1", "a2", "a3"]


def test_one_student_in_one_folder_is_no_wrapper(tmp_path: Path) -> None:
    path = laid_out(tmp_path / "pile", {"li.wei/hw.ipynb": notebook(), "li.wei/data.csv": b"1"})
    intake = checked(take_in(path))
    assert [student.id for student in intake.students] == ["li.wei"]
    assert [companion.name for companion in intake.attempts[0].companions] == ["data.csv"]


def test_one_notebook_is_an_intake_too(tmp_path: Path) -> None:
    laid_out(tmp_path, {"li.wei.ipynb": notebook(), "other.ipynb": notebook("2")})
    intake = checked(take_in(tmp_path / "li.wei.ipynb"))
    assert [attempt.student for attempt in intake.attempts] == ["li.wei"]


def test_a_link_to_a_download_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "latest.zip").symlink_to(saved(tmp_path / "download.zip", CANVAS))
    assert take_in(tmp_path / "latest.zip").kind == "canvas"


@pytest.mark.parametrize("kind", ["flat", "canvas"])
def test_an_instructor_may_say_what_it_is(tmp_path: Path, kind: str) -> None:
    path = laid_out(tmp_path / "pile", {"a_1_2_hw.ipynb": notebook(), "b_3_4_hw.ipynb": notebook()})
    assert take_in(path).kind == "canvas"
    assert take_in(path, options=Options(kind=kind)).kind == kind  # type: ignore[arg-type]


def test_a_layout_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    path = laid_out(tmp_path / "pile", FLAT)
    with pytest.raises(IntakeError) as caught:
        take_in(path, options=Options(kind="moodle"))
    assert caught.value.message_id == "intake.error-layout"


@pytest.mark.parametrize("pile", [NBGRADER, RECEIPTS], ids=["nbgrader", "receipts"])
def test_several_assignments_are_asked_about(tmp_path: Path, pile: dict[str, bytes]) -> None:
    more = {path.replace("autograd", "hw2"): data for path, data in pile.items()}
    path = laid_out(tmp_path / "pile", {**pile, **more})
    with pytest.raises(IntakeError) as caught:
        take_in(path)
    assert caught.value.message_id == "intake.error-assignment"
    assert caught.value.params["found"] == "autograd, hw2"
    chosen = checked(take_in(path, options=Options(assignment="hw2")))
    assert all("hw2" in attempt.path for attempt in chosen.attempts)
    with pytest.raises(IntakeError):
        take_in(path, options=Options(assignment="hw3"))


def test_half_of_the_names_are_not_enough_for_canvas(tmp_path: Path) -> None:
    files = {"a_1_2_hw.ipynb": notebook("1"), "b.ipynb": notebook("2")}
    assert take_in(laid_out(tmp_path / "half", files)).kind == "flat"
    files["c_3_4_hw.ipynb"] = notebook("3")
    intake = take_in(laid_out(tmp_path / "more", files))
    assert intake.kind == "canvas"
    assert [(r.path, r.reason.id) for r in intake.refused] == [("b.ipynb", "intake.nobodys")]


def test_anonymous_downloads_have_no_names(tmp_path: Path) -> None:
    files = {"anon_Ab3dE_50_hw.ipynb": notebook("1"), "LATE_anon_Xy9zQ_51_hw.ipynb": notebook("2")}
    intake = checked(take_in(laid_out(tmp_path / "pile", files)))
    assert intake.kind == "canvas"
    assert [(s.id, s.name) for s in intake.students] == [("anon_Ab3dE", None), ("anon_Xy9zQ", None)]
    assert [attempt.late for attempt in intake.attempts] == [False, True]


def test_moodles_download_without_folders(tmp_path: Path) -> None:
    files = {
        "Li Wei_401_assignsubmission_file_hw.ipynb": notebook("1"),
        "Li Wei_401_assignsubmission_file_tool.py": b"x = 1",
        "Li_Wei_402_assignsubmission_file_hw.ipynb": notebook("2"),
    }
    intake = checked(take_in(laid_out(tmp_path / "pile", files)))
    assert intake.kind == "moodle"
    assert [(a.student, a.name) for a in intake.attempts] == [
        ("Li Wei", "hw.ipynb"),
        ("Li_Wei", "hw.ipynb"),
    ]
    assert [c.name for c in intake.attempts[0].companions] == ["tool.py"]


def test_a_file_called_like_somebody_elses_in_moodle_is_still_the_students(tmp_path: Path) -> None:
    """Without folders the student's own name of the file stands behind Moodle's."""
    mine = "Li Wei_42_assignsubmission_file_Anna K_43_assignsubmission_file_hw.ipynb"
    intake = take_in(saved(tmp_path / "hw.zip", {mine: notebook()}))
    (student,) = intake.students
    assert (student.name, student.numbers) == ("Li Wei", {"moodle": "42"})


def test_a_platforms_numbers_are_kept_for_giving_marks_back(tmp_path: Path) -> None:
    intake = take_in(laid_out(tmp_path / "pile", CANVAS))
    assert intake.of("1001")
    assert next(s for s in intake.students if s.id == "1001").numbers == {"canvas": "1001"}


@pytest.mark.parametrize(
    "metadata",
    [b"\xff\xfe\x00", b"- a\n- b", b"a: [", b"[" * 5000, b"a: &a [*a]\n", b""],
)
def test_metadata_that_cannot_be_read_costs_only_the_names(tmp_path: Path, metadata: bytes) -> None:
    files = {"submission_metadata.yml": metadata, "submission_1/hw.ipynb": notebook()}
    intake = take_in(laid_out(tmp_path / "pile", files))
    assert intake.kind == "gradescope"
    assert [attempt.student for attempt in intake.attempts] == ["submission_1"]


def test_what_metadata_says_once_and_points_to_is_read(tmp_path: Path) -> None:
    """Ruby writes an object that stands in two places once, with an anchor."""
    metadata = b"""\
submission_1:
  :submitters: &1
  - :name: Li Wei
    :sid: a1
  :results:
    :by: *1
"""
    files = {"submission_metadata.yml": metadata, "submission_1/hw.ipynb": notebook()}
    intake = take_in(laid_out(tmp_path / "pile", files))
    assert [attempt.student for attempt in intake.attempts] == ["a1"]


def test_nothing_at_all_is_an_error_that_names_the_path(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd.rar").write_bytes(b"Rar!")
    (tmp_path / "torn.zip").write_bytes(zipped({"a.ipynb": notebook()})[:-30])
    for name, id in {
        "nowhere": "missing", "empty": "empty", "odd.rar": "kind", "torn.zip": "kind",
    }.items():  # fmt: skip
        with pytest.raises(IntakeError) as caught:
            take_in(tmp_path / name)
        assert caught.value.message_id == f"intake.error-{id}"
        assert caught.value.params["path"] == str(tmp_path / name)
        assert tuple(caught.value.params) == MESSAGES[caught.value.message_id]


def test_the_roster_is_no_submission_though_it_lies_there(tmp_path: Path) -> None:
    path = laid_out(tmp_path / "pile", {"a1.py": SCRIPT, "class.csv": ROSTER})
    assert take_in(path, path / "class.csv").refused == ()
    assert [refusal.path for refusal in take_in(path).refused] == ["class.csv"]
