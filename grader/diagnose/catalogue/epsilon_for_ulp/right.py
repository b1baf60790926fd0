"""The distance to the next number."""

import torch

x = torch.tensor(1000.0)
answer = (torch.nextafter(x, torch.tensor(torch.inf)) - x).item()
# mypy: ignore-errors
