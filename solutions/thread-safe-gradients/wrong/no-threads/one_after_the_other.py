# /// outcome
# failed = ["in-threads"]
# ///

# %% name="part"
def part_gradient(w, x, y):
    loss = ((x @ w - y) ** 2).sum()
    return torch.autograd.grad(loss, w)[0]

# %% name="parallel"
def parallel_gradient(w, x, y):
    parts = zip(torch.tensor_split(x, 4), torch.tensor_split(y, 4))
    return sum(part_gradient(w, *part) for part in parts)

# %% name="question"
why_race = "c"
