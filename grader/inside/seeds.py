"""Seeds and threads, before the first cell."""

from __future__ import annotations

import random

import numpy as np
import torch


def seed(value: int) -> None:
    """Seed torch, NumPy and Python, and keep torch to one thread."""
    if torch.backends.cuda.is_built() or torch.backends.mps.is_built():
        torch.manual_seed(value)
    else:  # without what `manual_seed` does for other devices: it keeps a stack trace of the call
        torch.default_generator.manual_seed(value)
    np.random.seed(value % 2**32)
    random.seed(value)
    torch.set_num_threads(1)


def preload() -> None:
    """Import what torch imports at the first `backward(gradient)`; for a server that forks."""
    import torch.fx.experimental.symbolic_shapes  # noqa: PLC0415, F401
