# %% name="inputs" locked=true
import torch

x = torch.tensor([-1.5, 0.0, 0.5, 2.0], requires_grad=True)

# %% name="class"
class Cubed(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        ...

    @staticmethod
    def backward(ctx, grad_output):
        ...

# %% name="use"
y = ...
gradient = ...

# %% name="cubed" locked=true
def cubed(t):
    return Cubed.apply(t)


def own_derivative(t):
    t = t.detach().double().requires_grad_()
    out = Cubed.apply(t)
    return torch.autograd.grad(out.sum(), t)[0] if isinstance(out, torch.Tensor) else None


gradient_check = own_derivative(x)

# %% name="test"
def central_difference(t, h):
    ...


largest_error = ...

# %% name="question"
why_multiply = ...
