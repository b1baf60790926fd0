# /// outcome
# failed = ["implicit-pass"]
# skipped = ["implicit"]
# diagnosis = "argument-not-said"
# ///

# %% name="implicit"
s = (z**2).sum()
s.backward(torch.ones(()))
implicit = z.grad.clone()

# %% name="one"
z.grad = None
s = (z**2).sum()
s.backward(torch.tensor(1.0))
explicit = z.grad.clone()

# %% name="three"
z.grad = None
s = (z**2).sum()
s.backward(torch.tensor(3.0))
with_three = z.grad.clone()

# %% name="chain"
def loss_gradient(z, c):
    leaf = z.detach().clone().requires_grad_()
    (leaf**2).sum().backward(c)
    return leaf.grad

# %% name="question"
why_one = "b"
