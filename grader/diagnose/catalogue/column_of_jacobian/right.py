"""A direction for each input: its column."""

import torch

x = torch.tensor([2.0, 3.0])


def f(x):
    """Two outputs of two inputs."""
    return torch.stack([x[0] * x[1], x[0] + x[1]])


columns = [torch.func.jvp(f, (x,), (unit,))[1] for unit in torch.eye(2)]
answer = torch.stack(columns, dim=1)
# mypy: ignore-errors
