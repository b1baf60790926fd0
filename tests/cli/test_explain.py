"""`grader explain`, as people call it."""

from pathlib import Path

from grader.diagnose import ids, texts
from grader.languages import LANGUAGES
from tests.cli.test_commands import grader


def test_an_entry_is_explained_in_the_wanted_language_with_its_snippets(tmp_path: Path) -> None:
    done = grader("explain", "accumulated-gradient", "--language", "zh", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert texts("accumulated-gradient", "zh")["title"] in done.stdout
    assert "{" not in done.stdout
    assert "x.grad = None" in done.stdout
    assert "mypy" not in done.stdout


def test_without_an_id_all_are_listed(tmp_path: Path) -> None:
    done = grader("explain", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.strip()]
    assert listed == list(ids())


def test_an_unknown_id_or_language_is_an_error_that_says_what_there_is(tmp_path: Path) -> None:
    done = grader("explain", "accumulated", cwd=tmp_path)
    assert done.returncode == 2
    assert "accumulated-gradient" in done.stderr
    done = grader("explain", "--language", "fr", cwd=tmp_path)
    assert done.returncode == 2
    assert all(language in done.stderr for language in LANGUAGES)
    assert "grader explain" in grader("explain", "--help", cwd=tmp_path).stdout
