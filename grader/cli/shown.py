"""What a batch shows: a live display, lines, or JSON lines; and the summary at its end."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from grader.cli.intake import show
from grader.cli.overview import summary
from grader.cli.screen import console, errors
from grader.cli.unseen import never_shown, of_assignment
from grader.intake import Lateness, to_plain
from grader.model.exercise import Assignment
from grader.model.intake import Attempt, Intake
from grader.model.submission import Message
from grader.report import say
from grader.report.inert import one_line

if TYPE_CHECKING:
    from grader.batch import Closed, Event, Finished, HandedIn, Place

_BINS = 10
_BAR = 40
_FEW = 10  # of whom this batch was not about


class Progress(StrEnum):
    """How progress is shown."""

    auto = "auto"
    plain = "plain"
    json = "json"


class Screen:
    """One batch on the terminal: texts in `language`, of strangers' text nothing is markup."""

    def __init__(self, progress: Progress, language: str) -> None:
        self._progress = progress
        self._language = language
        self._tally = Tally()

    @property
    def done(self) -> int:
        """How many results this call has recorded."""
        return self._tally.done

    def intake(self, intake: Intake, late: Mapping[Attempt, Lateness]) -> None:
        """What was recognised."""
        if self._progress is Progress.json:
            plain = to_plain(intake, lambda message: say(message, self._language), late)
            _json("intake", intake=plain)
        else:
            show(intake, self._language, console, late)
            console.print()

    @contextmanager
    def running(self) -> Iterator[Callable[[Event], None]]:
        """Show what a running batch tells."""
        if self._progress is Progress.json:
            yield self._tell_json
        elif self._progress is Progress.auto and errors.is_terminal:
            live = Live(console=errors, get_renderable=self._render, transient=True)
            with live:
                yield lambda event: self._tell(event, live=True)
        else:
            yield lambda event: self._tell(event, live=False)

    def closed(self, closed: Closed, handed: HandedIn, place: Place, book: str) -> None:
        """What came of it."""
        if self._progress is Progress.json:
            self._closed_json(closed, handed, place, book)
            return
        console.print()
        self._line(
            self._say(
                "batch.summary",
                graded=len(closed.marks),
                missing=len(closed.missing),
                refused=len(closed.refused),
                open=len(closed.open),
            ),
            "bold",
        )
        self._distribution(closed)
        self._overview(closed)
        said = [(one.student, self._reason(one.reason)) for one in handed.troubles]
        other = [
            (who, self._say("batch.otherwise-attempt", latest=latest, lies=lies))
            for who, latest, lies in handed.otherwise
        ]
        runs = [(who, self._say(f"run.{status}")) for who, status in closed.ended]
        slow = [(who, self._say("batch.seconds", seconds=s)) for who, s in closed.slowest]
        self._section("batch.missing", [(who, "") for who in closed.missing])
        self._section("batch.refused", [(who, "") for who in closed.refused])
        self._section("batch.ended", runs)
        self._section("batch.slowest", slow)
        self._section("batch.open", list(closed.open))
        self._section("batch.unrecorded", said)
        self._section("batch.otherwise", other)
        self._section("batch.absent", [(who, "") for who in handed.absent], _FEW)
        console.print()
        paths = {"table": str(place.table), "reports": str(place.reports), "book": book}
        self._line(self._say("batch.written", **paths))
        self._line(self._say("class.said.page", path=str(place.page)))

    def never_shown(self, assignment: Assignment, book: str) -> None:
        """Say which checks students are never shown, because there is no due time."""
        told = never_shown(of_assignment(assignment), book)
        if told is not None and self._progress is not Progress.json:
            self._line(say(told, self._language), "yellow")

    def _closed_json(self, closed: Closed, handed: HandedIn, place: Place, book: str) -> None:
        _json(
            "ended",
            graded=len(closed.marks),
            mean=_mean(closed),
            missing=list(closed.missing),
            refused=list(closed.refused),
            ended=[list(one) for one in closed.ended],
            slowest=[list(one) for one in closed.slowest],
            not_graded=[list(one) for one in closed.open],
            unrecorded=[
                [one.student, one.path, self._reason(one.reason)] for one in handed.troubles
            ],
            otherwise=[list(one) for one in handed.otherwise],
            absent=list(handed.absent),
            table=str(place.table),
            page=str(place.page),
            reports=str(place.reports),
            gradebook=book,
        )

    def _overview(self, closed: Closed) -> None:
        """Exercises, misconceptions, and what is undecided."""
        from grader.batch.classpage import titles  # noqa: PLC0415

        named = titles((one.id for one in closed.overview.misconceptions), self._language)
        for said, style in summary(closed.overview, named, self._language):
            self._line(said, style)

    def _distribution(self, closed: Closed) -> None:
        """Mean, median, and how many have how much."""
        shares = [score / most for score, most in closed.marks if most]
        if not shares:
            return
        self._line(
            self._say(
                "batch.distribution",
                mean=round(100 * statistics.fmean(shares), 1),
                median=round(100 * statistics.median(shares), 1),
                lowest=round(100 * min(shares), 1),
                highest=round(100 * max(shares), 1),
            )
        )
        counts = [0] * _BINS
        for share in shares:
            counts[max(0, min(_BINS - 1, int(share * _BINS)))] += 1
        for at, count in enumerate(counts):
            length = -(-count * _BAR // max(counts))
            share_of = f"{at * 100 // _BINS:>4} – {(at + 1) * 100 // _BINS:<3} %"
            self._line(f"{share_of}  {'#' * length} {count or ''}".rstrip())

    def _tell_json(self, event: Event) -> None:
        self._tally.add(event)
        _json(*self._plain(event))

    def _plain(self, event: Event) -> tuple[str, dict[str, Any]]:
        from grader.batch import Begun, Started  # noqa: PLC0415

        if isinstance(event, Begun):
            return "begun", {"total": event.total, "before": event.before, "jobs": event.jobs}
        if isinstance(event, Started):
            return "started", {"student": event.student, "attempt": event.attempt}
        return "finished", {
            "student": event.student,
            "attempt": event.attempt,
            "outcome": event.outcome,
            "score": event.score,
            "max_score": event.max_score,
            "run": event.run,
            "seconds": round(event.seconds, 3),
            "reason": None if event.reason is None else say(event.reason, self._language),
            "fault": event.fault,
            "done": self._tally.done,
            "total": self._tally.total,
        }

    def _tell(self, event: Event, *, live: bool) -> None:
        from grader.batch import Begun, Finished  # noqa: PLC0415

        self._tally.add(event)
        if isinstance(event, Begun):
            id = "batch.begun" if event.total else "batch.nothing"
            said = self._say(id, total=event.total, before=event.before, jobs=event.jobs)
            errors.print(Text(said))
        elif isinstance(event, Finished) and (not live or event.outcome != "graded"):
            style = "" if event.outcome == "graded" else "yellow"
            errors.print(
                Text(f"{self._tally.done}/{self._tally.total} {self._about(event)}", style)
            )

    def _about(self, event: Finished) -> str:
        if event.outcome == "refused" and event.reason is not None:
            why = say(event.reason, self._language)
            return self._say("batch.one-refused", student=event.student, reason=why)
        if event.outcome == "not_graded":
            return self._say("batch.one-open", student=event.student, fault=event.fault or "")
        return self._say(
            "batch.one-graded", student=event.student, score=event.score, max=event.max_score
        )

    def _render(self) -> Group:
        """The live display, as of now."""
        tally = self._tally
        lines = [
            self._say(
                "batch.rate",
                done=tally.done,
                total=tally.total,
                rate=round(tally.rate, 2),
                left=_clock(tally.left),
            ),
            self._say("batch.failures", refused=tally.refused, open=tally.faults),
        ]
        if slowest := tally.slowest:
            student, seconds = slowest
            lines.append(self._say("batch.longest", student=student, seconds=round(seconds)))
        bar = ProgressBar(total=max(1, tally.total), completed=tally.done, width=_BAR)
        return Group(bar, *(Text(one_line(line, errors.width - 1)) for line in lines))

    def _section(
        self, title: str, lines: Sequence[tuple[str, str]], most: int | None = None
    ) -> None:
        if lines:
            console.print()
            self._line(f"{self._say(title)} ({len(lines)})", "bold")
            for who, what in lines[:most]:
                self._line(f"  {one_line(f'{who}: {what}' if what else who, 600)}")
            rest = len(lines[most:]) if most is not None else 0
            if rest:
                self._line(f"  {self._say('batch.more', count=rest)}")

    def _reason(self, reason: Message | str) -> str:
        return reason if isinstance(reason, str) else say(reason, self._language)

    def _say(self, id: str, **params: str | float) -> str:
        return say(Message(id, params), self._language)

    def _line(self, text: str, style: str = "") -> None:
        console.print(Text(text, style))


class Tally:
    """What was told so far, in numbers."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._flying: dict[int, tuple[str, float]] = {}
        self.total = self.done = self.refused = self.faults = 0

    def add(self, event: Event) -> None:
        """Count an event."""
        from grader.batch import Begun, Started  # noqa: PLC0415

        if isinstance(event, Begun):
            self.total, self._began = event.total, self._clock()
        elif isinstance(event, Started):
            self._flying = {**self._flying, event.number: (event.student, self._clock())}
        else:
            self._flying = {k: v for k, v in self._flying.items() if k != event.number}
            self.done += 1
            self.refused += event.outcome == "refused"
            self.faults += event.outcome == "not_graded"

    @property
    def rate(self) -> float:
        """Submissions a second since the beginning."""
        return self.done / max(self._clock() - self._began, 1e-9)

    @property
    def left(self) -> float | None:
        """Seconds until the end at this rate; None before the first is done."""
        return (self.total - self.done) / self.rate if self.done else None

    @property
    def slowest(self) -> tuple[str, float] | None:
        """Who has been in flight longest, and for how many seconds."""
        flying = min(self._flying.values(), key=lambda one: one[1], default=None)
        return None if flying is None else (flying[0], self._clock() - flying[1])


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _mean(closed: Closed) -> float | None:
    shares = [score / most for score, most in closed.marks if most]
    return statistics.fmean(shares) if shares else None


def _json(event: str, /, fields: Mapping[str, Any] | None = None, **more: Any) -> None:
    typer.echo(json.dumps({"event": event, **(fields or {}), **more}))
