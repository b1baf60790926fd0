"""Programs by many routes that are equal in algebra, and by some that are mistaken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch

Tensor = torch.Tensor
Roles = dict[str, Tensor]
Route = Callable[..., Tensor]


@dataclass(frozen=True)
class Program:
    name: str
    draw: Callable[[np.random.Generator, int], Mapping[str, np.ndarray]]
    routes: Mapping[str, Route]
    mistakes: Mapping[str, Route] = field(default_factory=dict)
    well: bool = True  # well-conditioned for every input that `draw` gives
    largest: int = 10_000
    complex: bool = False


def gradient(function: Route, *wrt: str) -> Route:
    def route(**roles: Tensor) -> Tensor:
        roles = {k: v.detach().clone() for k, v in roles.items()}
        for name in wrt:
            roles[name].requires_grad_()
        function(**roles).sum().backward()
        return torch.cat([roles[name].grad.reshape(-1) for name in wrt])

    return route


def loop(values: Tensor) -> Tensor:
    total = torch.zeros(())
    for value in values:
        total = total + value
    return total


def positive(rng: np.random.Generator, n: int, low: float = 0.3, high: float = 3.0) -> np.ndarray:
    return rng.uniform(low, high, n)


def signed(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.normal(size=n) * 10.0 ** rng.integers(-2, 2)


def away(rng: np.random.Generator, n: int) -> np.ndarray:
    return positive(rng, n, 0.1, 3.0) * rng.choice([-1.0, 1.0], n)


def doubled(x: Tensor, limit: float = 1000.0) -> Tensor:
    b = x * 2
    while b.norm() < limit:
        b = b * 2
    return b


def tanh_formula(x: Tensor, A: Tensor) -> Tensor:
    t = torch.tanh(A @ x)
    return 2 * t.sum() * (A.T @ (1 - t * t))


def tanh_cosh(x: Tensor, A: Tensor) -> Tensor:
    z = A @ x
    return (A * (1 / torch.cosh(z) ** 2)[:, None]).sum(0) * (torch.tanh(z).sum() * 2)


def tanh_flipped(x: Tensor, A: Tensor) -> Tensor:
    t = torch.tanh((A * x).sum(1)).flip(0)
    return (A.flip(0).T @ (1 - t**2)) * t.sum() * 2


def chain(x: Tensor) -> Tensor:
    return torch.log(x**2) * torch.sin(x) + 1 / x


PROGRAMS = (
    Program(
        "reciprocal-gradient",
        lambda rng, n: {"x": away(rng, n)},
        {
            "autograd": gradient(lambda x: 1 / x, "x"),
            "square": lambda x: -1 / x**2,
            "product": lambda x: -(1 / x) * (1 / x),
            "power": lambda x: -(x**-2.0),
            "exp-log": lambda x: -torch.exp(-2 * torch.log(x.abs())),
            "reciprocal": lambda x: -(x * x).reciprocal(),
        },
        {
            "value": lambda x: 1 / x,
            "sign": lambda x: 1 / x**2,
            "power": lambda x: -1 / x,
        },
    ),
    Program(
        "square-sum",
        lambda rng, n: {"x": signed(rng, n)},
        {
            "autograd": gradient(lambda x: (x**2).sum(), "x"),
            "double": lambda x: 2 * x,
            "sum": lambda x: x + x,
            "dot": gradient(lambda x: torch.dot(x, x), "x"),
            "norm": gradient(lambda x: torch.norm(x) ** 2, "x"),
            "product": gradient(lambda x: (x * x).sum(), "x"),
        },
        {
            "value": lambda x: x**2,
            "factor missing": lambda x: x,
            "power": lambda x: 3 * x**2,
        },
    ),
    Program(
        "squared-norm",
        lambda rng, n: {"x": signed(rng, n)},
        {
            "dot": lambda x: torch.dot(x, x),
            "sum": lambda x: (x**2).sum(),
            "norm": lambda x: torch.norm(x) ** 2,
            "flipped": lambda x: (x * x).flip(0).sum(),
            "sorted": lambda x: (x * x).sort().values.sum(),
            "loop": lambda x: loop(x * x),
            "mean": lambda x: (x * x).mean() * x.numel(),
        },
        {
            "term missing": lambda x: (x[1:] ** 2).sum(),
            "term doubled": lambda x: (x**2).sum() + x[0] ** 2,
            "norm": lambda x: x.norm(),
            "mean": lambda x: (x**2).mean(),
            "square of sum": lambda x: x.sum() ** 2,
        },
    ),
    Program(
        "tanh",
        lambda rng, n: {"x": rng.normal(size=n), "A": rng.normal(size=(n, n))},
        {
            "autograd": gradient(lambda x, A: torch.tanh(A @ x).sum() ** 2, "x"),
            "formula": tanh_formula,
            "cosh": tanh_cosh,
            "flipped": tanh_flipped,
            "sum": gradient(lambda x, A: torch.tanh((A * x).sum(1)).sum() ** 2, "x"),
        },
        {
            "factor missing": lambda x, A: tanh_formula(x, A) / 2,
            "transposed": lambda x, A: tanh_formula(x, A.T),
            "not squared": lambda x, A: A.T @ (1 - torch.tanh(A @ x) ** 2),
            "term missing": lambda x, A: tanh_formula(x, A) - 2 * torch.tanh(A @ x)[0] * A[0],
        },
        well=False,
        largest=100,
    ),
    Program(
        "log-vjp",
        lambda rng, n: {"c": positive(rng, n, 0.5, 9), "v": 10.0 ** rng.integers(-3, 2, n)},
        {
            "autograd": gradient(lambda c, v: (torch.log(c) * v).sum(), "c"),
            "quotient": lambda c, v: v / c,
            "reciprocal": lambda c, v: (1 / c) * v,
            "power": lambda c, v: v * c**-1.0,
            "inverse": lambda c, v: 1 / (c * (1 / v)),
        },
        {
            "ones": lambda c, v: 1 / c,
            "v turned": lambda c, v: v.flip(0) / c,
            "v twice": lambda c, v: v * v / c,
            "value": lambda c, v: v * torch.log(c),
            "log10": lambda c, v: v / c / 2.302585,
        },
    ),
    Program(
        "gradient-argument",
        lambda rng, n: {
            "a": positive(rng, n),
            "b": positive(rng, n),
            "c": positive(rng, n),
            "v": 10.0 ** rng.integers(-3, 2, n),
        },
        {
            "autograd": gradient(lambda a, b, c, v: (3 * a + 2 * b**2 + torch.log(c)) * v, *"abc"),
            "formula": lambda a, b, c, v: torch.cat([3 * v, 4 * b * v, v / c]),
            "other": lambda a, b, c, v: torch.cat([v + v + v, b * v * 4, 1 / c * v]),
            "power": lambda a, b, c, v: torch.cat([v * 3, 2 * (2 * b) * v, c**-1.0 * v]),
            "split": gradient(lambda a, b, c, v: 3 * (a * v) + 2 * b * b * v + c.log() * v, *"abc"),
        },
        {
            "ones": lambda a, b, c, v: torch.cat([3 + 0 * v, 4 * b, 1 / c]),
            "v turned": lambda a, b, c, v: torch.cat([3 * v, 4 * b * v, v / c]).flip(0),
            "summed": lambda a, b, c, v: torch.cat([3 + 0 * v, 4 * b, 1 / c]) * v.sum(),
            "term missing": lambda a, b, c, v: torch.cat([0 * v, 4 * b * v, v / c]),
            "factor missing": lambda a, b, c, v: torch.cat([3 * v, 2 * b * v, v / c]),
        },
    ),
    Program(
        "sin-derivative",
        lambda rng, n: {"x": np.sort(rng.uniform(0, 2 * np.pi, n))},
        {
            "autograd": gradient(torch.sin, "x"),
            "cos": torch.cos,
            "angle": gradient(lambda x: 2 * torch.sin(x / 2) * torch.cos(x / 2), "x"),
            "double": lambda x: 1 - 2 * torch.sin(x / 2) ** 2,
            "squares": lambda x: torch.cos(x / 2) ** 2 - torch.sin(x / 2) ** 2,
        },
        {
            "value": torch.sin,
            "sign": lambda x: -torch.cos(x),
            "degrees": lambda x: torch.cos(torch.deg2rad(x)),
        },
        well=False,
    ),
    Program(
        "matrix-vector",
        lambda rng, n: {"A": rng.normal(size=(n, n)), "x": rng.normal(size=n)},
        {
            "product": lambda A, x: A @ x,
            "sum": lambda A, x: (A * x).sum(1),
            "einsum": lambda A, x: torch.einsum("ij,j->i", A, x),
            "flipped": lambda A, x: A.flip(1) @ x.flip(0),
            "transposed": lambda A, x: x @ A.T,
            "jvp": lambda A, x: torch.stack([torch.dot(row, x) for row in A]),
        },
        {
            "transposed": lambda A, x: A.T @ x,
            "term missing": lambda A, x: A[:, 1:] @ x[1:],
            "term doubled": lambda A, x: A @ x + A[:, 0] * x[0],
            "v turned": lambda A, x: A @ x.flip(0),
            "ones": lambda A, x: A @ torch.ones_like(x),
        },
        well=False,
        largest=100,
    ),
    Program(
        "softmax",
        lambda rng, n: {"x": rng.normal(size=n)},
        {
            "autograd": gradient(lambda x: torch.logsumexp(x, 0), "x"),
            "softmax": lambda x: torch.softmax(x, 0),
            "quotient": lambda x: torch.exp(x) / torch.exp(x).sum(),
            "shifted": lambda x: torch.exp(x - x.max()) / torch.exp(x - x.max()).sum(),
            "log": lambda x: torch.exp(torch.log_softmax(x, 0)),
            "plain": gradient(lambda x: torch.log(torch.exp(x).sum()), "x"),
        },
        {
            "not normed": torch.exp,
            "mean": lambda x: torch.exp(x) / torch.exp(x).mean(),
            "term missing": lambda x: torch.exp(x) / (torch.exp(x).sum() - torch.exp(x[0]) / 2),
        },
    ),
    Program(
        "sigmoid-gradient",
        lambda rng, n: {"x": rng.uniform(-3, 3, n)},
        {
            "autograd": gradient(torch.sigmoid, "x"),
            "product": lambda x: torch.sigmoid(x) * (1 - torch.sigmoid(x)),
            "exp": lambda x: torch.exp(-x) / (1 + torch.exp(-x)) ** 2,
            "cosh": lambda x: 0.25 / torch.cosh(x / 2) ** 2,
            "tanh": lambda x: (1 - torch.tanh(x / 2) ** 2) / 4,
            "plain": gradient(lambda x: 1 / (1 + torch.exp(-x)), "x"),
        },
        {
            "value": torch.sigmoid,
            "factor missing": lambda x: 1 - torch.sigmoid(x),
            "sign": lambda x: -torch.sigmoid(x) * (1 - torch.sigmoid(x)),
        },
    ),
    Program(
        "centred",
        lambda rng, n: {"x": rng.normal(size=n) + 3},
        {
            "mean": lambda x: x - x.mean(),
            "sum": lambda x: x - x.sum() / x.numel(),
            "autograd": gradient(lambda x: ((x - x.mean()) ** 2).sum() / 2, "x"),
            "scaled": lambda x: (x * x.numel() - x.sum()) / x.numel(),
            "matrix": lambda x: (torch.eye(x.numel()) - 1.0 / x.numel()) @ x,
        },
        {
            "term missing": lambda x: x,
            "term doubled": lambda x: x - 2 * x.mean(),
            "sum": lambda x: x - x.sum(),
        },
        well=False,
        largest=100,
    ),
    Program(
        "control-flow",
        lambda rng, n: {"x": away(rng, n) * 10.0 ** rng.integers(-2, 2)},
        {
            "autograd": gradient(doubled, "x"),
            "quotient": lambda x: doubled(x) / x,
            "sum": gradient(lambda x: doubled(x).sum(), "x"),
            "log": lambda x: torch.exp2(torch.round(torch.log2(doubled(x) / x))),
            "ones": lambda x: torch.ones_like(x) * (doubled(x)[0] / x[0]),
        },
        {
            "doubled once more": lambda x: 2 * doubled(x) / x,
            "value": doubled,
            "sign": lambda x: -doubled(x) / x,
        },
        well=False,
    ),
    Program(
        "chain-rule",
        lambda rng, n: {"x": positive(rng, n, 0.3, 0.9)},
        {
            "autograd": gradient(chain, "x"),
            "formula": lambda x: 2 / x * x.sin() + torch.log(x**2) * torch.cos(x) - 1 / x**2,
            "log": lambda x: 2 * (torch.sin(x) / x + torch.log(x) * torch.cos(x)) - x**-2.0,
            "split": gradient(lambda x: 2 * torch.log(x) * torch.sin(x) + x**-1.0, "x"),
            "common": lambda x: (2 * x * x.sin() + 2 * x * x * x.log() * x.cos() - 1) / (x * x),
        },
        {
            "term missing": lambda x: 2 / x * x.sin() + torch.log(x**2) * torch.cos(x),
            "factor missing": lambda x: 1 / x**2 * x.sin() + torch.log(x**2) * x.cos() - x**-2.0,
            "product": lambda x: 2 / x * torch.cos(x) - 1 / x**2,
            "term doubled": lambda x: 2 / x * x.sin() + torch.log(x**2) * x.cos() - 2 / x**2,
        },
        well=False,
    ),
    Program(
        "product-gradient",
        lambda rng, n: {"x": positive(rng, min(n, 8), 0.7, 1.4)},
        {
            "autograd": gradient(lambda x: x.prod(), "x"),
            "quotient": lambda x: x.prod() / x,
            "logs": lambda x: torch.exp(torch.log(x).sum()) * x**-1.0,
            "flipped": lambda x: x.flip(0).prod() / x,
            "exp": gradient(lambda x: torch.exp(torch.log(x).sum()), "x"),
        },
        {
            "value": lambda x: x.prod() * torch.ones_like(x),
            "factor missing": lambda x: x.prod() / x / x,
            "sum": lambda x: x.sum() * torch.ones_like(x),
        },
    ),
    Program(
        "zero-identity",
        lambda rng, n: {"x": rng.normal(size=n) + 1},
        {
            "both": lambda x: torch.stack([x.sum(), (x - x.mean()).sum()]),
            "flipped": lambda x: torch.stack([x.flip(0).sum(), (x - x.mean()).flip(0).sum()]),
            "numbers": lambda x: torch.stack([x.sum(), x.sum() - x.numel() * x.mean()]),
            "sorted": lambda x: torch.stack([x.sum(), (x.sort().values - x.mean()).sum()]),
        },
        {
            "mean": lambda x: torch.stack([x.mean(), (x - x.mean()).sum()]),
            "not centred": lambda x: torch.stack([x.sum(), x.sum()]),
        },
        well=False,
        largest=100,
    ),
    Program(
        "complex-square",
        lambda rng, n: {"z": away(rng, n) + 1j * away(rng, n)},
        {
            "autograd": gradient(lambda z: (z * z.conj()).real, "z"),
            "double": lambda z: 2 * z,
            "abs": gradient(lambda z: z.abs() ** 2, "z"),
            "parts": lambda z: torch.complex(z.real + z.real, z.imag * 2),
        },
        {
            "conjugate": lambda z: 2 * z.conj(),
            "value": lambda z: z * z.conj(),
            "factor missing": lambda z: z,
        },
        complex=True,
    ),
    Program(
        "complex-product",
        lambda rng, n: {"z": away(rng, n) + 1j * away(rng, n), "w": away(rng, n) * (2 - 1j)},
        {
            "product": lambda z, w: z * w,
            "parts": lambda z, w: torch.complex(
                z.real * w.real - z.imag * w.imag, z.real * w.imag + z.imag * w.real
            ),
            "three": lambda z, w: torch.complex(
                w.real * (z.real + z.imag) - z.imag * (w.real + w.imag),
                w.real * (z.real + z.imag) + z.real * (w.imag - w.real),
            ),
            "polar": lambda z, w: torch.polar(z.abs() * w.abs(), z.angle() + w.angle()),
            "inverse": lambda z, w: z / (1 / w),
        },
        {
            "conjugate": lambda z, w: z * w.conj(),
            "term missing": lambda z, w: torch.complex(z.real * w.real, (z * w).imag),
            "sum": lambda z, w: z + w,
        },
        complex=True,
    ),
)
