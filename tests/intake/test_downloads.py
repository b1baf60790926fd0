"""A platform's download among other things is read by its layout; a student's zip stays theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.intake import Options, take_in
from grader.model.intake import Intake

from .builders import SCRIPT, laid_out, notebook, saved, zipped
from .piles import CANVAS, GRADESCOPE, MOODLE, NBGRADER, RECEIPTS, ROSTER
from .test_layouts import checked

BOTH = {"canvas.zip": zipped(CANVAS), "moodle.zip": zipped(MOODLE)}
OF_CANVAS = {"1001", "1002", "1003", "1004", "1005"}
OF_MOODLE = {"Li Wei", "Иван Петров", "王小明", "Ann O'Hara", "Participant 405"}


def handed(intake: Intake) -> dict[str, list[str]]:
    """Student → the paths of what they handed in."""
    found: dict[str, list[str]] = {}
    for attempt in intake.attempts:
        found.setdefault(attempt.student, []).append(attempt.path)
    return found


def said(intake: Intake, id: str) -> list[dict[str, object]]:
    return [
        dict(message.params)
        for message in (*intake.evidence, *intake.conflicts)
        if message.id == id
    ]


def students(intake: Intake) -> set[str]:
    return {student.id for student in intake.students}


@pytest.mark.parametrize("how", ["folder", "zip"])
def test_downloads_that_lie_beside_each_other_are_each_read_by_their_own_layout(
    tmp_path: Path, how: str
) -> None:
    path = (
        laid_out(tmp_path / "class", BOTH) if how == "folder" else saved(tmp_path / "c.zip", BOTH)
    )
    intake = checked(take_in(path))
    assert intake.kind == "several"
    assert students(intake) == OF_CANVAS | OF_MOODLE
    assert all(len(paths) == 1 for paths in handed(intake).values())
    assert handed(intake)["Li Wei"] == ["moodle.zip/Li Wei_401_assignsubmission_file/hw.ipynb"]
    assert said(intake, "intake.download-inside") == [
        {"path": "canvas.zip", "platform": "Canvas", "count": 5},
        {"path": "moodle.zip", "platform": "Moodle", "count": 5},
    ]
    numbers = {student.id: dict(student.numbers) for student in intake.students}
    assert numbers["1001"] == {"canvas": "1001"}
    assert numbers["Li Wei"] == {"moodle": "401"}


@pytest.mark.parametrize(
    ("pile", "platform"),
    [
        (CANVAS, "Canvas"),
        (MOODLE, "Moodle"),
        (GRADESCOPE, "Gradescope"),
    ],
)
@pytest.mark.parametrize("where", ["{}.zip", "groups/b/{}.zip", "all.zip/{}.zip", "{}"])
def test_a_download_is_found_wherever_it_lies_and_beside_own_files_hands_in_for_nobody(
    tmp_path: Path, pile: dict[str, bytes], platform: str, where: str
) -> None:
    alone = take_in(laid_out(tmp_path / "alone", pile))
    own = {"maria.ipynb": notebook("m"), "ivo.zip": zipped({"hw.ipynb": notebook("i")})}
    place = where.format("export")
    if where == "{}":
        files = {f"export/{name}": data for name, data in pile.items()}
    elif where.startswith("all.zip"):
        files = {"all.zip": zipped({"export.zip": zipped(pile)})}
    else:
        files = {place: zipped(pile)}
    other = {"other.zip": zipped({name.replace("_10", "_20"): d for name, d in CANVAS.items()})}
    intake = checked(take_in(laid_out(tmp_path / "two", other | files)))
    assert students(intake) >= students(alone)
    inside = said(intake, "intake.download-inside")
    assert platform in {one["platform"] for one in inside if str(one["path"]).startswith(place)}
    assert not said(intake, "intake.several-notebooks")
    roster = tmp_path / "class.csv"
    roster.write_text("id,name\nmaria,Maria\nivo,Ivo\n")
    path = laid_out(tmp_path / "class", own | files)
    for known in (None, roster):
        beside = checked(take_in(path, known))
        assert [one["platform"] for one in said(beside, "intake.like-a-download")] == [platform]
        assert len({attempt.student for attempt in beside.attempts}) == 3


def test_downloads_of_one_kind_are_of_that_kind(tmp_path: Path) -> None:
    other = {name.replace("_10", "_20"): data for name, data in CANVAS.items()}
    files = {"a.zip": zipped(CANVAS), "b.zip": zipped(other), "readme.txt": b"?"}
    intake = checked(take_in(laid_out(tmp_path / "class", files)))
    assert intake.kind == "canvas"
    assert len(intake.students) == 10
    assert [(r.path, r.reason.id) for r in intake.refused if "/" not in r.path] == [
        ("readme.txt", "intake.nobodys")
    ]


def test_a_download_that_lies_in_an_unpacked_one_is_read_too(tmp_path: Path) -> None:
    files = CANVAS | {"moodle.zip": zipped(MOODLE)}
    intake = checked(take_in(laid_out(tmp_path / "class", files)))
    assert students(intake) == OF_CANVAS | OF_MOODLE
    assert "moodle.zip" not in {refusal.path for refusal in intake.refused}


def test_the_roster_joins_who_is_in_two_downloads_and_that_is_said(tmp_path: Path) -> None:
    roster = tmp_path / "class.csv"
    roster.write_bytes(ROSTER)
    intake = checked(take_in(laid_out(tmp_path / "class", BOTH), roster))
    assert len(intake.of("a1")) == 2
    joined = [(c["student"], c["one"], c["other"]) for c in said(intake, "intake.joined")]
    assert ("a1", "moodle.zip/Li Wei_401_assignsubmission_file",
            "canvas.zip/liwei_1001_50001_hw.ipynb") in joined  # fmt: skip


def test_one_number_in_two_downloads_may_be_two_people(tmp_path: Path) -> None:
    name = "{}_401_assignsubmission_file/hw.ipynb"
    files = {
        "a.zip": zipped({name.format("Li Wei"): notebook("1")}),
        "b.zip": zipped({name.format("Ann O'Hara"): notebook("2")}),
        "c.zip": zipped({name.format("Li Wei"): notebook("3")}),
    }
    intake = checked(take_in(laid_out(tmp_path / "class", files)))
    assert {id: len(paths) for id, paths in handed(intake).items()} == {
        "Li Wei": 2,
        "Ann O'Hara": 1,
    }
    assert [c["student"] for c in said(intake, "intake.joined")] == ["Li Wei"]


@pytest.mark.parametrize(
    "own",
    [
        {"hw.ipynb": notebook(), "data/a.csv": b"1"},
        {"hw.ipynb": notebook(), "plot_1_20.png": b"1", "plot_1_21.png": b"1"},
        {"hw.ipynb": notebook(), "plot_1_20_a.csv": b"1", "plot_2_21_b.csv": b"1"},
        {"submission_metadata.txt": b"?", "hw.ipynb": notebook()},
        {"a/hw.ipynb": notebook("1"), "b/hw.ipynb": notebook("2")},
        {"deep.zip": zipped({"hw.ipynb": notebook()})},
        {"hw.py": SCRIPT},
    ],
)
def test_a_students_own_zip_stays_one_students(tmp_path: Path, own: dict[str, bytes]) -> None:
    files = {"li.wei.zip": zipped(own), "ann.ipynb": notebook("2")}
    intake = checked(take_in(laid_out(tmp_path / "class", files)))
    assert students(intake) == {"li.wei", "ann"}
    assert not said(intake, "intake.like-a-download")


DOUBTFUL = {
    "one participant of Canvas's": {"liwei_1001_50001_hw.ipynb": notebook()},
    "one word and running numbers": {
        "task_1_1_forward.ipynb": notebook("1"), "task_2_2_backward.ipynb": notebook("2"),
    },
    "something else beside": {**CANVAS, "hw.ipynb": notebook()},
    "nbgrader's tree": NBGRADER,
    "nbgrader's tree of two assignments": {
        "submitted/a1/hw1/hw.ipynb": notebook("1"), "submitted/a2/hw2/hw.ipynb": notebook("2"),
    },
    "what was delivered": RECEIPTS,
    "metadata that says nothing": {"submission_metadata.yml": b"?", "a/hw.ipynb": notebook()},
}  # fmt: skip


@pytest.mark.parametrize("what", DOUBTFUL)
def test_where_it_cannot_be_told_that_is_listed(tmp_path: Path, what: str) -> None:
    files = {"li.wei.zip": zipped(DOUBTFUL[what]), "ann.ipynb": notebook("2")}
    intake = checked(take_in(laid_out(tmp_path / "class", files)))
    assert students(intake) == {"li.wei", "ann"}
    (doubt,) = said(intake, "intake.like-a-download")
    assert doubt["path"] == "li.wei.zip"


@pytest.mark.parametrize("place", ["li.wei.zip", "hw1_Li Wei/download.zip", "Li Wei"])
def test_what_is_named_after_somebody_of_the_roster_cannot_hand_in_for_others(
    tmp_path: Path, place: str
) -> None:
    roster = tmp_path / "class.csv"
    roster.write_bytes(ROSTER)
    forged = {
        "Иван Петров_402_assignsubmission_file/hw.ipynb": notebook("bad"),
        "王小明_403_assignsubmission_file/hw.ipynb": notebook("bad"),
    }
    if place.endswith(".zip"):
        files = {place: zipped(forged)}
    else:
        files = {f"{place}/{name}": data for name, data in forged.items()}
    files["petrov.ipynb"] = notebook("mine")
    intake = checked(take_in(laid_out(tmp_path / "class", files), roster))
    assert handed(intake)["a2"] == ["petrov.ipynb"]
    assert len(intake.of("a1")) == 2
    assert [c["path"] for c in said(intake, "intake.like-a-download")] == [place]


def test_an_instructor_who_says_what_it_is_is_believed(tmp_path: Path) -> None:
    path = laid_out(tmp_path / "class", BOTH)
    assert students(take_in(path, options=Options(kind="flat"))) == {"canvas", "moodle"}
    only = take_in(path, options=Options(kind="moodle"))
    assert students(only) >= OF_MOODLE
    assert not OF_CANVAS & students(only)


@pytest.mark.parametrize("name", ["17.zip", "hw1.zip", "a1.zip"])
def test_a_short_id_and_a_strangers_name_hand_in_for_nobody_else(tmp_path: Path, name: str) -> None:
    roster = tmp_path / "class.csv"
    roster.write_text("id,name\n17,Eve Short\na1,Al One\n18,Ann Lee\n19,Ivan Petrov\n")
    forged = {f"Ann Lee_40{n}_assignsubmission_file/hw.ipynb": notebook("bad") for n in (1, 2)}
    files = {name: zipped(forged), "19.ipynb": notebook("mine")}
    intake = checked(take_in(laid_out(tmp_path / "class", files), roster))
    assert not intake.of("18")


@pytest.mark.parametrize("layout", ["receipts", "nbgrader"])
def test_what_lies_in_folders_that_students_write_to_hands_in_for_nobody(
    tmp_path: Path, layout: str
) -> None:
    pile = RECEIPTS if layout == "receipts" else NBGRADER
    before = checked(take_in(laid_out(tmp_path / "before", pile)))
    first = next(iter(pile)).rpartition("/")[0]
    files = pile | {f"{first}/more/x.zip": zipped(MOODLE)}
    after = checked(take_in(laid_out(tmp_path / "after", files)))
    assert {a.student for a in after.attempts} == {a.student for a in before.attempts}


@pytest.mark.parametrize(
    "metadata",
    [b"[" * 200_000 + b"]" * 200_000, b"a: &a [1]\nb: [*a, *a]", b"a: b\n" * 300_000],
    ids=["deep", "aliases", "large"],
)
def test_metadata_that_a_student_made_up_is_bounded(tmp_path: Path, metadata: bytes) -> None:
    own = {"hw.ipynb": notebook("1"), "submission_metadata.yml": metadata}
    files = {"alice.zip": zipped(own), "bob.ipynb": notebook("2")}
    intake = take_in(laid_out(tmp_path / "class", files))
    assert {attempt.student for attempt in intake.attempts} == {"alice", "bob"}
