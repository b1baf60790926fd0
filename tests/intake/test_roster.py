"""A roster is read as any platform or spreadsheet writes it, and never guessed at."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.intake import IntakeError, read_roster
from grader.intake.messages import MESSAGES
from grader.intake.roster import Roster, Row, parse_roster


def rows(text: str, encoding: str = "utf-8") -> list[tuple[str, str | None, str | None]]:
    roster = parse_roster(text.encode(encoding), "class.csv")
    return [(row.id, row.name, row.email) for row in roster.rows]


LI = ("a1", "Li Wei", "li@uni.example")


@pytest.mark.parametrize(
    "text",
    [
        "id,name,email\na1,Li Wei,li@uni.example\n",
        "\ufeffStudent ID;Full name;E-mail address\r\na1;Li Wei;li@uni.example\r\n",
        "Email\tSID\tName\nli@uni.example\ta1\tLi Wei",
        "sep=;\nid;name;email\na1;Li Wei;li@uni.example\n",
        'ID Number,First name,Last Name,Email Address\na1,"Li",Wei,li@uni.example\n',
        "student_id,last_name,first_name,email\na1,Wei,Li,li@uni.example\n,,,\n",
        "学号|姓名|电子邮箱\na1|Li Wei|li@uni.example\n",
        "Номер студента;ФИО;Электронная почта\na1;Li Wei;li@uni.example\n",
        "Group,SID,Points,Name,Email\n7,a1,3,Li Wei,li@uni.example\n",
        "id,student_id,name,email\n7,a1,Li Wei,li@uni.example\n",
        "Student ID;ID;Name;Email\na1;7;Li Wei;li@uni.example\n",
        "name,email,id,name\nLi Wei,li@uni.example,a1,nickname\n",
        "id;name;email\ra1;Li Wei;li@uni.example\r",
        "\ufeff\r\n\nid;name;email\r\n\r\na1;Li Wei;li@uni.example\r\n",
    ],
)
def test_columns_are_known_by_their_names(text: str) -> None:
    assert rows(text) == [LI]


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("学号,姓名\n1,王小明\n", "gb18030", "gb18030"),
        ("id,name\n1,王小明\n2,欧阳娜娜\n", "gbk", "gb18030"),
        ("id;ФИО\n1;Иванов Пётр\n", "windows-1251", "windows-1251"),
        ("id;name\n1;Иванов Пётр\n", "windows-1251", "windows-1251"),
        ("id,name\n1,王小明\n", "utf-16", "utf-16"),
        ("id,name\n1,Li Wei\n", "utf-16-le", "utf-16"),
        ("id;name\n1;Иванов Пётр\n", "utf-16-be", "utf-16"),
        ("id,name\n1,Иванов Пётр\n", "utf-8-sig", "utf-8"),
    ],
)
def test_encodings_are_recognised_and_said(text: str, encoding: str, said: str) -> None:
    roster = parse_roster(text.encode(encoding), "class.csv")
    assert roster.rows[0].name == text.splitlines()[1].replace(";", ",").split(",")[1]
    assert roster.evidence.params["encoding"] == said
    assert tuple(roster.evidence.params) == MESSAGES["intake.by-roster"]


def test_canvas_own_gradebook_is_a_roster() -> None:
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (12)\n"
        "    Points Possible,,,,,10\n"
        '"Wei, Li",1001,a1,li.wei,A,7\n'
        '"Student, Test",1999,,abc,A,\n'
    )
    roster = parse_roster(text.encode(), "grades.csv")
    numbers = {"canvas": "1001", "sis_user": "a1", "sis_login": "li.wei"}
    assert roster.rows == (Row("a1", 3, "Li Wei", None, "li.wei", numbers, "a1"),)


def test_moodles_worksheet_is_a_roster() -> None:
    text = "Identifier,Full name,Email address,Grade\nParticipant 401,Li Wei,li@uni.example,\n"
    roster = parse_roster(text.encode(), "grades.csv")
    assert roster.rows[0].numbers == {"moodle": "401"}
    assert roster.rows[0].id == "li@uni.example"


@pytest.mark.parametrize(
    ("head", "cells", "name"),
    [
        ("名,姓氏", "小明,王", "王小明"),
        ("Имя,Отчество,Фамилия", "Пётр,Ильич,Иванов", "Иванов Пётр Ильич"),
        ("name", '"O\'Hara, Ann"', "Ann O'Hara"),
        ("name", '"a, b, c"', "a, b, c"),
    ],
)
def test_names_are_put_together_as_their_script_does(head: str, cells: str, name: str) -> None:
    assert rows(f"id,{head}\n1,{cells}\n") == [("1", name, None)]


def test_who_is_twice_in_it_is_said() -> None:
    roster = parse_roster(b"id,email\n1,a@x\n2,A@x\n1,c@x\n", "class.csv")
    assert [message.params for message in roster.conflicts] == [
        {"file": "class.csv", "value": "1", "one": 2, "other": 4},
        {"file": "class.csv", "value": "a@x", "one": 2, "other": 3},
    ]
    assert all(message.id == "intake.roster-twice" for message in roster.conflicts)


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"", "columns"),
        (b"1,Li Wei\n2,Ann\n", "columns"),
        (b"\x00\xff\xfe", "columns"),
        (b"points,grade\n1,2\n", "columns"),
        (b"id,name\n", "empty"),
        (b"id,name\n ,\n", "empty"),
        (b'id,name\n1,"' + b"x" * 200_000, "line"),
    ],
)
def test_what_is_no_roster_is_refused_with_the_file_and_what_was_found(
    data: bytes, id: str
) -> None:
    with pytest.raises(IntakeError) as caught:
        parse_roster(data, "class.csv")
    assert caught.value.message_id == f"intake.error-roster-{id}"
    assert caught.value.params["file"] == "class.csv"
    assert tuple(caught.value.params) == MESSAGES[caught.value.message_id]


def test_a_roster_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.csv"):
        with pytest.raises(IntakeError) as caught:
            read_roster(path)
        assert caught.value.message_id == "intake.error-roster"


def test_names_cannot_smuggle_anything_to_the_terminal() -> None:
    roster: Roster = parse_roster("id,name\n1,\x1b[31mLi\u202e Wei\n".encode(), "class.csv")
    assert roster.rows[0].name == "[31mLi Wei"


def test_numbers_and_names_in_columns_of_their_own_are_kept_as_they_stand() -> None:
    table = """First name,Surname,ID number,Email address
Wei,Li,2021001,li@uni.example
,,,ann@uni.example
"""
    li, ann = parse_roster(table.encode(), "class.csv").rows
    assert (li.own_id, li.first, li.last, li.name) == ("2021001", "Wei", "Li", "Wei Li")
    assert (ann.id, ann.own_id, ann.first, ann.last) == ("ann@uni.example", None, None, None)


@pytest.mark.parametrize("start", [b"PK\x03\x04\x14\x00\x06\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_workbook_is_no_roster(start: bytes) -> None:
    data = start + bytes(100) + bytes(range(256)) * 8
    with pytest.raises(IntakeError) as caught:
        parse_roster(data, "class.xlsx")
    assert caught.value.message_id in ("intake.error-roster-columns", "intake.error-roster-line")
