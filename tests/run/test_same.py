"""The same seed gives the same result, forked or not; all samples: `make verify-kernels`."""

from __future__ import annotations

import pytest

from grader.kernel import KernelServer
from grader.reference import ReferenceProcess
from grader.spec import load_assignment, references
from tests.run.same import ASSIGNMENT, COURSE, differences, rounds


@pytest.mark.parametrize("number", [1, 5])
def test_forked_kernels_and_kernels_by_themselves_give_the_same_result(
    kernels: KernelServer, number: int
) -> None:
    assignment = load_assignment(COURSE, ASSIGNMENT)
    with ReferenceProcess(references(COURSE, assignment)) as process:
        chosen = rounds(assignment)[number]
        assert differences(assignment, chosen, process, kernels.address) == []
