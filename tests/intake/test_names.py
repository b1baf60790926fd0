"""Whatever a name is, it is judged, and what is let through is harmless everywhere."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st

from grader.intake.messages import MESSAGES
from grader.intake.names import clash_key, decode, junk, natural, parts, shown, wrong_name
from grader.intake.sources import Archive, FileSource
from grader.intake.zips import list_archive

from .builders import Entry, zipped

NAMES = st.text(st.characters(), max_size=60) | st.text("aA.~:-/\\ \u0301é1\u202e\n", max_size=14)


@given(NAMES)
@example("..")
@example("a/..")
@example("C:")
@example("\ud800")
@example("a" * 300)
@example("nul.")
@example("prn ")
def test_a_name_is_refused_with_a_reason_or_is_harmless(name: str) -> None:
    wrong = wrong_name(name)
    if wrong is not None:
        assert tuple(wrong.params) == MESSAGES[wrong.id]
        return
    pieces = parts(name)
    assert pieces
    assert not name.startswith(("/", "\\"))
    for piece in pieces:
        assert piece not in ("", ".", "..")
        assert not set(piece) & set("/\\\0\n\r")
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in piece)
        assert piece.split(".")[0].strip().upper() not in ("CON", "NUL", "AUX", "PRN")
        piece.encode()


@given(st.lists(st.text("abcé名и_ -", min_size=1, max_size=8), min_size=1, max_size=5))
def test_ordinary_names_are_never_refused(pieces: list[str]) -> None:
    assert wrong_name("/".join(pieces)) is None


@given(st.binary(max_size=40), st.sampled_from([None, "gbk", "cp866", "shift_jis"]))
def test_any_bytes_are_a_name(raw: bytes, encoding: str | None) -> None:
    text, used = decode(raw, encoding)
    assert isinstance(text, str)
    if encoding is None:
        assert text.encode(used) == raw  # nothing is lost


@given(st.text(st.characters(categories=["L", "N"]), max_size=20))
def test_utf_8_is_read_as_what_it_is(name: str) -> None:
    assert decode(name.encode()) == (name, "utf-8")


@given(st.text("абвгдежзийклмнопрстуфхцчшщъыьэюя", min_size=2, max_size=12))
def test_russian_names_survive_old_windows(word: str) -> None:
    name = word.capitalize() + " Иван.ipynb"
    assert decode(name.encode("cp866")) == (name, "cp866")


@given(st.text("王李张刘陈杨赵黄周吴小明伟芳娜敏静丽强磊军洋作业一二三", min_size=1, max_size=8))
def test_chinese_names_survive_old_windows(word: str) -> None:
    try:
        word.encode("gbk").decode()
    except UnicodeDecodeError:
        pass
    else:
        reject()  # a few are UTF-8 of other letters too, and nobody can tell
    assert decode(f"{word}.ipynb".encode("gbk")) == (f"{word}.ipynb", "gbk")


@given(NAMES)
def test_what_is_shown_is_one_printable_line(name: str) -> None:
    text = shown(name)
    assert len(text) <= 200
    assert all(c.isprintable() or c in "\u200c\u200d" for c in text)
    assert shown(text) == text


@given(st.text(max_size=20), st.text(max_size=20))
def test_clashing_names_are_those_that_differ_in_case_or_composition(one: str, other: str) -> None:
    folded = [unicodedata.normalize("NFC", text).casefold() for text in (one, other)]
    assert (clash_key((one,)) == clash_key((other,))) == (folded[0] == folded[1])


@given(st.lists(st.text("hw0123456789é٣½ ", max_size=25), max_size=6))
def test_any_names_can_be_put_in_order(names: list[str]) -> None:
    assert sorted(sorted(names, key=natural)) == sorted(names)


def test_numbers_in_names_are_numbers() -> None:
    assert sorted(["hw10", "HW9", "hw2"], key=natural) == ["hw2", "HW9", "hw10"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("__MACOSX/._hw.ipynb", True),
        (".ipynb_checkpoints/hw-checkpoint.ipynb", True),
        ("a/.DS_Store", True),
        ("Thumbs.db", True),
        ("tools/__pycache__/x.pyc", True),
        ("hw.ipynb", False),
        ("thumbs.db.ipynb", False),
        ("macosx/hw.ipynb", False),
    ],
)
def test_files_of_the_system_are_passed_over(name: str, expected: bool) -> None:
    assert junk(tuple(name.split("/"))) is expected


@given(names=st.lists(NAMES, max_size=6, unique=True))
@example(names=["a", "a/b"])
def test_every_entry_of_an_archive_is_listed_refused_or_passed_over(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    from grader.intake import Limits

    names = [name for name in names if name.isprintable()]
    path = tmp_path_factory.mktemp("zips") / "any.zip"
    path.write_bytes(zipped([Entry(name, b"1") for name in names]))
    source = FileSource(path, path.stat().st_size)
    listing = list_archive(Archive(source, 1 << 20), Limits())
    folders = [name for name in names if name.endswith("/") and wrong_name(name) is None]
    counted = len(listing.files) + len(listing.refused) + listing.ignored + len(folders)
    assert counted == len(names)
