"""`grader explain`: what the catalogue of misconceptions says about one, or which there are."""

from __future__ import annotations

from importlib.resources import files

import typer
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from grader.cli.screen import LANGUAGES, console, language_of_system
from grader.diagnose import ids, plain, texts
from grader.errors import CallError

_WORDS = {
    "en": ("Try next", "Read on", "Wrong", "Right"),
    "zh": ("下一步", "延伸阅读", "错误的写法", "正确的写法"),
    "ru": ("Что сделать", "Подробнее", "Неверно", "Верно"),
}


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain_command)


def explain_command(
    misconception: str | None = typer.Argument(None, metavar="[ID]", help="Its id in a report."),
    language: str | None = typer.Option(None, help="en, zh or ru; by default the system's."),
) -> None:
    """Explain a misconception that a report names; without an ID, list all of them.

    Examples:

        grader explain

        grader explain accumulated-gradient --language zh
    """
    spoken = language or language_of_system()
    if spoken not in LANGUAGES:
        raise CallError(f"--language {spoken}: expected one of {', '.join(LANGUAGES)}")
    if misconception is None:
        _list(spoken)
        return
    if misconception not in ids():
        near = [id for id in ids() if misconception in id or id in misconception]
        hint = f" Did you mean {', '.join(near[:3])}?" if near else ""
        raise CallError(
            f"there is no misconception {misconception!r}.{hint} `grader explain` lists all."
        )
    _show(misconception, spoken)


def _list(language: str) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for id in ids():
        table.add_row(Text(id, style="bold"), Text(plain(texts(id, language)["title"])))
    console.print(table)


def _show(id: str, language: str) -> None:
    said = {field: plain(text) for field, text in texts(id, language).items()}
    words = _WORDS[language]
    console.print(Text(said["title"], style="bold"), Text(f"({id})", style="dim"))
    console.print()
    console.print(Text(said["explanation"]))
    console.print()
    console.print(Text(f"{words[0]}: ", style="bold") + Text(said["try_next"]))
    folder = files("grader.diagnose.catalogue") / id.replace("-", "_")
    for name, word in (("wrong", words[2]), ("right", words[3])):
        code = (folder / f"{name}.py").read_text("utf-8").replace("# mypy: ignore-errors\n", "")
        console.print()
        console.print(Text(word, style="bold"))
        console.print(Padding(Syntax(code.strip(), "python", background_color="default"), (0, 2)))
    console.print()
    console.print(Text(f"{words[1]}: ", style="bold") + Text(said["read_on"]))
