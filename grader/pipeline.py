"""The trusted side: from a notebook's bytes to a result.

`spec → run → capture → check → diagnose`: the order of the stages stands here and nowhere else.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from grader import check, system
from grader.border import Progress, Sealed, Slot, SlotDied
from grader.diagnose import basis, diagnose_in_stages, same_evidence, snippets, stops, texts
from grader.errors import InternalError
from grader.gate import GATE
from grader.kernel import sandbox
from grader.model.exercise import Assignment, CallCheck, Exercise, TensorCheck
from grader.model.expectation import Expectation
from grader.model.job import Job
from grader.model.observation import Capture, RunInfo
from grader.model.plan import CallPlan
from grader.model.result import ExerciseResult, Finding, Result
from grader.model.submission import Submission
from grader.reference import ReferenceProcess
from grader.report import DiagnosisText
from grader.report.visibility import STAGES, exercise_status, totals
from grader.spec import from_stamp, to_stamp

_CONTROL = b"""{"cells": [{"cell_type": "code", "id": "control", "execution_count": null,
"metadata": {}, "outputs": [], "source": "pass"}], "metadata": {}, "nbformat": 4,
"nbformat_minor": 5}"""


@dataclass(frozen=True, slots=True)
class Graded:
    """A result, for an instructor's eyes, with what it was made from."""

    result: Result
    assignment: Assignment
    submission: Submission
    capture: Capture
    answers: tuple[Expectation, ...] = ()


def draw_seed() -> int:
    """A seed for a run that was not given one."""
    return secrets.randbelow(2**31)


def kernel_seed(seed: int) -> int:
    """The seed of the student's random numbers.

    Another one than that of hidden inputs, which students' code could otherwise work out from it.
    """
    digest = hashlib.sha256(f"kernel:{seed}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def _silent(done: int, total: int) -> None:
    """No progress is shown."""


def grade(
    data: bytes,
    name: str,
    assignment: Assignment,
    references: ReferenceProcess,
    *,
    seed: int,
    companions: Mapping[str, bytes] | None = None,
    student: str | None = None,
    language: str | None = None,
    progress: Progress = _silent,
    server: str | None = None,
) -> Graded:
    """Grade one notebook against a course's assignment.

    A run with a timeout is made again with the same seed while no other runs in this process
    (`grader.gate`), and only that one counts.

    Args:
        data: the file's bytes.
        name: the file's name; a name in `.py` is a percent script.
        references: the assignment's reference functions, in their own process.
        seed: of the kernel and of hidden inputs; the same seed gives the same result.
        companions: files that lie beside the notebook when it runs.
        student: whose it is, recorded in the result.
        language: of the texts; the release's own when None.
        progress: told (cells done, cells in all).
        server: address of a fork server (`grader.kernel.KernelServer`) that is kept warm.

    Raises:
        SubmissionError: the notebook cannot be graded at all.
        InternalError: the grader itself failed; never a submission's fault.
        MachineError: the assignment asks what this system cannot answer.
    """
    asking = tuple(exercise.id for exercise in assignment.exercises if _asks(exercise))
    if asking:
        system.must_fork(f"functions are called and inputs varied after the run ({asking[0]})")
    job = Job(
        name=name,
        stamp=to_stamp(assignment, "en"),
        keep=asking,
        seed=kernel_seed(seed),
        limits=assignment.limits,
        companions=_plain(companions or {}),
        server=server,
    )
    try:
        with GATE.shared():
            submission, capture = _observe(job, data, assignment, seed, progress)
        again = bool(capture.ended("timeout"))
    except SlotDied:
        again = True  # the machine may have been to blame
    if again:
        # Once more, undisturbed, before it costs points; the second run stands.
        with GATE.alone():
            submission, capture = _observe(job, data, assignment, seed, progress, retried=True)
    with GATE.shared():
        expectations = references.answer(
            [
                request
                for exercise in assignment.exercises
                for request in check.requests(exercise, submission, capture)
            ]
        )
    return judge(assignment, submission, capture, expectations, student=student, language=language)


def _observe(
    job: Job,
    data: bytes,
    assignment: Assignment,
    seed: int,
    progress: Progress,
    *,
    retried: bool = False,
) -> tuple[Submission, Capture]:
    """Run a notebook and ask what is to be asked: all of the work beyond the border.

    Raises:
        SlotDied: the slot died in a first run; in a second, see `_crashed`.
    """
    # What the walls are is known here: what comes back from beyond them is not asked about it.
    isolation = sandbox.Orders.of(job.server).isolation if job.server else ()
    try:
        with Slot(job, data) as slot:
            sealed = slot.sealed(progress)
            plan = _plan(assignment, sealed, seed)
            answers = slot.ask(plan, job.seed)
    except SlotDied as died:
        if not retried:
            raise
        sealed, plan, answers = _crashed(job, data, died), CallPlan(), None
    run = replace(sealed.capture.run, retried=retried, isolation=isolation)
    capture = replace(sealed.capture, seed=seed, run=run)
    if answers is not None:
        capture = _assemble(capture, plan, answers)
    return sealed.submission, capture


def check_public(
    data: bytes,
    name: str,
    *,
    seed: int,
    folder: Path,
    language: str | None = None,
    progress: Progress = _silent,
    server: str | None = None,
) -> Graded:
    """Run a released notebook and judge the public checks that it carries; needs no course.

    Companion files that the release names are taken from `folder`. `server` is as in `grade`.

    Raises:
        SubmissionError: the notebook cannot be run, or is not a released one.
        InternalError: as `grade`.
    """
    job = Job(
        name=name,
        stamp=None,
        keep=(),
        seed=kernel_seed(seed),
        folder=str(folder.resolve()),
        server=server,
    )
    try:
        with Slot(job, data) as slot:
            sealed = slot.sealed(progress)
            slot.ask(CallPlan(), job.seed)
    except SlotDied as died:
        raise InternalError.told("command.not-run", detail=died.said[-500:]) from died
    assignment = from_stamp(sealed.stamp)
    return judge(assignment, sealed.submission, sealed.capture, {}, student=None, language=language)


def judge(
    assignment: Assignment,
    submission: Submission,
    capture: Capture,
    expectations: Mapping[str, Expectation],
    *,
    student: str | None,
    language: str | None,
) -> Graded:
    """Verdicts from observations: pure, and the same whenever it is asked again."""
    exercises = tuple(
        judge_exercise(exercise, submission, capture, expectations)
        for exercise in assignment.exercises
    )
    faults = [e.id for e in exercises if e.status == "not_graded"]
    result = Result(
        assignment=assignment.id,
        spec_hash=assignment.spec_hash,
        released_hash=submission.spec_hash,
        student=student,
        language=language or submission.language,
        seed=capture.seed,
        audience="instructor",
        as_of=None,
        status="not_graded" if faults else "graded",
        reason=", ".join(faults) or None,
        score=sum(e.score for e in exercises),
        max_score=sum(e.max_score for e in exercises),
        exercises=exercises,
        run=capture.run,
        notices=(*submission.notices, *stops.notices(assignment, submission, capture)),
        cells=tuple((cell.cell, cell.status, cell.seconds) for cell in capture.cells),
    )
    return Graded(result, assignment, submission, capture, tuple(expectations.values()))


def judge_exercise(
    exercise: Exercise,
    submission: Submission,
    capture: Capture,
    expectations: Mapping[str, Expectation],
    earlier: ExerciseResult | None = None,
) -> ExerciseResult:
    """The verdict about one exercise, from its own part of a capture.

    `earlier`, if any, is a verdict about the same capture. Diagnosing takes longer than all else:
    its diagnoses stay where they could only be found again.
    """
    own = {key: one for key, one in expectations.items() if key.startswith(f"{exercise.id}|")}
    findings: tuple[Finding, ...] = check.judge(exercise, submission, capture, own)
    score, max_score = totals(findings)
    hangs_on = basis(exercise, own, STAGES)
    if earlier is not None and _explained_alike(earlier, hangs_on, findings):
        diagnoses, for_students = earlier.diagnoses, earlier.for_students
    else:
        diagnoses, for_students = diagnose_in_stages(
            exercise, submission, capture, own, findings, STAGES
        )
    return ExerciseResult(
        id=exercise.id,
        title=exercise.title,
        score=score,
        max_score=max_score,
        status=exercise_status(findings),
        checks=findings,
        diagnoses=diagnoses,
        spec=exercise.digest,
        asked=asked(exercise),
        for_students=for_students,
        basis=hangs_on,
        parts=exercise.headings,
    )


def _explained_alike(earlier: ExerciseResult, hangs_on: str, findings: tuple[Finding, ...]) -> bool:
    """Whether diagnosing would look at the same again."""
    known = bool(hangs_on) and earlier.basis == hangs_on
    return known and same_evidence(earlier.checks, findings)


def asked(exercise: Exercise) -> dict[str, str]:
    """What a run of the exercise shows and is asked, as digests; see `ExerciseResult.asked`.

    What is looked at since later (`in_place`, `untouched`, `grad`) counts only where it is used, so
    that other runs of before are still known.
    """
    cells = [(cell.name, cell.source if cell.locked else None) for cell in exercise.cells]
    written = any(isinstance(c, TensorCheck) and c.in_place is not None for c in exercise.checks)
    questions: dict[str, Any] = {"cells": (cells, "in_place") if written else cells}
    if exercise.vary is not None:
        questions["vary"] = (exercise.vary.cell, exercise.vary.names)
    for each in exercise.checks:
        if isinstance(each, CallCheck):
            what = (each.cell, each.function, each.inputs, tuple(each.gradients))
            grads = [name for case in each.inputs for name, how in case.items() if how.grad]
            later = (each.untouched, grads) if each.untouched or grads else ()
            questions[f"call:{each.id}"] = (*what, *later)
    return {
        name: hashlib.sha256(repr(question).encode()).hexdigest()[:16]
        for name, question in questions.items()
    }


def _asks(exercise: Exercise) -> bool:
    return exercise.vary is not None or any(isinstance(c, CallCheck) for c in exercise.checks)


def _plan(assignment: Assignment, sealed: Sealed, seed: int) -> CallPlan:
    plans = [
        check.plan(exercise, sealed.submission, check.rng(seed, exercise.id))
        for exercise in assignment.exercises
    ]
    return CallPlan(
        calls=tuple(call for plan in plans for call in plan.calls),
        reruns=tuple(rerun for plan in plans for rerun in plan.reruns),
    )


def _assemble(sealed: Capture, plan: CallPlan, answers: Capture) -> Capture:
    """The sealed run with the answers; inputs are those of our own plan, never what came back."""
    calls = {
        call.id: replace(answers.calls[call.id], inputs=call.inputs, cotangent=call.cotangent)
        for call in plan.calls
        if call.id in answers.calls
    }
    answered = {variation.id: variation for variation in answers.variations}
    variations = tuple(
        replace(answered[rerun.id], exercise=rerun.exercise, inputs=rerun.inputs)
        for rerun in plan.reruns
        if rerun.id in answered
    )
    return replace(sealed, calls=calls, variations=variations)


def _crashed(job: Job, data: bytes, died: SlotDied) -> Sealed:
    """A slot died. If it also dies without the submission, the fault is ours; else it is `crashed`.

    Raises:
        InternalError: the control run, which holds nothing of the submission's, failed too.
    """
    try:
        with Slot(replace(job, name="control.ipynb"), _CONTROL) as slot:
            control = slot.sealed(_silent)
            slot.ask(CallPlan(), job.seed)
    except SlotDied as error:
        raise InternalError(f"a run failed without any submission: {error.said[-500:]}") from died
    cells = ()
    return Sealed(
        submission=replace(control.submission, cells=cells, own_names=False, notices=()),
        capture=Capture(seed=job.seed, run=RunInfo("crashed"), cells=cells),
        stamp=None,
    )


def _plain(companions: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(data).decode("ascii") for name, data in companions.items()}


def diagnosis_texts(result: Result) -> dict[str, DiagnosisText]:
    """The words of a result's diagnoses, in its language."""
    named = {diagnosis.id for exercise in result.exercises for diagnosis in exercise.diagnoses}
    return {name: _explained(name, result.language) for name in sorted(named)}


@cache
def _explained(name: str, language: str) -> DiagnosisText:
    text = texts(name, language)
    wrong, right = snippets(name)
    return DiagnosisText(
        title=text["title"],
        message=text["explanation"],
        see=text["read_on"],
        try_next=text["try_next"],
        wrong=wrong,
        right=right,
    )
