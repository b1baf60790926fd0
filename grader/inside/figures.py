"""The data of figures, whatever becomes of them in their cell.

A figure is noticed when it is made, and looked at when it is drawn and when its cell ends; so what
was shown and then cleared or closed is seen too. No pyplot is imported, nothing is drawn.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.backend_bases import DrawEvent
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from .values import Values
from .wire import digest

FIGURES = 32
CURVES = 64
POINTS = 20_000
CHART_PANELS, CHART_CURVES = 6, 12  # what the report draws of a figure (grader/report/charts.py)
DRAWN_BYTES = 16 << 20
TEXT = 2000


class Figures:
    """Figures of the cell that runs, held until it ends, and weak references to older ones."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.current: dict[int, Figure] = {}
        self.drawn: dict[str, tuple[int, dict[str, Any]]] = {}
        self.older: weakref.WeakSet[Figure] = weakref.WeakSet()
        self.told: weakref.WeakKeyDictionary[Figure, str] = weakref.WeakKeyDictionary()
        self.problems: set[str] = set()

    def install(self) -> None:
        """Notice every figure that is made and every drawing of one."""

        def new(cls: type, *_: Any, **__: Any) -> Any:
            figure = object.__new__(cls)
            self.made(figure)
            return figure

        initialise = DrawEvent.__init__

        def drawing(event: Any, name: str, canvas: Any, renderer: Any) -> None:
            initialise(event, name, canvas, renderer)
            self.draws(canvas.figure)

        drawing.__name__, drawing.__qualname__ = "__init__", initialise.__qualname__
        DrawEvent.__init__ = drawing
        Figure.__new__ = staticmethod(new)

    def made(self, figure: Figure) -> None:
        """A figure was made."""
        if len(self.current) < 2 * FIGURES:
            self.current[id(figure)] = figure
        else:
            self.older.add(figure)

    def draws(self, figure: Figure) -> None:
        """A figure was drawn: keep what it shows now, the latest states only."""
        try:
            state = self.state(figure)
            if state["axes"]:
                key = fingerprint(state)
                self.drawn.pop(key, None)
                self.drawn[key] = (id(figure), state)
            while len(self.drawn) > FIGURES or self._held() > DRAWN_BYTES:
                self.drawn.pop(next(iter(self.drawn)))
                self.problems.add("figures")
        except Exception as error:
            self.problems.add(f"probe:{type(error).__name__}")

    def _held(self) -> int:
        return sum(nbytes(state) for _, state in self.drawn.values())

    def sparing(self, draw: Callable[..., Any]) -> Callable[..., Any]:
        """In place of IPython's `print_figure`: no picture of a figure whose data tell all.

        Drawing takes longer than all the rest of most notebooks, and a report draws from the data.
        """

        def print_figure(figure: Figure, *args: Any, **options: Any) -> Any:
            if not only_curves(figure):
                return draw(figure, *args, **options)
            self.draws(figure)
            return None

        return print_figure

    def take(self) -> tuple[list[dict[str, Any]], set[str]]:
        """The cell's figures, older ones that changed, and what was drawn but is there no more."""
        found = []
        there: dict[int, set[str]] = {}
        older = [figure for figure in self.older if id(figure) not in self.current]
        for figure in [*self.current.values(), *older]:
            try:
                state = self.state(figure)
                there[id(figure)] = contents(state)
                key = fingerprint(state)
                if state["axes"] and self.told.get(figure) != key:
                    found.append(state)
                self.told[figure] = key
            except Exception as error:
                self.problems.add(f"probe:{type(error).__name__}")
        for owner, state in reversed(self.drawn.values()):
            shown = contents(state)
            if not shown <= there.setdefault(owner, set()):
                there[owner] |= shown
                found.append(state)
        problems, self.problems = self.problems, set()
        if len(found) > FIGURES:
            problems.add("figures")
        self.older.update(self.current.values())
        self.current, self.drawn = {}, {}
        return [self.fill(state) for state in found[:FIGURES]], problems

    def state(self, figure: Figure) -> dict[str, Any]:
        """What a figure holds, with copies of its data."""
        if not hasattr(figure, "_axstack"):  # its __init__ raised
            return {"axes": []}
        spare = [CURVES]
        every = _legends(figure)
        wide = [_wide(figure, name) for name in ("_suptitle", "_supxlabel", "_supylabel")]
        return {"axes": [self.axes(axes, every, wide, spare) for axes in figure.axes[:CURVES]]}

    def axes(
        self, axes: Any, every: list[str] | None, wide: list[str], spare: list[int]
    ) -> dict[str, Any]:
        """One axes: its curves, and the words around them or, in their stead, around the figure."""
        curves = []
        scatters = [item for item in axes.collections if isinstance(item, PathCollection)]
        for artist in [*axes.lines, *scatters]:
            if not spare[0]:
                self.problems.add("curves")
                break
            spare[0] -= 1
            curves.append(scattered(artist) if artist in scatters else line(artist))
        legend = axes.get_legend()
        words = {"title": axes.get_title() or wide[0]}
        words |= {"xlabel": axes.get_xlabel() or wide[1], "ylabel": axes.get_ylabel() or wide[2]}
        return {
            "curves": curves,
            **{key: str(word)[:TEXT] for key, word in words.items()},
            "legend": every if legend is None else _texts(legend),
        }

    def fill(self, state: dict[str, Any]) -> dict[str, Any]:
        """Turn the arrays of a state into values."""
        for axes in state["axes"]:
            for curve in axes["curves"]:
                for key in ("x", "y"):
                    if isinstance(curve[key], np.ndarray):
                        curve[key] = self.values.array(curve[key])
                    else:
                        self.values.truncated.add("points")
        return state


def _wide(figure: Any, name: str) -> str:
    """A text of the whole figure: `suptitle`, `supxlabel`, `supylabel`."""
    text = getattr(figure, name, None)
    return text.get_text() if text is not None else ""


def only_curves(figure: Any) -> bool:
    """Whether a figure's axes hold curves and words about them, and nothing else."""
    try:
        bare = not (figure.images or figure.lines or figure.patches or figure.artists)
        return (
            0 < len(figure.axes) <= CHART_PANELS
            and bare
            and not figure.subfigs
            and all(
                axes.name == "rectilinear"
                and axes.xaxis.get_scale() == axes.yaxis.get_scale() == "linear"
                and len(axes.lines) + len(axes.collections) <= CHART_CURVES
                and not (axes.images or axes.patches or axes.tables or axes.texts or axes.artists)
                and all(isinstance(item, PathCollection) for item in axes.collections)
                and all(np.size(item.get_xdata(orig=False)) <= POINTS for item in axes.lines)
                and all(len(item.get_offsets()) <= POINTS for item in axes.collections)
                for axes in figure.axes
            )
        )
    except Exception:
        return False


def line(artist: Any) -> dict[str, Any]:
    """A line's points, in the dtype in which they were given where that can be told."""
    x, y = (_plain(given) for given in (artist.get_xdata(orig=True), artist.get_ydata(orig=True)))
    if x is None or y is None or x.shape != y.shape:
        x, y = (np.asarray(data, np.float64) for data in artist.get_data(orig=False))
    joined = str(artist.get_linestyle()).lower() not in ("none", "", " ")
    return _curve(x, y, artist, "line" if joined else "points")


def scattered(artist: Any) -> dict[str, Any]:
    """The points of a scatter plot."""
    offsets = np.ma.filled(np.ma.asarray(artist.get_offsets(), np.float64), np.nan)
    return _curve(offsets[:, 0], offsets[:, 1], artist, "points")


def _curve(x: np.ndarray, y: np.ndarray, artist: Any, style: str) -> dict[str, Any]:
    label = str(artist.get_label())[:TEXT]
    label = "" if label.startswith("_child") else label
    return {"x": _copy(x), "y": _copy(y), "label": label, "style": style}


def _copy(data: np.ndarray) -> np.ndarray | dict[str, Any]:
    """A copy of the data; only its name and size where it is too much."""
    if data.size <= POINTS:
        return np.array(data)
    shape = {"dtype": data.dtype.name, "shape": list(data.shape)}
    return {"kind": "array", **shape, "why": "too-large"}


def contents(state: dict[str, Any]) -> set[str]:
    """The curves that a figure shows, each by its digest."""
    curves = [curve for axes in state["axes"] for curve in axes["curves"]]
    return {json.dumps((curve["x"], curve["y"]), default=digest) for curve in curves}


def nbytes(state: dict[str, Any]) -> int:
    """What a state holds in memory."""
    curves = [curve for axes in state["axes"] for curve in axes["curves"]]
    arrays = [curve[key] for curve in curves for key in ("x", "y")]
    return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))


def fingerprint(state: dict[str, Any]) -> str:
    """A digest of what a figure shows."""
    return json.dumps(state, default=digest)


def _plain(data: Any) -> np.ndarray | None:
    if isinstance(data, np.ma.MaskedArray):
        return None
    array = np.asarray(data)
    return array if array.ndim == 1 and array.dtype.kind in "fiub" else None


def _texts(legend: Any) -> list[str]:
    return [str(text.get_text())[:TEXT] for text in legend.get_texts()[:CURVES]]


def _legends(figure: Figure) -> list[str] | None:
    texts = [text for legend in figure.legends for text in _texts(legend)]
    return texts if figure.legends else None
