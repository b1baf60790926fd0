"""A number or array as it was observed or expected, exact and without torch.

Whatever the dtype was (bfloat16, float8, float16 …), `data` holds its values exactly in a NumPy
array of one of five dtypes: float64, complex128, int64, uint64, bool. `dtype` says what it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["tensor", "array", "number", "list", "text", "function", "none", "opaque"]

FLOATS = ("float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")
COMPLEX = {"complex128": "float64", "complex64": "float32", "complex32": "float16"}


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One observed or expected value.

    Attributes:
        kind: `tensor`, `array` (NumPy), `number` (Python), `list` (numbers or 0-d tensors),
            `text`, `function`, `none`, or `opaque` for everything else.
        dtype: the name without a prefix (`float32`, `bfloat16`, `int64`, `bool`, `complex64`);
            Python's float is `float64`, int is `int64`. None where there is no number.
        shape: () for numbers.
        data: the values, exact, in C order; None where they were not observed (`why` says why).
        text: a string's value, or a function's parameter names joined by `,`.
        requires_grad, leaf, grad_fn: of tensors; `grad_fn` is the node's class name.
        version: how often a tensor, or what it shares its memory with, was written to in place.
        id: a serial number of the tensor object, unique in a run; the same object keeps its id.
        grad: `.grad` at that moment; None where it was None or reading it would have warned.
        why: the reason that `data` is None: `too-large`, `layout:sparse_coo`, `device:meta`,
            `subclass:Name`, `failed:RuntimeError` …; an opaque value without one is `...`.
    """

    kind: Kind
    dtype: str | None = None
    shape: tuple[int, ...] = ()
    data: npt.NDArray[np.generic] | None = field(default=None, repr=False)
    text: str | None = None
    requires_grad: bool = False
    leaf: bool = True
    grad_fn: str | None = None
    id: int | None = None
    grad: Value | None = None
    why: str | None = None
    version: int = 0

    @property
    def numeric(self) -> bool:
        """Whether the value's numbers were observed."""
        return self.data is not None

    @property
    def floating(self) -> bool:
        """Whether the dtype is a real or complex floating-point one."""
        return self.dtype in FLOATS or self.dtype in COMPLEX


def number(value: float | int | bool | complex, dtype: str | None = None) -> Value:
    """A Python number as a 0-d `Value`; `dtype` defaults to Python's own."""
    array = np.asarray(value)
    return Value("number", dtype or str(array.dtype), (), array)


def array(values: npt.ArrayLike, dtype: str = "float64") -> Value:
    """Values as an array of `dtype`, kept in the wide NumPy dtype of its kind."""
    if dtype in FLOATS:
        wide: type[np.generic] = np.float64
    elif dtype in COMPLEX:
        wide = np.complex128
    else:
        wide = np.bool_ if dtype == "bool" else np.int64
    data = np.array(values, wide)
    return Value("tensor", dtype, data.shape, data)
