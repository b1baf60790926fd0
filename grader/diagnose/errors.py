"""What PyTorch and Python say when they refuse, and where it happened in the student's code.

Texts drift between versions, so stems are matched, those of `STEMS` by the misconception's id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from grader.diagnose.code import defined, numbered, written
from grader.diagnose.facts import Facts
from grader.model.exercise import CallCheck
from grader.model.observation import Event, Raised
from grader.model.result import Diagnosis

STEMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ambiguous-truth": ("Boolean value of Tensor with more than one value is ambiguous",),
        "assigned-gradient-size": (
            "attempting to assign a gradient of size",
            "assigned grad has data of a different size",
        ),
        "complex-output": ("grad can be implicitly created only for real scalar outputs",),
        "cotangent-shape": ("Mismatch in shape: grad_output[",),
        "deepcopy-of-a-result": ("support the deepcopy protocol",),
        "differentiated-without-grad": ("One of the differentiated Tensors does not require grad",),
        "flag-of-a-result": ("you can only change requires_grad flags of leaf variables",),
        "graph-freed": ("Trying to backward through the graph a second time",),
        "in-place-on-leaf": ("a leaf Variable that requires grad",),
        "in-place-on-view": ("a view of a leaf Variable that requires grad",),
        "in-place-on-saved-value": ("has been modified by an inplace operation",),
        "in-place-on-unbind": ("is a view and is being modified inplace",),
        "inference-mode": (
            "Inference tensors cannot be saved for backward",
            "Inplace update to inference tensor",
            "Setting requires_grad=True on inference tensor",
        ),
        "input-not-in-graph": ("appears to not have been used in the graph",),
        "integer-input": ("nly Tensors of floating point",),
        "invalid-gradient-shape": ("returned an invalid gradient at index",),
        "item-has-no-graph": ("object has no attribute 'backward'",),
        "mean-of-integers": ("mean(): could not infer output dtype",),
        "mixed-dtypes": (
            "to have the same dtype",
            "to have same dtype",
            "must have the same dtype",
        ),
        "none-has-no-zero": ("'NoneType' object has no attribute 'zero_'",),
        "numpy-on-grad": ("Can't call numpy() on Tensor that requires grad",),
        "optimizer-needs-leaves": ("can't optimize a non-leaf Tensor",),
        "out-argument": ("functions with out=... arguments don't support",),
        "requires-grad-called": ("'bool' object is not callable",),
        "retain-grad": ("can't retain_grad on Tensor that has requires_grad=False",),
        "scalar-output-required": ("grad can be implicitly created only for scalar outputs",),
        "unrecorded": ("does not require grad and does not have a grad_fn",),
        "wrong-number-of-gradients": ("returned an incorrect number of gradients",),
    }
)


_RAISED = ("check.call.raised", "check.call.no_gradient")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An exception, asked for by no check, and the findings that it explains.

    `code` is the student's line that led to it; `event` the pass that it ended, if it was one;
    `first` is False where an earlier error of the exercise may be its cause.
    """

    error: Raised
    cell: int
    code: str
    checks: tuple[str, ...]
    event: Event | None = None
    uncaught: bool = True
    first: bool = True
    call: str | None = None

    @property
    def confidence(self) -> float:
        """Caught ones, and those that may follow from others, are less sure."""
        return 0.92 - (0.0 if self.uncaught else 0.17) - (0.0 if self.first else 0.2)


def refusals(facts: Facts, *stems: str) -> Iterator[Refusal]:
    """Exceptions with one of the stems in their text that stand beside something wrong."""
    for stem in stems:
        for trouble in facts.troubles(stem):
            checks = facts.near(trouble.cell) or (_later(facts, trouble.cell))
            if checks:
                code = line(facts, trouble.cell, trouble.error.line)
                first = trouble.cell <= first_stop(facts)
                yield Refusal(
                    trouble.error,
                    trouble.cell,
                    code,
                    checks,
                    trouble.event,
                    trouble.uncaught,
                    first,
                )
        yield from _of_calls(facts, stem)


def named(facts: Facts, id: str) -> Iterator[Refusal]:
    """The exceptions that the misconception is known by."""
    return refusals(facts, *STEMS[id])


def matched(facts: Facts, id: str) -> Diagnosis | None:
    """The misconception, where its exception was raised; `code` is the line that raised it."""
    one = next(named(facts, id), None)
    return None if one is None else Diagnosis(id, one.confidence, one.checks, {"code": one.code})


def line(facts: Facts, cell: int, number: int | None) -> str:
    """A line of the student's code, as it can be shown."""
    found = next((one for one in written(facts, locked=True) if one.cell == cell), None)
    if found is None:
        texts = {c.index: c.source for c in facts.submission.cells}
        return numbered(texts.get(cell, ""), number)
    return found.line(number)


def first_stop(facts: Facts) -> float:
    """The first cell of the exercise that an exception ended which no check asked for."""
    return min(
        (o.cell for o in facts.cells() if o.error and not facts.asked_for(o.cell, o.error.text)),
        default=float("inf"),
    )


def _later(facts: Facts, cell: int) -> tuple[str, ...]:
    return tuple(f.check for f in facts.wrong if f.cell is None or f.cell >= cell)


def _of_calls(facts: Facts, stem: str) -> Iterator[Refusal]:
    """Exceptions of the student's functions, or of a pass over what they returned."""
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if not isinstance(check, CallCheck) or finding.message.id not in _RAISED:
            continue
        about = f"{facts.exercise.id}/{finding.check}/"
        calls = [call for id, call in facts.capture.calls.items() if id.startswith(about)]
        error = next((c.error for c in calls if c.error and stem in c.error.text), None)
        if error is None:
            continue
        found = defined(written(facts), check.function)
        code = found[0].line(error.line or found[1].lineno) if found else check.function
        yield Refusal(error, finding.cell or 0, code, (finding.check,), call=check.function)
