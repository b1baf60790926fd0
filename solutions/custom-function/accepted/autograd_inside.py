# %% name="class"
class Cubed(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        ctx.save_for_backward(t)
        return t**3

    @staticmethod
    def backward(ctx, grad_output):
        (t,) = ctx.saved_tensors
        with torch.enable_grad():
            leaf = t.detach().requires_grad_()
            return torch.autograd.grad(leaf**3, leaf, grad_output)[0]

# %% name="use"
y = Cubed.apply(x)
torch.sin(y).sum().backward()
gradient = x.grad

# %% name="test"
def central_difference(t, h):
    return ((t + h) ** 3 - (t - h) ** 3) / (2 * h)


quotient = central_difference(x.detach().double(), torch.tensor(1e-4, dtype=torch.float64))
largest_error = (gradient_check - quotient).abs().max()

# %% name="question"
why_multiply = "b"
