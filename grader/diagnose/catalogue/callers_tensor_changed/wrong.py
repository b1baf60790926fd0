"""The step is made in the caller's own tensor, by whatever name."""

import torch


def stepped(w, slope):
    w = w.detach()
    w -= 0.1 * slope
    return w


w = torch.tensor([1.0, 2.0, 3.0])
after = stepped(w, 2 * w)
answer = w
# mypy: ignore-errors
