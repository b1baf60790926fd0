"""Nobody grades without walls and does not see it."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from grader.report import html, markdown, terminal

from .page import Page
from .samples import CAPTURE, RESULT, SUBMISSION

WALLED = replace(RESULT.run, isolation=("bubblewrap", "seccomp"))
BARE = replace(RESULT.run, isolation=())
SAID = "Isolation: none"


def said(result):
    out = StringIO()
    terminal(result, "en", Console(file=out, width=100), {})
    page = Page(html(result, SUBMISSION, CAPTURE, "en", {})).text
    return [SAID in one for one in (out.getvalue(), markdown(result, "en"), page)]


@pytest.mark.parametrize(
    ("audience", "run", "expected"),
    [
        ("instructor", BARE, [True, True, True]),
        ("instructor", WALLED, [False, False, False]),
        ("student", BARE, [False, False, False]),
        ("instructor", replace(BARE, status="refused"), [False, False, True]),
    ],
)
def test_a_result_made_without_walls_says_so_to_the_instructor(audience, run, expected):
    assert said(replace(RESULT, audience=audience, run=run)) == expected
