"""What attacks is refused by itself, with a reason; its near miss is taken; the rest goes on."""

from __future__ import annotations

import io
import os
import stat
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.intake import Limits, Options, take_in
from grader.intake.messages import MESSAGES
from grader.model.intake import Intake
from grader.report import say

from .builders import Entry, laid_out, notebook, saved, zipped

GOOD = notebook("good")
LINK = stat.S_IFLNK | 0o777


def taken(tmp_path: Path, entries: list[Entry], **limits: int) -> Intake:
    """A class's zip of a good notebook and what a student handed in as a zip with `entries`."""
    answer = zipped(entries)
    path = saved(tmp_path / "class.zip", {"good.ipynb": GOOD, "li.zip": answer})
    intake = take_in(path, options=Options(limits=Limits(**limits)))
    assert [a.source.read() for a in intake.of("good")] == [GOOD]
    for refusal in intake.refused:
        assert tuple(refusal.reason.params) == MESSAGES[refusal.reason.id]
        assert "…" not in say(refusal.reason, "en")
    return intake


def refused(intake: Intake) -> dict[str, str]:
    return {refusal.path: refusal.reason.id for refusal in intake.refused}


NAMES = [
    ("../hw.ipynb", "name-parent", "hw..ipynb"),
    ("a/../../hw.ipynb", "name-parent", "a/b../hw.ipynb"),
    ("..\\hw.ipynb", "name-parent", "a\\hw.ipynb"),
    ("/etc/hw.ipynb", "name-absolute", "etc/hw.ipynb"),
    ("\\\\host\\hw.ipynb", "name-absolute", "host\\hw.ipynb"),
    ("C:\\hw.ipynb", "name-absolute", "CC:hw.ipynb"),
    ("c:hw.ipynb", "name-absolute", "a/c:hw.ipynb"),
    ("hw\n.ipynb", "name-control", "hw .ipynb"),
    ("hw\x1b[31m.ipynb", "name-control", "hw[31m.ipynb"),
    ("hw\u2028.ipynb", "name-control", "hw\u3000.ipynb"),
    ("hw\u202ebnypi.ipynb", "name-bidi", "hw\u200f.ipynb"),
    ("hw\u2066.ipynb", "name-bidi", "می\u200cخواهم.ipynb"),
    ("./", "name-empty", "./hw.ipynb"),
    ("名" * 84 + ".ipynb", "name-long", "名" * 83 + ".ipynb"),
    ("a/" * 32 + "hw.ipynb", "name-long", "a/" * 31 + "hw.ipynb"),
    (("a" * 250 + "/") * 4 + "b" * 20 + ".ipynb", "name-long", ("a" * 240 + "/") * 4 + "b.ipynb"),
    ("con.ipynb", "name-reserved", "console.ipynb"),
    ("AUX/hw.ipynb", "name-reserved", "AUXILIARY/hw.ipynb"),
    ("LPT1.ipynb", "name-reserved", "LPT10.ipynb"),
    ("com¹.tar.ipynb", "name-reserved", "com.ipynb"),
]


@pytest.mark.parametrize(("wrong", "reason", "right"), NAMES, ids=[repr(n[0])[:30] for n in NAMES])
def test_names_that_attack_are_refused_and_others_are_not(
    tmp_path: Path, wrong: str, reason: str, right: str
) -> None:
    intake = taken(tmp_path, [Entry("ok.ipynb", notebook("2")), Entry(wrong, notebook("3"))])
    assert list(refused(intake).values()) == [f"intake.{reason}"]
    assert [attempt.name for attempt in intake.of("li")] == ["ok.ipynb"]
    near = taken(tmp_path, [Entry(right, notebook("3"))])
    assert refused(near) == {}
    assert [attempt.source.read() for attempt in near.of("li")] == [notebook("3")]


def test_a_zero_byte_does_not_shorten_a_name(tmp_path: Path) -> None:
    data = zipped({"hwX.ipynb": notebook("1")}).replace(b"hwX", b"hw\0")
    path = saved(tmp_path / "class.zip", {"good.ipynb": GOOD, "li.zip": data})
    assert list(refused(take_in(path)).values()) == ["intake.name-control"]


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (LINK, "link"),
        (stat.S_IFCHR | 0o666, "special"),
        (stat.S_IFBLK | 0o666, "special"),
        (stat.S_IFIFO | 0o666, "special"),
        (stat.S_IFSOCK | 0o666, "special"),
    ],
)
def test_links_and_devices_in_archives_are_refused(tmp_path: Path, mode: int, reason: str) -> None:
    intake = taken(tmp_path, [Entry("hw.ipynb", b"/etc/passwd", mode)])
    assert refused(intake) == {"li.zip/hw.ipynb": f"intake.{reason}"}
    assert intake.missing == ("li",)


@pytest.mark.parametrize("mode", [0, stat.S_IFREG | 0o600, 0o644])
def test_ordinary_files_are_taken_whoever_packed_them(tmp_path: Path, mode: int) -> None:
    assert taken(tmp_path, [Entry("hw.ipynb", notebook("1"), mode)]).of("li")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_links_and_pipes_in_folders_are_refused_and_not_opened(tmp_path: Path) -> None:
    secret = laid_out(tmp_path / "elsewhere", {"secret.ipynb": notebook("secret")})
    pile = laid_out(tmp_path / "pile", {"good.ipynb": GOOD})
    (pile / "li.ipynb").symlink_to(secret / "secret.ipynb")
    (pile / "folder").symlink_to(secret)
    os.mkfifo(pile / "pipe.ipynb")
    intake = take_in(pile)
    assert [attempt.path for attempt in intake.attempts] == ["good.ipynb"]
    assert refused(intake) == {
        "folder": "intake.link", "li.ipynb": "intake.link", "pipe.ipynb": "intake.special",
    }  # fmt: skip


def test_of_a_name_that_is_there_twice_the_last_counts(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        entries = [Entry("hw.ipynb", notebook("1")), Entry("hw.ipynb", notebook("2"))]
        intake = taken(tmp_path, entries)
    assert refused(intake) == {"li.zip/hw.ipynb": "intake.duplicate-entry"}
    assert [attempt.source.read() for attempt in intake.of("li")] == [notebook("2")]


def test_names_that_are_written_differently_are_the_same_name(tmp_path: Path) -> None:
    for other in ("e\u0301.ipynb", "./é.ipynb"):
        entries = [Entry("é.ipynb", notebook("1")), Entry(other, notebook("2"))]
        intake = taken(tmp_path, entries)
        assert refused(intake) == {"li.zip/é.ipynb": "intake.duplicate-entry"}
        assert [attempt.source.read() for attempt in intake.of("li")] == [notebook("2")]


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("HW.ipynb", "hw.ipynb", True),
        ("Straße.ipynb", "STRASSE.ipynb", True),
        ("a/hw.ipynb", "A/hw.ipynb", True),
        ("hw.ipynb", "hw2.ipynb", False),
        ("e.ipynb", "é.ipynb", False),
    ],
)
def test_names_that_some_systems_take_for_the_same_clash(
    tmp_path: Path, one: str, other: str, clash: bool
) -> None:
    intake = taken(tmp_path, [Entry(one, notebook("1")), Entry(other, notebook("2"))])
    assert list(refused(intake).values()) == (["intake.clash"] if clash else [])
    assert len(intake.of("li")) == (1 if clash else 2)


def test_students_whose_names_differ_in_case_are_two_and_are_told_of(tmp_path: Path) -> None:
    path = saved(tmp_path / "class.zip", {"Ann.ipynb": notebook("1"), "ann.ipynb": notebook("2")})
    intake = take_in(path)
    assert [attempt.student for attempt in intake.attempts] == ["Ann", "ann"]
    assert [conflict.id for conflict in intake.conflicts] == ["intake.alike"]


@pytest.mark.parametrize(("size", "fits"), [(5000, True), (5001, False)])
def test_a_file_may_be_so_large_and_no_larger(tmp_path: Path, size: int, fits: bool) -> None:
    data = notebook("x").ljust(size)
    intake = taken(tmp_path, [Entry("hw.ipynb", data)], file_bytes=5000)
    assert bool(intake.of("li")) == fits
    assert list(refused(intake).values()) == ([] if fits else ["intake.too-large"])
    folder = laid_out(tmp_path / "pile", {"li.ipynb": data})
    assert bool(take_in(folder, options=Options(limits=Limits(file_bytes=5000))).attempts) == fits


def test_a_notebook_of_more_than_100_mb_is_refused_without_being_read(tmp_path: Path) -> None:
    pile = laid_out(tmp_path / "pile", {"good.ipynb": GOOD, "li.ipynb": b""})
    os.truncate(pile / "li.ipynb", 100_000_001)
    intake = take_in(pile)
    assert refused(intake) == {"li.ipynb": "intake.too-large"}
    assert [attempt.student for attempt in intake.attempts] == ["good"]


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    bomb = notebook("0" * 2_000_000)
    intake = taken(tmp_path, [Entry("hw.ipynb", bomb)])
    assert refused(intake) == {"li.zip/hw.ipynb": "intake.bomb"}
    assert taken(tmp_path, [Entry("hw.ipynb", bomb)], ratio=1032).of("li")
    assert taken(tmp_path, [Entry("hw.ipynb", notebook("0" * 900_000))]).of("li")


@pytest.mark.parametrize(("handed_files", "fits"), [(2, False), (3, True)])
def test_an_archive_may_have_so_many_files(tmp_path: Path, handed_files: int, fits: bool) -> None:
    entries = [Entry(f"{name}.csv", b"1") for name in "ab"] + [Entry("hw.ipynb", notebook("1"))]
    intake = taken(tmp_path, entries, handed_files=handed_files)
    assert bool(intake.of("li")) == fits
    assert list(refused(intake).values())[:1] == ([] if fits else ["intake.too-many"])


@pytest.mark.parametrize(("handed_bytes", "reason"), [(999, "too-much"), (4000, None)])
def test_all_files_of_an_archive_together_may_be_so_large(
    tmp_path: Path, handed_bytes: int, reason: str | None
) -> None:
    entries = [Entry("a.csv", os.urandom(400)), Entry("b.csv", os.urandom(600))]
    entries.append(Entry("hw.ipynb", notebook("1")))
    intake = taken(tmp_path, entries, handed_bytes=handed_bytes)
    expected = {"li.zip/b.csv": f"intake.{reason}"} if reason else {}
    assert refused(intake) == expected
    assert intake.of("li")


def test_so_many_notebooks_are_taken_of_one_student(tmp_path: Path) -> None:
    entries = [Entry(f"{n}/hw.ipynb", notebook(str(n))) for n in range(4)]
    entries += [Entry("data.csv", b"1"), Entry("1/own.csv", b"2")]
    intake = taken(tmp_path, entries, notebooks=3)
    assert refused(intake) == {
        "li.zip/3/hw.ipynb": "intake.too-many-notebooks", "li.zip/data.csv": "intake.out-of-reach",
    }  # fmt: skip
    assert [len(attempt.companions) for attempt in intake.of("li")] == [0, 1, 0]
    assert len(taken(tmp_path, entries, notebooks=4).of("li")) == 4


def test_names_that_are_refused_count_too(tmp_path: Path) -> None:
    entries = [Entry(f"../{n}.ipynb", b"1") for n in range(30)]
    intake = taken(tmp_path, entries, handed_files=10)
    assert [refusal.reason.id for refusal in intake.refused] == [
        *["intake.name-parent"] * 10, "intake.too-many",
    ]  # fmt: skip


def test_the_bounds_hold_for_all_archives_that_a_student_hands_in_together(tmp_path: Path) -> None:
    def full(count: int) -> bytes:
        return zipped({f"{n}.csv": b"1" for n in range(count)})

    files = {f"li/{n}.zip": full(40) for n in range(3)} | {"good.ipynb": GOOD}
    path = saved(tmp_path / "class.zip", files)
    intake = take_in(path, options=Options(limits=Limits(handed_files=100)))
    assert "intake.too-many" in {refusal.reason.id for refusal in intake.refused}


def test_archives_in_archives_are_opened_so_deep_and_no_deeper(tmp_path: Path) -> None:
    once = zipped({"hw.ipynb": notebook("1")})
    twice = zipped({"once.zip": once})
    assert taken(tmp_path, [Entry("once.zip", once)]).of("li")
    deep = taken(tmp_path, [Entry("twice.zip", twice)])
    assert refused(deep) == {"li.zip/twice.zip/once.zip": "intake.too-deep"}
    assert taken(tmp_path, [Entry("twice.zip", twice)], depth=3).of("li")


def test_an_archive_that_holds_itself_ends(tmp_path: Path) -> None:
    inner = zipped({"hw.txt": b"1"})
    for _ in range(50):
        inner = zipped({"again.zip": inner})
    intake = taken(tmp_path, [Entry("again.zip", inner)])
    assert list(refused(intake).values()) == ["intake.too-deep"]


def _patched(data: bytes, local: int, central: int, value: bytes) -> bytes:
    """A field of the first entry, in both of the places where it stands."""
    start = data.index(b"PK\1\2")
    changed = bytearray(data)
    changed[local : local + len(value)] = value
    changed[start + central : start + central + len(value)] = value
    return bytes(changed)


def test_encrypted_entries_are_refused(tmp_path: Path) -> None:
    data = _patched(zipped({"hw.ipynb": notebook("1")}), 6, 8, struct.pack("<H", 1))
    path = saved(tmp_path / "class.zip", {"good.ipynb": GOOD, "li.zip": data})
    assert refused(take_in(path)) == {"li.zip/hw.ipynb": "intake.encrypted"}


@pytest.mark.parametrize(
    ("method", "fits"),
    [
        (zipfile.ZIP_STORED, True),
        (zipfile.ZIP_DEFLATED, True),
        (zipfile.ZIP_BZIP2, False),  # unpacks all of a block, whatever its size is said to be
        (zipfile.ZIP_LZMA, False),  # may ask for gigabytes to unpack
    ],
)
def test_only_common_ways_of_packing_are_unpacked(tmp_path: Path, method: int, fits: bool) -> None:
    intake = taken(tmp_path, [Entry("hw.ipynb", notebook("1"), method=method)])
    assert bool(intake.of("li")) == fits
    assert list(refused(intake).values()) == ([] if fits else ["intake.compression"])


@pytest.mark.parametrize("said", [100, 50_000_000])
def test_a_size_that_is_a_lie_is_found_out_and_no_more_is_unpacked(
    tmp_path: Path, said: int
) -> None:
    real = notebook("0" * 50_000)
    data = zipped([Entry("hw.ipynb", real, method=zipfile.ZIP_STORED)])
    data = _patched(data, 22, 24, struct.pack("<I", said))
    path = saved(tmp_path / "class.zip", {"good.ipynb": GOOD, "li.zip": data})
    intake = take_in(path, options=Options(limits=Limits(ratio=10_000)))
    assert refused(intake) == {"li.zip/hw.ipynb": "intake.broken"}
    assert intake.missing == ("li",)


def test_damaged_content_is_found_before_grading(tmp_path: Path) -> None:
    data = bytearray(zipped([Entry("hw.ipynb", notebook("1"), method=zipfile.ZIP_STORED)]))
    data[60] ^= 1
    path = saved(tmp_path / "class.zip", {"good.ipynb": GOOD, "li.zip": bytes(data)})
    intake = take_in(path)
    assert refused(intake) == {"li.zip/hw.ipynb": "intake.broken"}
    assert [attempt.student for attempt in intake.attempts] == ["good"]


@pytest.mark.parametrize("data", [b"", b"PK\5\6" + bytes(18), b"Rar!", zipped({"a": b"1"})[:-25]])
def test_what_is_called_zip_and_is_none_costs_only_itself(tmp_path: Path, data: bytes) -> None:
    path = saved(tmp_path / "class.zip", {"good.ipynb": GOOD, "li.zip": data})
    intake = take_in(path)
    assert [attempt.student for attempt in intake.attempts] == ["good"]
    assert intake.missing == ("li",)


def test_a_table_of_contents_is_bounded_before_it_is_read(tmp_path: Path) -> None:
    many = {f"{n}-{'x' * 180}.csv": b"" for n in range(700)}
    limits = {"handed_files": 100}
    intake = taken(tmp_path, [Entry(name) for name in many], **limits)
    assert refused(intake) == {"li.zip": "intake.not-a-zip"}
    fewer = taken(tmp_path, [Entry(name) for name in list(many)[:300]], **limits)
    assert "intake.too-many" in refused(fewer).values()


def test_nothing_is_written_under_a_name_of_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.chdir(scratch)
    large = os.urandom(5_000_000).hex()  # more than is held in memory
    entries = [Entry("hw.ipynb", notebook(large)), Entry("../evil.py", b"1"), Entry("data.csv")]
    intake = taken(tmp_path, entries)
    for attempt in intake.attempts:
        with attempt.source.open() as stream:
            assert stream.read(10) == b'{"cells": '
            assert list(scratch.iterdir()) == []
        assert [c.source.read() for c in attempt.companions] in ([], [b""])
    assert list(scratch.iterdir()) == []


def test_a_file_that_changed_since_is_not_read(tmp_path: Path) -> None:
    pile = laid_out(tmp_path / "pile", {"li.ipynb": notebook("1"), "ann.ipynb": notebook("2")})
    ann, li = take_in(pile).attempts
    (pile / "li.ipynb").write_bytes(notebook("longer"))
    (pile / "ann.ipynb").unlink()
    (pile / "ann.ipynb").symlink_to("/etc/hostname")
    for attempt in (ann, li):
        with pytest.raises(SubmissionError) as caught:
            attempt.source.read()
        assert caught.value.message_id == "intake.unreadable"


NAMED = "作业一.ipynb"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        (NAMED, "utf-8"),
        (NAMED, "gbk"),
        ("李伟的作业.ipynb", "gbk"),
        ("Петров Иван.ipynb", "cp866"),
        ("ёлка_1.ipynb", "cp866"),
        ("müller.ipynb", "cp437"),
        ("José Núñez.ipynb", "cp437"),
    ],
)
def test_names_in_old_encodings_are_read_and_that_is_said(
    tmp_path: Path, name: str, encoding: str
) -> None:
    data = zipped([Entry("", notebook("1"), raw_name=name.encode(encoding))])
    path = tmp_path / "class.zip"
    path.write_bytes(data)
    intake = take_in(path)
    assert [attempt.path for attempt in intake.attempts] == [name]
    notes = [m.params["encoding"] for m in intake.evidence if m.id == "intake.names-decoded"]
    assert notes == ([] if encoding == "utf-8" else [encoding])


def test_an_instructor_may_name_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    path.write_bytes(zipped([Entry("", notebook("1"), raw_name="課題.ipynb".encode("shift_jis"))]))
    intake = take_in(path, options=Options(encoding="shift_jis"))
    assert [attempt.path for attempt in intake.attempts] == ["課題.ipynb"]


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on Linux")
def test_names_on_disk_may_be_in_old_encodings_too(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + NAMED.encode("gbk"))).write_bytes(GOOD)
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    assert [attempt.path for attempt in take_in(tmp_path).attempts] == [NAMED]


CHANGES = st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), min_size=1, max_size=6)


@given(changes=CHANGES, cut=st.integers(0, 400))
def test_any_damage_to_one_archive_is_that_archives_alone(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(zipped({"hw/hw.ipynb": notebook("1"), "hw/data.csv": b"1,2", "no.zip": b""}))
    for place, value in changes:
        data[place % len(data)] = value
    answer = bytes(data[: len(data) - cut]) if cut < 100 else bytes(data)
    path = tmp_path_factory.mktemp("damage") / "class.zip"
    saved(path, {"good.ipynb": GOOD, "li.zip": answer})
    intake = take_in(path)
    assert [a.source.read() for a in intake.of("good")] == [GOOD]
    assert intake.of("li") or "li" in intake.missing
    for attempt in intake.of("li"):
        assert len(attempt.source.read()) == attempt.size


def test_the_class_goes_on_whatever_one_hands_in(tmp_path: Path) -> None:
    noise = io.BytesIO()
    with zipfile.ZipFile(noise, "w") as archive:
        for n in range(100):
            archive.writestr(f"student{n:03}.ipynb", notebook(str(n)))
        archive.writestr("z/../../evil.ipynb", b"1")
        archive.writestr("con.ipynb", b"1")
        archive.writestr("broken.zip", b"PK")
    path = tmp_path / "class.zip"
    path.write_bytes(noise.getvalue())
    intake = take_in(path)
    assert len(intake.attempts) == 100
    assert len(intake.refused) == 3


def told(raw: bytes, name: bytes) -> bytes:
    """The extra field of an entry (0x7075) that tells its name in UTF-8, as WinRAR writes it."""
    body = b"\x01" + zlib.crc32(raw).to_bytes(4, "little") + name
    return b"\x75\x70" + len(body).to_bytes(2, "little") + body


@pytest.mark.parametrize("encoding", ["big5", "cp1253", "cp866"])
def test_a_name_that_is_told_beside_the_old_one_is_not_guessed(
    tmp_path: Path, encoding: str
) -> None:
    name = {"big5": "陳小明.ipynb", "cp1253": "Νίκος.ipynb", "cp866": "Пётр-ok.ipynb"}[encoding]
    raw = name.encode(encoding)
    entry = Entry("x", notebook(), raw_name=raw, extra=told(raw, name.encode()))
    other = Entry("y", notebook("2"), raw_name=b"li.ipynb", extra=told(b"old.ipynb", b"no.ipynb"))
    intake = take_in(saved(tmp_path / "pile.zip", [entry, other]))
    assert {attempt.name for attempt in intake.attempts} == {name, "li.ipynb"}
    assert not any(message.id == "intake.names-decoded" for message in intake.evidence)
