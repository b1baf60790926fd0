# %% name="part"
def part_gradient(w, x, y):
    own = w.detach().clone().requires_grad_()
    total = torch.nn.functional.mse_loss(x @ own, y, reduction="sum")
    return torch.autograd.grad(total, own)[0]

# %% name="parallel"
def work(job):
    return part_gradient(*job)


def parallel_gradient(w, x, y):
    step = -(-len(x) // 4)
    jobs = [(w, x[i * step : (i + 1) * step], y[i * step : (i + 1) * step]) for i in range(4)]
    total = torch.zeros_like(w)
    for gradient in in_threads(work, jobs):
        total = total + gradient
    return total.detach()

# %% name="question"
why_race = "c"
