"""What samples showed when they ran, kept in a folder: running is slow, looking again is not.

    for sample, shown in gather(COURSE, samples(COURSE, assignment)):
        shown.findings, shown.diagnoses

A run is kept under a digest of all that it depends on: the notebook, the exercise with its
reference, and the code that runs and observes. Judging and diagnosing are pure, so they are done
anew each time. The folder is `.diagnosis/`, or what `GRADER_GATHERED` names.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import TypeAdapter

import grader
from grader import check
from grader.capture import decode, encode
from grader.diagnose import diagnose
from grader.errors import InternalError
from grader.kernel import KernelServer
from grader.model.exercise import Assignment, Exercise
from grader.model.expectation import Expectation
from grader.model.observation import Capture
from grader.model.result import Diagnosis, Finding
from grader.model.submission import Submission
from grader.pipeline import Graded, grade
from grader.reference import ReferenceProcess, wire
from grader.selftest import Sample, notebook
from grader.spec import load_assignment

COURSE = Path(__file__).resolve().parent.parent.parent
SEED = 20
_ATTEMPTS = 3
_RUN_BY = ("capture", "check", "inside", "kernel", "notebook", "reference", "runner.py", "slot.py")


class SampleLike(Protocol):
    """An answer to an exercise: the exercise's id, and percent cells as in `solutions/`."""

    @property
    def exercise(self) -> str: ...
    @property
    def text(self) -> str: ...


S = TypeVar("S", bound=SampleLike)


@dataclass(frozen=True)
class Gathered:
    """One sample's run, and what the reference says about it."""

    exercise: Exercise
    submission: Submission
    capture: Capture
    expectations: Mapping[str, Expectation]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks find."""
        return check.judge(self.exercise, self.submission, self.capture, self.expectations)

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """What the catalogue names, likeliest first."""
        return diagnose(
            self.exercise, self.submission, self.capture, self.expectations, self.findings
        )


def folder() -> Path:
    """Where runs are kept."""
    return Path(os.environ.get("GRADER_GATHERED") or COURSE / ".diagnosis")


def gather(
    course: Path,
    samples: Sequence[S],
    *,
    jobs: int = 2,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[tuple[S, Gathered]]:
    """Each sample with its run, in order; those that are not kept are run, `jobs` at a time."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        lab = _Lab(course, place, stack)
        pool = stack.enter_context(ThreadPoolExecutor(jobs))
        waiting = [pool.submit(lab.run, sample) for sample in samples]
        stack.callback(lambda: [future.cancel() for future in waiting])
        for done, (sample, future) in enumerate(zip(samples, waiting, strict=True), 1):
            shown = future.result()
            progress(done, len(samples))
            yield sample, shown


class _Lab:
    """Runs what is not kept; servers start with the first such sample."""

    def __init__(self, course: Path, place: Path, stack: ExitStack) -> None:
        self._course, self._place, self._stack = course, place, stack
        self._assignment = cache(lambda id: load_assignment(course, id))
        self._turn = threading.Lock()
        self._started: tuple[KernelServer, ReferenceProcess] | None = None

    def _servers(self) -> tuple[KernelServer, ReferenceProcess]:
        with self._turn:
            self._started = self._started or self._start()
            return self._started

    def _start(self) -> tuple[KernelServer, ReferenceProcess]:
        ids = [path.parent.name for path in self._course.glob("exercises/*/exercise.toml")]
        paths = {id: self._course / "solutions" / id / "reference.py" for id in ids}
        return (
            self._stack.enter_context(KernelServer()),
            self._stack.enter_context(ReferenceProcess(paths)),
        )

    def run(self, sample: SampleLike) -> Gathered:
        """The sample's run, from the folder or anew."""
        assignment: Assignment = self._assignment(sample.exercise)
        (exercise,) = assignment.exercises
        path = self._place / _digest(assignment, exercise, sample.text)
        if not path.is_file():
            # Cells beyond the starter's get a random id, so the notebook itself is no key.
            filled = notebook(assignment, [Sample(exercise.id, "wrong", "sample", sample.text, {})])
            server, references = self._servers()
            graded = self._graded(filled, assignment, server, references)
            asked = check.requests(exercise, graded.submission, graded.capture)
            answers = references.answer(asked)
            half = path.with_suffix(f".{os.getpid()}.half")
            half.write_bytes(_packed(graded.submission, answers.values(), graded.capture))
            half.rename(path)
        return Gathered(exercise, *_unpacked(path.read_bytes()))

    def _graded(
        self,
        filled: bytes,
        assignment: Assignment,
        server: KernelServer,
        references: ReferenceProcess,
    ) -> Graded:
        """The notebook graded; a fault of the grader, on a crowded machine, is tried again."""
        for left in reversed(range(_ATTEMPTS)):
            try:
                return grade(
                    filled, "sample.ipynb", assignment, references, seed=SEED, server=server.address
                )
            except InternalError:
                if not left:
                    raise
        raise AssertionError


def _digest(assignment: Assignment, exercise: Exercise, text: str) -> str:
    """The key of a run: what is answered, how it is judged, and who runs it."""
    plain = re.sub(r"^# /// outcome\n.*?^# ///$", "", text, flags=re.MULTILINE | re.DOTALL)
    reference = Path(exercise.reference).read_bytes()
    parts = (_code(), assignment.spec_hash.encode(), reference, plain.encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


@cache
def _code() -> bytes:
    """A digest of the code that a run and the reference's answers depend on."""
    package = Path(grader.__file__).parent
    files = (
        file
        for name in _RUN_BY
        for file in sorted((package / name).rglob("*.py") if "." not in name else [package / name])
    )
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).digest()


_SUBMISSION = TypeAdapter(Submission)


def _packed(submission: Submission, answers: Iterable[Expectation], capture: Capture) -> bytes:
    packer = wire.Packer()
    message = {
        "submission": _SUBMISSION.dump_python(submission, mode="json"),
        "answers": [packer.expectation(one) | {"on_drawn": one.on_drawn} for one in answers],
    }
    return wire.dump(message, packer) + encode(capture)


def _unpacked(data: bytes) -> tuple[Submission, Capture, dict[str, Expectation]]:
    stream = io.BytesIO(data)
    message = wire.read(stream)
    assert message is not None, "an empty file"
    plain, unpacker = message
    answers = {
        one["key"]: Expectation(one["key"], error=one["error"], on_drawn=one["on_drawn"])
        if one["error"] is not None
        else unpacker.expectation(one)
        for one in plain["answers"]
    }
    submission = _SUBMISSION.validate_python(plain["submission"])
    return submission, decode(stream.read()), answers
