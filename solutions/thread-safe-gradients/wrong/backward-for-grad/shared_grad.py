# /// outcome
# failed = ["part-gradient", "second-total"]
# missing = ["grad-called"]
# skipped = ["nothing-left"]
# ///

# %% name="part"
def part_gradient(w, x, y):
    loss = ((x @ w - y) ** 2).sum()
    loss.backward()
    return w.grad

# %% name="parallel"
def parallel_gradient(w, x, y):
    parts = list(zip(torch.tensor_split(x, 4), torch.tensor_split(y, 4)))
    in_threads(lambda part: part_gradient(w, *part), parts)
    return w.grad

# %% name="question"
why_race = "c"
