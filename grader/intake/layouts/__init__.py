"""Which of the known layouts a pile of files has, and who handed in which of them.

One module a layout, each with a function `read(tree) -> Reading | None`. They look at names, and at
the small files in which a platform tells who handed in and when; never at a notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.intake.layouts import canvas, gradescope, moodle, named, nbgrader, receipts
from grader.intake.layouts.reading import (
    OTHER_ARCHIVES,
    Claim,
    Handed,
    Part,
    Reading,
    Tree,
    has_cells,
)
from grader.model.intake import Kind

# In this order: the surest sign first. Anything is `named`.
_LAYOUTS: tuple[Callable[[Tree], Reading | None], ...] = (
    gradescope.read,
    receipts.read,
    moodle.read,
    canvas.read,
    nbgrader.read,
)
_BY_KIND: Mapping[Kind, Callable[[Tree], Reading | None]] = {
    "gradescope": gradescope.read,
    "receipts": receipts.read,
    "moodle": moodle.read,
    "canvas": canvas.read,
    "nbgrader": nbgrader.read,
    "flat": named.read,
    "folders": named.read,
}

__all__ = ["OTHER_ARCHIVES", "Claim", "Handed", "Part", "Reading", "Tree", "has_cells", "recognise"]


def recognise(tree: Tree, kind: Kind | None = None) -> Reading | None:
    """The layout of `tree`, if it has one of a platform's; with `kind`, as that one and no other.

    Whatever has none is `named.read`'s.
    """
    if kind is not None:
        return _BY_KIND[kind](tree)
    return next((reading for layout in _LAYOUTS if (reading := layout(tree)) is not None), None)
