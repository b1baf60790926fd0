"""The same task, done right."""

import torch

answer = torch.tensor(round(0.29 * 100))
# mypy: ignore-errors
