"""One direction gives the column of one input."""

import torch

x = torch.tensor([2.0, 3.0])


def f(x):
    """Two outputs of two inputs."""
    return torch.stack([x[0] * x[1], x[0] + x[1]])


answer = torch.func.jvp(f, (x,), (torch.tensor([1.0, 0.0]),))[1]
# mypy: ignore-errors
