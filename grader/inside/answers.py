"""The answers to a keeper's questions, each worked out in a fork of its own."""

from __future__ import annotations

import ast
import os
import random
import re
import sys
from typing import Any

import numpy as np
import torch

from .inputs import Before, build, same
from .places import text_of
from .probe import Probe
from .wire import Arrays, Channel, Message

WRAPPERS = re.compile(r"\A\s*%%(?:time|capture)\b[^\n]*")


class Modes:
    """What a function may leave changed for the next call: generators and torch's modes."""

    def __init__(self) -> None:
        self.torch = torch.get_rng_state()
        self.numpy = np.random.get_state()
        self.python = random.getstate()
        self.dtype = torch.get_default_dtype()

    def restore(self) -> None:
        """Put it back; gradients are recorded, whatever a later cell turned off."""
        torch.set_rng_state(self.torch)
        np.random.set_state(self.numpy)
        random.setstate(self.python)
        torch.set_grad_enabled(True)
        torch.set_default_dtype(self.dtype)


def answer_call(ask: Message, arrays: Arrays, channel: Channel, probe: Probe, kernel: Any) -> None:
    """Call one of the student's functions on given inputs, and take gradients of the result."""
    names = kernel.shell.user_ns
    function = names.get(ask["function"])
    frame: Message = {"frame": "call", "id": ask["id"], "status": "missing"}
    frame |= {"returned": None, "gradients": {}, "error": None, "changed": []}
    if not callable(function):
        channel.send(frame, {})
        return
    inputs = {name: build(value, arrays) for name, value in ask["inputs"]}
    before = Before(inputs)
    fresh(probe)
    kernel._forward_input(False)
    try:
        result = function(*inputs.values())
        frame["status"] = "ok"
        frame["returned"] = probe.values.any(result)
    except BaseException as error:
        frame["status"] = "error"
        frame["error"] = raised(error, probe)
    else:
        frame["changed"] = before.changed()
        try:
            frame["gradients"] = gradients(result, inputs, ask["cotangent"], probe)
        except BaseException as error:
            frame["error"] = raised(error, probe)
    sent, _ = probe.values.end_message()
    end_other_forks(probe)
    channel.send(frame, sent)


def gradients(
    result: Any, inputs: dict[str, Any], cotangent: list[float], probe: Probe
) -> dict[str, Any]:
    """The gradient of the result, weighted by the cotangent, for every input that requires it."""
    wanted = {
        name: value
        for name, value in inputs.items()
        if isinstance(value, torch.Tensor) and value.requires_grad
    }
    if not cotangent or not wanted:
        return {}
    if isinstance(result, (list, tuple)) and all(isinstance(r, torch.Tensor) for r in result):
        result = torch.cat([part.reshape(-1) for part in result]) if result else None
    if not isinstance(result, torch.Tensor) or not result.requires_grad:
        return dict.fromkeys(wanted)
    with torch.enable_grad():
        flat = result.reshape(-1)
        weights = torch.from_numpy(np.resize(np.asarray(cotangent, np.float64), flat.numel()))
        total = (weights.to(flat.dtype) * flat).sum()
        total = total.real if total.is_complex() else total
        found = torch.autograd.grad(total, list(wanted.values()), allow_unused=True)
    return {
        name: None if gradient is None else probe.values.any(gradient)
        for name, gradient in zip(wanted, found, strict=True)
    }


def answer_rerun(ask: Message, arrays: Arrays, channel: Channel, probe: Probe, kernel: Any) -> None:
    """Run cells again, with names replaced after one of them; a frame after each cell."""
    shell = kernel.shell
    # Later cells of the exercise may have left `torch.set_grad_enabled(False)`, or `sum = 3`.
    began = probe.began.get(ask["cells"][0])
    if began is not None:
        began.restore(shell.user_ns)
    probe.again(channel)
    kernel._forward_input(False)
    replacing = Replacing(shell, {k: build(v, arrays) for k, v in ask["inputs"].items()})
    for index, source in enumerate(ask["cells"]):
        replacing.replace_at_end = index == ask["replace_after"]
        # These magics run the cell out of sight of `Replacing`, and do nothing that counts here.
        shell.run_cell(WRAPPERS.sub("", source), store_history=False)
        end_other_forks(probe)
        close_figures()
    channel.send({"frame": "rerun", "id": ask["id"], "status": "ok"}, {})


class Replacing:
    """Replaces names in a shell: once after the locked cell, then whenever they are restated.

    A top-level statement that sets such a name to a new leaf with the values that the locked cell
    had given it gets the replacement in its place, in the dtype and with the `requires_grad` that
    the student's own tensor had. A list of numbers that writes an input out does so too, wherever
    it stands: `y.backward(torch.tensor([0.1, 1.0]))` for `y.backward(v)` is no mistake.
    """

    def __init__(self, shell: Any, inputs: dict[str, Any]) -> None:
        self.shell, self.inputs = shell, inputs
        self.original: dict[str, Any] = {}
        self.current: dict[str, Any] = {}
        self.replace_at_end = False
        run_code = shell.run_code

        async def run_one(code: Any, result: Any = None, *, async_: bool = False) -> bool:
            failed = await run_code(code, result, async_=async_)
            self.restated()
            return failed

        shell.run_code = run_one
        # Before the probe's own callback, which tells what the names are after the cell.
        shell.events.callbacks["post_run_cell"].insert(0, self.cell_ended)

    def cell_ended(self, result: Any) -> None:
        """The locked cell has run: remember what it gave, and replace it."""
        if not self.replace_at_end:
            return
        self.replace_at_end = False
        names = self.shell.user_ns
        for name, replacement in self.inputs.items():
            given = names.get(name)
            clone = isinstance(given, torch.Tensor)
            self.original[name] = given.detach().clone() if clone else given
            names[name] = self.current[name] = replacement
        self.shell.ast_transformers.append(WrittenOut(self.original, self.inputs))
        self.shell.ast_transformers.append(Unasserted())

    def restated(self) -> None:
        """A top-level statement has run."""
        names = self.shell.user_ns
        for name, original in self.original.items():
            now = names.get(name)
            if now is self.current[name]:
                continue
            if same(now, original):
                now = names[name] = like(self.inputs[name], now)
            self.current[name] = now


class Unasserted(ast.NodeTransformer):
    """Takes no offence at what is asserted: `y.item() == 28` holds for the numbers that were given.

    It is worked out all the same, for what it does by the way: `assert (g := x.grad) is not None`.
    """

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """A statement that would end the cell with the replacement's numbers."""
        asked = ast.If(self.generic_visit(node.test), [ast.Pass()], [])
        return ast.fix_missing_locations(ast.copy_location(asked, node))


class WrittenOut(ast.NodeTransformer):
    """Puts the replacement's numbers where a list or tuple has the original's.

    Only floats of more than one element count: `[0, 1]` may be an index. Where two inputs had the
    same values it is left alone, since either may be meant.
    """

    def __init__(self, originals: dict[str, Any], inputs: dict[str, Any]) -> None:
        known: list[tuple[Any, Any]] = []
        for name, original in originals.items():
            if isinstance(original, torch.Tensor) and original.numel() > 1:
                known.append((original, inputs[name]))
        self.known = [
            (original, replacement)
            for original, replacement in known
            if sum(same(original, other) for other, _ in known) == 1
        ]

    def visit_List(self, node: ast.List) -> ast.AST:
        """A list."""
        return self.written(node)

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        """A tuple."""
        return self.written(node)

    def written(self, node: ast.List | ast.Tuple) -> ast.AST:
        """The node, or the replacement's numbers in its place."""
        try:
            number = np.asarray(ast.literal_eval(node))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return self.generic_visit(node)
        if number.dtype.kind != "f":
            return node
        for original, replacement in self.known:
            if number.shape == tuple(original.shape) and same(
                torch.from_numpy(number).to(original.dtype), original
            ):
                new = ast.parse(repr(replacement.detach().tolist()), mode="eval").body
                for part in ast.walk(new):
                    ast.copy_location(part, node)
                return new
        return node


def like(replacement: Any, restated: Any) -> Any:
    """A replacement with the dtype and `requires_grad` of what the student restated."""
    if not isinstance(replacement, torch.Tensor) or not isinstance(restated, torch.Tensor):
        return replacement
    new = replacement.detach().to(restated.dtype).clone()
    return new.requires_grad_(restated.requires_grad) if restated.requires_grad else new


def close_figures() -> None:
    """What the inline backend does after a cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        try:
            pyplot.close("all")
        except Exception:
            return


def end_other_forks(probe: Probe) -> None:
    """End a fork that the student made and that came this far: it has no say."""
    if os.getpid() != probe.pid:
        os._exit(0)


def fresh(probe: Probe) -> None:
    """Start with an empty message, of values alone."""
    probe.pid = os.getpid()
    probe.passes.only_count()
    probe.values.pending.clear()
    probe.values.known = set()
    probe.values.begin_message()
    probe.values.allowance = 16 << 20


def raised(error: BaseException, probe: Probe) -> dict[str, Any]:
    """An exception, with the line of the innermost frame that is in a cell."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        shift = probe.place.shifts.get(trace.tb_frame.f_code.co_filename)
        if shift is not None:
            line = trace.tb_lineno + shift
        trace = trace.tb_next
    return {"type": type(error).__name__[:200], "text": text_of(error), "line": line}
