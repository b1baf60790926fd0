# %% name="forward"
terms = [3 * a, 2 * b**2, torch.log(c)]
y = torch.stack(terms).sum()
torch.autograd.backward([y])
a_gradient, b_gradient, c_gradient = (t.grad.clone() for t in (a, b, c))

# %% name="prediction"
h = torch.tensor(0.001, dtype=torch.float64)
predicted_change = sum(h * g for g in (a_gradient, b_gradient, c_gradient))
real_change = 3 * h + 2 * (2 * b.detach().double() * h + h**2) + torch.log1p(h / c.detach().double())

# %% name="function"
def gradients(a, b, c):
    def y(a, b, c):
        return 3 * a + 2 * b**2 + torch.log(c)

    return torch.stack(torch.func.grad(y, argnums=(0, 1, 2))(a.detach(), b.detach(), c.detach()))

# %% name="question"
largest = "b"
