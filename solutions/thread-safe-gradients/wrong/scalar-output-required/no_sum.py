# /// outcome
# failed = ["part-gradient", "grad-called", "parallel-gradient"]
# missing = ["in-threads", "first-total", "second-total"]
# skipped = ["nothing-left"]
# diagnosis = "scalar-output-required"
# ///

# %% name="part"
def part_gradient(w, x, y):
    return torch.autograd.grad((x @ w - y) ** 2, w)[0]

# %% name="parallel"
def parallel_gradient(w, x, y):
    parts = list(zip(x.split(2), y.split(2)))
    gradients = in_threads(lambda part: part_gradient(w, *part), parts)
    return torch.stack(gradients).sum(0)

# %% name="question"
why_race = "c"
