"""What is made of the programs: right answers, and wrong ones. Plain functions.

`cases(seed, dtype)` draws one program with inputs and yields what a grader would have to judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from grader.model.expectation import Expectation, Request
from grader.model.value import Value
from grader.numerics import FORMATS, compare, real_dtype
from grader.reference.evaluate import evaluate
from tests.numerics.programs import PROGRAMS, Program, Roles, Route, Tensor

DTYPES = ("float16", "bfloat16", "float32", "float64", "complex64", "complex128")
SIZES = (1, 1, 1, 2, 2, 3, 3, 5, 8, 8, 16, 16, 33, 33, 100, 100, 300, 1000, 10_000)
# A mistake counts as one where it moves some element by so much of the largest. The smallest that
# must never be accepted is a hundredth, and rounding takes its share of that.
MOVED = 0.02


@dataclass(frozen=True)
class Case:
    """One answer to be judged: `right` or not, and whether its program is `well` conditioned."""

    program: str
    what: str
    right: bool
    well: bool
    actual: Value
    expectation: Expectation
    dtype: str


def cast(roles: Mapping[str, np.ndarray], dtype: str) -> Roles:
    return {name: torch.tensor(data).to(getattr(torch, dtype)) for name, data in roles.items()}


def wide(tensor: Tensor) -> np.ndarray:
    """In float64 or complex128, exactly."""
    to = torch.complex128 if tensor.is_complex() else torch.float64
    return np.asarray(tensor.to(to).numpy())


def run(route: Route, roles: Mapping[str, np.ndarray], dtype: str) -> Tensor:
    torch.set_default_dtype(getattr(torch, real_dtype(dtype)))
    try:
        return route(**cast(roles, dtype)).detach()
    finally:
        torch.set_default_dtype(torch.float32)


def value(result: Tensor, dtype: str) -> Value:
    data = wide(result)
    return Value("tensor", dtype, data.shape, data)


def expectation(route: Route, roles: Mapping[str, np.ndarray], dtype: str) -> Expectation:
    """As the reference worker answers it."""
    values = {k: Value("tensor", dtype, v.shape, v) for k, v in roles.items()}
    request = Request("k", "e", "f", values, real_dtype(dtype))
    module: Any = SimpleNamespace(f=route)
    try:
        return evaluate(request, lambda exercise, dtype: module)
    finally:
        torch.set_default_dtype(torch.float32)


def rights(
    program: Program, names: list[str], roles: Mapping[str, np.ndarray], dtype: str
) -> Iterator[tuple[str, Tensor]]:
    """The answer by every route, and the same computed in double and rounded once."""
    double = "complex128" if program.complex else "float64"
    for name in names:
        answer = run(program.routes[name], roles, dtype)
        yield name, answer
        if dtype != double:
            once = run(program.routes[name], roles, double).to(answer.dtype)
            if torch.isfinite(once).all():
                yield f"{name}, rounded once", once


def wrongs(
    rng: np.random.Generator, right: Tensor, exact: np.ndarray, dtype: str
) -> Iterator[tuple[str, Tensor]]:
    """Common mistakes, made of a right answer or of the exact one, each rounded to the dtype."""
    for factor in (1.01, 0.99, 2.0, -1.0):
        yield f"x{factor}", right * factor
        yield f"exact x{factor}", torch.tensor(exact * factor).to(right.dtype)
    for factor in (0.5, 3.0):
        yield f"x{factor}", right * factor
    flat = right.reshape(-1)
    size = np.abs(exact).ravel()
    # In a coarse dtype a small element may be known less well than a hundredth.
    share = 0.5 if FORMATS[real_dtype(dtype)].bits < 24 else MOVED
    at = int(rng.choice(np.flatnonzero(size >= share * size.max())))
    for factor in (1.01, 0.99, 1.5, 0.0, -1.0):
        one = flat.clone()
        one[at] *= factor
        yield f"one x{factor}", one.reshape(right.shape)
    yield "rolled", torch.roll(flat, 1).reshape(right.shape)
    yield "ones", torch.ones_like(right)


def moved(answer: Tensor, exact: np.ndarray, share: float) -> bool:
    """Whether an answer of the same shape is finite, and some element off by that share."""
    if answer.shape != exact.shape or not torch.isfinite(answer).all():
        return False
    return bool((np.abs(wide(answer) - exact) >= share * np.abs(exact).max()).any())


def cases(seed: int, dtype: str) -> Iterator[Case]:
    """The cases of one drawn program: every route, and the mistakes made of one of them."""
    rng = np.random.default_rng([seed, DTYPES.index(dtype)])
    fitting = [p for p in PROGRAMS if p.complex == dtype.startswith("complex")]
    program = fitting[int(rng.integers(len(fitting)))]
    n = min(int(rng.choice(SIZES)), program.largest)
    drawn = program.draw(rng, n)
    to = np.complex128 if program.complex else np.float64
    roles = {k: wide(v).astype(to) for k, v in cast(drawn, dtype).items()}
    coarse = FORMATS[real_dtype(dtype)].bits < 24
    names = [m for m in program.routes if m != "loop" or n <= (16 if coarse else 1000)]
    reference = str(rng.choice(names))
    expected = expectation(program.routes[reference], roles, dtype)
    assert expected.exact is not None and expected.exact.data is not None
    exact = expected.exact.data
    if not np.isfinite(exact).all() or not np.abs(exact).max():
        return

    def case(what: str, answer: Tensor, right: bool) -> Case:
        named = f"{what} for {reference}"
        seen = value(answer, dtype)
        return Case(program.name, named, right, program.well, seen, expected, dtype)

    answers = dict(rights(program, names, roles, dtype))
    for what, answer in answers.items():
        yield case(what, answer, right=True)
    base = str(rng.choice(names))
    if torch.isfinite(answers[base]).all():
        for what, answer in wrongs(rng, answers[base], exact, dtype):
            if what not in ("rolled", "ones") or moved(answer, exact, MOVED):
                yield case(f"{what} of {base}", answer, right=False)
    for what, mistake in program.mistakes.items():
        answer = run(mistake, roles, dtype)
        if moved(answer, exact, MOVED):
            yield case(f"mistake: {what}", answer, right=False)


def fault(case: Case, verdict: str) -> bool:
    """A right answer that is rejected, or a wrong one that is accepted."""
    return verdict != "undecidable" and (verdict == "equal") != case.right


def tally(wanted: int, seed: int = 0) -> tuple[Counter[tuple[str, ...]], list[str]]:
    """Judge at least `wanted` cases → counts by (dtype, right or wrong, verdict), and faults."""
    counts: Counter[tuple[str, ...]] = Counter()
    faults: list[str] = []
    while sum(counts.values()) < wanted:
        for dtype in DTYPES:
            for case in cases(seed, dtype):
                found = compare(case.actual, case.expectation, dtype)
                kind = ("right" if case.right else "wrong") + ("" if case.well else ", ill")
                counts[dtype, kind, found.verdict] += 1
                if fault(case, found.verdict):
                    faults.append(f"{described(case, seed)}: {found.worst} {found.tolerance}")
        seed += 1
    return counts, faults


def described(case: Case, seed: int) -> str:
    """Enough to draw it again."""
    return f"{case.dtype} {case.program} seed {seed} {case.what} {case.actual.shape}"
