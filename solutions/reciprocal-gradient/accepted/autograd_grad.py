# %% name="autograd"
loss = a.reciprocal()
(gradient,) = torch.autograd.grad(loss, a)

# %% name="formula"
with torch.no_grad():
    by_formula = -(1 / a) * (1 / a)

# %% name="double"
b = torch.tensor(a.item(), dtype=torch.float64, requires_grad=True)
gradient64 = torch.autograd.grad(1 / b, b)[0]

# %% name="compare"
def same_up_to_rounding(got, expected):
    return torch.allclose(got, expected, rtol=1e-5, atol=0.0)

# %% name="verdict"
who_is_right = "c"
