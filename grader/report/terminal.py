"""The report in a terminal: short, coloured where it can be, a student's text never markup."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from grader.languages import known
from grader.model.exercise import Assignment
from grader.model.result import Diagnosis, ExerciseResult, Finding, Result
from grader.report.ending import ending
from grader.report.explained import likeliest
from grader.report.inert import one_line
from grader.report.language import say, text
from grader.report.stopped import of_the_whole, stopped
from grader.report.summary import todo
from grader.report.texts import (
    DiagnosisText,
    Texts,
    headline,
    naming_exercises,
    naming_parts,
    title,
    told,
)
from grader.report.values import pair, plain
from grader.report.views import SYMBOLS, compared, far, points, remarks
from grader.report.walls import unwalled, walls

COLOURS = {
    "passed": "green",
    "failed": "red",
    "error": "red",
    "skipped": "dim",
    "not_graded": "dim",
}
PLAIN = {"✓": "+", "◐": "~", "✗": "x", "–": "-", "≈": "~", "↻": "r"}
WIDTH = 88

Part = tuple[str, str]  # text and its style


def terminal(
    result: Result,
    language: str,
    console: Console,
    diagnosis_texts: Mapping[str, DiagnosisText] | None = None,
    *,
    assignment: Assignment | None = None,
) -> None:
    """Print `result`, already filtered for its audience, to `console`, under its title or id."""
    writer = _Writer(console, known(language), diagnosis_texts or {})
    writer.heading(result, headline(result, assignment, known(language)))
    for notice in of_the_whole(result)[:10]:
        named = naming_exercises(notice, result, language)
        writer.line((say(named, language), "yellow"))
    writer.first(result)
    for exercise in result.exercises if result.run.status != "refused" else ():
        writer.exercise(result, exercise)


class _Writer:
    """Prints rows of plain `Text` objects, in which nothing is markup."""

    def __init__(self, console: Console, language: str, texts: Texts) -> None:
        self.console = console
        self.language = language
        self.texts = texts

    def heading(self, result: Result, name: str) -> None:
        """The assignment, the score, and what everyone should know before the rest."""
        score = self._say("report.not-graded")
        if result.status == "graded":
            score = self._say("report.score", score=result.score, max=result.max_score)
        self.line((name.replace("`", ""), "bold"), ("  ", ""), (score, "bold"))
        if result.student:
            self.line((one_line(result.student, 120), "dim"))
        if result.audience == "student":
            self.line((self._say("report.checks-so-far"), "dim"))
        if result.reason and result.audience == "instructor":
            self.line((one_line(result.reason, 600), "yellow"))
        if result.run.status != "completed":
            self.line((say(ending(result), self.language), "yellow"))
        if unwalled(result):
            self.line((say(walls(result, self.language), self.language), "yellow"))

    def first(self, result: Result) -> None:
        """What to do first; nothing where there is only one thing to do."""
        lost = result.audience == "instructor"
        things = todo(result, self.language, self.texts, lost=lost)
        if len(result.exercises) < 2 or result.run.status == "refused" or not things:
            return
        self.console.print()
        self.line((self._say("report.first.instructor" if lost else "report.first"), "bold"))
        for number, thing in enumerate(things, start=1):
            gain = f" ({thing.gain})" if thing.gain else ""
            self.line(
                (f"{number}. ", "bold"),
                (thing.exercise, "bold"),
                (f": {thing.what}", ""),
                (gain, "dim"),
                indent=2,
            )

    def exercise(self, result: Result, exercise: ExerciseResult) -> None:
        """One exercise: its marks, what did not pass, and the likeliest explanation.

        Short: nothing more where there is no answer at all, and not what waits for another check.
        """
        self.console.print()
        name = title(exercise.title, exercise.id, self.language)
        marks = points(exercise.score, exercise.max_score, self.language)
        missing = exercise.status == "missing"
        shown = () if missing else likeliest(exercise)[:1]
        stops = stopped(result, exercise, shown, checks=not missing)
        said = self._say("exercise.stopped" if missing and stops else f"exercise.{exercise.status}")
        colour = COLOURS.get(exercise.status, "yellow")
        self._row(exercise.status, 0, (name, "bold"), (f"  {said}", colour), (f"  {marks}", "bold"))
        for stop in stops:
            self._row("error", 2, (say(stop, self.language), ""))
        if missing:
            return
        for check in exercise.checks:
            if check.status not in ("passed", "skipped"):
                self._check(check, exercise)
        for diagnosis in shown:
            self._diagnosis(diagnosis)

    def line(self, *parts: Part, indent: int = 0) -> None:
        """One paragraph."""
        self._print(self._text(*parts), indent)

    def _diagnosis(self, diagnosis: Diagnosis) -> None:
        said = told(diagnosis, self.language, self.texts)
        self.line((self._say("report.diagnoses"), "bold cyan"), indent=2)
        if said.title:
            self.line((said.title, "bold"), indent=4)
        for paragraph in said.paragraphs:
            self.line((paragraph, ""), indent=4)
        if said.try_next:
            self.line((self._say("report.try"), "bold green"), indent=4)
            for paragraph in said.try_next:
                self.line((paragraph, ""), indent=4)
        if said.see:
            # An address that is broken into lines leads nowhere.
            self.console.print(Text(" " * 4 + said.see, "dim"), soft_wrap=True)

    def _check(self, check: Finding, exercise: ExerciseResult) -> None:
        check = compared(check)
        name = title(check.title, check.check, self.language)
        sentence = say(naming_parts(check.message, exercise, self.language), self.language)
        self._row(check.status, 2, (name, "bold"), (f": {sentence}", ""))
        values = self._values(check)
        width = max((cell_len(label) for label, _ in values), default=0)
        for label, value in values:
            self.line((set_cell_size(label, width), "dim"), (f"  {value}", ""), indent=4)
        told = far(check, self.language)
        said = [told] if told else list(remarks(check.tolerance, check.worst, self.language))[:1]
        for remark in said:
            self.line((say(remark, self.language), "dim"), indent=4)

    def _values(self, check: Finding) -> list[tuple[str, str]]:
        """Expected and actual, where both fit on a line."""
        if check.expected is None or check.actual is None:
            return []
        both = [plain(lines) for lines in pair(check.expected, check.actual, None)]
        if not all(value and "\n" not in value and len(value) < 70 for value in both):
            return []
        return [(self._say("report.expected"), both[0]), (self._say("report.actual"), both[1])]

    def _say(self, id: str, **params: str | int | float) -> str:
        return text(id, self.language, **params)

    def _row(self, status: str, indent: int, *parts: Part) -> None:
        symbol = SYMBOLS.get(status, "–")
        if not self._unicode():
            symbol = PLAIN.get(symbol, symbol)
        lead = self._text((f"{symbol} ", COLOURS.get(status, "yellow")))
        self._print(self._text(*parts), indent, lead)

    def _text(self, *parts: Part) -> Text:
        """Text in which what the terminal cannot encode is a question mark."""
        encoding = self.console.encoding
        return Text.assemble(
            *((part.encode(encoding, "replace").decode(encoding), style) for part, style in parts)
        )

    def _unicode(self) -> bool:
        return self.console.encoding.lower().replace("-", "").startswith("utf")

    def _print(self, words: Text, indent: int, lead: Text | None = None) -> None:
        """`words` wrapped behind `lead`, without the blanks that a grid leaves at line ends."""
        lead = lead or Text()
        room = max(20, min(self.console.width, WIDTH) - indent - lead.cell_len)
        for line in words.wrap(self.console, room):
            line.rstrip()
            self.console.print(Text(" " * indent) + lead + line, soft_wrap=True)
            lead = Text(" " * lead.cell_len)
