"""PyTorch's autograd engine, in a process that was forked.

The first use in a fork replaces the engine by a new one, and PyTorch takes it that whoever uses it
holds the GIL (`get_python_engine` in torch/csrc/autograd/python_engine.cpp). An operation that
saves a tensor asks for it without: where threads are the first in a fork to compute, two now and
then replace it at once, and the process dies (11 of 1,500 forks with four threads, torch 2.13).
"""

from __future__ import annotations

import os

import torch


def renew_in_forks() -> None:
    """Have the engine replaced in every fork from now on, before there are threads in it."""
    if hasattr(os, "register_at_fork"):  # else there are no forks
        os.register_at_fork(after_in_child=_renew)


def _renew() -> None:
    torch.autograd.Variable._execution_engine.is_checkpoint_valid()  # any question does
