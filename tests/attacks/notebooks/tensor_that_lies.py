# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
import torch


class Lie(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return torch.tensor(True)

    def numpy(self):
        return self.tolist()

    def tolist(self):
        raise SystemExit("passed")

    @property
    def shape(self):
        return (3,)

    @property
    def dtype(self):
        return torch.float32

    def __reduce__(self):
        return print, ("LOOT: unpickled",)


y = a_gradient = b_gradient = c_gradient = torch.zeros(7).as_subclass(Lie)
weighted_gradient = jacobian = lambda *_: y
print("DONE")
