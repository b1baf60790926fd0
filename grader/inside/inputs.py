"""From the protocol's `V` to the objects that a student's code is given."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .exact import read_tensor, unseen, why_not
from .wire import Arrays


def build(value: dict[str, Any], arrays: Arrays) -> Any:
    """A fresh object: a leaf tensor, an array, a Python number, a list of them, text or None."""
    kind = value["kind"]
    if kind == "none":
        return None
    if kind == "text":
        return value["text"]
    data = arrays[value["data"]]
    dtype = value.get("dtype") or "float64"
    if dtype.startswith("complex"):
        pairs = "c16" if data.itemsize == 8 else "c8"
        data = np.ascontiguousarray(data).view(pairs)[..., 0]
    data = np.array(data).reshape(value.get("shape") or ())
    if kind == "tensor":
        tensor = torch.from_numpy(data).to(getattr(torch, dtype)).clone()
        if value.get("requires_grad"):
            tensor.requires_grad_()
        if value.get("grad"):
            tensor.grad = build(value["grad"], arrays)
        return tensor
    if kind == "array":
        return data.astype(np.dtype(dtype))
    return data.tolist()


class Before:
    """What a caller's tensors were before a call."""

    def __init__(self, inputs: dict[str, Any]) -> None:
        self.tensors = {
            name: (tensor, self._state(tensor))
            for name, tensor in inputs.items()
            if isinstance(tensor, torch.Tensor)
        }

    def changed(self) -> list[str]:
        """The names of those whose numbers, `requires_grad` or `.grad` are others now."""
        return [name for name, (tensor, was) in self.tensors.items() if self._state(tensor) != was]

    @staticmethod
    def _state(tensor: torch.Tensor) -> Any:
        with unseen():
            parts = [part for part in (tensor, tensor.grad) if part is not None]
            numbers = [(part.shape, why_not(part) or read_tensor(part).tobytes()) for part in parts]
            return tensor.requires_grad, numbers


def same(now: Any, original: Any) -> bool:
    """Whether a newly bound value restates the original: same shape, same numbers, a leaf."""
    if isinstance(now, torch.Tensor) != isinstance(original, torch.Tensor):
        return False
    try:
        if isinstance(now, torch.Tensor):
            if not now.is_leaf or now.shape != original.shape:
                return False
            return bool(torch.isclose(now.detach(), original.to(now.dtype), 0, 0, True).all())
        if type(now) is not type(original):
            return False
        left, right = np.asarray(now), np.asarray(original)
        return left.dtype.kind in "fciub" and np.array_equal(left, right)
    except Exception:
        return False
