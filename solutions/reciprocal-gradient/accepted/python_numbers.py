# %% name="autograd"
loss = torch.div(1, a)
torch.autograd.backward(loss)
gradient = a.grad.item()

# %% name="formula"
value = a.item()
by_formula = -(value**-2)

# %% name="double"
a64 = a.detach().clone().to(torch.float64)
a64.requires_grad = True
loss64 = torch.pow(a64, -1)
loss64.backward()
gradient64 = a64.grad

# %% name="compare"
def same_up_to_rounding(got, expected):
    for x, y in zip(got.flatten().tolist(), expected.flatten().tolist()):
        if abs(x - y) > 1e-5 * abs(y):
            return False
    return True

# %% name="verdict"
who_is_right = "c"
