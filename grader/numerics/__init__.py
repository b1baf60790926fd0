"""How equal is equal: NumPy only, no torch. The reasoning is in `docs/numerics.md`."""

from grader.numerics.compare import Comparison, Verdict, compare, decided, shown
from grader.numerics.precision import FORMATS, Format, real_dtype, ulp, working_dtype

__all__ = [
    "FORMATS",
    "Comparison",
    "Format",
    "Verdict",
    "compare",
    "decided",
    "real_dtype",
    "shown",
    "ulp",
    "working_dtype",
]
