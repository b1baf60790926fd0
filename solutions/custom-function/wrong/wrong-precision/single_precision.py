# /// outcome
# failed = ["largest-error"]
# ///

# %% name="class"
class Cubed(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        ctx.save_for_backward(t)
        return t**3

    @staticmethod
    def backward(ctx, grad_output):
        (t,) = ctx.saved_tensors
        return grad_output * 3 * t**2

# %% name="use"
y = Cubed.apply(x)
torch.sin(y).sum().backward()
gradient = x.grad

# %% name="test"
def central_difference(t, h):
    return ((t + h) ** 3 - (t - h) ** 3) / (2 * h)


quotient = central_difference(x.detach(), torch.tensor(1e-4))
largest_error = (gradient_check.float() - quotient).abs().max()

# %% name="question"
why_multiply = "b"
