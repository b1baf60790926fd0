"""A language is there as soon as it has a catalog, and what it lacks is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import grader
from grader.diagnose import ids, texts
from grader.languages import LANGUAGES
from scripts import languages

PACKAGE = Path(grader.__file__).parent
SCRIPT = Path(languages.__file__)
COUNTED = 'msgid "report.more-values"\nmsgid_plural "{count}"\n'


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_lacks_nothing(language: str) -> None:
    assert list(languages.lacking(language)) == []


@pytest.fixture(scope="module")
def esperanto(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a grader that has a fourth language, of which a little is translated."""
    home = tmp_path_factory.mktemp("site")
    shutil.copytree(PACKAGE, home / "grader")
    catalog = (PACKAGE / "report" / "locale" / "en" / "messages.po").read_text("utf-8")
    for english, own in (
        ('"Language: en\\n"', '"Language: eo\\n"'),
        (
            'msgid "report.try"\nmsgstr "What to try next"',
            'msgid "report.try"\nmsgstr "Provu tion"',
        ),
        ('msgid "report.see"\nmsgstr "Read more"\n', ""),
        ('msgstr "There is no misconception `{id}`. `', 'msgstr "Ne estas miskompreno {id}. `'),
        (f'{COUNTED}msgstr[0] "', f'{COUNTED}msgstr[0] "{{kiom}}'),
    ):
        assert catalog.count(english) == 1
        catalog = catalog.replace(english, own)
    folder = home / "grader" / "report" / "locale" / "eo"
    folder.mkdir()
    (folder / "messages.po").write_text(catalog, "utf-8")
    return os.environ | {"PYTHONPATH": str(home), "LC_ALL": "C.UTF-8"}


def run(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment, cwd=SCRIPT.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_it_can_be_chosen_and_what_it_lacks_is_english(esperanto: dict[str, str]) -> None:
    one = "accumulated-gradient"
    code, said = run(esperanto, "-m", "grader", "explain", one, "--language", "eo")
    assert code == 0, said
    assert "Provu tion" in said
    assert "Read more" in said
    assert texts(one, "en")["title"] in said


def test_the_system_can_choose_it(esperanto: dict[str, str]) -> None:
    spoken = esperanto | {"LC_ALL": "eo_XX.UTF-8"}
    code, said = run(spoken, "-m", "grader", "explain", "no-such-thing")
    assert code == 2
    assert "Ne estas miskompreno no-such-thing." in said


def test_what_it_lacks_is_named(esperanto: dict[str, str]) -> None:
    code, said = run(esperanto, str(SCRIPT))
    assert code == 1, said
    head, *lines = said.partition("eo (Esperanto, eo): ")[2].partition("\nru ")[0].splitlines()
    named = {line.strip() for line in lines}
    assert head == f"{len(named)} lacking"
    assert "catalog: no text for report.see" in named
    assert "catalog: no text for class.title" in named
    assert "catalog: no text for report.try" not in named
    assert "catalog: report.more-values uses {kiom}, which the English text does not" in named
    assert {f"misconception {id}: no eo.toml" for id in ids()} <= named
    assert "assignment autograd: no title" in named
    assert any(line.endswith("no prompt.eo.md") for line in named)
