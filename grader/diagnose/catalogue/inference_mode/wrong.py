"""A factor from inference mode in a recorded product."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
with torch.inference_mode():
    factor = torch.full((3,), 2.0)
(x * factor * x / 2).sum().backward()
answer = x.grad
# mypy: ignore-errors
