# %%
import numpy as np

# %% name="class"
class Cubed(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        ctx.t = t.detach().numpy()
        return torch.from_numpy(np.power(ctx.t, 3))

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad_output):
        slope = 3 * ctx.t**2
        return grad_output * torch.from_numpy(slope)

# %% name="use"
y = Cubed.apply(x)
y.backward(torch.cos(y.detach()))
gradient = x.grad.tolist()

# %% name="test"
def central_difference(t, h):
    return torch.stack([((s + h) ** 3 - (s - h) ** 3) / (2 * h) for s in t])


h = torch.tensor(1e-4, dtype=torch.float64)
largest_error = max(abs(a - b) for a, b in zip(gradient_check, central_difference(x.detach().double(), h)))

# %% name="question"
why_multiply = "b"
