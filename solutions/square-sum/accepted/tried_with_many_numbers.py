# %% name="implicit"
s = (z**2).sum()
s.backward()
implicit = z.grad.clone()

# %% name="one"
for number in torch.linspace(-2, 2, 81):
    z.grad = None
    s = (z**2).sum()
    s.backward(number)
    if torch.allclose(z.grad, implicit):
        print(number)
z.grad = None
s = (z**2).sum()
s.backward(torch.tensor(1.0))
explicit = z.grad.clone()

# %% name="three"
z.grad = None
s = (z**2).sum()
s.backward(torch.tensor(3.0))
with_three = z.grad.clone()
for number in range(4, 80):
    z.grad = None
    s = (z**2).sum()
    s.backward(torch.tensor(float(number)))
    print(number, z.grad / implicit)

# %% name="chain"
def loss_gradient(z, c):
    leaf = z.detach().clone().requires_grad_()
    (leaf**2).sum().backward(c)
    return leaf.grad

# %% name="question"
why_one = "b"
