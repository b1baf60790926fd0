"""Random inputs, exact in the dtype that they claim."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grader.model.exercise import Draw
from grader.model.value import COMPLEX, FLOATS, Value
from grader.numerics import FORMATS


def draw(how: Draw, rng: np.random.Generator, turn: int | None = None) -> Value:
    """A drawn tensor, its values exact in the dtype it claims.

    Of a choice it has the values whose `turn` it is, so that runs with other inputs differ.
    """
    if how.draw == "choice":
        at = int(rng.integers(len(how.values))) if turn is None else turn % len(how.values)
        numbers = np.asarray(how.values[at], np.float64)
    else:
        numbers = _numbers(how, rng)
    if how.dtype in COMPLEX:
        part = COMPLEX[how.dtype]
        imaginary = np.zeros_like(numbers) if how.draw == "choice" else _numbers(how, rng)
        data: npt.NDArray[np.generic] = rounded(numbers, part) + 1j * rounded(imaginary, part)
    elif how.dtype in FLOATS:
        data = rounded(numbers, how.dtype)
        if how.draw in ("uniform", "sorted", "integers"):
            outside = (data < how.low) | (data >= how.high)
            data = np.where(outside, rounded(np.asarray((how.low + how.high) / 2), how.dtype), data)
            data = np.sort(data, axis=-1) if how.draw == "sorted" and data.ndim else data
    else:
        data = numbers.astype(np.bool_ if how.dtype == "bool" else np.int64)
    data = np.asarray(data)
    ones = Value("tensor", how.dtype, data.shape, np.ones_like(data)) if how.grad else None
    return Value("tensor", how.dtype, data.shape, data, requires_grad=how.requires_grad, grad=ones)


def _numbers(how: Draw, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    match how.draw:
        case "normal":
            drawn: npt.ArrayLike = rng.standard_normal(how.shape) * how.scale
        case "integers":
            low, high = int(np.ceil(how.low)), int(np.ceil(how.high))
            drawn = rng.integers(low, max(high, low + 1), how.shape)
        case "sorted":
            sample = np.asarray(rng.uniform(how.low, how.high, how.shape))
            drawn = np.sort(sample, axis=-1) if sample.ndim else sample
        case _:
            drawn = rng.uniform(how.low, how.high, how.shape)
    return np.asarray(drawn, np.float64)


def rounded(numbers: npt.NDArray[np.float64], dtype: str) -> npt.NDArray[np.float64]:
    """The nearest numbers that `dtype` has, ties to even, its largest one beyond its range."""
    form = FORMATS[dtype]
    exponent = np.maximum(np.frexp(numbers)[1] - 1, form.min_exponent)
    quantum = np.ldexp(1.0, exponent - form.bits + 1)
    with np.errstate(over="ignore"):
        nearest = np.rint(numbers / quantum) * quantum
    return np.asarray(np.clip(nearest, -form.largest, form.largest), np.float64)
