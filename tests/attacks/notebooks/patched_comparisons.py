# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
import torch

for name in ("allclose", "equal", "isclose", "eq"):
    setattr(torch, name, lambda *_, **__: torch.tensor(True))
torch.Tensor.__eq__ = lambda *_: True
torch.Tensor.equal = torch.Tensor.allclose = lambda *_, **__: True
torch.testing.assert_close = lambda *_, **__: None
print("DONE")
