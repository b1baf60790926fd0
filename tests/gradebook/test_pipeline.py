"""What a real run left in the book is judged again, and comes to the same."""

from __future__ import annotations

from dataclasses import replace

from grader import check
from grader.gradebook import Gradebook
from grader.model.record import Observed, Specification
from grader.model.result import Result
from grader.pipeline import diagnosis_texts, judge
from grader.report import to_json
from grader.spec import to_stamp
from tests.pipeline.conftest import autograd, grade_autograd, process  # noqa: F401

from .samples import LI, handed

ANSWERS = {
    "backward-twice/first-pass": (
        "y = 2 * torch.dot(x, x)\ny.backward()\nfirst_gradient = x.grad.clone()"
    )
}


def test_a_stored_run_is_judged_again_without_running_it(
    book: Gradebook,
    autograd,  # noqa: F811
    process,  # noqa: F811
    grade_autograd,  # noqa: F811
) -> None:
    graded = grade_autograd(ANSWERS)
    result = replace(graded.result, student="li.wei")
    body = to_json(result, result.language, diagnosis_texts(result))
    stamp = to_stamp(autograd, "en")
    book.enrol([LI])
    for spec_hash in (autograd.spec_hash, "corrected"):
        book.specify(Specification(spec_hash, autograd.id, autograd.due, stamp))
    attempt = book.hand_in(handed("li.wei"))
    book.record(attempt.submission, result, body, Observed(graded.submission, graded.capture))

    def recheck(observed: Observed, before: Result) -> Result:
        expectations = process.answer(
            [
                request
                for exercise in autograd.exercises
                for request in check.requests(exercise, observed.submission, observed.capture)
            ]
        )
        corrected = replace(autograd, spec_hash="corrected")
        again = judge(
            corrected, observed.submission, observed.capture, expectations,
            student=before.student, language=before.language,
        )  # fmt: skip
        return again.result

    (seen,) = book.regrade("autograd", "corrected", recheck)
    assert seen.after == replace(result, spec_hash="corrected")
    assert not seen.changed
    assert seen.score == (result.score, result.score)
