"""The tutorials' commands, in order, in a temporary folder, against the real course."""

from __future__ import annotations

import shutil
from pathlib import Path

from grader.release import release
from grader.spec import load_assignment, to_stamp
from tests.docs.conftest import ROOT, Reader


def test_a_student_follows_the_tutorial(reader: Reader) -> None:
    assignment = load_assignment(ROOT, "backward-twice")
    (reader.folder / "hw.ipynb").write_bytes(release(assignment, "en", to_stamp(assignment, "en")))
    (reader.folder / "submissions").mkdir()
    said = reader.follow("student.md")
    assert "Backward, twice" in said["grader check hw.ipynb"]
    handed_in = list((reader.folder / "submissions").rglob("*.ipynb"))
    assert len(handed_in) == 1
    assert "li.wei" in said["grader submit hw.ipynb --to submissions --student li.wei"]
    chinese = said["grader explain accumulated-gradient --language zh"]
    assert chinese != said["grader explain accumulated-gradient"]


def test_an_instructor_follows_the_tutorial(reader: Reader) -> None:
    _copy_course(reader.folder)
    said = reader.follow("instructor.md")
    assert {page.name for page in (reader.folder / "feedback").rglob("*.html")} == {
        "anna.ivanova.html", "li.wei.html", "tom.brown.html",
    }  # fmt: skip
    for path in ("hw.ipynb", "out/class.html", "out/results.csv", "marks.csv", "autograder.zip"):
        assert (reader.folder / path).stat().st_size > 0, path
    before = said["grader gradebook list out/gradebook.db"]
    code, after = reader.type("grader gradebook list out/gradebook.db")
    assert code == 0
    assert after != before  # the key that was corrected, and the mark by hand


def test_an_author_follows_the_tutorial(reader: Reader) -> None:
    said = reader.follow("author.md")
    assert "passed" in said["pytest exercises/"]


def _copy_course(folder: Path) -> None:
    for part in ("exercises", "solutions"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
