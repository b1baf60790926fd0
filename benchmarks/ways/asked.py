"""The assignment's questions as expressions, for graders that test in the student's kernel.

Fewer than ours asks: neither varied inputs nor plots, and no diagnosis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """An expression that is true when the answer is right."""

    expression: str
    hidden: bool = False


_SLOPES = "(torch.tensor(3.0), torch.tensor([0.5, -2.0]), torch.ones(2, 2))"
_POINT = "torch.tensor([2.0, 3.0])"

QUESTIONS: Mapping[str, Sequence[Question]] = {
    "backward-twice": (
        Question("float(y) == 28"),
        Question("torch.allclose(first_gradient, 4 * torch.arange(4.0))"),
        Question("torch.allclose(second_gradient, 8 * torch.arange(4.0))", hidden=True),
        Question("(why_error, why_sum) == ('c', 'd')", hidden=True),
    ),
    "control-flow-vector": (
        Question("torch.allclose(scalar_gradient, f(scalar) / scalar)"),
        Question("torch.allclose(vector_gradient, f(vector) / vector)"),
        Question("torch.allclose(matrix_gradient, f(matrix) / matrix)", hidden=True),
        Question(f"all(torch.allclose(slope(a), f(a) / a) for a in {_SLOPES})", hidden=True),
        Question("(complaint, same_number) == ('b', 'a')", hidden=True),
    ),
    "sin-derivative-plot": (
        Question("torch.allclose(y, torch.sin(x))"),
        Question("torch.allclose(derivative, torch.cos(x), atol=1e-6)", hidden=True),
        Question("all_at_once == 'c'", hidden=True),
    ),
    "gradient-argument": (
        Question("torch.allclose(y, 3 * a + 2 * b**2 + torch.log(c))"),
        Question("torch.allclose(a_gradient, 3 * v)"),
        Question("torch.allclose(b_gradient, 4 * b * v)", hidden=True),
        Question("torch.allclose(c_gradient, v / c)", hidden=True),
        Question("meaning == 'd'", hidden=True),
        Question(
            f"torch.allclose(weighted_gradient({_POINT}, torch.tensor([1.0, 10.0])), "
            "torch.tensor([13.0, 12.0]))",
            hidden=True,
        ),
        Question(
            f"torch.allclose(jacobian({_POINT}), torch.tensor([[3.0, 2.0], [1.0, 1.0]]))",
            hidden=True,
        ),
    ),
}
