# /// outcome
# failed = ["most-ulps"]
# ///

# %% name="table"
same_square = -(1 / x) * (1 / x) == -1 / x**2
same_again = 1 / (1 / x) == x
print(-(1 / x) * (1 / x) + 1 / x**2)

# %% name="count"
unequal = (~same_square).sum()
ulps = torch.nextafter(x, torch.full_like(x, torch.inf)) - x
most_ulps = 1

# %% name="spacing"
def ulp(x):
    return torch.nextafter(x, torch.full_like(x, torch.inf)) - x

# %% name="percent"
truncated = int(29 / 100 * 100)


def cents(amount):
    return round(amount.item() * 100)

# %% name="lesson"
lesson = "b"
