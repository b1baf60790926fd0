# %% name="implicit"
s = torch.sum(z * z)
s.backward(retain_graph=True)
implicit = z.grad.tolist()

# %% name="one"
z.grad.zero_()
s.backward(gradient=torch.ones_like(s), retain_graph=True)
explicit = z.grad.tolist()

# %% name="three"
z.grad.zero_()
s.backward(gradient=3 * torch.ones_like(s))
with_three = z.grad.tolist()

# %% name="chain"
def loss_gradient(z, c):
    leaf = z.detach().clone().requires_grad_()
    (c * leaf.square().sum()).backward()
    return leaf.grad

# %% name="question"
why_one = "b"
