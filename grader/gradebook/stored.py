"""Results and observations as they are stored, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from grader.capture import FrameError, Part, decode, encode
from grader.errors import InternalError
from grader.gradebook.columns import Ready, plain_json, ready
from grader.gradebook.tables import CaptureRow, ResultRow
from grader.model.record import Observed
from grader.model.result import Result
from grader.model.submission import Submission
from grader.reference import keep, kept
from grader.report.inert import visible

LARGEST_CAPTURE = 64 << 20  # encoded bytes; an assignment's `capture_bytes` keeps it far below


@cache
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


@dataclass(frozen=True, slots=True)
class Written:
    """A result and its JSON as a row holds them; most of the work of recording them."""

    digest: str
    verdict: Ready = field(repr=False)
    body: Ready = field(repr=False)


def written(result: Result, body: Mapping[str, Any]) -> Written:
    """`result` and its JSON, made ready for a row."""
    verdict = plain_json(_adapter(Result).dump_python(result), sort_keys=False)
    told = plain_json(body, sort_keys=False)
    digest = hashlib.sha256(b"%d," % len(verdict) + verdict + told).hexdigest()
    return Written(digest, ready(verdict), ready(told))


def result_row(
    submission: int, result: Result, made: Written, grader: str, now: datetime
) -> ResultRow:
    """A row for `result`, without the capture that it was made from."""
    return ResultRow(
        submission_id=submission,
        recorded_at=now,
        spec_hash=result.spec_hash,
        grader=grader,
        digest=made.digest,
        status=result.status,
        reason=None if result.reason is None else visible(result.reason),
        score=result.score,
        max_score=result.max_score,
        seed=result.seed,
        language=result.language,
        run_status=result.run.status,
        seconds=result.run.seconds,
        peak_memory_bytes=result.run.peak_memory_bytes,
        retried=result.run.retried,
        verdict=made.verdict,
        body=made.body,
    )


def result_of(row: ResultRow) -> Result:
    """The result in a row.

    Raises:
        InternalError: it is not in the form that this version reads.
    """
    try:
        result: Result = _adapter(Result).validate_python(row.verdict)
    except ValidationError as error:
        raise InternalError(
            f"result {row.id} of grader {row.grader} cannot be read: {error}. Grade its "
            f"submission ({row.submission_id}) again."
        ) from error
    return result


def finding_rows(result: Result, row: int) -> list[dict[str, Any]]:
    """The rows of `finding`, by which what checks found is queried."""
    found = [(e.id, check) for e in result.exercises for check in e.checks]
    return [
        {
            "result_id": row,
            "position": position,
            "exercise": exercise,
            "check": check.check,
            "kind": check.kind,
            "status": check.status,
            "score": check.score,
            "max_score": check.max_score,
            "visibility": check.visibility,
            "message": check.message.id,
        }
        for position, (exercise, check) in enumerate(found)
    ]


def diagnosis_rows(result: Result, row: int) -> list[dict[str, Any]]:
    """The rows of `diagnosis`, by which misconceptions are queried."""
    found = [(e.id, diagnosis) for e in result.exercises for diagnosis in e.diagnoses]
    return [
        {
            "result_id": row,
            "position": position,
            "exercise": exercise,
            "misconception": diagnosis.id,
            "confidence": diagnosis.confidence,
            "checks": list(diagnosis.checks),
        }
        for position, (exercise, diagnosis) in enumerate(found)
    ]


def capture_row(observed: Observed) -> CaptureRow | None:
    """A row for what was observed; None where it is larger than a gradebook keeps."""
    data = encode(observed.capture)
    if len(data) > LARGEST_CAPTURE:
        return None
    aligned = _adapter(Submission).dump_python(observed.submission)
    digest = hashlib.sha256(data)
    digest.update(plain_json(aligned))
    return CaptureRow(
        digest=digest.hexdigest(),
        size=len(data),
        data=data,
        aligned=aligned,
        answers=keep(observed.answers) if observed.answers else None,
    )


def observed_of(row: CaptureRow, exercises: Collection[str] | None = None) -> Observed:
    """What was observed, from a row; of `exercises` alone, where they are named.

    Raises:
        InternalError: it is not in the form that this version reads.
    """
    try:
        submission: Submission = _adapter(Submission).validate_python(row.aligned)
        answers = () if row.answers is None else kept(row.answers)
        return Observed(submission, decode(row.data, _part(submission, exercises)), answers)
    except (ValidationError, FrameError) as error:
        raise InternalError(
            f"capture {row.id} cannot be read: {error}. Grade its submission "
            f"({row.submission_id}) again."
        ) from error


def _part(submission: Submission, exercises: Collection[str] | None) -> Part | None:
    """What belongs to some exercises; all of a notebook with names of its own may.

    Leaving nothing out costs more than decoding the whole.
    """
    own = {cell.exercise for cell in submission.cells if cell.exercise is not None}
    if exercises is None or submission.own_names or own <= set(exercises):
        return None
    cells = {cell.index for cell in submission.cells if cell.exercise in exercises}
    return Part(frozenset(cells), frozenset(exercises))
