"""Batches killed at random moments and resumed: `python -m tests.batch.kills`, `make kill-test`.

Each run kills one process of a batch: its coordinator, a slot, the fork server of kernels or a
kernel, in turn; when the batch goes on after that, its coordinator may be killed too, some time
later. Then the batch is called again until it ends. What comes out must be what an undisturbed
batch gives, everybody graded once, and nothing may be left of what was killed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import psutil

from grader.model.exercise import Assignment
from grader.selftest import notebook, samples
from grader.spec import load_assignment
from tests.batch.samples import Events, command, written
from tests.pipeline.conftest import filled

COURSE = Path(__file__).resolve().parents[2]
EXERCISE = "backward-twice"
KINDS = ("coordinator", "slot", "fork server", "kernel")
TRIES = 5  # a run in which nothing of the kind was left to be killed is made again
IDLE_SECONDS = 30.0  # so long may a process below a killed one wait before it ends
BUSY_SECONDS = 150.0  # so long may it compute: torch's import is not interrupted on a busy machine


def short_class(course: Path, count: int) -> dict[str, bytes]:
    """`count` notebooks of one exercise: each of its samples, a crash, a broken file, a copy."""
    assignment = load_assignment(course, EXERCISE)
    files = {
        "broken.ipynb": b"this is no JSON",
        "crash.ipynb": filled(assignment, {f"{EXERCISE}/first-pass": "import os; os._exit(3)"}),
        "copy.ipynb": _sample(course, assignment, 0),
    }
    for number in range(count - len(files)):
        files[f"s{number:02}.ipynb"] = _sample(course, assignment, number)
    return files


def _sample(course: Path, assignment: Assignment, number: int) -> bytes:
    found = samples(course, assignment)
    text = notebook(assignment, [found[number % len(found)]])
    return text if number < len(found) else text + b"\n" * number


class Batch:
    """A running `grader batch` and what it has told so far."""

    def __init__(self, *arguments: str | Path, course: Path) -> None:
        self._process = subprocess.Popen(
            command(*arguments, course=course),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        self.began = time.monotonic()
        self.pid = self._process.pid
        self.events: Events = []
        self.said = ""
        self._heard: SimpleQueue[str | None] = SimpleQueue()
        self._threads = [threading.Thread(target=each) for each in (self._listen, self._read)]
        for thread in self._threads:
            thread.start()
        self.running = True

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._heard.put(line)
        self._heard.put(None)

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as text:
            self.said = text.read()

    def hear(self, seconds: float | None = None, events: int = sys.maxsize) -> None:
        """Listen for so long, to so many events in all, or until it ends."""
        end = None if seconds is None else time.monotonic() + seconds
        while self.running and len(self.events) < events:
            try:
                left = None if end is None else max(0.0, end - time.monotonic())
                line = self._heard.get(timeout=left)
            except Empty:
                return
            if line is None:
                self.running = False
            else:
                with suppress(ValueError):  # the last line of one that is killed
                    self.events.append(json.loads(line))

    def ended(self) -> int:
        """Wait for its end; the exit code."""
        self.hear()
        for thread in self._threads:
            thread.join()
        return self._process.wait()

    @property
    def flying(self) -> list[str]:
        """Who is being graded."""
        started = [e["student"] for e in self.events if e["event"] == "started"]
        over = {e["student"] for e in self.events if e["event"] == "finished"}
        return [student for student in started if student not in over]


def find(kind: str, coordinator: int) -> list[psutil.Process]:
    """The living processes of a kind below a coordinator."""
    try:
        top = psutil.Process(coordinator)
        children = top.children()
        match kind:
            case "coordinator":
                found = [top]
            case "slot":
                found = [s for one in _named(children, "forkserver") for s in one.children()]
            case "fork server":
                found = _servers(children)
            case _:
                found = [k for one in _servers(children) for k in _named(one.children(), "launch")]
        return [one for one in found if one.status() != psutil.STATUS_ZOMBIE]
    except psutil.NoSuchProcess:
        return []  # it ended while we looked


def _servers(children: Iterable[psutil.Process]) -> list[psutil.Process]:
    """bwrap, bwrap, the launcher, the server: each the only child of the one before."""
    found = _named(children, "--serve")
    for _ in range(3):
        found = [one for parent in found for one in _named(parent.children(), "--serve")]
    return found


def _named(processes: Iterable[psutil.Process], part: str) -> list[psutil.Process]:
    return [one for one in processes if part in " ".join(one.cmdline())]


@dataclass(frozen=True)
class Kill:
    """A process that was killed, and where that landed."""

    kind: str
    pid: int
    after: float
    recorded: int
    last: str
    flying: tuple[str, ...]

    def __str__(self) -> str:
        flying = ", ".join(self.flying) or "nobody"
        return (
            f"{self.kind} {self.pid} after {self.after:.2f} s, last told: {self.last}; "
            f"{self.recorded} recorded, in flight: {flying}"
        )


@dataclass
class Run:
    """A batch that was killed and resumed: kills, and what is wrong with what came out."""

    kills: list[Kill] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Range:
    """The class, and what an undisturbed batch made of it."""

    course: Path
    submissions: Path
    out: Path
    told: int
    seconds: float

    @classmethod
    def of(cls, folder: Path, course: Path, count: int) -> Range:
        """Grade a class of `count` short notebooks without a disturbance."""
        submissions = written(folder / "in", short_class(course, count))
        out = folder / "undisturbed"
        batch = Batch(EXERCISE, submissions, "-o", out, "--seed", "5", course=course)
        if batch.ended():
            raise SystemExit(f"the undisturbed batch failed: {batch.said}")
        seconds = time.monotonic() - batch.began
        return cls(course, submissions, out, len(batch.events), seconds)

    def run(self, out: Path, kind: str, chance: random.Random) -> Run:
        """Kill one of `kind` at a random moment of a batch, and resume it."""
        run, batches = Run(), [self._call(out)]
        self._kill(batches[0], kind, chance, run)
        if kind != "coordinator" and batches[0].running and chance.random() < 0.5:
            self._kill(batches[0], "coordinator", chance, run)
        code = batches[0].ended()
        if code == -signal.SIGKILL:
            batches.append(self._call(out))
            code = batches[1].ended()
        if code:
            run.wrong.append(f"exit code {code}: {batches[-1].said}")
        if (out / "results.csv").exists():
            run.wrong += self._compared(out, batches)
        else:
            run.wrong.append("there is no table")
        return run

    def _call(self, out: Path) -> Batch:
        return Batch(EXERCISE, self.submissions, "-o", out, "--seed", "5", course=self.course)

    def _kill(self, batch: Batch, kind: str, chance: random.Random, run: Run) -> None:
        """Wait for a random moment of what is left, then for a process of the kind."""
        most = self.told - 1
        batch.hear(events=chance.randint(min(len(batch.events), most), most))
        pace = (time.monotonic() - batch.began) / max(1, len(batch.events))
        batch.hear(seconds=chance.uniform(0, pace))  # somewhere before what is told next
        while batch.running:
            found = find(kind, batch.pid)
            if found:
                victim = chance.choice(found)
                batch.hear(seconds=0)
                last = batch.events[-1] if batch.events else {"event": "nothing"}
                below = hit(victim)
                if below is not None:
                    run.kills.append(_killed(kind, victim.pid, batch, last))
                    run.wrong += _left(kind, below)
                    return
            batch.hear(seconds=0.005)

    def _compared(self, out: Path, batches: Sequence[Batch]) -> list[str]:
        """What differs from the undisturbed batch, or was done twice."""
        wrong = []
        if (out / "results.csv").read_bytes() != (self.out / "results.csv").read_bytes():
            wrong.append("another table")
        pages, due = (
            {one.name for one in (each / "reports").iterdir()} for each in (out, self.out)
        )
        wrong += [f"page that should not be there: {name}" for name in pages - due]
        wrong += [f"page that is not there: {name}" for name in due - pages]
        told = Counter(e["student"] for b in batches for e in b.events if e["event"] == "finished")
        wrong += [f"told twice: {student}" for student, times in told.items() if times > 1]
        for submission, results in _results(out):
            if results != 1:
                wrong.append(f"submission {submission} has {results} results")
        return wrong


def hit(victim: psutil.Process) -> list[psutil.Process] | None:
    """Kill it; what was below it, or nothing where it ended by itself before the kill."""
    try:
        below = victim.children(recursive=True)
        victim.kill()
    except psutil.NoSuchProcess:
        return None
    return below


def _killed(kind: str, pid: int, batch: Batch, last: dict[str, Any]) -> Kill:
    return Kill(
        kind=kind,
        pid=pid,
        after=time.monotonic() - batch.began,
        recorded=sum(e["event"] == "finished" for e in batch.events),
        last=f"{last['event']} {last.get('student', '')}".strip(),
        flying=tuple(batch.flying),
    )


def _left(kind: str, below: Iterable[psutil.Process]) -> list[str]:
    """Processes below a killed one that do not end, but wait for something or compute on."""
    end = time.monotonic() + BUSY_SECONDS
    left = []
    for process in below:
        with suppress(psutil.NoSuchProcess):
            used, since = -1.0, time.monotonic()
            while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                now, cpu = time.monotonic(), sum(process.cpu_times()[:2])
                if cpu > used:
                    used, since = cpu, now
                if now > min(end, since + IDLE_SECONDS):
                    left.append(f"{process.pid} outlives its {kind}: {process.cmdline()}")
                    break
                with suppress(psutil.TimeoutExpired):
                    process.wait(0.05)
    return left


def _results(out: Path) -> list[tuple[int, int]]:
    """(submission, how many results it has)."""
    query = """select submission.id, count(result.id) from submission
               left join result on result.submission_id = submission.id group by submission.id"""
    with closing(sqlite3.connect(f"file:{out / 'gradebook.db'}?mode=ro", uri=True)) as book:
        return book.execute(query).fetchall()


def main(arguments: Sequence[str]) -> int:
    """Kill and resume; 1 when anything was lost, done twice, or came out otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.batch.kills", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, metavar="N", help="(20)")
    parser.add_argument("--notebooks", type=int, default=12, metavar="N", help="in a class (12)")
    parser.add_argument("--seed", type=int, help="of the moments; another one each time by default")
    options = parser.parse_args(arguments)
    seed = random.randrange(2**31) if options.seed is None else options.seed
    hits: Counter[str] = Counter()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        print(f"seed {seed}; {options.notebooks} notebooks; an undisturbed batch first", flush=True)
        place = Range.of(Path(name), COURSE, options.notebooks)
        print(f"it took {place.seconds:.1f} s", flush=True)
        for number in range(options.runs):
            kind = KINDS[number % len(KINDS)]
            for again in range(TRIES):
                chance = random.Random(f"{seed} {number} {again}")
                run = place.run(Path(name) / f"out-{number}-{again}", kind, chance)
                if run.kills or run.wrong:
                    break
            else:
                run.wrong.append(f"no {kind} was there to be killed, {TRIES} times")
            hits.update(kill.kind for kill in run.kills)
            failed += bool(run.wrong)
            print(f"{number + 1:>3}  {'FAILED' if run.wrong else 'passed'}", flush=True)
            for line in (*run.kills, *run.wrong):
                print(f"     {line}", flush=True)
    print("hit: " + ", ".join(f"{kind} {hits[kind]}" for kind in KINDS))
    print(f"{options.runs - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
