# %% name="network" locked=true
import torch


def network(w, t):
    outer, inner, shift = w.reshape(3, 8)
    return 1 + t * (torch.tanh(t.unsqueeze(-1) * inner + shift) @ outer)

# %% name="residual"
def residual(w, t):
    ...

# %% name="train"
trained = ...

# %% name="predict" locked=true
points = torch.linspace(0, 2, 9)
predicted = None if trained is ... else network(torch.as_tensor(trained).detach(), points)

# %% name="question"
why_graph = ...
