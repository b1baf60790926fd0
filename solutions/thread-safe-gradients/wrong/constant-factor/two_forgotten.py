# /// outcome
# failed = ["part-gradient", "first-total", "second-total", "parallel-gradient"]
# diagnosis = "constant-factor"
# ///

# %% name="part"
def part_gradient(w, x, y):
    errors = x @ w - y
    return torch.autograd.grad(errors, w, errors.detach())[0]

# %% name="parallel"
def parallel_gradient(w, x, y):
    parts = list(zip(torch.tensor_split(x, 4), torch.tensor_split(y, 4)))
    gradients = in_threads(lambda part: part_gradient(w, *part), parts)
    return torch.stack(gradients).sum(0)

# %% name="question"
why_race = "c"
