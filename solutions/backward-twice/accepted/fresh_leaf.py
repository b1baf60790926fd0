# %% name="first-pass"
x = torch.arange(4.0)
x.requires_grad_(True)
y = 2 * torch.einsum("i,i->", x, x)
y.backward()
first_gradient = x.grad

# %% name="second-pass"
y.backward()

# %% name="retained"
leaf = x.detach().clone().requires_grad_()
out = 2 * torch.einsum("i,i->", leaf, leaf)
out.backward(retain_graph=True)
out.backward()
second_gradient = leaf.grad

# %% name="why"
why_error = "c"
why_sum = "d"
