# /// outcome
# failed = ["first-total", "second-total", "parallel-gradient"]
# ///

# %% name="part"
def part_gradient(w, x, y):
    loss = ((x @ w - y) ** 2).sum()
    return torch.autograd.grad(loss, w)[0]

# %% name="parallel"
def parallel_gradient(w, x, y):
    size = len(x) // 4
    parts = [(x[i * size : (i + 1) * size], y[i * size : (i + 1) * size]) for i in range(4)]
    return sum(in_threads(lambda part: part_gradient(w, *part), parts))

# %% name="question"
why_race = "c"
