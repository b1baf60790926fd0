"""Names of people become names of folders: legal anywhere, never shared."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.submit import safe_name

NAMES = st.text(st.characters(), max_size=60) | st.text("aA.~-/\\ \u0301é1", max_size=12)
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


@pytest.mark.parametrize("name", ["li.wei", "ann_b-2", "ann+1@uni.example", "王小明", "ёлка", "é"])
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert safe_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Ann", "Ann~"),
        ("Иван Петров", "Иван-Петров~"),
        ("../etc", "etc~"),
        ("..", "_~"),
        ("", "_~"),
        (".hidden", "hidden~"),
        ("a/b", "a-b~"),
        ("con", "con~"),
        ("nul.txt", "nul-txt~"),
        ("a\n\x1b[31m", "a---31m~"),
        ("dot.", "dot~"),
        ("a~0", "a-0~"),
        ("\ud800", "_~"),
    ],
)
def test_other_names_are_changed_and_marked(name: str, start: str) -> None:
    assert safe_name(name).startswith(start)


@given(NAMES)
@example("x" * 300)
@example("名" * 300)
def test_every_name_is_legal_everywhere(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode("utf-8")) <= 120
    assert not set(safe) & set('/\\:*?"<>| \0\n\r\t')
    assert not any(unicodedata.category(c).startswith("C") for c in safe)
    assert safe[0] not in ".-"
    assert safe[-1] not in ". "
    assert ".." not in safe
    assert not RESERVED.fullmatch(safe)


@given(NAMES, NAMES)
@example("Ann", "ann")
@example("a/b", "a-b")
@example("a/b", "a\\b")
@example("İ", "i̇")
@example("ı", "I")
def test_different_names_never_share_a_folder_even_where_case_does_not_count(
    one: str, other: str
) -> None:
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (safe_name(one) == safe_name(other)) == same
    assert (safe_name(one).casefold() == safe_name(other).casefold()) == same
    assert (safe_name(one).upper() == safe_name(other).upper()) == same


@given(NAMES)
def test_nobody_can_take_the_name_that_stands_for_another(name: str) -> None:
    taken = safe_name(name)
    assert taken == unicodedata.normalize("NFC", name) or safe_name(taken) != taken
