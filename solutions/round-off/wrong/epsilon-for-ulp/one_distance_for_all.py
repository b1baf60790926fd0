# /// outcome
# failed = ["most-ulps", "ulp"]
# ///

# %% name="table"
same_square = -(1 / x) * (1 / x) == -1 / x**2
same_again = 1 / (1 / x) == x
print(-(1 / x) * (1 / x) + 1 / x**2)

# %% name="count"
unequal = (~same_square).sum()
most_ulps = ((1 / (1 / x) - x).abs()).max() / torch.finfo(torch.float32).eps

# %% name="spacing"
def ulp(x):
    return torch.full_like(x, torch.finfo(x.dtype).eps)

# %% name="percent"
truncated = int(29 / 100 * 100)


def cents(amount):
    return round(amount.item() * 100)

# %% name="lesson"
lesson = "b"
