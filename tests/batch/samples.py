"""A small class: sample solutions, a broken file, a notebook that ends its kernel, and a copy."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grader.model.exercise import Assignment
from grader.selftest import notebook, samples
from tests.pipeline.conftest import filled

Events = list[dict[str, Any]]
CRASH = {"backward-twice/first-pass": "import os; os._exit(3)"}


def class_of(course: Path, assignment: Assignment) -> dict[str, bytes]:
    """File name → content."""
    found = samples(course, assignment)

    def pick(kind: str) -> bytes:
        each = {e.id: [s for s in found if (s.exercise, s.kind) == (e.id, kind)]
                for e in assignment.exercises}  # fmt: skip
        return notebook(assignment, [those[0] for those in each.values()])

    right, wrong = pick("accepted"), pick("wrong")
    return {
        "anna.ipynb": right,
        "boris.ipynb": wrong,
        "chen.ipynb": right,  # the same bytes as anna's
        "dora.ipynb": b"this is no JSON",
        "egor.ipynb": filled(assignment, CRASH),
        "李伟.ipynb": pick("starter"),
    }


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A folder of these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def command(*arguments: str | Path, course: Path) -> list[str]:
    """The command line of a batch that tells in JSON lines."""
    given = ["-m", "grader", "batch", *map(str, arguments), "--course", str(course)]
    return [sys.executable, *given, "--progress", "json"]


def batch(
    *arguments: str | Path, course: Path, at: Callable[[int, dict[str, Any]], None] | None = None
) -> tuple[int, Events, str]:
    """Exit code, events and standard error; `at` is called with the pid at each event."""
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        command(*arguments, course=course),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True,
    )  # fmt: skip
    events: Events = []
    with process:
        assert process.stdout is not None and process.stderr is not None
        for line in process.stdout:
            events.append(json.loads(line))
            if at is not None:
                at(process.pid, events[-1])
        said = process.stderr.read()
    return process.returncode, events, said


def finished(events: Events) -> dict[str, dict[str, Any]]:
    """Student → the event of their result; nobody has two."""
    found = [event for event in events if event["event"] == "finished"]
    students = [event["student"] for event in found]
    assert len(students) == len(set(students)), "graded twice"
    return dict(zip(students, found, strict=True))


def kill_after(results: int) -> Callable[[int, dict[str, Any]], None]:
    """Kills the batch, as a power cut would, when so many results are known."""

    def at(pid: int, event: dict[str, Any]) -> None:
        if event.get("done") == results:
            os.kill(pid, signal.SIGKILL)

    return at
