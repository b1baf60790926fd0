# %% name="sum"
d = torch.square(x).sum()
d.backward()
sum_gradient = x.grad.tolist()

# %% name="norm"
x.grad.zero_()
torch.linalg.norm(x).pow(2).backward()
square_gradient = x.grad.tolist()
x.grad.zero_()
torch.linalg.vector_norm(x).backward()
length_gradient = x.grad.tolist()

# %% name="function"
def squared_length_gradient(x):
    leaf = x.detach().clone().requires_grad_()
    (torch.norm(leaf) ** 2).backward()
    return leaf.grad

# %% name="question"
why_nan = "c"
