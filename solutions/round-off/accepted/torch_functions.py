# %% name="table"
inverse = torch.reciprocal(x)
same_square = torch.eq(-inverse * inverse, -1 / (x * x))
same_again = torch.eq(torch.reciprocal(inverse), x)

# %% name="count"
unequal = 10 - int(same_square.sum())
bits = (1 / (1 / x)).view(torch.int32) - x.view(torch.int32)
most_ulps = int(bits.abs().max())

# %% name="spacing"
def ulp(x):
    _, exponent = torch.frexp(x)
    return torch.ldexp(torch.ones_like(x), exponent - 24)

# %% name="percent"
percent = 29 / 100 * 100
truncated = int(percent)


def cents(amount):
    return torch.round(amount * 100).int()

# %% name="lesson"
lesson = "b"
