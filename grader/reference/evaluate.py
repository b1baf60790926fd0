"""One reference function on one set of roles: exact, in the student's precision, and its spread.

Imports torch; runs in a fork of the reference worker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from numpy.random import default_rng  # NumPy imports it late; forks should not have to

from grader.model.expectation import Expectation, Request
from grader.model.value import COMPLEX, Value
from grader.numerics import FORMATS, decided, real_dtype, ulp
from grader.reference.jitter import jittered
from grader.reference.kinks import limits

Array = npt.NDArray[Any]
Loader = Callable[[str, str], ModuleType]

DRAWS = 8  # random moves of all inputs at once
REHEARSALS = 4  # nearby points at which the rounding of the reference's own route is sampled
JITTERS = 4  # runs in which every operation rounds at random
FINE_BITS = 11  # dtypes of more bits are judged by those, too
ALONE = 16  # inputs of at most so many elements in all are also moved one at a time
SEED = 20240229
# float64 rounds like float32, 2**29 times finer: how rounding in float64 is estimated
FINER = 2.0**-29
COARSER = {"float64": "float32"}
# dtypes in which torch cannot compute: computed in float32, the result rounded
ROUNDED = ("float8_e4m3fn", "float8_e5m2")


def evaluate(request: Request, load: Loader) -> Expectation:
    """Answer one request; `load(exercise, dtype)` gives the module made under that default dtype.

    exact:  float64 from the student's own inputs.
    own:    the same in `request.dtype`. float8, and any dtype in which the function fails (torch
            lacks an operation on the way, a number is beyond its range), is computed in float32
            from inputs rounded to the dtype, and the result is rounded: the dtype is the student's
            choice.
    spread: the largest change of `exact` over random moves of all inputs at once by one ULP of the
            dtype (and, for up to 16 elements, the sum over elements of the change that each makes
            alone); and no less than what the reference's own route lost to rounding at nearby
            points, so that an input at which it happens to round well does not count as harmless;
            and no less than what it loses when each of its operations rounds at random, which
            shows what cancels (in float32 and float64).
            Zeros stay: rounding never makes them anything else. Not worked out where
            `request.actual` is decided without it: most answers are the reference's very bits.
    terms:  how many elements the floating roles have in all.

    Raises:
        Exception: whatever the reference raises.
    """
    dtype = real_dtype(request.dtype)
    inputs = _inputs(request.roles)
    exact = _run(request, inputs, "float64", load)
    own = _run(request, inputs, dtype, load)
    spread = None
    if exact.dtype.kind in "fc" and not (
        request.actual is not None and decided(request.actual, exact, own, dtype)
    ):
        spread = _spread(request, inputs, exact, dtype, load)
    others = None
    told = getattr(load(request.exercise, "float64"), "SUBGRADIENTS", ())
    if exact.dtype.kind == "f" and request.function in told:
        others = limits(inputs, exact, lambda points: _run(request, points, "float64", load))
    label = {"f": "float64", "c": "complex128", "b": "bool"}.get(exact.dtype.kind, "int64")
    own_label = _label(own, dtype)
    return Expectation(
        key=request.key,
        exact=Value("tensor", label, exact.shape, exact),
        own=Value("tensor", own_label, own.shape, own),
        spread=spread,
        limits=others,
        terms=sum(data.size for data in inputs.values()),
    )


def call(request: Request, load: Loader, dtype: str = "float64") -> Any:
    """Run the reference once and return its raw result."""
    return _call(request, _inputs(request.roles), dtype, load)


def _label(data: Array, dtype: str) -> str:
    if data.dtype.kind == "c":
        return next((name for name, part in COMPLEX.items() if part == dtype), "complex64")
    return {"f": dtype, "b": "bool"}.get(data.dtype.kind, "int64")


def _inputs(roles: Mapping[str, Value | None]) -> dict[str, Array]:
    """The floating roles' values: those that are cast to the pass's dtype, and moved."""
    return {
        name: value.data
        for name, value in roles.items()
        if value is not None and value.data is not None and value.data.dtype.kind in "fc"
    }


def _call(request: Request, inputs: Mapping[str, Array], dtype: str, load: Loader) -> Any:
    function = getattr(load(request.exercise, dtype), request.function)
    torch.set_default_dtype(getattr(torch, dtype))
    # torch.manual_seed would also format the stack, for devices that are not there: 1 ms
    torch.default_generator.manual_seed(SEED)
    arguments: dict[str, Any] = {}
    for name, value in request.roles.items():
        if name in inputs:
            arguments[name] = _floating(inputs[name], dtype)
        elif value is None or value.data is None:
            arguments[name] = value.text if value is not None and value.kind == "text" else None
        else:
            arguments[name] = torch.tensor(value.data).to(_torch_dtype(value.dtype))
    return function(**arguments)


def _torch_dtype(name: str | None) -> torch.dtype:
    found = getattr(torch, name or "int64", torch.int64)
    return found if isinstance(found, torch.dtype) else torch.int64


def _floating(data: Array, dtype: str) -> torch.Tensor:
    """The role as a tensor of the pass's precision; complex stays complex."""
    target: torch.dtype = getattr(torch, dtype)
    if data.dtype.kind == "c":
        target = {torch.float64: torch.complex128, torch.float16: torch.complex32}.get(
            target, torch.complex64
        )
    return torch.tensor(data).to(target)


def _run(request: Request, inputs: Mapping[str, Array], dtype: str, load: Loader) -> Array:
    if dtype not in ROUNDED:
        try:
            return _result(_call(request, inputs, dtype, load))
        except MemoryError:
            raise
        except Exception:
            if dtype in ("float64", "float32"):
                raise
    rounded = {name: _rounded(data, dtype) for name, data in inputs.items()}
    result = _result(_call(request, rounded, "float32", load))
    return _rounded(result, dtype) if result.dtype.kind in "fc" else result


def _rounded(data: Array, dtype: str) -> Array:
    if data.dtype.kind == "c":
        return np.asarray(_rounded(data.real, dtype) + 1j * _rounded(data.imag, dtype))
    rounded = torch.tensor(np.asarray(data)).to(getattr(torch, dtype)).to(torch.float64)
    return np.asarray(rounded.numpy())


def _result(result: Any) -> Array:
    """A tensor, array, number or list of numbers, widened exactly to one of the five dtypes."""
    if isinstance(result, torch.Tensor):
        result = result.detach()
        result = result.to_dense() if result.layout != torch.strided else result
        result = result.resolve_conj().resolve_neg()
        if result.is_complex():
            return np.asarray(result.to(torch.complex128).numpy())
        if result.is_floating_point():
            return np.asarray(result.to(torch.float64).numpy())
        result = result.numpy()
    elif isinstance(result, (list, tuple)) and result:
        return np.stack([_result(item) for item in result])
    elif not isinstance(result, (np.ndarray, np.generic, bool, int, float, complex)):
        raise TypeError(f"expected a tensor or numbers, found {type(result).__name__}")
    data = np.asarray(result)
    wide: dict[str, Any] = {
        "f": np.float64,
        "c": np.complex128,
        "i": np.int64,
        "u": np.uint64,
        "b": np.bool_,
    }
    if data.dtype.kind not in wide:
        raise TypeError(f"expected numbers, found an array of {data.dtype}")
    return data.astype(wide[data.dtype.kind])


def _spread(
    request: Request, inputs: Mapping[str, Array], exact: Array, dtype: str, load: Loader
) -> npt.NDArray[np.float64]:
    moved = _Mover(inputs, dtype)
    if not moved.elements:
        return np.zeros(exact.shape)

    def change(points: Mapping[str, Array]) -> npt.NDArray[np.float64]:
        changed = _tried(request, points, "float64", load)
        return np.full(exact.shape, np.inf) if changed is None else _distance(changed, exact)

    spread = np.zeros(exact.shape)
    random = default_rng(SEED)
    with np.errstate(all="ignore"):
        for _ in range(DRAWS):
            spread = np.maximum(
                spread, change(moved.by(random.choice([-1.0, 1.0], moved.elements)))
            )
        if moved.elements <= ALONE:
            steps = np.eye(moved.elements)
            both = [np.maximum(change(moved.by(s)), change(moved.by(-s))) for s in steps]
            spread = np.maximum(spread, np.sum(both, axis=0))
        for _ in range(REHEARSALS):
            steps = random.integers(1, 4, moved.elements) * random.choice(
                [-1.0, 1.0], moved.elements
            )
            lost = _lost(request, moved.by(steps), dtype, load, exact.shape)
            spread = np.maximum(spread, lost)
        if FORMATS[dtype].bits > FINE_BITS:
            for seed in range(SEED, SEED + JITTERS):
                noise = _noise(lambda: change(inputs), dtype, seed)
                spread = np.maximum(spread, noise)
    return spread


def _tried(request: Request, inputs: Mapping[str, Array], dtype: str, load: Loader) -> Array | None:
    """The result beside the point where the function has answered; None where it raises there."""
    try:
        return _run(request, inputs, dtype, load)
    except MemoryError:
        raise
    except Exception:
        return None


def _noise(
    change: Callable[[], npt.NDArray[np.float64]], dtype: str, seed: int
) -> npt.NDArray[np.float64]:
    """What random rounding of every operation changes; 0 where it cannot be said."""
    coarse = COARSER.get(dtype, dtype)
    try:
        changed = jittered(change, 2.0 ** -FORMATS[coarse].bits, seed)
    except MemoryError:
        raise
    except Exception:  # the function itself has answered: it is the noise that it does not bear
        return np.zeros(())
    return np.where(np.isfinite(changed), changed, 0.0) * (FINER if coarse != dtype else 1.0)


def _lost(
    request: Request,
    inputs: Mapping[str, Array],
    dtype: str,
    load: Loader,
    shape: tuple[int, ...],
) -> npt.NDArray[np.float64]:
    """What the reference's route loses to rounding at one point; 0 where it cannot be said."""
    coarse = COARSER.get(dtype, dtype)
    points = {name: _rounded(data, coarse) for name, data in inputs.items()}
    exact = _tried(request, points, "float64", load)
    own = _tried(request, points, coarse, load)
    if exact is None or own is None or exact.shape != shape or own.shape != shape:
        return np.zeros(shape)
    gap = _distance(own, exact) * (FINER if coarse != dtype else 1.0)
    return np.where(np.isfinite(gap), gap, 0.0)


def _distance(changed: Array, exact: Array) -> npt.NDArray[np.float64]:
    """|changed - exact|, 0 where both are the same (NaN, inf), inf where it has no number."""
    if changed.shape != exact.shape:
        return np.full(exact.shape, np.inf)
    same = (changed == exact) | (np.isnan(changed) & np.isnan(exact))
    far = np.where(same, 0.0, np.abs(changed - exact))
    return np.asarray(np.where(np.isnan(far), np.inf, far), dtype=np.float64)


class _Mover:
    """Moves floating inputs by multiples of one ULP; complex ones by both of their parts."""

    def __init__(self, inputs: Mapping[str, Array], dtype: str) -> None:
        self._inputs = inputs
        self._dtype = dtype
        self._sizes = {
            name: data.size * (2 if data.dtype.kind == "c" else 1) for name, data in inputs.items()
        }
        self.elements = sum(self._sizes.values())

    def by(self, steps: npt.NDArray[np.float64] | Sequence[float]) -> dict[str, Array]:
        """All inputs, element i moved by `steps[i]` ULP; zeros, infinities and NaN stay."""
        left = np.asarray(steps, dtype=np.float64)
        result: dict[str, Array] = {}
        for name, data in self._inputs.items():
            size = self._sizes[name]
            result[name], left = self._move(data, left[:size]), left[size:]
        return result

    def _move(self, data: Array, steps: npt.NDArray[np.float64]) -> Array:
        flat = np.ascontiguousarray(data).reshape(-1)
        flat = flat.view(np.float64) if data.dtype.kind == "c" else flat.astype(np.float64)
        fixed = ~np.isfinite(flat) | (flat == 0)
        moved = np.where(fixed, flat, flat + steps * np.where(fixed, 0.0, ulp(self._dtype, flat)))
        if data.dtype.kind == "c":
            moved = np.ascontiguousarray(moved).view(np.complex128)
        return np.asarray(moved).reshape(data.shape)
