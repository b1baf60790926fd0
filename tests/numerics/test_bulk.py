"""Thousands of generated programs are the judge of the constants in `grader.numerics.rounding`."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch

from grader.numerics import compare
from tests.numerics.cases import cases, cast, expectation, fault, run, tally, value
from tests.numerics.programs import gradient

DTYPES = ("float16", "bfloat16", "float32", "float64")


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_right_answers_are_never_different_and_wrong_ones_never_equal():
    counts, faults = tally(3_000, seed=5_000)
    for key, count in sorted(counts.items()):
        print(*key, count, sep="\t")
    assert not faults, "\n".join(faults[:20])
    total: Counter[str] = Counter()
    open_: Counter[str] = Counter()
    for (dtype, kind, verdict), count in counts.items():
        well = dtype + (" ill" if "ill" in kind else "")
        for key in {dtype, well}:
            total[key] += count
            open_[key] += count if verdict == "undecidable" else 0
    assert open_["float64"] - open_["float64 ill"] == open_["complex128"] == 0
    for dtype in ("float32", "complex64"):
        assert open_[dtype] <= total[dtype] / 1000


@pytest.mark.parametrize(
    ("dtype", "seed"), [("float16", 106), ("float16", 1125), ("bfloat16", 493)]
)
def test_right_answers_through_a_sum_of_ten_thousand_are_never_different(dtype, seed):
    drawn = list(cases(seed, dtype))
    verdicts = {case.what: compare(case.actual, case.expectation, dtype) for case in drawn}
    assert {case.actual.data.size for case in drawn} == {10_000}
    assert not [case.what for case in drawn if fault(case, verdicts[case.what].verdict)]
    mistaken = [one.verdict for what, one in verdicts.items() if what.startswith("mistake: not")]
    assert mistaken == ["different"]


# Source D's own numbers, and the other well-conditioned exercises of the course
NUMBERS = {
    "a": np.array([1.0, 2, 3]),
    "b": np.array([3.0, 4, 5]),
    "c": np.array([6.0, 7, 8]),
    "v": np.array([0.1, 1, 1e-4]),
    "x": np.array([0.0, 1, 2, 3]),
}
EXERCISES = {
    "3v": {
        "product": lambda v, **_: 3 * v,
        "sum": lambda v, **_: v + v + v,
        "autograd": gradient(lambda a, v, **_: 3 * a * v, "a"),
    },
    "4bv": {
        "formula": lambda b, v, **_: 4 * b * v,
        "order": lambda b, v, **_: b * v * 4,
        "autograd": gradient(lambda b, v, **_: 2 * b**2 * v, "b"),
    },
    "v/c": {
        "quotient": lambda c, v, **_: v / c,
        "reciprocal": lambda c, v, **_: 1 / c * v,
        "power": lambda c, v, **_: c**-1.0 * v,
        "autograd": gradient(lambda c, v, **_: c.log() * v, "c"),
    },
    "2v": {
        "product": lambda v, **_: 2 * v,
        "sum": lambda v, **_: v + v,
        "autograd": gradient(lambda v, **_: v**2, "v"),
        "norm": lambda v, **_: v * 2.0,
    },
    "4x": {
        "product": lambda x, **_: 4 * x,
        "autograd": gradient(lambda x, **_: 2 * torch.dot(x, x), "x"),
        "sum": lambda x, **_: x + x + x + x,
    },
    "512": {
        "quotient": lambda c, **_: (c * 512) / c,
        "autograd": gradient(lambda c, **_: c * 512, "c"),
    },
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_courses_own_exercises_are_accepted_by_every_route_in_every_dtype(exercise, dtype):
    roles = {k: v.double().numpy() for k, v in cast(NUMBERS, dtype).items()}
    routes = EXERCISES[exercise]
    for reference in routes.values():
        expected = expectation(reference, roles, dtype)
        for route in routes.values():
            right = run(route, roles, dtype)
            assert compare(value(right, dtype), expected, dtype).verdict == "equal"
            for factor in (1.01, 0.99, 1.02, 0.5):
                assert compare(value(right * factor, dtype), expected, dtype).verdict != "equal"


@pytest.mark.parametrize("n", [64, 512])
def test_float32_gradients_of_a_tanh_sum_squared_are_not_rejected(n):
    rng = np.random.default_rng(n)
    roles = {"x": rng.normal(size=n), "A": rng.normal(size=(n, n))}
    roles = {k: v.double().numpy() for k, v in cast(roles, "float32").items()}
    autograd = gradient(lambda x, A: torch.tanh(A @ x).sum() ** 2, "x")

    def formula(x, A):
        t = torch.tanh(A @ x)
        return 2 * t.sum() * (A.T @ (1 - t * t))

    expected = expectation(autograd, roles, "float32")
    right = run(formula, roles, "float32")
    assert compare(value(right, "float32"), expected, "float32").verdict == "equal"
    wrong = compare(value(right * 1.01, "float32"), expected, "float32")
    assert wrong.verdict == "different"
