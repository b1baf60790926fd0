"""Backward and grad passes, seen where PyTorch enters its engine.

Hooks are woven into `torch.autograd.graph._engine_run_backward`, through which every pass goes in
whatever thread, and into `torch.autograd._make_grads`, which refuses some passes before that. Which
gradients were given, and not made up by PyTorch, the frame of the caller knows.

What a pass costs matters in training loops: the hooks do little for those that are only counted.
Which are described does not hang on how many came before: of each line the first ones are, and the
further it goes on the fewer, so that loops do not hide the pass that is asked for.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from typing import Any

import torch

from .exact import unseen
from .places import Place
from .values import Values, node_name
from .weave import weave

DETAILED = 64  # in a cell, whichever come first
PER_LINE = 384  # tensors and nodes from one line, so that a loop leaves some for what follows it
SAMPLED = 448  # in a cell, with those that each line has its share of
COST = 32_000  # tensors and nodes in a cell, from where on only the first come
LIGHT = 1000
NODES = 500
LEAVES = 20
ROOTS = 20
CELL_BYTES = 4 << 20

_base = torch._C.TensorBase
_grad, _grad_fn, _is_leaf, _retains, _requires_grad = (
    getattr(_base, name).__get__
    for name in ("grad", "grad_fn", "is_leaf", "retains_grad", "requires_grad")
)


def _sampled(number: int) -> bool:
    """Whether a line's pass of that number, from 0, is one of its share: 8, then 4 an octave."""
    return not number & ((1 << max(number.bit_length() - 3, 0)) - 1)


class Running:
    """A pass between its beginning and its end, and what is needed at the end."""

    __slots__ = ("event", "leaves")

    def __init__(self, event: dict[str, Any]) -> None:
        self.event = event
        self.leaves: list[tuple[dict[str, Any], torch.Tensor]] = []


class Passes:
    """The log of passes. Nothing here raises into the student's code."""

    def __init__(self, values: Values, place: Place) -> None:
        self.values = values
        self.place = place
        self.lock = threading.RLock()
        self.serial = 0
        self.problems: set[str] = set()
        self._fresh()

    def _fresh(self) -> None:
        self.total = self.detailed = 0
        self.counting = False
        self.lines: dict[int | None, int] = {}
        self.begun: dict[int | None, int] = {}
        self.spare = CELL_BYTES
        self.ended: deque[dict[str, Any]] = deque()

    def install(self) -> None:
        """Weave the hooks into torch; OSError where its source is missing."""
        autograd, graph = torch.autograd, torch.autograd.graph
        engine = weave(
            graph._engine_run_backward, before=self.begin, after=self.end, failed=self.fail
        )
        grads = weave(autograd._make_grads, failed=self.refused)
        swap = weave(torch.utils.swap_tensors, before=self.values.serials.forget)
        graph._engine_run_backward = autograd._engine_run_backward = engine
        autograd._make_grads = grads
        torch.utils.swap_tensors = swap

    def take(self) -> tuple[list[dict[str, Any]], int, set[str]]:
        """The passes that ended since the last time, how many began, what was left out."""
        with self.lock:
            ended, total, problems = sorted(self.ended, key=_serial), self.total, self.problems
            self.problems = set()
            self._fresh()
        if total > len(ended) or not all(event["detailed"] for event in ended):
            problems = problems | {"events"}
        return ended, total, problems

    def only_count(self) -> None:
        """Look at no pass until they are taken: nobody will ask what it did."""
        self.counting = True

    # The hooks.

    def refused(self, _: None) -> None:
        """`_make_grads` raised: a pass that the engine never saw."""
        try:
            frame = sys._getframe(1)
            running = self._start(frame.f_back.f_code.co_name == "grad", frame)
            if type(running) is Running:
                names = frame.f_locals
                self._describe(running, names["outputs"], names["grads"], None)
            self._stop(running, error=sys.exc_info()[1])
        except Exception as error:
            self._problem(error)

    def begin(self, t_outputs: Any, args: Any, kwargs: Any) -> Running | dict[str, Any] | None:
        """The engine is about to run."""
        running = None
        try:
            if not self.counting:
                frame = sys._getframe(2)
                running = self._start(not kwargs.get("accumulate_grad"), frame)
                if type(running) is Running:
                    event = running.event
                    event["retain_graph"], event["create_graph"] = bool(args[1]), bool(args[2])
                    self._describe(running, t_outputs, _given(frame, args[0]), args[3] or None)
            else:
                with self.lock:
                    self.serial += 1
                    self.total += 1
        except Exception as error:
            self._problem(error)
        return running

    def end(self, running: Running | dict[str, Any] | None, result: Any) -> Any:
        """The engine is done."""
        if running is None:
            return result
        try:
            if type(running) is Running:
                event = running.event
                if event["api"] == "grad":
                    with unseen():
                        event["returned"] = [self._maybe(item) for item in result[:ROOTS]]
                self._stop(running)
            else:
                self.ended.append(running)
        except Exception as error:
            self._problem(error)
        return result

    def fail(self, running: Running | dict[str, Any] | None) -> None:
        """The engine raised."""
        try:
            self._stop(running, error=sys.exc_info()[1])
        except Exception as error:
            self._problem(error)

    # What they do.

    def _start(self, grad: bool, frame: Any) -> Running | dict[str, Any] | None:
        """A pass to be described, the event of one that is not, or None for one that is counted."""
        with self.lock:
            serial = self.serial
            self.serial += 1
            self.total += 1
            if self.counting:
                return None
            line = self.place.line(frame)
            number = self.begun.get(line, 0)
            self.begun[line] = number + 1
            cost = self.lines.get(line, 0)
            detailed = self.total <= LIGHT and self.detailed < DETAILED and cost < PER_LINE
            if not detailed and _sampled(number):
                detailed = self.detailed < SAMPLED and sum(self.lines.values()) < COST
            if self.total > LIGHT and not detailed:
                return None
            self.detailed += detailed
        event = {
            "serial": serial,
            "api": "grad" if grad else "backward",
            "detailed": detailed,
            "error": None,
            "line": line,
        }
        return Running(event) if detailed else event

    def _stop(
        self, running: Running | dict[str, Any] | None, error: BaseException | None = None
    ) -> None:
        if running is None:
            return
        event = running.event if isinstance(running, Running) else running
        try:
            if error is not None:
                event["error"] = self.place.raised(error, event["line"])
            if isinstance(running, Running):
                with unseen():
                    for leaf, tensor in running.leaves:
                        leaf["after"] = self._own_grad(tensor)
        finally:
            self.ended.append(event)

    def _describe(self, running: Running, outputs: Any, grads: Any, inputs: Any) -> None:
        event = running.event
        for key in ("roots", "gradients", "leaves", "nodes", "returned"):
            event[key] = []
        with unseen():
            event["roots"] = [self._root(output) for output in list(outputs)[:ROOTS]]
            event["gradients"] = [self._maybe(grad) for grad in list(grads)[:ROOTS]]
            event["inputs"] = None if inputs is None else [self._id(item) for item in inputs][:200]
            self._walk(running, outputs)
        cost = 2 * len(event["roots"]) + 3 * len(event["leaves"]) + len(event["nodes"])
        self.lines[event["line"]] = self.lines.get(event["line"], 0) + cost

    def _walk(self, running: Running, outputs: Any) -> None:
        """The graph from the roots down, breadth first."""
        event, serials = running.event, self.values.serials
        listed: dict[int, dict[str, Any]] = {}
        queue: deque[tuple[int, Any]] = deque()

        def number(node: Any) -> int:
            tensor = getattr(node, "variable", None) if type(node) is _accumulate else None
            leaf = None if tensor is None else serials.tensor(tensor)
            serial = serials.node(node, leaf)
            if serial not in listed:
                if len(listed) >= NODES:
                    self.values.truncated.add("nodes")
                    return serial
                listed[serial] = {"id": serial, "name": node_name(node), "next": [], "leaf": leaf}
                queue.append((serial, node))
                if tensor is not None:
                    self._leaf(running, tensor, leaf)
            return serial

        for output in list(outputs)[:ROOTS]:
            if not issubclass(type(output), torch.Tensor):
                number(output.node)
            elif (node := _grad_fn(output)) is not None:
                number(node)
            elif _requires_grad(output):
                self._leaf(running, output, serials.tensor(output))
        while queue:
            serial, node = queue.popleft()
            following = [number(child) for child, _ in node.next_functions if child is not None]
            listed[serial]["next"] = following
        event["nodes"] = list(listed.values())

    def _leaf(self, running: Running, tensor: torch.Tensor, serial: int | None) -> None:
        leaves = running.event["leaves"]
        if len(leaves) >= LEAVES:
            self.values.truncated.add("leaves")
            return
        if any(leaf["id"] == serial for leaf in leaves):
            return
        leaf = {"id": serial, "value": self._value(tensor), "before": self._own_grad(tensor)}
        leaf["after"] = None
        leaves.append(leaf)
        running.leaves.append((leaf, tensor))

    def _value(self, tensor: torch.Tensor) -> dict[str, Any]:
        value = self.values.tensor(tensor, grad=False, limit=self.spare)
        data = value.get("data")
        if data is not None:
            self.spare -= data.nbytes
        return value

    def _maybe(self, item: Any) -> dict[str, Any] | None:
        return self._value(item) if issubclass(type(item), torch.Tensor) else None

    def _root(self, output: Any) -> dict[str, Any]:
        if issubclass(type(output), torch.Tensor):
            return self._value(output)
        return {"kind": "opaque", "why": "gradient-edge"}

    def _id(self, item: Any) -> int:
        return self.values.serials.tensor(item) if issubclass(type(item), torch.Tensor) else -1

    def _own_grad(self, tensor: torch.Tensor) -> dict[str, Any] | None:
        if not (_is_leaf(tensor) or _retains(tensor)):
            return None
        return self._maybe(_grad(tensor))

    def _problem(self, error: Exception) -> None:
        self.problems.add(f"probe:{type(error).__name__}")


def _given(frame: Any, made: Any) -> Any:
    """The gradients that were passed to `backward` or `grad`, None where PyTorch makes ones."""
    name = {"backward": "grad_tensors", "grad": "grad_outputs"}.get(frame.f_code.co_name)
    if name is None or frame.f_code.co_filename != torch.autograd.__file__:
        return made
    given = frame.f_locals[name]
    if given is None:
        return [None] * len(made)
    if issubclass(type(given), torch.Tensor):
        return [given]
    return given if type(given) in (list, tuple) else made


def _serial(event: dict[str, Any]) -> int:
    return event["serial"]


def _accumulate_class() -> type:
    """The class of AccumulateGrad nodes, without running a pass."""
    leaf = torch.zeros((), requires_grad=True)
    return type(leaf.view_as(leaf).grad_fn.next_functions[0][0])


_accumulate = _accumulate_class()
