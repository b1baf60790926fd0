# /// outcome
# failed = ["argument-three", "loss-gradient"]
# skipped = ["with-three"]
# ///

# %% name="implicit"
s = (z**2).sum()
s.backward()
implicit = z.grad.clone()

# %% name="one"
z.grad = None
s = (z**2).sum()
s.backward(torch.tensor(1.0))
explicit = z.grad.clone()

# %% name="three"
z.grad = None
s = ((3 * z) ** 2).sum()
s.backward()
with_three = z.grad.clone()

# %% name="chain"
def loss_gradient(z, c):
    leaf = (c * z).detach().clone().requires_grad_()
    (c * leaf**2).sum().backward()
    return leaf.grad

# %% name="question"
why_one = "b"
