"""The same products, step by step."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
products = [x[0]]
for element in x[1:]:
    products.append(products[-1] * element)
answer = torch.stack(products)
# mypy: ignore-errors
