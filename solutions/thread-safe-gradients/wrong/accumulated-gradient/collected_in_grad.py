# /// outcome
# failed = ["second-total", "nothing-left"]
# ///

# %% name="part"
def part_gradient(w, x, y):
    loss = ((x @ w - y) ** 2).sum()
    return torch.autograd.grad(loss, w)[0]

# %% name="parallel"
def parallel_gradient(w, x, y):
    parts = list(zip(torch.tensor_split(x, 4), torch.tensor_split(y, 4)))
    if w.grad is None:
        w.grad = torch.zeros_like(w)
    for gradient in in_threads(lambda part: part_gradient(w, *part), parts):
        w.grad += gradient
    return w.grad

# %% name="question"
why_race = "c"
