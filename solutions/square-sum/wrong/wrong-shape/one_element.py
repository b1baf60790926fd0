# /// outcome
# failed = ["argument-one", "argument-three"]
# skipped = ["with-three"]
# diagnosis = "wrong-shape"
# ///

# %% name="implicit"
s = (z**2).sum()
s.backward()
implicit = z.grad.clone()

# %% name="one"
z.grad = None
s = (z**2).sum(0, keepdim=True)
s.backward(torch.ones(1))
explicit = z.grad.clone()

# %% name="three"
z.grad = None
s = (z**2).sum(0, keepdim=True)
s.backward(torch.full((1,), 3.0))
with_three = z.grad.clone()

# %% name="chain"
def loss_gradient(z, c):
    leaf = z.detach().clone().requires_grad_()
    (leaf**2).sum().backward(c)
    return leaf.grad

# %% name="question"
why_one = "b"
