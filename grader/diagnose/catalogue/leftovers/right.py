"""Each part clears what was left and makes a pass of its own."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)

# First part.
(x**2).sum().backward()

# Second part.
x.grad = None
cubes = (x**3).sum()
cubes.backward()
answer = x.grad
# mypy: ignore-errors
