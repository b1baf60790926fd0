"""w is the result of a conversion, not a leaf."""

import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True).double()
optimizer = torch.optim.SGD([w], lr=0.1)
(w * w).sum().backward()
answer = w.grad
# mypy: ignore-errors
