"""Pages are named so that Moodle, Canvas and nbgrader know whose they are."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from grader.giveback import named
from grader.intake import take_in
from grader.model.record import Student
from tests.export.samples import PLAIN

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def handed_in(folder: Path, *paths: str) -> list:
    """What intake makes of files of these names: (student, where it came from, their numbers)."""
    for number, path in enumerate(paths):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(NOTEBOOK + b" " * number)
    intake = take_in(folder)
    numbers = {student.id: student.numbers for student in intake.students}
    return [(one.student, one.path, numbers[one.student]) for one in intake.attempts]


def given(student: str, source: str, ids: Mapping[str, str] | None = None):
    """A line of somebody whose notebook came from there."""
    attempt = replace(PLAIN.attempt, source=source)
    return replace(PLAIN, student=Student(student, ids=ids or {}), attempt=attempt)


def zipped(name: str) -> bytes:
    """A zip with a notebook of this name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, NOTEBOOK)
    return target.getvalue()


def moodle_takes(name: str) -> tuple[int, str] | None:
    """(participant, file) as Moodle reads a file's name: at most five parts at `_`."""
    info = name.split("_", 4)
    if len(info) < 5 or not info[1].isdigit() or info[2:4] != ["assignsubmission", "file"]:
        return None
    return int(info[1]), info[4]


def canvas_takes(name: str) -> tuple[str, ...]:
    """(user, attachment) as Canvas reads a file's name: the first two parts that are numbers."""
    return tuple([part for part in name.split("_") if re.fullmatch(r"\d+", part)][:2])


@pytest.mark.parametrize("ending", ["", "_"])
def test_moodle_knows_the_participant(tmp_path: Path, ending: str) -> None:
    folders = [
        f"Li Wei_4711_assignsubmission_file{ending}",
        f"Оля Ким_12_assignsubmission_file{ending}",
    ]
    found = handed_in(tmp_path / "hw", *(f"{folder}/hw.ipynb" for folder in folders))
    names = [named(given(*one), "moodle").path for one in found]
    assert sorted(map(moodle_takes, names)) == [(12, "autograd.html"), (4711, "autograd.html")]
    assert {name.split("_")[0] for name in names} == {"Li Wei", "Оля Ким"}


def test_canvas_knows_the_user_and_the_file(tmp_path: Path) -> None:
    files = ["liwei_101_5551_hw1.ipynb", "kimolya_LATE_102_5552_hw_2-1.ipynb"]
    found = handed_in(tmp_path / "hw", *files)
    names = {named(given(*one), "canvas").path for one in found}
    assert names == {"liwei_101_5551_autograd.html", "kimolya_LATE_102_5552_autograd.html"}
    assert {canvas_takes(name) for name in names} == {("101", "5551"), ("102", "5552")}


def test_nbgrader_finds_them_beside_what_was_submitted(tmp_path: Path) -> None:
    found = handed_in(tmp_path / "course", "submitted/li.wei/ps1/hw.ipynb")
    (grade,) = (given(*one) for one in found)
    assert named(grade, "nbgrader").path == "feedback/li.wei/ps1/hw.html"
    below = given("li.wei", "li.wei/ps1/hw.ipynb")
    assert named(below, "nbgrader").path == "feedback/li.wei/ps1/hw.html"
    elsewhere = given("li.wei", "li.wei.ipynb")
    assert named(elsewhere, "nbgrader").path == "feedback/li.wei/autograd/li.wei.html"


@pytest.mark.parametrize("platform", ["moodle", "canvas"])
def test_who_did_not_come_from_there_is_told_why(platform) -> None:
    none = named(given("li.wei", "li.wei.ipynb"), platform)
    assert none.path is None
    assert "download" in none.why


@pytest.mark.parametrize("student", ["..", "a/b", "a\\b", "a\x00"])
def test_no_name_leads_out_of_the_folder(student: str) -> None:
    assert named(given(student, "hw.ipynb"), "nbgrader").path is None
    path = named(given(student, "hw.ipynb"), "folder").path
    assert path
    assert not re.search(r"[/\\\x00]|^\.", path)


def test_different_students_have_different_pages() -> None:
    names = {named(given(key, "x"), "folder").path for key in ("Li", "li", "LI", "li.", "..li")}
    assert len({name.casefold() for name in names}) == 5


def test_what_a_student_calls_a_file_gives_nobody_elses_page(tmp_path: Path) -> None:
    """A folder of Moodle's, a file of Canvas's or a folder of nbgrader's holds the student's own
    files, which may be called like somebody else's."""
    moodle = "Li Wei_42_assignsubmission_file/Anna K_43_assignsubmission_file_hw.ipynb"
    (found,) = handed_in(tmp_path / "moodle", moodle)
    name = "Li Wei_42_assignsubmission_file_autograd.html"
    assert named(given(*found), "moodle").path == name
    assert named(given("Li Wei", moodle.replace("/", "_")), "moodle").path == name
    nbgrader = "submitted/li/ps1/submitted/anna/ps1/hw.ipynb"
    (found,) = handed_in(tmp_path / "nbgrader", nbgrader)
    assert named(given(*found), "nbgrader").path == "feedback/li/ps1/hw.html"
    folder = tmp_path / "canvas"
    handed_in(folder, "kimolya_102_5552_hw_2-1.ipynb")
    (folder / "liwei_101_5551_hw.zip").write_bytes(zipped("lab_102_2_final.ipynb"))
    found = [one for one in take_in(folder).attempts if one.student == "101"]
    (name,) = (named(given(one.student, one.path), "canvas").path for one in found)
    assert name == "liwei_101_5551_autograd.html"


def test_canvas_knows_the_file_in_whatever_it_came(tmp_path: Path) -> None:
    source = "hw_2026_11_all.zip/liwei_101_5551_part_1_2.ipynb"
    for key, ids in (("101", {}), ("li.wei", {"canvas": "101"})):
        name = named(given(key, source, ids), "canvas").path
        assert name == "liwei_101_5551_autograd.html"
    blind = given("anon_ab12c", "hw_2026_11_all.zip/LATE_anon_ab12c_5551_7_8.ipynb")
    assert named(blind, "canvas").path == "LATE_anon_ab12c_5551_autograd.html"


def test_a_name_that_only_looks_like_canvas_is_none() -> None:
    """A number in a student's own file name is nobody's number there."""
    other = "Li Wei_42_assignsubmission_file/lab_102_2_final.ipynb"
    assert named(given("Li Wei", other, {"moodle": "42"}), "canvas").path is None
    two = "hw_2026_11_all.zip/lab_102_2_final.ipynb"
    assert named(given("li.wei", two, {"canvas": "101"}), "canvas").path is None
