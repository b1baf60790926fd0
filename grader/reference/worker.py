"""The reference worker: `python -m grader.reference.worker`, spoken to over stdin and stdout.

It imports torch and the reference files once, and answers each batch in a fork of itself with
limits. First message: {"references": {exercise: path}, "seconds", "memory_bytes"}. Then
{"ask": "answer" | "purity", "requests": […]} is answered by {"answers": […]}, in their order.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import io
import os
import select
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Literal, cast

import torch
import torch.fx.experimental.symbolic_shapes  # the first backward(gradient) would import it

from grader import system
from grader.model.expectation import Request
from grader.reference import wire
from grader.reference.evaluate import ROUNDED, call, evaluate
from grader.reference.limits import cause, die_with, kill, limit_memory, limit_seconds
from grader.reference.purity import violations
from grader.reference.wire import Json, Packer

SLEEPER = 10.0  # wall-clock limit in multiples of the CPU limit, for those who sleep
RETRY = 77  # exit status of a fork that ran out of memory after other requests
Task = Callable[[Request], Json]


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


class BrokenReferenceError(Exception):
    """A reference file cannot be imported; the text is the error of the answer."""


def describe(error: BaseException) -> str:
    """An exception as `Expectation.error`."""
    text = str(error)
    if isinstance(error, BrokenReferenceError):
        return text
    if isinstance(error, MemoryError) or "can't allocate memory" in text:
        return "memory"
    return f"raised: {type(error).__name__}: {text}"[:2000]


def main() -> None:
    """Serve until stdin ends."""
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what a reference prints must not reach the wire
    os.dup2(2, 1)
    torch.set_num_threads(1)
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
    while (message := wire.read(incoming)) is not None:
        asked, unpacker = message
        requests = [unpacker.request(packed) for packed in asked["requests"]]
        outgoing.write(server.serve(asked["ask"], requests))
        outgoing.flush()


@dataclass(slots=True)
class Server:
    """Answers batches in forks; never runs a line of a reference in its own process unproven."""

    references: References
    seconds: float
    memory_bytes: int
    wires: tuple[int, ...] = ()
    proven: set[tuple[str, str]] = field(default_factory=set)

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
        return wire.dump({"answers": answers}, packer)

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
                probe = Request("", request.exercise, "", {}, dtype)
                with contextlib.closing(self._fork([probe], self._probe)) as outcomes:
                    outcome = next(outcomes)
                if isinstance(outcome, str):
                    base = key[0], "float32" if dtype in ROUNDED else dtype
                    self.references.loaded[base] = outcome
                else:
                    with contextlib.suppress(BrokenReferenceError):
                        self.references.load(*key)

    def _probe(self, request: Request) -> Json:
        self.references.load(request.exercise, request.dtype)
        return {"error": None}

    def _all(
        self, requests: Sequence[Request], task: Task
    ) -> Iterator[tuple[Request, tuple[Json, wire.Unpacker] | str]]:
        """Every request with its answer or error, in as few forks as possible."""
        at = 0
        while at < len(requests):
            began = at
            with contextlib.closing(self._fork(requests[at:], task)) as outcomes:
                for outcome in outcomes:
                    if isinstance(outcome, str) and at > began:
                        break  # a fork of its own tells whether it is to blame
                    yield requests[at], outcome
                    at += 1

    def _fork(
        self, requests: Sequence[Request], task: Task
    ) -> Generator[tuple[Json, wire.Unpacker] | str, None, None]:
        """Answers of one fork, until the first request that it does not survive (its error).

        Where nothing can be forked, they are of this process, which ends at the limit of time: who
        grades there grades a notebook of their own, by a reference that is in their hands.
        """
        if not system.FORKS:
            yield from self._unforked(requests, task)
            return
        reader, writer = os.pipe()
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _be_the_fork(requests, task, writer, self, parent)
        os.close(writer)
        status: int | None = None
        try:
            with os.fdopen(reader, "rb", buffering=0) as stream:
                for _ in requests:
                    outcome = self._next(stream, child)
                    if outcome is None:
                        status = os.waitpid(child, 0)[1]
                        yield cause(status)
                        return
                    if outcome == "timeout":
                        yield outcome
                        return
                    packed = outcome[0]
                    yield outcome if packed["error"] is None else str(packed["error"])
        finally:
            kill(child)
            if status is None:
                os.waitpid(child, 0)

    def _unforked(
        self, requests: Sequence[Request], task: Task
    ) -> Iterator[tuple[Json, wire.Unpacker] | str]:
        for request in requests:
            end = threading.Timer(SLEEPER * self.seconds, os._exit, [1])
            end.daemon = True
            end.start()
            answer = _guarded(task, request)
            end.cancel()
            error = answer["error"]
            said = wire.read(io.BytesIO(wire.dump(answer, answer.pop("packer", None))))
            assert said is not None
            yield said if error is None else str(error)

    def _next(
        self, stream: FileIO, child: int
    ) -> tuple[Json, wire.Unpacker] | Literal["timeout"] | None:
        files = [stream.fileno()]
        # The pipe stays open while anything the reference started lives, so watch the fork too.
        watched = os.pidfd_open(child) if system.WATCHES else None
        try:
            files += [] if watched is None else [watched]
            ready = select.select(files, [], [], SLEEPER * self.seconds)[0]
        finally:
            if watched is not None:
                os.close(watched)
        if not ready:
            return "timeout"
        if stream.fileno() in ready:
            with contextlib.suppress(wire.WireError):
                message = wire.read(cast("BinaryIO", stream))
                if message is not None:
                    return message
        kill(child, after=1.0)  # it is ending; it must not take its time
        return None


def _be_the_fork(
    requests: Sequence[Request], task: Task, writer: int, server: Server, parent: int
) -> None:
    """Answer in order over the pipe, then end; never returns."""
    try:
        os.setpgid(0, 0)
        die_with(parent)
        for number in server.wires:
            os.close(number)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        limit_memory(server.memory_bytes)
        with os.fdopen(writer, "wb") as stream:
            for position, request in enumerate(requests):
                limit_seconds(server.seconds)
                answer = _guarded(task, request)
                if answer["error"] == "memory" and position:
                    os._exit(RETRY)
                packer: Any = answer.pop("packer", None)
                stream.write(wire.dump(answer, packer))
                stream.flush()
    finally:
        os._exit(0)


def _guarded(task: Task, request: Request) -> Json:
    try:
        return task(request)
    except BaseException as error:
        return {"key": request.key, "error": describe(error)}


if __name__ == "__main__":
    main()
