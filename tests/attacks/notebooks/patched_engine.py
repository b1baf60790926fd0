# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
import torch

print("DONE", flush=True)
torch.autograd.backward = torch.autograd.grad = lambda *_, **__: (torch.ones(3),)
torch.autograd.graph._engine_run_backward = lambda *_, **__: ()
torch.Tensor.backward = lambda *_, **__: None
