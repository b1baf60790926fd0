# %% name="inputs" locked=true
import threading

import torch

w = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
x = torch.arange(30).remainder(7).reshape(10, 3) / 2
y = torch.arange(10) / 4

# %% name="threads" locked=true
started = 0


def in_threads(function, parts):
    global started
    results = [None] * len(parts)

    def run(place):
        results[place] = function(parts[place])

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(parts))]
    started += len(threads)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results

# %% name="part"
def part_gradient(w, x, y):
    ...

# %% name="parallel"
def parallel_gradient(w, x, y):
    ...

# %% name="twice" locked=true
started = 0
first_total = parallel_gradient(w, x, y)
first_total = None if first_total is None else first_total.clone()
second_total = parallel_gradient(w, x, y)
left_in_grad = w.grad
parts_started = started

# %% name="question"
why_race = ...
