"""What students' commands say, errors and questions too, is in the catalogs: all of it in circles.

The made-up language and how other words are noticed are those of `tests/pages/test_pseudo.py`.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from grader import diagnose, pipeline
from grader.border import SlotDied
from grader.cli import explain, student
from grader.cli import isolation as walls
from grader.model.exercise import Assignment
from grader.report.language import moment
from grader.spec import load_assignment
from tests.cli.conftest import Call
from tests.pages.test_pseudo import circled, pseudo, strange
from tests.pipeline.conftest import filled

__all__ = ["circled"]

NOBODY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def heard(circled, call: Call, monkeypatch, tmp_path):
    """Calls a command; gives its exit code and the words that are from nowhere."""
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.chdir(tmp_path)

    def heard_(*arguments: object, own: object = "") -> tuple[int, list[str]]:
        code, out, err = call(*arguments)
        assert out or err
        return code, strange([out, err], str(tmp_path), [str(a) for a in arguments], own)

    return heard_


@pytest.fixture(scope="module")
def autograd(course: Path) -> Assignment:
    return load_assignment(course, "autograd")


@pytest.fixture
def released(tmp_path: Path, autograd: Assignment) -> Path:
    path = tmp_path / "hw.ipynb"
    path.write_bytes(filled(autograd, {}))
    return path


def test_explain_has_no_word_from_outside_the_catalogs(heard, monkeypatch):
    real = diagnose.texts
    monkeypatch.setattr(
        explain, "texts", lambda id, language: {k: pseudo(t) for k, t in real(id, language).items()}
    )
    assert heard("explain", own=diagnose.ids()) == (0, [])
    one = "accumulated-gradient"
    shown = (*diagnose.snippets(one), real(one, "en")["read_on"])
    assert heard("explain", one, own=shown) == (0, [])
    assert heard("explain", "accumulated", own=diagnose.ids()) == (2, [])
    assert heard("explain", "no-such-thing") == (2, [])


@pytest.mark.parametrize("command", [("check",), ("submit", "--to", "sent", "--student", "me")])
def test_nor_has_a_file_that_cannot_be_read(heard, tmp_path, command):
    name, *options = command
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "empty.ipynb").write_bytes(b"")
    (tmp_path / "broken.ipynb").write_bytes(b"{")
    (tmp_path / "other.ipynb").write_text(json.dumps(NOBODY))
    for file in ("none.ipynb", "folder.ipynb", "empty.ipynb", "broken.ipynb", "other.ipynb"):
        assert heard(name, file, *options) == (2, []), file


def test_nor_has_a_notebook_that_cannot_be_run(heard, monkeypatch, released):
    def dies(*_: object) -> None:
        raise SlotDied("exit -9")

    monkeypatch.setattr(pipeline, "Slot", dies)
    assert heard("check", released.name, own="exit -9") == (1, [])


def test_nor_has_what_is_stopped(heard, monkeypatch, released):
    def stop(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(student, "load", stop)
    assert heard("check", released.name) == (130, [])


def answering(monkeypatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_nor_has_handing_in(heard, monkeypatch, released, tmp_path):
    command = ("submit", released.name, "--to", "sent", "--student", "me", "--no-check")
    known = ("autograd", *(str(number) for number in range(10)))
    assert heard(*command, "--yes", own=known) == (2, [])
    (tmp_path / "sent").mkdir()
    answering(monkeypatch, "perhaps", "n")
    assert heard(*command, own=known) == (1, [])
    answering(monkeypatch)
    assert heard(*command, own=known) == (130, [])
    assert list((tmp_path / "sent").iterdir()) == []
    for attempt in (1, 2):
        answering(monkeypatch, pseudo("yes"))
        code, words = heard(*command, own=known)
        assert code == 0, attempt
        receipts = [json.loads(path.read_text()) for path in tmp_path.glob("*.json")]
        written = [moment(receipt["time"], "en") for receipt in receipts]
        written += [path.name for path in tmp_path.glob("*.json")]
        written += [receipt["sha256"] for receipt in receipts]
        assert [word for word in words if word not in " ".join(written)] == []


@pytest.mark.parametrize(
    "config", [b"\xff", b"student", b"student = []", b'student = ""', b'student = "\\u0007"']
)
def test_nor_has_a_name_that_cannot_be_used(heard, tmp_path, released, config):
    folder = tmp_path / "config" / "grader"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_bytes(config)
    theirs = f"{folder} config.toml student NAME"
    if config == b"student":
        theirs += " Expected '=' after a key in a key/value pair"  # Python's parser says so
    assert heard("submit", released.name, "--to", "sent", own=theirs) == (2, [])


def test_nor_has_grading_a_notebook_of_one_s_own(heard, monkeypatch, released, course, autograd):
    known = sorted(path.stem for path in (course / "exercises" / "assignments").glob("*.toml"))
    own = [str(course), *known]
    assert heard("grade", released.name, "--as-of", "soon", own="ISO") == (2, [])
    assert heard("grade", released.name) == (2, [])
    at = ("--course", course)
    assert heard("grade", released.name, *at, "--companion", "none.csv", own=own) == (2, [])
    released.write_bytes(filled(autograd, {}).replace(b'"autograd"', b'"elsewhere"'))
    assert heard("grade", released.name, *at, own=[*own, "elsewhere"]) == (2, [])
    released.write_text(json.dumps(NOBODY))
    assert heard("grade", released.name, *at, own=own) == (2, [])
    released.write_bytes(filled(autograd, {}))
    monkeypatch.setattr(walls.sandbox, "missing", lambda: ("bubblewrap",))
    assert heard("grade", released.name, *at, own=[*own, "bubblewrap"]) == (3, [])


def test_a_word_from_elsewhere_is_noticed(heard, monkeypatch):
    monkeypatch.setattr(explain, "_head", lambda *_: explain.Text("Read on"))
    monkeypatch.setattr(
        explain, "texts", lambda *_: dict.fromkeys(("title", "explanation", "try_next"), "ⓣ")
        | {"read_on": "ⓣ"},
    )  # fmt: skip
    one = "accumulated-gradient"
    assert heard("explain", one, own=diagnose.snippets(one)) == (0, ["Read", "on"])
