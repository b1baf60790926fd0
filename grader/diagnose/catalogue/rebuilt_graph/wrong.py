"""Two graphs, each gone over once."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
roots = []
for _ in range(2):
    y = (x * x).sum()
    y.backward()
    roots.append(y)
answer = roots[0] is roots[1]
# mypy: ignore-errors
