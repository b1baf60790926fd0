"""Pages are written whole or not at all."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grader.errors import CallError
from grader.giveback import sink


def broken(output: Path, **how) -> None:
    with sink(output, **how) as write:
        write("a.html", b"1")
        raise ZeroDivisionError


@pytest.mark.parametrize("zipped", [True, False])
def test_nothing_is_left_of_what_was_broken_off(tmp_path: Path, zipped: bool) -> None:
    with pytest.raises(ZeroDivisionError):
        broken(tmp_path / "out", zipped=zipped)
    assert list(tmp_path.iterdir()) == []


def test_the_same_pages_are_the_same_zip(tmp_path: Path) -> None:
    for name in ("one.zip", "other.zip"):
        with sink(tmp_path / name, zipped=True) as write:
            write("Оля_1_2_x.html", b"page")
    one, other = (tmp_path / name for name in ("one.zip", "other.zip"))
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert archive.read("Оля_1_2_x.html") == b"page"


def test_what_is_there_already_is_not_mixed_with(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with sink(tmp_path / "out", zipped=False) as write:
        write("a.html", b"1")
    with pytest.raises(CallError, match="not empty"), sink(tmp_path / "out", zipped=False) as write:
        write("b.html", b"2")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.html"]


def test_nothing_is_left_of_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "feedback/li.html/a").mkdir(parents=True)
    with pytest.raises(CallError), sink(tmp_path, zipped=False, tree=True) as write:
        write("feedback/li.html", b"1")
    assert [path.name for path in (tmp_path / "feedback").iterdir()] == ["li.html"]


def test_a_tree_keeps_what_is_others_and_renews_what_is_ours(tmp_path: Path) -> None:
    (tmp_path / "submitted").mkdir()
    for page in (b"1", b"2"):
        with sink(tmp_path, zipped=False, tree=True) as write:
            write("feedback/li/ps1/hw.html", page)
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert found == [
        "feedback",
        "feedback/li",
        "feedback/li/ps1",
        "feedback/li/ps1/hw.html",
        "submitted",
    ]
    assert (tmp_path / "feedback/li/ps1/hw.html").read_bytes() == b"2"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(CallError, match="cannot write"),
        sink(tmp_path / "no" / "x.zip", zipped=True),
    ):
        pass
