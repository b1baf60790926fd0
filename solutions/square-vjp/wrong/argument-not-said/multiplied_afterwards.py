# /// outcome
# failed = ["square-argument"]
# diagnosis = "argument-not-said"
# ///

# %% name="square"
y = z**2
y.sum().backward()
gradient = z.grad * z.detach()
ratio = gradient / z.detach()

# %% name="plain"
z.grad = None
(z**2).backward(torch.ones_like(z))
derivative = z.grad.clone()

# %% name="mixed"
z.grad = None
(z * z.sum()).backward(z)
actual = z.grad.clone()
z.grad = None
(z * z.sum()).backward(torch.ones_like(z))
predicted = z.detach() * z.grad

# %% name="truth"
def same_without_argument(z, v):
    leaf = z.detach().clone().requires_grad_()
    y = leaf * leaf.sum()
    (v * y).sum().backward()
    return leaf.grad

# %% name="question"
why_it_fits = "a"
