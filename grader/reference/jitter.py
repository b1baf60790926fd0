"""Monte Carlo arithmetic: a function run in float64 whose every operation rounds like less.

Each floating result on the way, of the backward pass too, is multiplied by 1 ± u, with u the unit
roundoff of a narrower dtype and a random sign. What cancels exactly in the reference's route, and
would not in another one, shows its noise that way; a zero that is no result of cancelling stays
zero. (Parker, Monte Carlo Arithmetic, 1997.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map_only

Result = TypeVar("Result")

# Operations that move, choose or make numbers, and round nothing.
_EXACT = frozenset(
    """
    _to_copy abs amax amin arange cat clone constant_pad_nd copy_ detach diag_embed embedding
    empty empty_like eye fill_ flip full full_like gather index index_put index_select
    lift_fresh masked_fill max maximum min minimum neg new_empty new_full new_ones new_zeros
    ones ones_like relu repeat roll scalar_tensor select_backward select_scatter sign
    slice_backward slice_scatter sort stack tril triu where zero_ zeros zeros_like
    """.split()  # noqa: SIM905
)


@cache
def _rounds_nothing(func: Any) -> bool:
    """What shares its memory with an argument is a view, or was written in place."""
    shared = any(value.alias_info is not None for value in func._schema.returns)
    return shared or func._schema.name.split("::")[-1] in _EXACT


class _Jitter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    def __init__(self, unit: float, seed: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.unit = unit
        self.random = torch.Generator().manual_seed(seed)

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """No: torch would import its compiler, for more than a second, to tell it so."""
        return False

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if _rounds_nothing(func):
            return result
        if isinstance(result, torch.Tensor):  # nearly always, and ten times as quick
            return self.rounded(result)
        return tree_map_only(torch.Tensor, self.rounded, result)

    def rounded(self, result: torch.Tensor) -> torch.Tensor:
        if not (result.is_floating_point() or result.is_complex()):
            return result
        signs = torch.randint(0, 2, result.shape, generator=self.random)
        return result * (1 + self.unit * (2 * signs - 1).to(torch.float64)).to(result.dtype)


def jittered(run: Callable[[], Result], unit: float, seed: int) -> Result:
    """What `run` returns when its operations round at random by `unit`, relative.

    Raises:
        Exception: whatever `run` raises.
    """
    with _Jitter(unit, seed):
        return run()
