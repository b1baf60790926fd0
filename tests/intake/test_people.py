"""Who is who is found where it can be, and said where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake import take_in
from grader.intake.layouts import Claim
from grader.intake.messages import MESSAGES
from grader.intake.people import People, identify, with_authors
from grader.intake.roster import parse_roster

from .builders import laid_out, notebook

CLASS = parse_roster(
    """id,login,name,email
2021001,lwei,Li Wei,li.wei@uni.example
2021002,petrov,Иван Сергеевич Петров,petrov@uni.example
2021003,wxm,王小明,wang@uni.example
2021004,ann,Ann O'Hara,ann@uni.example
2021005,annb,Ann Brown,ann.b@uni.example
2021006,semen,Семён Ёлкин,elkin@uni.example
""".encode(),
    "class.csv",
)


def claim(said: str, **facts: object) -> Claim:
    given = {"key": said, "source": "folder", "place": said, "said": said, "id": said} | facts
    return Claim(**given)  # type: ignore[arg-type]


def found(one: Claim) -> tuple[str | None, list[str]]:
    people = identify([one], CLASS)
    for conflict in people.conflicts:
        assert tuple(conflict.params) == MESSAGES[conflict.id]
    student = people.students[people.by_key[one.key]]
    return (student.id if student.enrolled else None), [c.id for c in people.conflicts]


@pytest.mark.parametrize(
    ("said", "id"),
    [
        ("2021001", "2021001"),
        ("LWEI", "2021001"),
        ("li.wei@uni.example", "2021001"),
        ("li.wei", "2021001"),
        ("Wei Li", "2021001"),
        ("wei_li", "2021001"),
        ("LiWei", "2021001"),
        ("hw1_li.wei_final", "2021001"),
        ("Li Wei (2021001)", "2021001"),
        ("2021001-hw1", "2021001"),
        ("Петров Иван", "2021002"),
        ("Иван Петров", "2021002"),
        ("петров_иван_сергеевич", "2021002"),
        ("王小明", "2021003"),
        ("王小明的作业", None),
        ("作业1-王小明", "2021003"),
        ("王小明hw1", "2021003"),
        ("семен елкин", "2021006"),
        ("o'hara ann", "2021004"),
        ("ann.b_hw1", "2021005"),
        ("ann_hw1", "2021004"),
        ("hw_1", None),
        ("Somebody Else", None),
    ],
)
def test_somebody_of_the_roster_is_found_by_any_of_their_names(said: str, id: str | None) -> None:
    assert found(claim(said)) == (id, [] if id else ["intake.not-on-roster"])


def test_of_several_whom_it_could_be_nobody_is_chosen() -> None:
    twins = parse_roster(b"id,name\n1,Li Wei\n2,Li Wei\n3,Ann\n", "class.csv")
    people = identify([claim("Li Wei")], twins)
    assert [c.id for c in people.conflicts] == ["intake.ambiguous"]
    assert people.conflicts[0].params["found"] == "1 (2), 2 (3)"
    assert people.students["Li Wei"].enrolled is False


def test_facts_that_disagree_are_said() -> None:
    one = claim("Li Wei", id="2021001", email="ann@uni.example", name="Li Wei")
    assert found(one) == ("2021001", ["intake.disagrees"])
    agreeing = claim("Li Wei", id="2021001", email="li.wei@uni.example", name="Li Wei")
    assert found(agreeing) == ("2021001", [])


def test_a_platforms_number_comes_first() -> None:
    roster = parse_roster(
        b'Student,ID,SIS User ID,SIS Login ID,Section\n"Wei, Li",1001,a1,li,A\n', "grades.csv"
    )
    one = claim("somebody", id=None, name="somebody", numbers={"canvas": "1001"})
    people = identify([one], roster)
    assert people.by_key == {"somebody": "a1"}
    assert people.conflicts == ()


def test_two_that_come_to_one_are_said() -> None:
    people = identify([claim("li.wei"), claim("hw1_Li Wei"), claim("ann")], CLASS)
    assert people.by_key["li.wei"] == people.by_key["hw1_Li Wei"] == "2021001"
    assert [c.id for c in people.conflicts] == ["intake.joined"]


def test_namesakes_without_a_roster_stay_two() -> None:
    people = identify(
        [
            claim("Li Wei", key="401", id=None, name="Li Wei", numbers={"moodle": "401"}),
            claim("Li Wei", key="402", id=None, name="Li Wei", numbers={"moodle": "402"}),
        ]
    )
    assert sorted(people.students) == ["Li Wei (401)", "Li Wei (402)"]
    assert [c.id for c in people.conflicts] == ["intake.namesakes"]


def test_a_number_of_a_platform_is_nobodys_id_by_chance() -> None:
    numbers = {"canvas": "2021004"}
    one = claim("zhao", key="2021004", id=None, name="zhao", numbers=numbers)
    people = identify([one], CLASS)
    assert people.by_key == {"2021004": "2021004 (2021004)"}
    assert people.students["2021004"].matched is None


@pytest.mark.parametrize(
    ("said", "matched"),
    [("2021001", "id"), ("li wei", "name"), ("hw1_li wei", "piece"), ("nobody", None)],
)
def test_by_what_somebody_was_found_is_kept(said: str, matched: str | None) -> None:
    people = identify([claim(said)], CLASS)
    assert people.students[people.by_key[said]].matched == matched


def test_a_receipt_is_believed_before_its_folder() -> None:
    folder = claim("Ann~1234", key="Ann~1234")
    receipt = claim("ann", key="Ann~1234", source="receipt")
    assert identify([folder, receipt], CLASS).by_key == {"Ann~1234": "2021004"}


def test_where_everything_is_known_from_is_kept() -> None:
    people = identify([claim("li.wei", source="receipt", place="attempt-1.json")], CLASS)
    student = people.students["2021001"]
    assert [(e.what, e.value, e.source, e.place) for e in student.identity] == [
        ("id", "2021001", "roster", "class.csv:2"),
        ("name", "Li Wei", "roster", "class.csv:2"),
        ("email", "li.wei@uni.example", "roster", "class.csv:2"),
        ("id", "li.wei", "receipt", "attempt-1.json"),
    ]
    assert len(people.students) == 6


@given(st.lists(st.text(min_size=1, max_size=12), max_size=8, unique=True))
def test_everybody_is_somebody_whatever_they_are_called(names: list[str]) -> None:
    for roster in (None, CLASS):
        people: People = identify([claim(name) for name in names], roster)
        assert set(people.by_key) == set(names)
        assert set(people.by_key.values()) <= set(people.students)
        assert all(student.id == id for id, student in people.students.items())
        joined = sum(conflict.id == "intake.joined" for conflict in people.conflicts)
        assert len(set(people.by_key.values())) == len(names) - joined


def authored(tmp_path: Path, **metadata: object) -> list[tuple[str, str | None, list[str]]]:
    path = laid_out(
        tmp_path / "pile",
        {"2021001.ipynb": notebook("1", **metadata), "2021004.ipynb": notebook("2")},
    )
    roster = tmp_path / "class.csv"
    roster.write_text("id,name\n2021001,\n2021004,Ann O'Hara\n")
    intake = take_in(path, roster)
    said = [c.id for c in intake.conflicts]
    return [(s.id, s.name, said) for s in intake.students]


def test_a_notebooks_author_gives_a_name_to_who_has_none(tmp_path: Path) -> None:
    ((id, name, said), _) = authored(tmp_path, authors=[{"name": "Li Wei"}])
    assert (id, name, said) == ("2021001", "Li Wei", [])


def test_a_notebook_that_names_another_as_its_author_is_pointed_out(tmp_path: Path) -> None:
    _, (_, name, said) = authored(tmp_path, authors=["Ann O'Hara"])
    assert name == "Ann O'Hara"
    assert said == ["intake.other-author"]


def test_colab_says_who_ran_a_cell() -> None:
    from grader.intake.look import look

    class Text:
        data = (
            b'{"cells":[{"metadata":{"executionInfo":{"user":{"displayName":"Li Wei"}}},'
            b'"source":"\\"authors\\": [\\"Nobody\\"]"}],"metadata":{"authors":["Ann"],'
            b'"grader" : {"assignment":1}}}'
        )
        size = len(data)

        def open(self):
            import io

            return io.BytesIO(self.data)

    seen = look(Text())  # type: ignore[arg-type]
    assert seen.authors == ("Ann", "Li Wei")
    assert seen.stamped


@pytest.mark.parametrize(
    "metadata", [{"authors": 7}, {"authors": [[]]}, {"authors": ["x" * 5000]}, {"authors": [""]}]
)
def test_odd_metadata_says_nothing(tmp_path: Path, metadata: dict[str, object]) -> None:
    ((_, name, said), _) = authored(tmp_path, **metadata)
    assert (name, said) == (None, [])


def test_authors_who_are_nobody_known_are_only_recorded() -> None:
    people = identify([claim("li.wei")], CLASS)
    student, said = with_authors(
        people.students["2021001"], ["jupyter"], "a.ipynb", people, {"2021001"}
    )
    assert said == ()
    assert student.identity[-1].value == "jupyter"
    assert student.name == "Li Wei"
