"""Floating-point formats and their spacing, for every dtype that a student may use."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grader.model.value import COMPLEX, FLOATS, Value

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Format:
    """A binary format: significand bits with the hidden one, smallest normal exponent, largest."""

    bits: int
    min_exponent: int
    largest: float


# IEEE 754 for the first three; bfloat16 is float32 cut to 8 bits; the 8-bit formats are those of
# the OCP 8-bit floating point specification (E4M3 has no infinity, E5M2 is IEEE-like).
FORMATS = {
    "float64": Format(53, -1022, float(np.finfo(np.float64).max)),
    "float32": Format(24, -126, float(np.finfo(np.float32).max)),
    "float16": Format(11, -14, 65504.0),
    "bfloat16": Format(8, -126, 2.0**127 * (2 - 2.0**-7)),
    "float8_e4m3fn": Format(4, -6, 448.0),
    "float8_e5m2": Format(3, -14, 57344.0),
}
assert set(FORMATS) == set(FLOATS)


def real_dtype(dtype: str) -> str:
    """The real floating dtype behind `dtype`: `complex64` has components of float32.

    Raises:
        ValueError: `dtype` is not a floating dtype.
    """
    name = COMPLEX.get(dtype, dtype)
    if name not in FORMATS:
        raise ValueError(f"expected a floating dtype ({', '.join(FORMATS)}), found {dtype!r}")
    return name


def ulp(dtype: str, value: npt.ArrayLike) -> Floats:
    """Spacing of `dtype` at each |value|: the gap from it to the next number away from zero.

    Subnormals share the spacing of the smallest normal number. inf and NaN give inf and NaN.
    Returns float64 of the shape of `value`; a complex value counts by its modulus.
    """
    form = FORMATS[real_dtype(dtype)]
    size = np.abs(np.asarray(value)).astype(np.float64)
    normal = np.maximum(size, 2.0**form.min_exponent)
    spacing = np.ldexp(1.0, np.frexp(normal)[1] - form.bits)
    return np.asarray(np.where(np.isfinite(size), spacing, size), dtype=np.float64)


def spacing(dtype: str, value: float) -> float:
    """`ulp` of one number, without what arrays cost."""
    form = FORMATS[real_dtype(dtype)]
    size = abs(value)
    if not math.isfinite(size):
        return size
    exponent = math.frexp(size)[1] - 1 if size else form.min_exponent
    return math.ldexp(1.0, max(exponent, form.min_exponent) - form.bits + 1)


def working_dtype(values: Iterable[Value | None]) -> str:
    """The precision in which someone worked: the lowest among floating tensors and arrays.

    Integers, bools and Python's floats do not lower it; float64 where nothing floats. A list
    counts by its elements' dtype. Of float16 and bfloat16 the latter is lower (8 bits against 11).
    """
    found = [
        real_dtype(value.dtype)
        for value in values
        if value is not None and value.floating and value.kind != "number" and value.dtype
    ]
    return min(found, key=lambda name: FORMATS[name].bits, default="float64")
