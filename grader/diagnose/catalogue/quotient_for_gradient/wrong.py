"""Value divided by input."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
answer = (x**3 / x).detach()
# mypy: ignore-errors
