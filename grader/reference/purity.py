"""Does a reference stay in the precision of the pass, and answer the same when asked again?

A literal in float32 is off by 1e8 ULP. What a module of references keeps from one question to the
next would make one student's expectation depend on another's questions.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from grader.parsing import parse

WIDE = (torch.float64, torch.complex128)
# Where a tensor lies in memory decides which instructions add it up: the last digits may differ.
_SAME = 1e-9
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
    """Run a reference twice in float64 and list what is wrong with how it answers.

    What was narrower is named as `operation: dtype`. Narrow NumPy types leave no tensor behind once
    they are numbers again, so the source is read for `np.float32` and its like as well.
    """
    with _Watch() as watch:
        result = run()
    # A copy: a reference may give the very list or tensor that it changes the next time.
    first = copy.deepcopy(tree_leaves(tree_map(_detached, result)))
    if not _equal(first, tree_leaves(run())):
        watch.found["it answers otherwise when asked again: it keeps something between calls"] = (
            None
        )
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


def _detached(leaf: Any) -> Any:
    return leaf.detach() if isinstance(leaf, torch.Tensor) else leaf


def _equal(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))


def _same(one: Any, other: Any) -> bool:
    numbers = torch.Tensor | np.ndarray | np.generic | int | float | complex
    if type(one) is not type(other) or not isinstance(one, numbers):
        return bool(type(one) is type(other) and one == other)
    try:
        torch.testing.assert_close(one, other, rtol=_SAME, atol=_SAME, equal_nan=True)
    except AssertionError:
        return False
    return True
