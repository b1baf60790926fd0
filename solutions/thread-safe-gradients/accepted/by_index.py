# %% name="part"
def part_gradient(w, x, y):
    errors = torch.mv(x, w) - y
    (gradient,) = torch.autograd.grad(errors, w, 2 * errors.detach())
    return gradient

# %% name="parallel"
def parallel_gradient(w, x, y):
    rows = [torch.arange(start, len(x), 4) for start in range(4)]
    return sum(in_threads(lambda i: part_gradient(w, x[i], y[i]), rows))

# %% name="question"
why_race = "c"
