"""The residual of y' = -y, its gradient, and how far a trained network may be off."""

import torch

# Students are asked for 0.02. The cells are run again from other random parameters, and what came to
# within that once may miss it with others: Adam with the step size that the task names did so in 4 to
# 10 runs of 100, by less than twice the distance.
LIMIT = 0.05


def _network(w, t):
    outer, inner, shift = w.reshape(3, 8)
    return 1 + t * (torch.tanh(t.unsqueeze(-1) * inner + shift) @ outer)


def residual(w, t):
    t = t.clone().requires_grad_()
    y = _network(w, t)
    (slope,) = torch.autograd.grad(y.sum(), t, create_graph=True)
    return slope + y


def residual_gradient(w, t, cotangent):
    w = w.clone().requires_grad_()
    return torch.autograd.grad(residual(w, t), w, cotangent)[0]


def close_to_the_solution(predicted, points):
    """The prediction itself where it is within the limit, else the nearest value that is."""
    solution = torch.exp(-points)
    return predicted.clamp(solution - LIMIT, solution + LIMIT)


def solves_between_the_points(trained):
    """The parameters themselves if the network is close enough at many points, else zeros."""
    t = torch.linspace(0, 2, 173)
    worst = (_network(trained, t) - torch.exp(-t)).abs().max()
    return trained if worst <= LIMIT else torch.zeros_like(trained)
