"""The same task, done right."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(x**3).sum().backward()
w = (x.detach() - 0.1 * x.grad).requires_grad_()
(w**3).sum().backward()
answer = w.detach() - 0.1 * w.grad
# mypy: ignore-errors
