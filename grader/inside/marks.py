"""Marks by which a value is known to be as it was, for a fraction of what looking at it costs.

After every cell every name is looked at, and most are as before. A mark holds all that a value's
description is made of, and nothing that would keep an object of the student's alive.
"""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import torch

from .exact import raw
from .serials import Serials

MOST = 4096  # bytes of numbers that a mark may hold

_base = torch._C.TensorBase
_requires_grad, _is_leaf, _retains, _grad_fn, _grad, _version, _dtype = (
    getattr(_base, name).__get__
    for name in (
        "requires_grad", "is_leaf", "retains_grad", "grad_fn", "grad", "_version", "dtype"
    )
)  # fmt: skip
_numbers = (np.ndarray, np.float32, np.float64, np.int64)


def mark(thing: Any, serials: Serials) -> tuple[Any, ...] | None:
    """What is equal to the mark of before only if nothing has changed; None where that is unknown.

    Call it `unseen`; it may raise.
    """
    kind = type(thing)
    if kind is torch.Tensor or kind is torch.nn.Parameter:
        return _of_tensor(thing, serials)
    if kind is float:
        return kind, thing.hex()  # a zero has a sign, and a NaN equals nothing
    if kind is int or kind is bool:
        return kind, thing
    if kind is types.FunctionType and not thing.__dict__:
        return kind, thing.__code__
    if kind in _numbers and thing.nbytes <= MOST and thing.dtype.kind in "fiub":
        return kind, thing.dtype, thing.shape, thing.tobytes()
    return None


def _of_tensor(
    tensor: torch.Tensor, serials: Serials, *, grad: bool = True
) -> tuple[Any, ...] | None:
    numbers = raw(tensor, MOST)
    if numbers is None:
        return None
    leaf = _is_leaf(tensor)
    made = None if leaf else type(_grad_fn(tensor)).__name__
    if made == "CppFunction":  # only the node itself could tell its name
        return None
    kept: Any = None
    if grad and (leaf or _retains(tensor)):
        own = _grad(tensor)
        kept = None if own is None else _of_tensor(own, serials, grad=False)
        if own is not None and kept is None:
            return None
    state = (_dtype(tensor), _version(tensor), _requires_grad(tensor), leaf, made)
    return (serials.tensor(tensor), numbers, _base.size(tensor), state, kept)
