"""Does a reference stay in the precision of the pass? A literal in float32 is off by 1e8 ULP."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from grader.parsing import parse

WIDE = (torch.float64, torch.complex128)
NARROW_NUMPY = ("float16", "float32", "half", "single", "complex64", "csingle")


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes every operation that takes or makes a floating tensor narrower than float64."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.found: dict[str, None] = {}

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        for tensor in tree_leaves((args, kwargs, result)):
            if isinstance(tensor, torch.Tensor):
                self.note(str(func), tensor)
        return result

    def note(self, what: str, tensor: torch.Tensor) -> None:
        floating = tensor.is_floating_point() or tensor.is_complex()
        if floating and tensor.dtype not in WIDE:
            self.found[f"{what}: {tensor.dtype}"] = None


def violations(run: Callable[[], Any], source: str) -> tuple[str, ...]:
    """Run a reference in float64 and list what was narrower, as `operation: dtype`.

    Narrow NumPy types leave no tensor behind once they are numbers again, so the source is read
    for `np.float32` and its like as well.
    """
    with _Watch() as watch:
        result = run()
    for tensor in tree_leaves(result):
        if isinstance(tensor, torch.Tensor):
            watch.note("result", tensor)
    for node in ast.walk(parse(source)):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in NARROW_NUMPY
            and isinstance(node.value, ast.Name)
            and node.value.id in ("np", "numpy")
        ):
            watch.found[f"line {node.lineno}: numpy.{node.attr}"] = None
    return tuple(watch.found)
