# /// outcome
# failed = ["part-gradient", "first-total", "second-total", "parallel-gradient"]
# diagnosis = "sign-flipped"
# ///

# %% name="part"
def part_gradient(w, x, y):
    error = y - (x @ w)
    return torch.autograd.grad(error, w, 2 * (x @ w - y).detach())[0]

# %% name="parallel"
def parallel_gradient(w, x, y):
    parts = list(zip(torch.tensor_split(x, 4), torch.tensor_split(y, 4)))
    gradients = in_threads(lambda part: part_gradient(w, *part), parts)
    return torch.stack(gradients).sum(0)

# %% name="question"
why_race = "c"
