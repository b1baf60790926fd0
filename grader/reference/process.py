"""The trusted side of the reference worker. No torch here: its import overlaps with other work."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from grader.errors import InternalError
from grader.model.expectation import Expectation, Request
from grader.reference import wire
from grader.reference.child import Child
from grader.reference.kept import author, fitting, lasting
from grader.reference.wire import Json, Packer

ATTEMPTS = 2
REMEMBERED = 1000
"""Answers that are kept: those of the inputs that stand in notebooks are asked for all the time."""


class ReferenceProcess:
    """Answers what the references say, in a process of its own.

    `references` maps exercises to their `reference.py`. One request may take `seconds` of CPU time
    and `memory_bytes` beyond what torch itself takes. Use it as a context manager, or call
    `start` (which does not wait for torch) and `close`. Several threads may ask; they take turns.
    `begun` is a worker that was started before the references were known; it is ended with this.
    """

    def __init__(
        self,
        references: Mapping[str, Path],
        *,
        seconds: float = 10.0,
        memory_bytes: int = 2 << 30,
        begun: Child | None = None,
    ) -> None:
        self._references = {name: Path(path).resolve() for name, path in references.items()}
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._begun = begun
        self._child: Child | None = None
        self._known: dict[str, Expectation] = {}
        self._authors: dict[Path, bytes] = {}
        self._turn = threading.Lock()

    def __enter__(self) -> ReferenceProcess:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the worker without waiting for it; restart it if it died."""
        if self._child is not None and self._child.alive:
            return
        self._end()
        self._child, self._begun = self._begun or Child(), None
        settings = {
            "references": {name: str(path) for name, path in self._references.items()},
            "seconds": self._seconds,
            "memory_bytes": self._memory_bytes,
        }
        with contextlib.suppress(BrokenPipeError):
            self._child.send(wire.dump(settings))

    def close(self) -> None:
        """End the worker and wait until it is gone."""
        self._end()
        begun, self._begun = self._begun, None
        if begun is not None:
            begun.close(at_once=True)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.close()

    def answer(self, requests: Sequence[Request]) -> dict[str, Expectation]:
        """Answer every request, under its key.

        Equal questions are asked once, unless the first time is long ago; once more where the
        spread was not worked out and may decide now. What is answered is the same as if nothing
        had been asked before. A timeout is the answer to all equal questions of one call, and is
        not remembered: a busy machine may be to blame.

        Raises:
            InternalError: the worker cannot be kept alive, or an exercise has no reference.
        """
        digests = {request.key: self._digest(request) for request in requests}
        with self._turn:
            found = self._answers(digests, requests)
        return {
            request.key: replace(
                found[request.key],
                key=request.key,
                digest=digests[request.key],
                on_drawn=request.drawn and found[request.key].error is not None,
            )
            for request in requests
        }

    def recall(self, answers: Iterable[Expectation]) -> None:
        """Take answers of earlier for known; those that something else answered are not used."""
        with self._turn:
            for answer in filter(lasting, answers):
                if answer.spread is not None or answer.digest not in self._known:
                    self._known[answer.digest] = answer

    def _digest(self, request: Request) -> str:
        """Of the question, and of the file and the program that answer it."""
        path = self._path(request.exercise)
        if path not in self._authors:
            self._authors[path] = author(path)
        digest = hashlib.blake2b(self._authors[path], digest_size=16)
        digest.update(wire.digest(request).encode())
        return digest.hexdigest()

    def _answers(
        self, digests: Mapping[str, str], requests: Sequence[Request]
    ) -> dict[str, Expectation]:
        """Answers by the requests' keys; those that are remembered are not asked for."""
        names = dict.fromkeys(digests.values())
        known = {name: self._known[name] for name in names if name in self._known}
        found: dict[str, Expectation] = {}
        left = list(requests)
        while left:
            new: dict[str, Request] = {}
            for request in left:
                name = digests[request.key]
                answer = fitting(request, known[name]) if name in known else None
                if answer is None:
                    new.setdefault(name, request)
                else:
                    found[request.key] = answer
            for name, answer in self._asked(new):
                known[name] = found[new[name].key] = answer
            left = [request for request in left if request.key not in found]
        for name, answer in known.items():
            # What was asked for last stays longest: hidden inputs are never asked for again.
            self._known.pop(name, None)
            if lasting(answer):
                self._known[name] = answer
        for name in [*self._known][:-REMEMBERED]:
            del self._known[name]
        return found

    def _asked(self, new: Mapping[str, Request]) -> Iterator[tuple[str, Expectation]]:
        if not new:
            return
        answers, unpacker = self._ask("answer", list(new.values()))
        for name, packed in zip(new, answers, strict=True):
            if packed["error"] is None:
                yield name, unpacker.expectation(packed)
            else:
                yield name, Expectation(packed["key"], error=packed["error"])

    def check_purity(self, requests: Sequence[Request]) -> dict[str, tuple[str, ...]]:
        """Key → what was narrower than float64 in a float64 pass; or the one error of that pass.

        Raises:
            InternalError: as `answer`.
        """
        if not requests:
            return {}
        with self._turn:
            answers, _ = self._ask("purity", requests)
        return {
            packed["key"]: (packed["error"],)
            if packed["error"] is not None
            else tuple(packed["violations"])
            for packed in answers
        }

    def _path(self, exercise: str) -> Path:
        if exercise not in self._references:
            known = ", ".join(sorted(self._references)) or "none"
            raise InternalError(f"no reference for exercise {exercise!r} (there are: {known})")
        return self._references[exercise]

    def _ask(self, ask: str, requests: Sequence[Request]) -> tuple[list[Json], wire.Unpacker]:
        packer = Packer()
        for request in requests:
            self._path(request.exercise)
        packed = [packer.request(request) for request in requests]
        message = wire.dump({"ask": ask, "requests": packed}, packer)
        complaint = ""
        for _ in range(ATTEMPTS):
            self.start()
            assert self._child is not None
            reply = self._child.exchange(message)
            if reply is not None:
                answers: list[Json] = reply[0]["answers"]
                return answers, reply[1]
            complaint = self._child.complaint()
        self.close()
        raise InternalError(f"the reference worker died twice over one batch: {complaint}")
