"""The reference worker: `python -m grader.reference.worker`, spoken to over stdin and stdout.

It imports torch and the reference files once, and answers in a fork of itself with limits.
First message: {"references": {exercise: path}, "seconds", "memory_bytes"}. Then
{"ask": "answer" | "purity", "requests": […]} is answered by {"answers": […]}, in their order.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import torch
import torch.fx.experimental.symbolic_shapes  # the first backward(gradient) would import it

from grader import system
from grader.model.expectation import Request
from grader.reference import wire
from grader.reference.evaluate import ROUNDED, call, evaluate
from grader.reference.forks import (
    LONGEST,
    Answering,
    BrokenReferenceError,
    Fork,
    Outcome,
    Task,
    Unforked,
    describe,
)
from grader.reference.purity import violations
from grader.reference.wire import Json, Packer


@dataclass(slots=True)
class References:
    """The reference files as modules, one for each default dtype: constants in them follow it."""

    paths: dict[str, Path]
    loaded: dict[tuple[str, str], ModuleType | str] = field(default_factory=dict)

    def load(self, exercise: str, dtype: str) -> ModuleType:
        """The module of an exercise made under `dtype`.

        Raises:
            BrokenReferenceError: the file cannot be imported; says why.
        """
        key = (exercise, "float32" if dtype in ROUNDED else dtype)
        if key not in self.loaded:
            try:
                self.loaded[key] = self._import(*key)
            except MemoryError:
                raise
            except BaseException as error:
                self.loaded[key] = describe(error)
        found = self.loaded[key]
        if isinstance(found, str):
            raise BrokenReferenceError(found)
        return found

    def _import(self, exercise: str, dtype: str) -> ModuleType:
        torch.set_default_dtype(getattr(torch, dtype))
        name = f"grader_reference_{len(self.loaded)}"
        spec = importlib.util.spec_from_file_location(name, self.paths[exercise])
        if spec is None or spec.loader is None:
            raise ImportError(f"cannot import {self.paths[exercise]}")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # dataclasses look it up
        spec.loader.exec_module(module)
        return module


def main() -> None:
    """Serve until stdin ends."""
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what a reference prints must not reach the wire
    os.dup2(2, 1)
    torch.set_num_threads(1)
    if hasattr(os, "register_at_fork"):  # else there are no forks
        os.register_at_fork(after_in_child=_renew_engine)
    first = wire.read(incoming)
    if first is None:
        return
    settings = first[0]
    server = Server(
        References({name: Path(path) for name, path in settings["references"].items()}),
        float(settings["seconds"]),
        int(settings["memory_bytes"]),
        (incoming.fileno(), outgoing.fileno()),
    )
    gc.freeze()
    gc.enable()
    try:
        while (message := wire.read(incoming)) is not None:
            asked, unpacker = message
            requests = [unpacker.request(packed) for packed in asked["requests"]]
            outgoing.write(server.serve(asked["ask"], requests))
            outgoing.flush()
    finally:
        server.close()
    os._exit(0)  # nothing is left to be done, and torch takes half a second to be taken apart


def _renew_engine() -> None:
    """Have no thread be the first to use torch's engine: see `grader/inside/engine.py`."""
    torch.autograd.Variable._execution_engine.is_checkpoint_valid()


@dataclass(slots=True)
class Server:
    """Answers batches in a fork; never runs a line of a reference in its own process unproven.

    The fork stays: what it costs to make one is more than most answers.
    """

    references: References
    seconds: float
    memory_bytes: int
    wires: tuple[int, ...] = ()
    proven: set[tuple[str, str]] = field(default_factory=set)
    task: Task | None = None
    fork: Answering | None = None

    def serve(self, ask: str, requests: Sequence[Request]) -> bytes:
        """The reply to one message."""
        task: Task = self._answer
        if ask == "purity":
            task = self._purity
            violations(lambda: torch.ones(1) + 1, "")  # a second of imports, not in every fork
        self._prepare(requests)
        packer = Packer()
        answers: list[Json] = []
        for request, outcome in self._all(requests, task):
            if isinstance(outcome, str):
                answers.append({"key": request.key, "error": outcome})
            else:
                packed, unpacker = outcome
                if ask == "answer" and packed["error"] is None:
                    packed = packer.expectation(unpacker.expectation(packed))
                answers.append(packed)
        if self.fork is not None and self.fork.started():
            self.close()  # what a reference started does not run on beside students' runs
        return wire.dump({"answers": answers}, packer)

    def close(self) -> None:
        """End the fork and what it started."""
        if self.fork is not None:
            self.fork.close()
        self.fork = None

    def _answer(self, request: Request) -> Json:
        packer = Packer()
        packed = packer.expectation(evaluate(request, self.references.load))
        return packed | {"packer": packer}

    def _purity(self, request: Request) -> Json:
        source = self.references.paths[request.exercise].read_text(encoding="utf-8")
        found = violations(lambda: call(request, self.references.load), source)
        return {"key": request.key, "error": None, "violations": found}

    def _prepare(self, requests: Sequence[Request]) -> None:
        """Import what the batch needs, here, so that forks share it; in a fork first, to see."""
        for request in requests:
            for dtype in ("float64", request.dtype):
                key = (request.exercise, dtype)
                if key in self.proven or request.exercise not in self.references.paths:
                    continue
                self.proven.add(key)
                self.close()
                with contextlib.closing(self._new(self._probe)) as fork:
                    outcome = fork.ask(Request("", request.exercise, "", {}, dtype))
                if isinstance(outcome, str):
                    base = key[0], "float32" if dtype in ROUNDED else dtype
                    self.references.loaded[base] = outcome
                else:
                    with contextlib.suppress(BrokenReferenceError):
                        self.references.load(*key)

    def _probe(self, request: Request) -> Json:
        self.references.load(request.exercise, request.dtype)
        return {"key": request.key, "error": None}

    def _all(self, requests: Sequence[Request], task: Task) -> Iterator[tuple[Request, Outcome]]:
        """Every request with its answer or error; what failed after others is asked alone."""
        for request in requests:
            fork = self._standing(task)
            outcome = fork.ask(request)
            if isinstance(outcome, str) and fork.answered > 1:
                self.close()
                outcome = self._standing(task).ask(request)
            yield request, outcome

    def _standing(self, task: Task) -> Answering:
        """The fork that answers this task; another one where it may not go on."""
        if self.fork is not None and (
            self.task != task or not self.fork.alive or self.fork.answered >= LONGEST
        ):
            self.close()
        if self.fork is None:
            self.task, self.fork = task, self._new(task)
        return self.fork

    def _new(self, task: Task) -> Answering:
        if not system.FORKS:
            return Unforked(task, self.seconds)
        return Fork(task, self.seconds, self.memory_bytes, self.wires)


if __name__ == "__main__":
    main()
