# /// outcome
# failed = ["square-pass", "plain-pass", "mixed-pass"]
# skipped = ["square-argument", "gradient", "ratio", "derivative", "actual", "predicted"]
# diagnosis = "scalar-output-required"
# ///

# %% name="square"
y = z**2
y.backward()
gradient = z.grad.clone()
ratio = gradient / z.detach()

# %% name="plain"
z.grad = None
(z**2).backward()
derivative = z.grad.clone()

# %% name="mixed"
z.grad = None
(z * z.sum()).backward()
actual = z.grad.clone()
predicted = z.detach() * z.grad

# %% name="truth"
def same_without_argument(z, v):
    leaf = z.detach().clone().requires_grad_()
    y = leaf * leaf.sum()
    (v * y).sum().backward()
    return leaf.grad

# %% name="question"
why_it_fits = "a"
