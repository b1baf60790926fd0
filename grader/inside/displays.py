"""Ways to show figures that are not to be had here, in place of which figures stay in the notebook.

`%matplotlib widget` and `matplotlib.use("TkAgg")` say how the student's own editor shows a figure.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any

import matplotlib

_OF_FRONT_ENDS = ("widget", "ipympl")  # which IPython knows where they are installed


def without_displays(shell: Any) -> None:
    """Have a shell go on where a display is asked for that there is not."""
    enable, use = shell.enable_matplotlib, matplotlib.use

    def enable_matplotlib(gui: str | None = None) -> Any:
        try:
            return enable(gui)
        except ImportError:
            return enable("inline")
        except RuntimeError:
            if gui not in _OF_FRONT_ENDS:
                raise
            return enable("inline")

    @functools.wraps(use)
    def use_or_stay(backend: str, *, force: bool = True) -> None:
        # Before pyplot is imported a name is only noted, and fails with the first figure.
        importlib.import_module("matplotlib.pyplot")
        use(backend, force=False)

    shell.enable_matplotlib = enable_matplotlib
    matplotlib.use = use_or_stay
