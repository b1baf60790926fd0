"""Pages are named so that Moodle, Canvas and nbgrader know whose they are."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from grader.giveback import named
from grader.intake import take_in
from grader.model.record import Student
from tests.export.samples import PLAIN

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def handed_in(folder: Path, *paths: str) -> list:
    """What intake makes of files of these names: (student, where it came from)."""
    for number, path in enumerate(paths):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(NOTEBOOK + b" " * number)
    intake = take_in(folder)
    return [(attempt.student, attempt.path) for attempt in intake.attempts]


def given(student: str, source: str):
    """A line of somebody whose notebook came from there."""
    attempt = replace(PLAIN.attempt, source=source)
    return replace(PLAIN, student=Student(student), attempt=attempt)


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
