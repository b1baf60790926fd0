"""A grader on another machine: `python -m grader.cli.station JOBS`, spoken to over its pipes.

Messages are those of `grader.batch.wire`: first a course, then tasks, which are answered as they
are done. It ends with its standard input, or when it has had nothing to do for a while.
"""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO

from grader.cli.graders import local
from grader.cli.isolation import Isolation
from grader.errors import MachineError
from grader.kernel import Scratch

if TYPE_CHECKING:
    from grader.batch import Local

IDLE_SECONDS = 600.0


def main(jobs: int) -> None:
    """Serve one course."""
    from grader.batch import wire  # noqa: PLC0415

    heard = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115
    said = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    cover = wire.read(heard)
    if cover is None:
        return
    try:
        course = wire.course_of(wire.opened(cover)[1])
        with Scratch({}, start=False) as scratch:
            references = {}
            for exercise, source in course.references.items():
                references[exercise] = scratch.work / f"{exercise}.py"
                references[exercise].write_bytes(source)
            isolation = Isolation(course.isolation)
            with local(course.orders, references, jobs=jobs, isolation=isolation) as graders:
                _serve(graders, heard, said)
    except MachineError as error:
        said.write(wire.numbered(None, wire.cannot_bytes(str(error))))
        said.flush()


def _serve(graders: Local, heard: BinaryIO, said: BinaryIO) -> None:
    from grader.batch import wire  # noqa: PLC0415

    busy: set[int] = set()

    def answer() -> None:
        with contextlib.suppress(OSError):  # nobody listens: standard input ends, too
            while True:
                number, judged = graders.take()
                said.write(wire.numbered(number, wire.judged_bytes(judged)))
                said.flush()
                busy.discard(number)

    threading.Thread(target=answer, daemon=True).start()
    while True:
        ready, _, _ = select.select([heard], [], [], IDLE_SECONDS)
        cover = wire.read(heard) if ready else None
        if cover is not None:
            number, message = wire.opened(cover)
            assert number is not None
            busy.add(number)
            graders.give(number, wire.task_of(message))
        elif ready or not busy:
            break
    graders.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
