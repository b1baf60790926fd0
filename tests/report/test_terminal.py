import io
from dataclasses import replace

import pytest
from rich.console import Console

from grader.model.submission import Message
from grader.report import for_audience, terminal
from grader.report.inert import UNSEEN

from .samples import RESULT, TEXTS, finding
from .test_hostile import HOSTILE, TEXT, infested


def printed(result=RESULT, language="en", texts=None, encoding="utf-8", **options):
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    console = Console(file=file, width=88, **options)
    terminal(result, language, console, TEXTS[language] if texts is None else texts)
    file.flush()
    return raw.getvalue().decode(encoding)


def test_it_begins_with_the_score():
    assert printed().split("\n")[0] == "autograd-1  6 of 13 points"


def test_every_check_that_did_not_pass_has_its_sentence_and_others_are_silent():
    said = printed()
    assert "✗ The gradient after zeroing: `x.grad` is not the expected value" in said
    assert "≈ The ratio:" in said
    assert "The second pass raises" not in said


def test_the_first_diagnosis_is_told():
    said = printed()
    assert "The gradient was accumulated" in said
    assert "typed in" not in said
    assert "        x.grad = None\n        y.backward()\n" in said


def test_it_is_plain_when_it_is_not_a_terminal():
    assert "\x1b" not in printed()
    assert "\x1b[" in printed(force_terminal=True, color_system="standard")


def test_lines_have_no_blanks_at_their_ends_and_fit():
    lines = printed().split("\n")
    assert [line for line in lines if line != line.rstrip()] == []
    assert all(len(line) <= 88 for line in lines)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp1251"])
def test_a_terminal_that_cannot_write_a_sign_gets_another(encoding):
    said = printed(language="ru", encoding=encoding)
    assert "x " in said
    assert "autograd-1" in said


def test_markup_of_a_student_is_text():
    text = "[bold red]x[/] [link=https://evil.example]y[/link] :smile: [/nope]"
    check = finding("c", "failed", Message("check.value.differs", {"value": text}))
    exercise = replace(RESULT.exercises[0], checks=(check,), title={"en": text}, diagnoses=())
    said = " ".join(printed(replace(RESULT, student=text, exercises=(exercise,))).split())
    assert said.count(text) >= 3


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text(name):
    result, _, _ = infested(HOSTILE[name])
    said = printed(result, texts=TEXT)
    assert not UNSEEN.search(said)
    assert len(said) < 60_000


def test_a_student_reads_nothing_of_absent_checks():
    said = printed(for_audience(RESULT, "student", RESULT.as_of, None))
    assert "hidden-vary" not in said
    assert said.startswith("autograd-1  6 of 11 points")
