"""Kinks and ties: the values that a gradient has on the other sides of a point.

At 0 the derivative of `relu` may be called 0 or 1, and at a tie `max` may give its gradient to
either. Both are limits of the gradient as the inputs come near from some side, and whatever lies
between them is a subgradient too (Clarke). A reference file says for which of its functions that
is so:

    SUBGRADIENTS = ("gradient",)

It is not guessed: where a value jumps, as `floor` does at 3, only one of its limits is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import default_rng

Array = npt.NDArray[Any]

RANDOM = 3  # directions besides the one in which all inputs grow; each is also taken backwards
NEAR, NEARER = 2.0**-30, 2.0**-40  # of each input, or of the largest where it is zero
JUMP = 1e-3  # of the largest element: less is what a smooth function does so near
SEED = 20240229


def limits(
    inputs: Mapping[str, Array], exact: Array, run: Callable[[Mapping[str, Array]], Array]
) -> npt.NDArray[np.float64] | None:
    """Other values of `run`, float64 of shape (k, *exact.shape), one for each side that has some.

    A side counts where the value jumps, by the same amount from twice as near: 1/x at 0 has no
    limit. None where there is no jump. `exact` is real; `run` gives float64.
    """
    found: list[Array] = []
    for steps in _directions(inputs):
        try:
            near = run(_moved(inputs, steps, NEAR))
            nearer = run(_moved(inputs, steps, NEARER))
        except MemoryError:
            raise
        except Exception:  # the function has answered; beside that point it need not
            continue
        if near.shape != exact.shape or not np.isfinite(near).all():
            continue
        least = JUMP * max(np.abs(exact).max(initial=0.0), np.abs(near).max(initial=0.0))
        jumps = np.abs(near - exact) > least
        if not jumps.any():
            continue
        same = nearer.shape == near.shape and bool((np.abs(nearer - near) <= least).all())
        side = np.where(jumps, nearer, exact)
        if same and not any(np.allclose(side, other, JUMP, 0) for other in found):
            found.append(side)
    return np.stack(found) if found else None


def _directions(inputs: Mapping[str, Array]) -> Iterator[dict[str, Array]]:
    random = default_rng(SEED)
    ahead = [{name: np.ones(data.shape) for name, data in inputs.items()}]
    for _ in range(RANDOM):  # steps of different lengths, so that no tie is kept
        drawn = {name: random.uniform(0.25, 1, data.shape) for name, data in inputs.items()}
        ahead.append({k: v * random.choice([-1.0, 1.0], v.shape) for k, v in drawn.items()})
    for steps in ahead:
        yield steps
        yield {name: -step for name, step in steps.items()}


def _moved(
    inputs: Mapping[str, Array], steps: Mapping[str, npt.NDArray[np.float64]], share: float
) -> dict[str, Array]:
    finite = [np.abs(data[np.isfinite(data)]).max(initial=0.0) for data in inputs.values()]
    largest = max(finite, default=0.0) or 1.0
    return {
        name: data + share * steps[name] * np.where(data == 0, largest, np.abs(data))
        for name, data in inputs.items()
    }
