"""PyTorch's autograd engine, in a process that was forked.

The first use in a fork replaces the engine by a new one, and PyTorch takes it that whoever uses it
holds the GIL (`get_python_engine` in torch/csrc/autograd/python_engine.cpp). An operation that
saves a tensor asks for it without: where threads are the first in a fork to compute, two now and
then replace it at once, and the process dies (11 of 1,500 forks with four threads, torch 2.13).
"""

from __future__ import annotations

import torch

# Kept from before any cell: a student may put something else in its place.
_ask = torch.autograd.Variable._execution_engine.is_checkpoint_valid


def renew() -> None:
    """Have the engine replaced now, before there are threads; nothing where that is done."""
    _ask()
