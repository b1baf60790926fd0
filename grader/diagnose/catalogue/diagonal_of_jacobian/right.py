"""Each output by every input."""

import torch

x = torch.tensor([2.0, 3.0], requires_grad=True)
y = torch.stack([x[0] * x[1], x[0] + x[1]])
rows = [torch.autograd.grad(out, x, retain_graph=True)[0] for out in y]
answer = torch.stack(rows)
# mypy: ignore-errors
