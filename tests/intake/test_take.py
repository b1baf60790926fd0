"""Attempts are in order, duplicates are listed, companions go with their notebook."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from grader.intake import Limits, Options, take_in, to_plain
from grader.intake.folders import changed as changed_at
from grader.model.intake import Intake

from .builders import CHANGED, SCRIPT, laid_out, notebook, saved, zipped
from .piles import GRADESCOPE, PILES, RECEIPTS, RELEASED


def changed(path: Path, hours: float) -> None:
    time = (CHANGED + timedelta(hours=hours)).timestamp()
    os.utime(path, (time, time))


def order(intake: Intake, student: str = "li") -> list[str]:
    return [attempt.path for attempt in intake.of(student)]


def test_that_a_second_file_of_a_name_is_another_attempt_is_said(tmp_path: Path) -> None:
    pile = laid_out(tmp_path / "pile", {"hw.ipynb": notebook("1"), "hw (1).ipynb": notebook("2")})
    (joined,) = take_in(pile).conflicts
    assert joined.id == "intake.joined"
    assert {joined.params["one"], joined.params["other"]} == {"hw.ipynb", "hw (1).ipynb"}


def test_a_file_from_beyond_the_calendar_has_no_time() -> None:
    assert changed_at(os.stat_result((0,) * 8 + (300_000_000_000, 0))) is None
    known = changed_at(os.stat_result((0,) * 8 + (0, 0)))
    assert known is not None
    assert known.time.year == 1970


def test_attempts_are_in_the_order_of_their_times(tmp_path: Path) -> None:
    names = ["li.ipynb", "li (1).ipynb", "li (2).ipynb"]
    pile = laid_out(tmp_path / "pile", {name: notebook(name) for name in names})
    assert order(take_in(pile)) == names
    changed(pile / "li.ipynb", 2)
    changed(pile / "li (2).ipynb", 1)
    intake = take_in(pile)
    assert order(intake) == ["li (1).ipynb", "li (2).ipynb", "li.ipynb"]
    assert [a.submitted.source for a in intake.attempts if a.submitted] == ["file"] * 3


def test_of_notebooks_handed_in_at_once_the_released_one_is_last_and_that_is_said(
    tmp_path: Path,
) -> None:
    pile = laid_out(
        tmp_path / "pile",
        {
            "li/a.ipynb": notebook("1", **RELEASED),
            "li/z.ipynb": notebook("2"),
            "ann/only.ipynb": notebook("3"),
        },
    )
    changed(pile / "li/z.ipynb", 5)
    intake = take_in(pile)
    assert order(intake) == ["li/z.ipynb", "li/a.ipynb"]
    assert [(c.id, c.params["path"]) for c in intake.conflicts] == [
        ("intake.several-notebooks", "li/a.ipynb")
    ]


def test_receipts_say_when_and_whose(tmp_path: Path) -> None:
    intake = take_in(laid_out(tmp_path / "pile", RECEIPTS))
    assert [a.submitted and a.submitted.time.hour for a in intake.of("li.wei")] == [11, 12]
    assert [a.name for a in intake.of("li.wei")] == [
        "20261120T110000Z-ba9876543210.ipynb", "hw.ipynb",
    ]  # fmt: skip
    assert [c.id for c in intake.conflicts] == ["intake.unreadable-receipt"]


def test_a_notebook_that_was_changed_after_its_receipt_is_pointed_out(tmp_path: Path) -> None:
    pile = laid_out(tmp_path / "pile", RECEIPTS)
    stored = "autograd/li.wei/20261120T120000Z-0123456789ab.ipynb"
    (pile / stored).write_bytes(notebook("better"))
    intake = take_in(pile)
    differing = [c.params for c in intake.conflicts if c.id == "intake.receipt-differs"]
    assert differing == [{"student": "li.wei", "path": stored}]


def test_the_same_content_from_different_students_is_listed(tmp_path: Path) -> None:
    files = {
        "li.ipynb": notebook("same"), "li (1).ipynb": notebook("same"),
        "ann.ipynb": notebook("same"), "bob.ipynb": notebook("own"),
    }  # fmt: skip
    (same,) = take_in(saved(tmp_path / "class.zip", files)).duplicates
    assert same.of == (("ann", "ann.ipynb"), ("li", "li.ipynb"), ("li", "li (1).ipynb"))
    alone = {name: data for name, data in files.items() if name != "ann.ipynb"}
    assert take_in(saved(tmp_path / "other.zip", alone)).duplicates == ()


def test_what_a_group_hands_in_together_is_no_duplicate(tmp_path: Path) -> None:
    intake = take_in(saved(tmp_path / "class.zip", GRADESCOPE))
    assert intake.duplicates == ()
    assert intake.of("a1")[0].shared_with == ("a2",)
    assert intake.of("a2")[0].shared_with == ("a1",)
    assert intake.of("0123")[0].shared_with == ()


def test_that_a_group_names_one_of_itself_as_author_is_no_conflict(tmp_path: Path) -> None:
    one = "assignment_77_export/submission_1/hw.ipynb"
    for author, said in (("Иван Петров", []), ("Wang", ["intake.other-author"])):
        files = GRADESCOPE | {one: notebook("1", authors=[author])}
        intake = take_in(saved(tmp_path / "class.zip", files))
        assert [c.id for c in intake.conflicts if "author" in c.id] == said
        assert [s.name for s in intake.students[1:3]] == ["Li Wei", "Иван Петров"]


def companions(intake: Intake, student: str = "li") -> dict[str, list[str]]:
    return {a.path: [c.name for c in a.companions] for a in intake.of(student)}


def test_what_lies_beside_and_below_a_notebook_goes_with_it(tmp_path: Path) -> None:
    files = {
        "li/src/hw.ipynb": notebook(),
        "li/src/tool.py": SCRIPT,
        "li/src/data/a.csv": b"1",
        "li/src/data.zip": zipped({"b.csv": b"2"}),
        "li/above.csv": b"3",
    }
    intake = take_in(saved(tmp_path / "class.zip", files | {"ann/hw.ipynb": notebook("2")}))
    expected = ["data/a.csv", "data.zip", "tool.py"]
    assert companions(intake) == {"li/src/hw.ipynb": expected}
    assert [(r.path, r.reason.id, r.student) for r in intake.refused] == [
        ("li/above.csv", "intake.out-of-reach", "li")
    ]
    contents = {c.name: c.source.read() for c in intake.of("li")[0].companions}
    assert contents["data/a.csv"] == b"1"


def test_an_archive_counts_as_what_is_in_it_where_there_is_no_notebook_beside(
    tmp_path: Path,
) -> None:
    files = {"li/all.zip": zipped({"hw/hw.ipynb": notebook(), "hw/a.csv": b"1"}), "li/b.csv": b"2"}
    intake = take_in(saved(tmp_path / "class.zip", files | {"ann/hw.ipynb": notebook("2")}))
    assert companions(intake) == {"li/all.zip/hw/hw.ipynb": ["a.csv"]}


@pytest.mark.parametrize(
    ("files", "taken"),
    [
        ({"hw.py": SCRIPT}, ["hw.py"]),
        ({"hw.py": b"#%%\nx = 1"}, ["hw.py"]),
        ({"hw.py": b"x = 1"}, []),
        ({"hw.py": b"x = '# %%'"}, []),
        ({"hw.py": SCRIPT, "hw.ipynb": notebook()}, ["hw.ipynb"]),
        ({"hw.py": SCRIPT, "tool.py": b"x = 1"}, ["hw.py"]),
        ({"hw.html": b"<html>"}, []),
    ],
)
def test_a_percent_script_is_an_answer_where_there_is_no_notebook(
    tmp_path: Path, files: dict[str, bytes], taken: list[str]
) -> None:
    pile = {f"li/{name}": data for name, data in files.items()} | {"ann/hw.ipynb": notebook("2")}
    intake = take_in(saved(tmp_path / "class.zip", pile))
    assert [attempt.name for attempt in intake.of("li")] == taken
    assert ("li" in intake.missing) == (not taken)


@pytest.mark.parametrize("name", ["hw.rar", "hw.7z", "hw.tar.gz"])
def test_other_archives_are_refused_by_name(tmp_path: Path, name: str) -> None:
    pile = laid_out(
        tmp_path / "pile",
        {f"li/{name}": b"?", "ann/hw.ipynb": notebook(), f"Tom {name}": b"?", "it.pdf": b"?"},
    )
    reasons = {refusal.path: refusal.reason.id for refusal in take_in(pile).refused}
    assert reasons == {
        f"li/{name}": "intake.other-archive",
        f"Tom {name}": "intake.other-archive",
        "it.pdf": "intake.nobodys",
    }


@pytest.mark.parametrize(("limits", "taken"), [({"handed_files": 2}, 2), ({"handed_bytes": 2}, 1)])
def test_companions_are_bounded(tmp_path: Path, limits: dict[str, int], taken: int) -> None:
    files = {f"li/{n}.bin": b"22" for n in range(3)}
    pile = laid_out(tmp_path / "pile", files | {"li/hw.ipynb": notebook(), "a/hw.ipynb": b"{}"})
    intake = take_in(pile, options=Options(limits=Limits(**limits)))
    assert len(intake.of("li")[0].companions) == taken
    assert len(intake.refused) == 3 - taken


def test_a_folder_of_too_many_files_is_taken_as_far_as_that_goes(tmp_path: Path) -> None:
    pile = laid_out(tmp_path / "pile", {f"s{n}.ipynb": notebook(str(n)) for n in range(5)})
    intake = take_in(pile, options=Options(limits=Limits(files=4)))
    assert len(intake.attempts) == 4
    assert [r.reason.id for r in intake.refused] == ["intake.too-many"]
    assert take_in(pile, options=Options(limits=Limits(files=5))).refused == ()


@pytest.mark.parametrize("name", PILES)
def test_as_data_it_is_json_and_the_same_every_time(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path / "class.zip", PILES[name])
    plain = to_plain(take_in(path))
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert to_plain(take_in(path)) == plain
    message = {"type": "object", "required": ["id", "params"], "additionalProperties": False,
               "properties": {"id": {"type": "string"}, "params": {"type": "object"}}}  # fmt: skip
    jsonschema.validate(plain["conflicts"], {"type": "array", "items": message})
    latest = {s["id"]: s["latest"] for s in plain["students"]}
    assert {id for id, number in latest.items() if number is None} == set(plain["missing"])


@pytest.mark.parametrize("ending", [".ipynb.txt", ".IPYNB.json"])
def test_a_notebook_that_a_browser_gave_another_ending_is_one(tmp_path: Path, ending: str) -> None:
    pile = laid_out(
        tmp_path / "pile",
        {f"li{ending}": notebook("1"), "ann/notes.txt": b"-", f"ann/hw{ending}": notebook("2")},
    )
    intake = take_in(pile)
    assert not intake.refused
    assert [order(intake, student) for student in ("ann", "li")] == [
        [f"ann/hw{ending}"], [f"li{ending}"],
    ]  # fmt: skip


def test_beside_a_notebook_one_with_another_ending_is_a_companion(tmp_path: Path) -> None:
    pile = laid_out(
        tmp_path / "pile",
        {
            "li/hw.ipynb": notebook("1"),
            "li/hw.ipynb.txt": notebook("2"),
            "ann/hw.ipynb": notebook("3"),
        },
    )
    intake = take_in(pile)
    assert order(intake) == ["li/hw.ipynb"]
    assert [c.name for a in intake.attempts for c in a.companions] == ["hw.ipynb.txt"]


def test_a_students_folder_with_nothing_to_grade_is_listed(tmp_path: Path) -> None:
    pile = laid_out(
        tmp_path / "pile",
        {
            "li/hw.ipynb": notebook("1"),
            "ann/.ipynb_checkpoints/hw-checkpoint.ipynb": notebook("2"),
            "__MACOSX/._hw.ipynb": b"-",
        },
    )
    (pile / "bo" / "hw").mkdir(parents=True)
    (pile / "li" / "data").mkdir()
    intake = take_in(pile)
    assert [(r.path, r.reason.id) for r in intake.refused] == [
        ("ann", "intake.empty-folder"), ("bo", "intake.empty-folder"),
    ]  # fmt: skip
    assert intake.ignored == 2


def test_the_other_folders_of_a_course_of_nbgrader_s_are_no_students(tmp_path: Path) -> None:
    course = laid_out(tmp_path / "course", {"submitted/ann/hw/hw.ipynb": notebook("1")})
    for name in ("source", "release", "autograded", "feedback"):
        (course / name).mkdir()
    intake = take_in(course)
    assert [attempt.student for attempt in intake.attempts] == ["ann"]
    assert intake.refused == ()
