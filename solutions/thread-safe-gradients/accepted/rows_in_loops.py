# %% name="part"
def part_gradient(w, x, y):
    total = 0
    for row, target in zip(x, y):
        total = total + (torch.dot(row, w) - target) ** 2
    if not len(x):
        return torch.zeros_like(w)
    return torch.autograd.grad(total, [w])[0]

# %% name="parallel"
def parallel_gradient(w, x, y):
    size = len(x) // 4
    parts = [(x[:size], y[:size]), (x[size : 2 * size], y[size : 2 * size])]
    parts += [(x[2 * size : 3 * size], y[2 * size : 3 * size]), (x[3 * size :], y[3 * size :])]

    def one(part):
        return part_gradient(w, part[0], part[1])

    return torch.vstack(in_threads(one, parts)).sum(dim=0)

# %% name="question"
why_race = "c"
