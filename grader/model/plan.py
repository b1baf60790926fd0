"""What the kernel is asked after the run is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.model.value import Value


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """Call `function` as it was at the end of `exercise`, with `inputs` in this order.

    `cotangent` weights the result for gradients: element i of the flattened result gets
    `cotangent[i % len(cotangent)]`; empty means that no gradients are asked for. Inputs whose
    `Value.requires_grad` is set are made leaves that require grad.
    """

    id: str
    exercise: str
    function: str
    inputs: Mapping[str, Value]
    cotangent: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rerun:
    """Run the cells of `exercise` again; right after its cell `cell`, `inputs` replace names.

    `until` is the index (into `Submission.cells`) of the last cell that is run; None for all.
    """

    id: str
    exercise: str
    cell: str
    inputs: Mapping[str, Value]
    until: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CallPlan:
    """Everything that is asked of one submission's kernel, drawn after the run was sealed."""

    calls: tuple[Call, ...] = ()
    reruns: tuple[Rerun, ...] = ()
