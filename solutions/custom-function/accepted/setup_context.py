# %% name="class"
class Cubed(torch.autograd.Function):
    @staticmethod
    def forward(t):
        return torch.pow(t, 3)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad_output):
        t = ctx.saved_tensors[0]
        return torch.mul(grad_output, 3 * t.square())

# %% name="use"
y = Cubed.apply(x)
y.sin().backward(torch.ones(4))
gradient = x.grad.numpy()

# %% name="test"
def central_difference(t, h):
    def cube(s):
        return s * s * s

    return (cube(t + h) - cube(t - h)) / h / 2


points = x.detach().to(torch.float64)
errors = gradient_check - central_difference(points, torch.full((), 1e-4, dtype=torch.float64))
largest_error = errors.abs().amax()

# %% name="question"
why_multiply = "b"
