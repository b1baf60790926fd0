# %% name="class"
class Cubed(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        square = t * t
        ctx.save_for_backward(square)
        return square * t

    @staticmethod
    def backward(ctx, grad_output):
        return 3 * ctx.saved_tensors[0] * grad_output

# %% name="use"
y = Cubed.apply(x)
(gradient,) = torch.autograd.grad(y.sin().sum(), x)

# %% name="test"
def central_difference(t, h):
    plus, minus = t + h, t - h
    return (plus.pow(3) - minus.pow(3)) / (plus - minus)


h = torch.tensor(0.0001, dtype=torch.float64)
largest_error = torch.max(torch.abs(central_difference(x.detach().double(), h) - gradient_check)).item()

# %% name="question"
why_multiply = "b"
