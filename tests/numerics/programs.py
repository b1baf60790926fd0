"""Generated programs: right answers by many routes, wrong ones made from them. Plain functions.

`cases(seed, dtype)` draws one program with inputs and yields what a grader would have to judge. The
bulk test runs a few thousand; `python -m tests.numerics.programs 100000` as many as you like.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from grader.model.expectation import Expectation, Request
from grader.model.value import Value
from grader.numerics import FORMATS, compare
from grader.reference.evaluate import evaluate

Tensor = torch.Tensor
Roles = dict[str, Tensor]
Route = Callable[..., Tensor]
DTYPES = ("float16", "bfloat16", "float32", "float64")


@dataclass(frozen=True)
class Program:
    name: str
    draw: Callable[[np.random.Generator, int], Mapping[str, np.ndarray]]
    routes: Mapping[str, Route]
    well: bool = True  # well-conditioned for every input that `draw` gives
    largest: int = 1000


@dataclass(frozen=True)
class Case:
    program: str
    what: str
    right: bool
    well: bool
    actual: Value
    expectation: Expectation
    dtype: str


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
        well=False,
        largest=100,
    ),
)


def cast(roles: Mapping[str, np.ndarray], dtype: str) -> Roles:
    return {name: torch.tensor(data).to(getattr(torch, dtype)) for name, data in roles.items()}


def run(route: Route, roles: Mapping[str, np.ndarray], dtype: str) -> Tensor:
    torch.set_default_dtype(getattr(torch, dtype))
    try:
        return route(**cast(roles, dtype)).detach()
    finally:
        torch.set_default_dtype(torch.float32)


def value(result: Tensor, dtype: str) -> Value:
    data = np.asarray(result.to(torch.float64).numpy())
    return Value("tensor", dtype, data.shape, data)


def expectation(route: Route, roles: Mapping[str, np.ndarray], dtype: str) -> Expectation:
    """As the reference worker answers it."""
    request = Request(
        "k", "e", "f", {k: Value("tensor", dtype, v.shape, v) for k, v in roles.items()}, dtype
    )
    module: Any = SimpleNamespace(f=route)
    try:
        return evaluate(request, lambda exercise, dtype: module)
    finally:
        torch.set_default_dtype(torch.float32)


def wrongs(
    rng: np.random.Generator, right: Tensor, exact: np.ndarray, dtype: str
) -> Iterator[tuple[str, Tensor]]:
    """Common mistakes, made of a right answer or of the exact one, each rounded to the dtype."""
    for factor in (1.01, 0.99, 2.0, -1.0):
        yield f"x{factor}", right * factor
        yield f"exact x{factor}", torch.tensor(exact * factor).to(right.dtype)
    flat = right.reshape(-1)
    large = np.flatnonzero(np.abs(exact).ravel() >= 0.5 * np.abs(exact).max())
    at = int(rng.choice(large))
    for factor in (1.01, 1.5, 0.0):
        one = flat.clone()
        one[at] *= factor
        yield f"one x{factor}", one.reshape(right.shape)
    rolled = torch.roll(flat, 1).reshape(right.shape)
    change = np.abs(rolled.double().numpy() - exact)
    if (change >= 0.02 * np.abs(exact).max()).any():
        yield "rolled", rolled
    if (np.abs(exact - 1) > 0.02).any():
        yield "ones", torch.ones_like(right)


def cases(seed: int, dtype: str) -> Iterator[Case]:
    """The cases of one drawn program: every route, and the mistakes made of one of them."""
    rng = np.random.default_rng([seed, DTYPES.index(dtype)])
    program = PROGRAMS[int(rng.integers(len(PROGRAMS)))]
    n = int(rng.choice([1, 1, 2, 3, 5, 8, 16, 33, 100, 300, 1000]))
    drawn = program.draw(rng, min(n, program.largest))
    roles = {k: v.double().numpy() for k, v in cast(drawn, dtype).items()}
    coarse = FORMATS[dtype].bits < 24
    names = [name for name in program.routes if not (name == "loop" and coarse and n > 16)]
    reference = str(rng.choice(names))
    expected = expectation(program.routes[reference], roles, dtype)
    assert expected.exact is not None and expected.exact.data is not None
    exact = expected.exact.data
    if not np.isfinite(exact).all() or not np.abs(exact).max():
        return
    answers = {name: run(program.routes[name], roles, dtype) for name in names}
    for name, answer in answers.items():
        what = f"{name} for {reference}"
        yield Case(program.name, what, True, program.well, value(answer, dtype), expected, dtype)
    base = str(rng.choice(names))
    if not torch.isfinite(answers[base]).all():
        return
    for what, answer in wrongs(rng, answers[base], exact, dtype):
        yield Case(
            program.name, f"{what} of {base} for {reference}", False, program.well,
            value(answer, dtype), expected, dtype,
        )  # fmt: skip


def tally(
    wanted: int, seed: int = 0, dtypes: tuple[str, ...] = DTYPES
) -> tuple[Counter[tuple[str, ...]], list[str]]:
    """Judge at least `wanted` cases → counts by (dtype, right or wrong, verdict), and faults."""
    counts: Counter[tuple[str, ...]] = Counter()
    faults: list[str] = []
    done = 0
    while done < wanted:
        for dtype in dtypes:
            for case in cases(seed, dtype):
                found = compare(case.actual, case.expectation, dtype)
                kind = ("right" if case.right else "wrong") + ("" if case.well else ", ill")
                counts[dtype, kind, found.verdict] += 1
                done += 1
                if found.verdict == ("different" if case.right else "equal"):
                    faults.append(
                        f"{dtype} {case.program} {case.what} seed {seed}"
                        f" n {case.actual.shape}: {found.worst} {found.tolerance}"
                    )
        seed += 1
    return counts, faults


def main() -> None:
    torch.set_num_threads(1)
    counts, faults = tally(
        int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, dtypes=tuple(sys.argv[2:]) or DTYPES
    )
    for key, count in sorted(counts.items()):
        print(*key, count, sep="\t")
    print(f"{sum(counts.values())} cases, {len(faults)} faults")
    for fault in faults[:40]:
        print(fault)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
