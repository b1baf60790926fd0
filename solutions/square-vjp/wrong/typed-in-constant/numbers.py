# /// outcome
# failed = ["gradient", "ratio"]
# diagnosis = "typed-in-constant"
# ///

# %% name="square"
y = z**2
y.backward(z)
gradient = torch.tensor([2.0, 8.0, 18.0, 32.0, 50.0])
ratio = torch.tensor([2.0, 4.0, 6.0, 8.0, 10.0])

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
