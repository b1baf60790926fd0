"""What an author writes: exercises and assignments, as `exercise.toml` has them.

The dataclasses are the format: `grader.spec` validates TOML (and the public part inside a released
notebook) against them with pydantic, unknown keys refused. Field comments are the reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Visibility = Literal["public", "after_due", "hidden"]
FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How to draw a random tensor: for `vary`, and for the inputs of a call.

    `normal` has mean 0 and standard deviation `scale`; `uniform` is in [low, high); `integers` are
    whole numbers in [low, high); `sorted` is a uniform sample in ascending order (a grid for a
    curve); `choice` takes one of `values`, whole. With `grad` a call's input comes with a `.grad`
    of ones, as a caller's tensor may.
    """

    __pydantic_config__ = FORBID
    draw: Literal["normal", "uniform", "integers", "sorted", "choice"] = "normal"
    shape: tuple[int, ...] = ()
    dtype: str = "float32"
    scale: float = 1.0
    low: float = -1.0
    high: float = 1.0
    values: tuple[float | tuple[float, ...], ...] = ()
    requires_grad: bool = False
    grad: bool = field(default=False, repr=False)  # see `pipeline.asked`


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a parameter of a reference function stands for: a name at a moment, or an event's field.

    Either `value` (a path such as `x`, `x.grad`, `parts[0]`) after `cell`, or `field` of the named
    `event`. `optional` roles are passed as None when there is nothing there.
    """

    __pydantic_config__ = FORBID
    cell: str | None = None
    value: str | None = None
    event: str | None = None
    field: Literal["leaf", "root", "gradient", "before"] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSelector:
    """Which passes count as an attempt. Every condition that is given must hold.

    cell:           in that cell (or the extra cells behind it).
    own_names:      in a notebook with names of its own, look in every cell instead.
    api:            `backward` or `grad`; either when absent.
    root, leaf:     the tensor that this path names after the cell is a root (a leaf) of the pass.
    again:          True: it goes over nodes that an earlier pass, one that did not create a
                    graph, already went over. False: it does not.
    leaf_elements:  some leaf has at least so many elements.
    through:        node class name → length of the longest run of such nodes in a row, at least.
    which:          of several in order: `first`, `last`, or `any`.
    """

    __pydantic_config__ = FORBID
    cell: str | None = None
    own_names: bool = False
    api: Literal["backward", "grad"] | None = None
    root: str | None = None
    leaf: str | None = None
    again: bool | None = None
    leaf_elements: int = 0
    through: Mapping[str, int] = field(default_factory=dict)
    which: Literal["first", "last", "any"] = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBase:
    """What every check has.

    id:         unique in the exercise, kebab-case.
    points:     what passing earns; 0 for a check that only informs or gates others.
    visibility: who may see it: students at once, after the due date, or never.
    needs:      ids of checks that must pass first; else this one is `skipped`.
    vary:       it must hold with varied inputs too (the exercise must have `vary`).
    roles:      bindings that override the exercise's.
    title:      language → what the student reads as the check's name.
    """

    __pydantic_config__ = FORBID
    id: str
    points: float = 1.0
    visibility: Visibility = "hidden"
    needs: tuple[str, ...] = ()
    vary: bool = False
    roles: Mapping[str, Role] = field(default_factory=dict)
    title: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorCheck(CheckBase):
    """A value in the student's namespace after a cell. At least one expectation must be given.

    expect: the reference function whose result it must equal. equals: an author's literal, allowed
    in a public check only with `disclosed = true`. The others are attributes; `none` asks whether
    it is None; `dtype` is a name or a list of allowed names; `in_place` asks of the result of an
    operation whether it was written to afterwards.
    """

    kind: Literal["tensor"] = "tensor"
    cell: str
    value: str
    expect: str | None = None
    equals: float | tuple[float, ...] | tuple[tuple[float, ...], ...] | None = None
    disclosed: bool = False
    shape: tuple[int, ...] | None = None
    dtype: tuple[str, ...] = ()
    requires_grad: bool | None = None
    leaf: bool | None = None
    grad_fn: str | None = None
    in_place: bool | None = None
    none: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCheck(CheckBase):
    """A function that the student wrote, called with hidden inputs drawn after the run is sealed.

    inputs: one table a case, parameter → how to draw it, in the order of the call. expect: the
    reference function with parameters of the same names. gradients: input → reference function of
    the same parameters and `cotangent`, for the gradient of the result with respect to that input
    (which must be drawn with `requires_grad`), weighted by a drawn cotangent. requires_grad: asks
    whether what it returns requires grad. untouched: parameters whose tensors it must leave as they
    were: numbers, `requires_grad` and `.grad`.
    """

    kind: Literal["call"] = "call"
    cell: str
    function: str
    inputs: tuple[Mapping[str, Draw], ...]
    expect: str
    gradients: Mapping[str, str] = field(default_factory=dict)
    requires_grad: bool | None = None
    untouched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCheck(CheckBase):
    """A pass that happened. Passes when some selected event meets every expectation.

    raised:        stem that the exception's text must contain. succeeded: it raised nothing.
    retain_graph:  as the engine got it.
    fills_grad:    some leaf has a `.grad` (or, for `grad`, something was returned) afterwards.
    argument:      the pass was given a cotangent; a scalar root needs none.
    gradient:      reference function that the cotangent must equal (roles from the event's fields).
    leaf_gradient: reference function that what this pass gave the leaf (`.grad` after minus before,
                   or what `grad` returned) must equal.
    """

    kind: Literal["event"] = "event"
    event: str
    raised: str | None = None
    succeeded: bool | None = None
    retain_graph: bool | None = None
    fills_grad: bool | None = None
    argument: bool | None = None
    gradient: str | None = None
    leaf_gradient: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCurve:
    """A curve that must be among those drawn.

    expect: reference function of the parameter `x` (the drawn curve's own x). from_autograd: its y
    must be gradients that an observed pass produced.
    """

    __pydantic_config__ = FORBID
    expect: str
    from_autograd: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCheck(CheckBase):
    """What was drawn in a cell, all axes and figures pooled. Never a comparison of pixels.

    curves: each must be matched by a different drawn curve; `same_x` asks that they share their x.
    min_points: fewest points of a matched curve; without `curves`, of as many of the drawn ones as
    the cell's checks ask for. min_curves: fewest curves drawn. covers: the [low, high] that the x
    of such curves must span, to within one step of the grid. legend, xlabel, ylabel, title_text:
    must be there.
    """

    kind: Literal["figure"] = "figure"
    cell: str
    own_names: bool = False
    curves: tuple[ExpectedCurve, ...] = ()
    same_x: bool = True
    min_points: int = 2
    min_curves: int = 0
    covers: tuple[float, float] | None = None
    legend: bool = False
    xlabel: bool = False
    ylabel: bool = False
    title_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCheck(CheckBase):
    """What the code of the cells may not or must contain, by syntax tree, aliases resolved.

    forbid, require: dotted names (`torch.cos`, `numpy.cos`, `Tensor.cos` for the method). The
    cells that count are the named ones and the extra cells behind them; all of the exercise's
    answers without `cells`. function: only that function of the student's counts, with all that it
    calls or reads of the exercise's answers; what tries it out does not.
    """

    kind: Literal["source"] = "source"
    cells: tuple[str, ...] = ()
    function: str | None = None
    forbid: tuple[str, ...] = ()
    require: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceCheck(CheckBase):
    """A question answered by assigning one of `options` (or a list of them) to a name.

    Without `answer` it only asks that something valid was chosen, which may be public. With several
    in `answer`, all of them must be chosen and no other: they are not alternatives.
    """

    kind: Literal["choice"] = "choice"
    cell: str
    value: str
    options: tuple[str, ...]
    answer: tuple[str, ...] = ()


Check = TensorCheck | CallCheck | EventCheck | FigureCheck | SourceCheck | ChoiceCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Vary:
    """Which locked names are replaced, how, and how often, when the exercise is run again.

    The replacement happens right after the locked cell `cell`; a top-level statement of the
    student's that sets such a name to the very values of the locked cell again gets the
    replacement too, so that restating the inputs is no mistake. Once is enough for numbers that
    are never drawn twice; names with few values to be drawn from need `times` of 2 or more.
    """

    __pydantic_config__ = FORBID
    cell: str
    names: Mapping[str, Draw]
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCell:
    """A code cell of the starter. `locked` cells hold the author's text whatever happens."""

    __pydantic_config__ = FORBID
    name: str
    source: str
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise. `prompts` is language → text before each cell ("" for the one at the top).

    `headings` is cell → language → the bold words that its text begins with, which students see
    where the names of cells are the author's own; `functions` are the reference's functions and
    their parameters, read without running it; `digest` is of all files that define the exercise.
    """

    __pydantic_config__ = FORBID
    id: str
    title: Mapping[str, str]
    points: float
    checks: tuple[Check, ...]
    cells: tuple[TemplateCell, ...] = ()
    prompts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    events: Mapping[str, EventSelector] = field(default_factory=dict)
    vary: Vary | None = None
    digest: str = ""
    folder: str = ""
    reference: str = ""
    functions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one notebook may use: the table `[limits]` of an assignment, or of `course.toml` for all
    that say nothing else. All are more than 0.

    cell_seconds:     CPU time of one cell, and of one run of an exercise with varied inputs. What
                      counts is the kernel and every process below it, so that a busy machine does
                      not change marks.
    notebook_seconds: CPU time of all cells together; cells that come later are not run.
    call_seconds:     CPU time of one call of a student's function.
    wall_factor:      each of these three ends by the wall clock too, after so many times its
                      seconds (1 or more), for code that waits and computes nothing. It must be
                      wider than the machine is crowded: eight kernels on two cores need 4.
    output_bytes:     outputs of one cell; what comes after that is dropped.
    capture_bytes:    everything that the probe says of one kernel.
    memory_bytes:     of all of a kernel's processes together (`cgroup`), and of each above what the
                      server had mapped already (`limits`).
    processes:        of a kernel; threads count, too.
    open_files:       of one process.
    file_bytes:       size of one file.
    scratch_bytes:    of the kernel's folder, of `/tmp` and of `/dev/shm`, each.
    scratch_files:    in each of them.

    The last six are held by the layers named in docs/security.md, so not for a kernel that starts
    by itself.
    """

    __pydantic_config__ = FORBID
    cell_seconds: float = 20.0
    notebook_seconds: float = 120.0
    call_seconds: float = 5.0
    wall_factor: float = 6.0
    output_bytes: int = 1 << 20
    capture_bytes: int = 64 << 20
    memory_bytes: int = 1536 << 20
    processes: int = 256
    open_files: int = 512
    file_bytes: int = 64 << 20
    scratch_bytes: int = 128 << 20
    scratch_files: int = 4096

    def wall(self, seconds: float) -> float:
        """The wall clock's cap on what may take so many seconds of CPU time."""
        return self.wall_factor * seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Exercises put together. `files` are companions that travel with the notebook.

    `preload` are modules, beside torch, NumPy and matplotlib, that nearly every answer imports:
    they are imported once, and not again by each notebook.
    """

    __pydantic_config__ = FORBID
    id: str
    title: Mapping[str, str]
    exercises: tuple[Exercise, ...]
    due: str | None = None
    files: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    limits: Limits = Limits()
    spec_hash: str = ""
