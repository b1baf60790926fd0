"""A class graded in one go, with real kernels: marks, reports, table, exit codes."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from grader.gradebook import Gradebook
from grader.spec import load_assignment
from grader.submit.names import safe_name
from tests.batch.conftest import Undisturbed
from tests.batch.samples import batch, finished, written
from tests.pipeline.conftest import filled

RIGHT = "gradient = 2 * x.detach()"


def table(out: Path) -> dict[str, dict[str, str]]:
    with (out / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_everybody_gets_what_is_theirs(undisturbed: Undisturbed, course: Path) -> None:
    assert (undisturbed.code, undisturbed.said) == (0, "")
    marks = table(undisturbed.out)
    assert {who: row["status"] for who, row in marks.items()} == dict.fromkeys(
        ("anna", "boris", "chen", "dora", "egor", "李伟"), "graded"
    )
    most = float(marks["anna"]["max_score"])
    assert float(marks["anna"]["score"]) == float(marks["chen"]["score"]) == most
    assert 0 < float(marks["boris"]["score"]) < most
    assert [float(marks[who]["score"]) for who in ("dora", "egor", "李伟")] == [0, 0, 0]
    with Gradebook(undisturbed.out / "gradebook.db") as book:
        results = {g.student.key: g.result for g in book.grades("autograd")}
    assert results["dora"].run.status == "refused"
    assert results["dora"].notices[0].id.startswith("input.")
    assert results["egor"].run.status == "crashed"
    assert len({result.seed for result in results.values()}) == 1, "the same hidden inputs for all"


def test_everybody_has_a_page(undisturbed: Undisturbed) -> None:
    for student in table(undisturbed.out):
        page = (undisturbed.out / "reports" / f"{safe_name(student)}.html").read_text("utf-8")
        assert student in page
    assert "damaged" in (undisturbed.out / "reports" / "dora.html").read_text("utf-8")


def test_the_class_has_a_page_that_leads_to_theirs(undisturbed: Undisturbed) -> None:
    page = (undisturbed.out / "class.html").read_text("utf-8")
    assert undisturbed.events[-1]["page"] == str(undisturbed.out / "class.html")
    for student in table(undisturbed.out):
        assert f'href="reports/{quote(safe_name(student))}.html"' in page
    assert page.count("<tr data-state") == 6


def test_progress_in_json_tells_everything(undisturbed: Undisturbed) -> None:
    kinds = [event["event"] for event in undisturbed.events]
    assert kinds[:2] == ["intake", "begun"]
    assert kinds[-1] == "ended"
    assert kinds.count("started") == kinds.count("finished") == 6
    ended = finished(undisturbed.events)
    assert {who: event["outcome"] for who, event in ended.items()} == {
        "anna": "graded", "boris": "graded", "chen": "graded", "dora": "refused",
        "egor": "graded", "李伟": "graded",
    }  # fmt: skip
    assert undisturbed.events[-1]["refused"] == ["dora"]
    assert undisturbed.events[-1]["ended"] == [["egor", "crashed"]]


def test_what_has_not_changed_is_not_graded_again(undisturbed: Undisturbed, course: Path) -> None:
    before = (undisturbed.out / "results.csv").read_bytes()
    page = undisturbed.out / "reports" / "anna.html"
    shown = page.read_bytes()
    page.unlink()
    code, events, _ = batch(
        "autograd", undisturbed.submissions, "-o", undisturbed.out, course=course
    )
    assert code == 0
    assert finished(events) == {}
    assert events[1] == {"event": "begun", "total": 0, "before": 6, "jobs": events[1]["jobs"]}
    assert (undisturbed.out / "results.csv").read_bytes() == before
    assert page.read_bytes() == shown


def test_what_is_new_is_graded_alone_and_the_attempt_that_counts_is_chosen(
    tmp_path: Path, small_course: Path
) -> None:
    assignment = load_assignment(small_course, "doubling")
    wrong = filled(assignment, {"doubling/answer": "gradient = x.detach()"})
    submissions = written(tmp_path / "in", {"anna.ipynb": wrong, "boris.ipynb": wrong})
    out = tmp_path / "out"
    first = batch("doubling", submissions, "-o", out, course=small_course)
    assert first[0] == 0, first
    again = filled(assignment, {"doubling/answer": RIGHT})
    written(submissions, {"anna.ipynb": again})
    code, events, _ = batch("doubling", submissions, "-o", out, course=small_course)
    assert code == 0
    assert list(finished(events)) == ["anna"]
    assert table(out)["anna"]["attempt"] == "2"
    assert float(table(out)["anna"]["score"]) > float(table(out)["boris"]["score"])
    with Gradebook(out / "gradebook.db") as book:
        seeds = {g.student.key: g.result.seed for g in book.grades("doubling")}
    assert seeds["anna"] != seeds["boris"], "anna may have seen a report, and hidden inputs in it"
    newer = (out / "reports" / "anna.html").read_bytes()
    code, events, _ = batch(
        "doubling", submissions, "-o", out, "--attempts", "first", course=small_course
    )
    assert finished(events) == {}
    assert table(out)["anna"]["attempt"] == "1"
    assert table(out)["anna"]["score"] == table(out)["boris"]["score"]
    assert (out / "reports" / "anna.html").read_bytes() != newer


def test_a_fault_of_ours_is_not_graded_and_is_tried_again_by_the_next_call(
    tmp_path: Path, small_course: Path
) -> None:
    reference = small_course / "solutions" / "doubling" / "reference.py"
    works = reference.read_text()
    reference.write_text(  # its process dies over every question
        "import os\n\n\ndef gradient(x):\n    os.kill(os.getppid(), 9)\n    return x\n"
    )
    assignment = load_assignment(small_course, "doubling")
    right = filled(assignment, {"doubling/answer": RIGHT})
    submissions = written(tmp_path / "in", {"anna.ipynb": right, "dora.ipynb": b"no JSON"})
    out = tmp_path / "out"
    code, events, _ = batch("doubling", submissions, "-o", out, course=small_course)
    assert code == 1
    assert {who: e["outcome"] for who, e in finished(events).items()} == {
        "anna": "not_graded", "dora": "refused",
    }  # fmt: skip
    assert [who for who, _ in events[-1]["not_graded"]] == ["anna"]
    assert table(out)["anna"]["status"] == "not_graded"
    assert table(out)["anna"]["score"] == ""
    reference.write_text(works)
    code, events, _ = batch("doubling", submissions, "-o", out, course=small_course)
    assert code == 0
    assert finished(events)["anna"]["outcome"] == "graded"
    assert float(table(out)["anna"]["score"]) == 2


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    return written(tmp_path / "in", {"dora.ipynb": b"no JSON"})


def said(*arguments: str | Path, cwd: Path, course: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "grader", "batch", *map(str, arguments), "--course", str(course)],
        cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("autograd", "in", "-o", "in/out"), ("--output", "in/out")),
        (("autograd", "in", "-o", "out", "--due", "tomorrow"), ("--due", "tomorrow", "ISO 8601")),
        (("autograd", "in", "-o", "out", "--names", "klingon"), ("--names", "klingon")),
        (("week-9", "in", "-o", "out"), ("week-9", "autograd")),
        (("autograd", "nowhere", "-o", "out"), ("nowhere",)),
        (("autograd", "in", "-o", "in/dora.ipynb/x"), ("--output",)),
    ],
)
def test_a_call_that_cannot_work_says_why_and_writes_nothing(
    pile: Path, course: Path, arguments: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    code, text = said(*arguments, cwd=pile.parent, course=course)
    assert code == 2
    assert "Traceback" not in text
    assert all(part in text for part in expected), text
    assert not (pile.parent / "out").exists()


def test_another_seed_than_the_folder_s_is_refused(undisturbed: Undisturbed, course: Path) -> None:
    code, text = said(
        "autograd", undisturbed.submissions, "-o", undisturbed.out, "--seed", "6",
        cwd=undisturbed.out, course=course,
    )  # fmt: skip
    assert code == 2
    assert all(part in text for part in ("--seed", "5", "6", "batch.json"))


def test_lines_where_there_is_no_terminal(pile: Path, course: Path) -> None:
    code, text = said("autograd", pile, "-o", "out", cwd=pile.parent, course=course)
    assert code == 0
    assert "1/1 dora" in text
    assert "results.csv" in text
