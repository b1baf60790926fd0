# /// outcome
# failed = ["same-square", "same-again", "unequal", "most-ulps"]
# ///

# %% name="table"
same_square = torch.ones(10, dtype=torch.bool)
same_again = torch.ones(10, dtype=torch.bool)

# %% name="count"
unequal = 0
most_ulps = 0

# %% name="spacing"
def ulp(x):
    return torch.nextafter(x, torch.full_like(x, torch.inf)) - x

# %% name="percent"
truncated = int(29 / 100 * 100)


def cents(amount):
    return round(amount.item() * 100)

# %% name="lesson"
lesson = "b"
