"""What the pages name exists: commands, options, files, headings, keys."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from grader.cli import command_line
from grader.report import schema
from scripts import cli_reference, specification
from tests.docs.conftest import ROOT, Reader, blocks

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
# pages on which every option in code is one of ours
OURS = ("README.md", "student.md", "instructor.md", "author.md", "howto.md", "result.md", "cli.md")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


def by_name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_command_and_option_on_a_page_exists(page: Path) -> None:
    wrong = [why for typed in typed_on(page.read_text("utf-8")) if (why := unknown(typed))]
    assert not wrong


def test_a_command_or_an_option_that_does_not_exist_is_found() -> None:
    text = "    grader grate hw.ipynb\n\nSee `grader check --wach` and `grader gradebook lost`."
    assert [unknown(typed) for typed in typed_on(text)] == [
        "grader grate", "grader check --wach", "grader gradebook lost",
    ]  # fmt: skip


@pytest.mark.parametrize("page", [p for p in PAGES if p.name in OURS], ids=by_name)
def test_every_option_in_code_is_one_of_ours(page: Path) -> None:
    named = {
        word.split("=")[0]
        for code in _CODE.findall(page.read_text("utf-8"))
        for word in code.split()
        if re.fullmatch(r"--[a-z][\w=-]*", word)
    }
    known = {"--help", *(o for _, c in cli_reference.commands() for o in options(c))}
    assert named <= known


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for target in _LINK.findall(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        to = (page.parent / path).resolve() if path else page
        if not to.exists() or (heading and heading not in headings(to)):
            lost.append(target)
    assert not lost


def test_every_page_is_reached_from_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / one).resolve() for one in _LINK.findall(index.read_text("utf-8"))}
    assert set((ROOT / "docs").rglob("*.md")) - {index} <= linked
    assert "docs/README.md" in _LINK.findall((ROOT / "README.md").read_text("utf-8"))


@pytest.mark.parametrize("made", [cli_reference, specification], ids=["cli", "specification"])
def test_a_page_that_is_made_is_current(made: Any) -> None:
    assert made.PAGE.read_text("utf-8") == made.page(), "make docs"


def test_the_specification_names_every_key() -> None:
    text = specification.page()
    for heading, of, set_by_loader in specification.PARTS:
        part = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
        for key in specification.keys(of, set_by_loader):
            assert f"| `{key.name}` |" in part, f"{heading}: {key.name}"


def test_the_result_page_names_every_key_and_every_status() -> None:
    text = (ROOT / "docs" / "reference" / "result.md").read_text("utf-8")
    named = set(re.findall(r"`\"?([\w-]+)\"?`", text))
    assert set(words(schema())) <= named


def test_the_example_in_python_runs(reader: Reader) -> None:
    (example,) = [b.text for b in blocks(ROOT / "docs/reference/python.md") if b.kind == "python"]
    for part in ("exercises", "solutions"):
        (reader.folder / part).symlink_to(ROOT / part)
    (reader.folder / "example.py").write_text(example, "utf-8")
    code, said = reader.type("python example.py")
    assert code == 0, said
    assert float(said) > 0
    assert "<html" in (reader.folder / "report.html").read_text("utf-8")


def typed_on(text: str) -> Iterator[list[str]]:
    """The words of each `grader …` in a block or in code between backticks."""
    lines = list(lines_of_code(text)) + _CODE.findall(text)
    for line in lines:
        if re.match(r"grader [a-z]", line):
            yield shlex.split(line, comments=True)


def lines_of_code(text: str) -> Iterator[str]:
    """The lines of fenced and of indented blocks; indented text within a paragraph is none."""
    fenced, within, before = False, False, ""
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            yield line.removeprefix("$ ")
        else:
            within = line.startswith("    ") and (within or not before.strip())
            if within:
                yield line.strip()
        before = line


def unknown(typed: list[str]) -> str:
    """The part of a command line that does not exist; nothing when all of it does."""
    command: Any = typer.main.get_command(command_line())
    at = 1
    while hasattr(command, "commands"):
        if at >= len(typed):
            return ""
        if typed[at] not in command.commands:
            return " ".join(typed[: at + 1])
        command, at = command.commands[typed[at]], at + 1
    known = {"--help", *options(command)}
    for word in typed[at:]:
        name = word.split("=")[0]
        if re.fullmatch(r"--?[a-z][\w-]*", name) and name not in known:
            return " ".join([*typed[:at], name])
    return ""


def options(command: Any) -> set[str]:
    return {o for p in command.params for o in (*p.opts, *p.secondary_opts) if o.startswith("-")}


def headings(page: Path) -> set[str]:
    """The anchors of a page, as the usual renderers make them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def words(of: Any) -> Iterator[str]:
    """Keys of objects in a JSON Schema and the words that they may be."""
    if isinstance(of, dict):
        yield from of.get("properties", {})
        yield from of.get("enum", ())
        for value in of.values():
            yield from words(value)
    elif isinstance(of, list):
        for value in of:
            yield from words(value)


def test_the_comparison_is_used_by_itself_as_its_page_says(reader: Reader) -> None:
    (example,) = [b.text for b in blocks(ROOT / "docs/numerics.md") if b.kind == "python"]
    (reader.folder / "alone.py").write_text(example, "utf-8")
    code, said = reader.type("python alone.py")
    assert (code, said.split()) == (0, ["equal", "different"])
