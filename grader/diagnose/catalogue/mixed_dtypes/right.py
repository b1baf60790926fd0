"""The matrix is converted to the dtype of x."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
matrix = torch.eye(3, dtype=torch.float64).to(x.dtype)
torch.dot(x, matrix @ x).backward()
answer = x.grad
# mypy: ignore-errors
