# /// outcome
# failed = ["part-gradient", "nothing-left"]
# ///

# %% name="part"
def part_gradient(w, x, y):
    loss = ((x @ w - y) ** 2).sum()
    (gradient,) = torch.autograd.grad(loss, w)
    w.grad = torch.zeros_like(w)
    return gradient

# %% name="parallel"
def parallel_gradient(w, x, y):
    parts = list(zip(torch.tensor_split(x, 4), torch.tensor_split(y, 4)))
    gradients = in_threads(lambda part: part_gradient(w, *part), parts)
    return torch.stack(gradients).sum(0)

# %% name="question"
why_race = "c"
