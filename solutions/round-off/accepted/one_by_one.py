# %% name="table"
def check(t):
    return (-(1 / t) * (1 / t) == -1 / t**2).item(), (1 / (1 / t) == t).item()


rows = [check(t) for t in x]
same_square = torch.tensor([row[0] for row in rows])
same_again = torch.tensor([row[1] for row in rows])

# %% name="count"
unequal = [row[0] for row in rows].count(False)
most_ulps = 0
for t in x:
    there = 1 / (1 / t)
    steps = 0
    while there != t:
        there = torch.nextafter(there, t)
        steps += 1
    most_ulps = max(most_ulps, steps)

# %% name="spacing"
def ulp(x):
    return 2.0 ** (torch.floor(torch.log2(x)) - 23)

# %% name="percent"
truncated = int(29 / 100 * 100)


def cents(amount):
    return int(amount * 100 + 0.5)

# %% name="lesson"
lesson = "b"
