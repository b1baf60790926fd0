# /// outcome
# failed = ["running-product"]
# ///

# %% name="provoked"
y = torch.exp(x)
y += 1
y.sum().backward()

# %% name="mended"
mended = torch.exp(x) + 1
mended.sum().backward()
exp_gradient = x.grad.clone()

# %% name="harmless"
x.grad = None
z = 3 * x
z += 1
z.sum().backward()
linear_gradient = x.grad.clone()

# %% name="replaced"
x.grad = None
r = x.clone()
r[0] = 0
(r**2).sum().backward()
replaced_gradient = x.grad.clone()

# %% name="function"
class RunningProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x.clone())
        for i in range(1, len(x)):
            x[i] *= x[i - 1]
        return x.clone()

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        gradient = torch.zeros_like(x)
        for i in range(len(x)):
            for k in range(i + 1):
                others = torch.cat([x[:k], x[k + 1 : i + 1]])
                gradient[k] += grad_output[i] * others.prod()
        return gradient


def running_product(x):
    return RunningProduct.apply(x)

# %% name="question"
why_exp = "a"
