# /// outcome
# failed = ["no-cumprod"]
# skipped = ["running-product"]
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
def running_product(x):
    return torch.cumprod(x, 0)

# %% name="question"
why_exp = "a"
