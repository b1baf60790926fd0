# %% name="forward"
a = x**2
b = torch.log(a)
c = torch.sin(x)
d = b * c
e = 1 / x
y = d + e

# %% name="backward"
for node in (a, b, c, d):
    node.retain_grad()
y.sum().backward()
a_gradient = a.grad
b_gradient = b.grad
c_gradient = c.grad
d_gradient = d.grad
x_gradient = x.grad

# %% name="hand"
def by_hand(x):
    return 2 * torch.sin(x) / x + torch.log(x**2) * torch.cos(x) - 1 / x**2


points = torch.tensor([0.7, -1.3], requires_grad=True)
(torch.log(points**2) * torch.sin(points) + 1 / points).sum().backward()
print(by_hand(points.detach()), points.grad)

# %%
(slopes,) = torch.autograd.grad((torch.log(points**2) * torch.sin(points) + 1 / points).sum(), points)
assert torch.allclose(by_hand(points.detach()), slopes)

# %% name="question"
why_sum = "b"
