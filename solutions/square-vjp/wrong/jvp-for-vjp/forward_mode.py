# /// outcome
# failed = ["actual", "same-without-argument"]
# ///

# %% name="square"
y = z**2
y.backward(z)
gradient = z.grad.clone()
ratio = gradient / z.detach()

# %% name="plain"
z.grad = None
(z**2).backward(torch.ones_like(z))
derivative = z.grad.clone()

# %% name="mixed"
z.grad = None
(z * z.sum()).backward(torch.ones_like(z))
predicted = z.detach() * z.grad
actual = torch.func.jvp(lambda t: t * t.sum(), (z.detach(),), (z.detach(),))[1]

# %% name="truth"
def same_without_argument(z, v):
    return torch.func.jvp(lambda t: t * t.sum(), (z.detach(),), (v,))[1]

# %% name="question"
why_it_fits = "a"
