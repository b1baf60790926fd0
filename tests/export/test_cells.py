"""No text is ever a formula; every text and number comes back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.export import cells

# every character of every script; control and half characters are shown, and do not come back
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\r\n'=+-@＝"))
NUMBERS = st.floats(-1e9, 1e9).map(lambda x: round(x, 4)) | st.integers(-(10**9), 10**9)


def formula(cell: str) -> bool:
    """What a spreadsheet might take for one, said in other words than the code does."""
    if cell[:1] in ("\t", "\r", "\n"):
        return True
    bare = "".join(c for c in cell if unicodedata.category(c) not in ("Zs", "Zl", "Zp", "Cf"))
    return bare.lstrip()[:1] in tuple("=+-@＝＋－＠﹢﹣﹦﹫⁺⁻⁼₊₋₌")


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), max_size=4))
def test_every_text_comes_back(rows: list[list[str]]) -> None:
    written = cells.write(rows)
    assert cells.read(written) == rows


@given(TEXTS)
def test_no_text_is_a_formula(text: str) -> None:
    assert not formula(cells.neutral(text))


@given(NUMBERS)
def test_numbers_stay_numbers(value: float) -> None:
    ((cell,),) = cells.read(cells.write([[value]]))
    assert float(cell) == value
    assert not cell.startswith("'")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+7 9", "-5", "@SUM(1)", "\t=1", "\r=1", "＝1", "＋1", "＠x", " =1", "\ufeff=1"],
)  # fmt: skip
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert cells.neutral(text) == f"'{text}"
    assert cells.neutral(f"'{text}") == f"''{text}"


@pytest.mark.parametrize("text", ["", "a=b", "李伟", "O'Neill", "'tis", "x\ny", "3-4", "нет"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert cells.neutral(text) == text


def test_control_characters_are_shown() -> None:
    assert cells.write([["a\x00b\x1b[31m\ud800"]]) == "a␀b␛[31m⟨U+D800⟩\r\n"


def test_whole_numbers_have_no_decimal_point_and_sums_no_dust() -> None:
    assert cells.write([[3.0, 0.1 + 0.2, -0.0, 2, None]]) == "3,0.3,0,2,\r\n"
