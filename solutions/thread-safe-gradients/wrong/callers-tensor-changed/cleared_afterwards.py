# /// outcome
# failed = ["part-gradient"]
# diagnosis = "callers-tensor-changed"
# ///

# %% name="part"
def part_gradient(w, x, y):
    loss = ((x @ w - y) ** 2).sum()
    (gradient,) = torch.autograd.grad(loss, w)
    w.grad = None
    return gradient

# %% name="parallel"
def parallel_gradient(w, x, y):
    parts = list(zip(torch.tensor_split(x, 4), torch.tensor_split(y, 4)))
    gradients = in_threads(lambda part: part_gradient(w, *part), parts)
    return torch.stack(gradients).sum(0)

# %% name="question"
why_race = "c"
