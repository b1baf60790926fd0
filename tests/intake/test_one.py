"""One student's folder: the notebook in it, and what goes with it."""

from __future__ import annotations

import os
from pathlib import Path
from zipfile import ZIP_STORED

from grader.intake import one_student, take_in
from tests.intake.builders import Entry, zipped

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
RELEASED = NOTEBOOK.replace(b"{}", b'{"grader": {"assignment": "a"}}')


def test_a_notebook_and_its_companions_are_found(tmp_path: Path) -> None:
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw" / "a.ipynb").write_bytes(NOTEBOOK)
    (tmp_path / "hw" / "data.csv").write_bytes(b"1,2")
    found = one_student(tmp_path)
    assert (found.name, found.data) == ("a.ipynb", NOTEBOOK)
    assert found.companions == {"data.csv": b"1,2"}
    assert found.refused == ()


def test_a_second_notebook_is_refused_aloud(tmp_path: Path) -> None:
    for name in ("hw2.ipynb", "hw10.ipynb"):
        (tmp_path / name).write_bytes(NOTEBOOK)
        os.utime(tmp_path / name, (1e9, 1e9))
    found = one_student(tmp_path)
    assert found.name == "hw10.ipynb"
    assert [(path, why.id) for path, why in found.refused] == [
        ("hw2.ipynb", "intake.too-many-notebooks")
    ]


def test_what_was_released_is_graded_and_not_what_lies_beside_it(tmp_path: Path) -> None:
    """As a batch takes it: whatever the names and times of other notebooks are."""
    for name, time, data in (
        ("Untitled.ipynb", 1e9, NOTEBOOK),
        ("hw.ipynb", 1e9, RELEASED),
        ("hw-old.ipynb", 9e8, RELEASED + b" "),
        ("scratch.ipynb", 1.1e9, NOTEBOOK + b" "),
    ):
        (tmp_path / "li").mkdir(exist_ok=True)
        (tmp_path / "li" / name).write_bytes(data)
        os.utime(tmp_path / "li" / name, (time, time))
    found = one_student(tmp_path / "li")
    assert (found.name, found.data) == ("hw.ipynb", RELEASED)
    (tmp_path / "anna").mkdir()
    (tmp_path / "anna" / "hw.ipynb").write_bytes(NOTEBOOK)
    assert take_in(tmp_path).of("li")[-1].name == "hw.ipynb"
    assert len(found.refused) == 3


def test_a_notebook_that_is_broken_in_its_archive_is_refused(tmp_path: Path) -> None:
    damaged = bytearray(zipped([Entry("hw.ipynb", RELEASED, method=ZIP_STORED)]))
    damaged[damaged.index(b"cells")] ^= 1
    (tmp_path / "hw.zip").write_bytes(damaged)
    found = one_student(tmp_path)
    assert found.name is None
    assert [why.id for _, why in found.refused] == ["intake.broken"]


def test_nothing_and_links_are_no_notebook(tmp_path: Path) -> None:
    assert one_student(tmp_path).name is None
    (tmp_path / "a.ipynb").symlink_to("/etc/passwd")
    found = one_student(tmp_path)
    assert found.name is None
    assert len(found.refused) == 1
