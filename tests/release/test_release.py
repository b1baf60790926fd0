"""What students get: a valid notebook, the same every time, in their language."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import CallError
from grader.model.exercise import Assignment, Exercise, TemplateCell
from grader.model.ids import cell_id
from grader.notebook import align, read
from grader.release import release, warnings, write
from grader.release.texts import languages, part

PROMPT_ZH = "请把下一个单元格给出的所有数字都乘以二。"


@pytest.fixture
def assignment() -> Assignment:
    double = Exercise(
        id="double",
        title={"en": "Double it", "zh": "加倍"},
        points=1,
        checks=(),
        prompts={
            "en": {"": "Double the numbers of `x`.", "answer": "Set `doubled`."},
            "zh": {"": PROMPT_ZH},
        },
        cells=(
            TemplateCell(name="inputs", source="x = [1, 2]\n", locked=True),
            TemplateCell(name="answer", source="doubled = ..."),
        ),
    )
    return Assignment(id="demo", title={"en": "Demo"}, exercises=(double,), spec_hash="abc")


STAMP = {"version": 1, "language": "en", "assignment": {"id": "demo", "spec_hash": "abc"}}


def made(assignment: Assignment, language: str = "en") -> Any:
    return json.loads(release(assignment, language, STAMP))


def texts(notebook: Any) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def test_a_release_is_a_valid_notebook_in_the_templates_order(assignment: Assignment) -> None:
    node = nbformat.reads(release(assignment, "en", STAMP), as_version=4)
    nbformat.validate(node)
    assert (node.nbformat, node.nbformat_minor) == (4, 5)
    assert node.metadata.kernelspec.name == "python3"
    assert [cell.id for cell in node.cells] == [
        "_about",
        "_heading--double",
        "_prompt--double",
        "double--inputs",
        "_prompt--double--answer",
        "double--answer",
    ]
    assert node.cells[3].source == "x = [1, 2]"
    assert node.cells[0].source.startswith("# Demo\n")
    assert node.cells[1].source == "## 1. Double it"


def test_locked_cells_are_protected_and_answers_are_not(assignment: Assignment) -> None:
    cells = made(assignment)["cells"]
    assert cells[3]["metadata"] == {
        "deletable": False,
        "editable": False,
        "grader": {"cell": "inputs", "exercise": "double", "locked": True},
        "tags": ["grader-given"],
    }
    assert cells[5]["metadata"] == {
        "grader": {"cell": "answer", "exercise": "double", "locked": False},
        "tags": ["grader-answer"],
    }


def test_the_stamp_is_carried_as_it_is_given(assignment: Assignment) -> None:
    assert made(assignment)["metadata"]["grader"] == STAMP


def test_nothing_but_the_stamp_tells_of_checks(assignment: Assignment) -> None:
    exercise = replace(assignment.exercises[0], reference="/secret/reference.py", folder="/course")
    data = release(replace(assignment, exercises=(exercise,)), "en", STAMP)
    assert b"secret" not in data
    assert b"/course" not in data


def test_the_same_assignment_gives_the_same_bytes(assignment: Assignment) -> None:
    assert release(assignment, "zh", STAMP) == release(assignment, "zh", STAMP)


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_every_language_has_every_text(language: str) -> None:
    assert language in languages()
    english = {name: part("en", name, **FILL) for name in ("", "due", "files", "exercise")}
    for name, text in english.items():
        own = part(language, name, **FILL)
        assert own
        assert language == "en" or name == "exercise" or own != text


FILL = {"title": "T", "due": "D", "files": "F", "number": "1"}


@pytest.mark.parametrize("language", languages())
def test_how_to_hand_in_can_be_typed_as_it_is_said(assignment: Assignment, language: str) -> None:
    said = "\n".join(texts(made(assignment, language)))
    assert "grader submit FILE.ipynb --to " in said


def test_a_missing_text_falls_back_and_the_author_is_told(assignment: Assignment) -> None:
    found = texts(made(assignment, "zh"))
    assert found[0].startswith("# Demo\n\n**使用说明**")
    assert found[1:3] == ["## 1. 加倍", PROMPT_ZH]
    assert found[4] == "Set `doubled`."
    told = [(p.file, p.key, p.fatal) for p in warnings(assignment, "zh")]
    assert told == [
        ("exercises/assignments/demo.toml", "title", False),
        ("exercises/double/prompt.zh.md", "cell: answer", False),
    ]
    assert warnings(assignment, "en") == ()


def test_an_exercise_without_english_still_has_a_prompt(assignment: Assignment) -> None:
    exercise = replace(assignment.exercises[0], prompts={"zh": {"": PROMPT_ZH}}, title={})
    found = texts(made(replace(assignment, exercises=(exercise,), title={}), "ru"))
    assert found[0].startswith("# demo\n")
    assert found[1:3] == ["## 1. double", PROMPT_ZH]


def test_a_language_of_a_region_uses_the_languages_texts(assignment: Assignment) -> None:
    assert texts(made(assignment, "zh-CN"))[2] == PROMPT_ZH


@pytest.mark.parametrize("language", ["", "EN", "../x", "english!"])
def test_what_is_no_language_is_refused(assignment: Assignment, language: str) -> None:
    with pytest.raises(CallError, match="language"):
        release(assignment, language, STAMP)


def test_due_time_and_companion_files_are_named(assignment: Assignment) -> None:
    more = replace(assignment, due="2026-03-01T12:00Z", files=("data.csv", "help.py"))
    about = texts(made(more))[0]
    assert "- Due: 2026-03-01T12:00Z\n" in about
    assert "`data.csv`, `help.py`" in about


def test_braces_in_an_authors_texts_stay_as_they_are(assignment: Assignment) -> None:
    about = texts(made(replace(assignment, title={"en": r"$\frac{title}{2}$ {x}"})))[0]
    assert about.startswith(r"# $\frac{title}{2}$ {x}" + "\n")


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_what_is_released_is_recognised(assignment: Assignment, language: str) -> None:
    submission = align(read(release(assignment, language, STAMP), "hw.ipynb"), assignment)
    assert submission.notices == ()
    assert [c.name for c in submission.cells if c.kind == "code"] == ["inputs", "answer"]


@given(st.text(min_size=1, max_size=80), st.text(max_size=80))
def test_ids_are_legal(exercise: str, cell: str) -> None:
    id = cell_id(exercise, cell)
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(id=id)])
    nbformat.validate(node)


@given(st.lists(st.tuples(st.text("a-é", max_size=40), st.text("a-é", max_size=40)), unique=True))
def test_different_cells_have_different_ids(cells: list[tuple[str, str]]) -> None:
    assert len({cell_id(*pair) for pair in cells}) == len(cells)


class TestWrite:
    def test_writes_the_notebook_and_its_companions(self, tmp_path: Path) -> None:
        path = tmp_path / "hw.ipynb"
        written = write(path, b"notebook", {"data.csv": b"1,2", "sub/help.py": b"x = 1"})
        assert path.read_bytes() == b"notebook"
        assert (tmp_path / "data.csv").read_bytes() == b"1,2"
        assert (tmp_path / "sub" / "help.py").read_bytes() == b"x = 1"
        assert len(written) == 3
        assert len(list(tmp_path.iterdir())) == 3

    def test_the_same_content_may_be_there(self, tmp_path: Path) -> None:
        path = tmp_path / "hw.ipynb"
        write(path, b"notebook", {"data.csv": b"1"})
        assert write(path, b"notebook", {"data.csv": b"1"}) == ()

    def test_other_content_is_not_replaced_and_nothing_else_is_written(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "hw.ipynb"
        path.write_bytes(b"my answers")
        with pytest.raises(CallError, match="other content"):
            write(path, b"notebook", {"data.csv": b"1"})
        assert path.read_bytes() == b"my answers"
        assert list(tmp_path.iterdir()) == [path]
        write(path, b"notebook", force=True)
        assert path.read_bytes() == b"notebook"

    def test_an_edited_companion_is_not_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "data.csv").write_bytes(b"mine")
        with pytest.raises(CallError, match=r"data\.csv"):
            write(tmp_path / "hw.ipynb", b"notebook", {"data.csv": b"1"})
        assert [p.name for p in tmp_path.iterdir()] == ["data.csv"]

    @pytest.mark.parametrize(
        "name", ["/etc/passwd", "../up.csv", "a/../../b", "C:\\x", "..\\up", "", "."]
    )
    def test_companions_stay_below_the_notebooks_folder(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(CallError):
            write(tmp_path / "hw.ipynb", b"notebook", {name: b""})
        assert list(tmp_path.iterdir()) == []

    def test_a_companion_with_the_notebooks_name_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CallError, match="own name"):
            write(tmp_path / "hw.ipynb", b"notebook", {"hw.ipynb": b""})

    def test_a_folder_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(CallError, match="folder"):
            write(tmp_path / "no" / "hw.ipynb", b"")

    def test_a_folder_in_the_notebooks_place_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "hw.ipynb").mkdir()
        with pytest.raises(CallError, match="folder"):
            write(tmp_path / "hw.ipynb", b"")

    def test_a_full_disk_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import errno
        import os

        calls = []

        def full(descriptor: int) -> None:
            calls.append(descriptor)
            if len(calls) == 2:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(CallError, match="No space left"):
            write(tmp_path / "hw.ipynb", b"notebook", {"data.csv": b"1"})
        assert list(tmp_path.iterdir()) == []
