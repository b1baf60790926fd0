# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="jacobian"
import torch
from torch.overrides import TorchFunctionMode


class Everything(TorchFunctionMode):
    def __torch_function__(self, function, types, args=(), kwargs=None):
        raise RuntimeError("not now")


print("DONE", flush=True)
Everything().__enter__()
torch.set_default_dtype(torch.float16)
