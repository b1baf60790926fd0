"""A course's data leaves whole and comes back; a student's is gone when it is removed."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from grader.errors import CallError, MachineError
from grader.gradebook import Gradebook, database
from grader.gradebook.tables import Base

from .samples import ANNA, EVE, FULL, HALF, LI, OTHER, give, later
from .test_book import rows

FILES = {table.name for table in Base.metadata.sorted_tables}


def full(book: Gradebook) -> None:
    """A book with something in every table."""
    give(book, LI, HALF, b"first \x00")
    give(book, LI, FULL, b"second", submitted_at=later(1), late_penalty=0.1, late_reason="1 ч")
    give(book, ANNA, HALF, b"first \x00", companions={"帮助.py": b"\xff\x00"}, submitted_at=None)
    book.enrol([EVE])
    book.set_mark("li.wei", "autograd", "loops", points=1, who="Dr Q", why="=1+1", comment="好")
    book.clear_mark("li.wei", "autograd", "loops", who="Dr Q", why="no")
    book.set_mark("anna", "autograd", points=2, who="Dr Q", why="better than li.wei")
    book.specify(OTHER)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


def test_a_course_leaves_whole_and_comes_back(book, place, postgres, tmp_path: Path) -> None:
    full(book)
    counts = book.export_data(tmp_path / "out")
    assert set(counts) == FILES
    assert all(counts.values()), counts
    there = {"sqlite": str(tmp_path / "copy.db"), "postgresql": postgres()}
    for name, where in there.items():
        with Gradebook(where, create=True) as copy:
            assert copy.import_data(tmp_path / "out") == counts
            assert rows(copy) == rows(book)
            assert list(copy.grades("autograd")) == list(book.grades("autograd"))
            copy.export_data(tmp_path / name)
            assert contents(tmp_path / name) == contents(tmp_path / "out")
            give(copy, EVE, HALF, b"and it goes on")
            assert copy.grade("eve", "autograd").standing == "graded"


def test_the_files_are_read_without_a_grader(book: Gradebook, tmp_path: Path) -> None:
    full(book)
    book.export_data(tmp_path / "out")
    out = tmp_path / "out"
    students = [json.loads(line) for line in (out / "student.jsonl").open(encoding="utf-8")]
    assert [s["name"] for s in students] == [LI.name, ANNA.name, EVE.name]
    results = [json.loads(line) for line in (out / "result.jsonl").open(encoding="utf-8")]
    assert results[0]["body"]["schema"] == 1
    files = [json.loads(line) for line in (out / "file.jsonl").open(encoding="utf-8")]
    assert [(out / "files" / f["data"]["file"]).read_bytes() for f in files] == [
        b"first \x00", b"second", b"first \x00", b"\xff\x00",
    ]  # fmt: skip


def test_an_export_replaces_nothing(book: Gradebook, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(CallError, match="out: expected a name that is free"):
        book.export_data(tmp_path / "out")


def test_an_import_needs_an_empty_book(book: Gradebook, tmp_path: Path) -> None:
    full(book)
    book.export_data(tmp_path / "out")
    with pytest.raises(CallError, match="expected an empty gradebook, found rows in"):
        book.import_data(tmp_path / "out")


def cut(path: Path) -> None:
    path.write_text("".join(path.open(encoding="utf-8").readlines()[:-1]), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda out: (out / "manifest.json").unlink(), "manifest.json: expected what"),
        (lambda out: (out / "manifest.json").write_text('{"gradebook": 2}'),
         "gradebook: expected 1, found 2"),
        (lambda out: cut(out / "finding.jsonl"), "finding.jsonl: expected 15 lines"),
        (lambda out: (out / "attempt.jsonl").write_text('{"id": 1}\n'),
         "attempt.jsonl, line 1: expected the keys assignment, id"),
        (lambda out: (out / "attempt.jsonl").write_text("[\n"), "one JSON object a line"),
        (lambda out: next((out / "files").iterdir()).write_bytes(b"forged"), "not what its name"),
        (lambda out: next((out / "files").iterdir()).unlink(), "No such file"),
    ],
)  # fmt: skip
def test_a_damaged_export_is_refused_whole(book, place, tmp_path: Path, damage, said) -> None:
    full(book)
    book.export_data(tmp_path / "out")
    damage(tmp_path / "out")
    with Gradebook(place(), create=True) as copy:
        with pytest.raises(CallError, match=said):
            copy.import_data(tmp_path / "out")
        assert not any(rows(copy).values())


def test_a_path_out_of_the_folder_is_not_followed(book, place, tmp_path: Path) -> None:
    full(book)
    book.export_data(tmp_path / "out")
    path = tmp_path / "out" / "file.jsonl"
    lines = [json.loads(line) for line in path.open(encoding="utf-8")]
    lines[0]["data"] = {"file": "../manifest.json"}
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with Gradebook(place(), create=True) as copy, pytest.raises(CallError, match="no SHA-256"):
        copy.import_data(tmp_path / "out")


def stored(book: Gradebook, key: str) -> list[bytes]:
    """Bytes that are in the database for one student only, as they lie there."""
    student = next(row for row in rows(book)["student"] if row[1] == key)
    with book._database.engine.connect() as connection:
        blobs = [
            connection.exec_driver_sql(
                f"SELECT {column} FROM {table} WHERE submission_id IN "
                f"(SELECT id FROM submission WHERE student_id = {student[0]})"
            ).scalars().all()
            for table, column in (("capture", "data"), ("file", "data"), ("result", "body"))
        ]  # fmt: skip
    return [bytes(blob) for found in blobs for blob in found]


def test_nothing_of_a_removed_student_is_left(book: Gradebook, tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(9000)  # which compression leaves as it is
    full(book)
    give(book, EVE, FULL, noise)
    kept = {key: stored(book, key) for key in ("li.wei", "eve")}
    assert book.remove_student("eve") == ()
    assert [student.key for student in book.students()] == ["anna", "li.wei"]
    for table, found in rows(book).items():
        assert "'eve'" not in repr(found), table
        assert EVE.email not in repr(found), table
    if book._database.sqlite:
        path = Path(book.name)
        raw = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
        assert kept["li.wei"][0][-64:] in raw
        hers = set(kept["eve"]) - set(kept["li.wei"])
        assert len(hers) == 2  # her notebook and her result; the samples' runs are all alike
        for words in (noise[:64], noise[-64:], EVE.email.encode(), *(b[-64:] for b in hers)):
            assert words not in raw
    assert book.grade("li.wei", "autograd").attempts == 2


def test_postgresql_s_files_forget_a_removed_student(postgres, tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(9000)
    with Gradebook(postgres(), create=True) as book:
        full(book)
        give(book, EVE, FULL, noise)
        with book._database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            folder = connection.exec_driver_sql("SHOW data_directory").scalar_one()
            query = "SELECT oid FROM pg_database WHERE datname = current_database()"
            number = str(connection.exec_driver_sql(query).scalar_one())
        book.remove_student("eve")
        raw = b"".join(p.read_bytes() for p in Path(folder, "base", number).iterdir())
        assert b"li@example.org" in raw
        assert EVE.email.encode() not in raw
        assert noise[100:164] not in raw


def test_what_people_wrote_of_a_removed_student_is_listed(book: Gradebook) -> None:
    full(book)
    assert book.remove_student("li.wei") == ("anna, autograd, decided by Dr Q on 2026-10-01",)
    assert book.grade("anna", "autograd").mark is not None


def test_a_reader_in_the_way_of_forgetting_is_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(database, "_PRAGMAS", ("busy_timeout = 1", *database._PRAGMAS[1:]))
    where = tmp_path / "book.db"
    with Gradebook(where, create=True) as book, Gradebook(where) as other:
        full(book)
        reading = other.grades("autograd")
        next(reading)
        with pytest.raises(MachineError, match=r"is gone from every table.*scrub"):
            book.remove_student("eve")
        reading.close()
        book.scrub()
        assert b"eve@example.org" not in where.read_bytes()


def test_an_export_of_before_a_column_was_there_is_read(book, place, tmp_path: Path) -> None:
    give(book, LI, HALF)
    book.export_data(tmp_path / "out")
    path = tmp_path / "out" / "capture.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert all(row.pop("answers") is None for row in rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with Gradebook(place(), create=True) as other:
        other.import_data(tmp_path / "out")
        assert other.grade("li.wei", "autograd").result is not None
