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


def mark(thing: Any, serials: Serials) -> tuple[Any, ...] | None:
    """What is equal to the mark of before only if nothing has changed; None where that is unknown.

    Call it `unseen`; it may raise. Types are compared by identity: a student's may have an `==`.
    """
    kind = type(thing)
    if kind is torch.Tensor or kind is torch.nn.Parameter:
        return _of_tensor(thing, serials)
    if kind is float:
        return kind, thing.hex()  # a zero has a sign, and a NaN equals nothing
    if kind is int or kind is bool:
        return kind, thing
    if kind is types.FunctionType and not thing.__dict__:
        code = thing.__code__  # of which its parameters are told
        counts = code.co_argcount, code.co_kwonlyargcount, code.co_flags
        return kind, code.co_varnames, counts
    if kind is np.ndarray or kind is np.float32 or kind is np.float64 or kind is np.int64:
        dtype = thing.dtype
        if thing.nbytes <= MOST and dtype.kind in "fiub":
            return kind, dtype.str, thing.shape, thing.tobytes()
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
    told = leaf or _retains(tensor)
    if grad and told:
        own = _grad(tensor)
        kept = None if own is None else _of_tensor(own, serials, grad=False)
        if own is not None and kept is None:
            return None
    state = (_dtype(tensor), _version(tensor), _requires_grad(tensor), leaf, told, made)
    return (serials.tensor(tensor), numbers, _base.size(tensor), state, kept)
