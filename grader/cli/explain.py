"""`grader explain`: what the catalogue of misconceptions says about one, or which there are."""

from __future__ import annotations

import typer
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from grader.cli.language import Language
from grader.cli.screen import console, language_of_system, print_table, telling
from grader.diagnose import ids, plain, snippets, texts
from grader.errors import CallError
from grader.model.submission import Message
from grader.report import say


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain_command)


def explain_command(
    misconception: str | None = typer.Argument(None, metavar="[ID]", help="Its id in a report."),
    language: Language | None = typer.Option(
        None, help="Language of the texts; by default the system's."
    ),
) -> None:
    """Explain a misconception that a report names; without an ID, list all of them.

    Examples:

        grader explain

        grader explain accumulated-gradient --language zh
    """
    spoken = language.value if language else language_of_system()
    with telling(spoken):
        if misconception is None:
            _list(spoken)
        elif misconception in ids():
            _show(misconception, spoken)
        else:
            raise _unknown(misconception)


def _unknown(id: str) -> CallError:
    near = [each for each in ids() if id and (id in each or each in id)]
    if near:
        return CallError.told("explain.near", id=id, near=", ".join(near[:3]))
    return CallError.told("explain.unknown", id=id)


def _list(language: str) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for id in ids():
        table.add_row(Text(id, style="bold"), Text(plain(texts(id, language)["title"])))
    print_table(table)


def _show(id: str, language: str) -> None:
    said = {field: plain(text) for field, text in texts(id, language).items()}
    console.print(Text(said["title"], style="bold"), Text(f"({id})", style="dim"))
    console.print()
    console.print(Text(said["explanation"]))
    console.print()
    console.print(_head("report.try", language))
    console.print(Text(said["try_next"]))
    for word, code in zip(("report.wrong", "report.right"), snippets(id), strict=True):
        console.print()
        console.print(_head(word, language))
        console.print(Padding(Syntax(code.strip(), "python", background_color="default"), (0, 2)))
    console.print()
    console.print(_head("report.see", language))
    console.print(Text(said["read_on"]))


def _head(message_id: str, language: str) -> Text:
    return Text(say(Message(message_id), language), style="bold")
