"""One graph, gone over twice."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = (x * x).sum()
roots = []
for keep in (True, False):
    y.backward(retain_graph=keep)
    roots.append(y)
answer = roots[0] is roots[1]
# mypy: ignore-errors
