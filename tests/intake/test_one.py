"""One student's folder: the notebook in it, and what goes with it."""

from __future__ import annotations

from pathlib import Path

from grader.intake import one_student

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def test_a_notebook_and_its_companions_are_found(tmp_path: Path) -> None:
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw" / "a.ipynb").write_bytes(NOTEBOOK)
    (tmp_path / "hw" / "data.csv").write_bytes(b"1,2")
    found = one_student(tmp_path)
    assert (found.name, found.data) == ("a.ipynb", NOTEBOOK)
    assert found.companions == {"data.csv": b"1,2"}
    assert found.refused == ()


def test_a_second_notebook_is_refused_aloud(tmp_path: Path) -> None:
    for name in ("a.ipynb", "b.ipynb"):
        (tmp_path / name).write_bytes(NOTEBOOK)
    found = one_student(tmp_path)
    assert found.name == "a.ipynb"
    assert [(path, why.id) for path, why in found.refused] == [
        ("b.ipynb", "intake.too-many-notebooks")
    ]


def test_nothing_and_links_are_no_notebook(tmp_path: Path) -> None:
    assert one_student(tmp_path).name is None
    (tmp_path / "a.ipynb").symlink_to("/etc/passwd")
    found = one_student(tmp_path)
    assert found.name is None
    assert len(found.refused) == 1
