"""The floor: fork a warm process and `exec` the cells. No kernel, no probe, no check, no report.

`python floor.py MODULE …` is that process: it imports the modules, says `ready`, and for each line
of standard input (a JSON list of notebooks' paths) runs them and says how long that took.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

IN_FLIGHT = 2


def execute(path: str) -> None:
    """Run a notebook's cells; an error ends its cell only; figures become PNG at a cell's end."""
    cells = json.loads(Path(path).read_text("utf-8"))["cells"]
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells:
        if cell["cell_type"] == "code":
            with contextlib.suppress(Exception):
                exec(compile("".join(cell["source"]), "cell", "exec"), namespace)
            render()


def render() -> None:
    """What a notebook's inline backend does when a cell ends."""
    pyplot = sys.modules["matplotlib.pyplot"]
    for number in pyplot.get_fignums():
        with contextlib.suppress(Exception):
            pyplot.figure(number).savefig(io.BytesIO(), format="png", bbox_inches="tight")
    pyplot.close("all")


def fork(path: str) -> tuple[int, int]:
    """A child that runs the notebook: its pid, and a pipe that ends when the notebook has."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    os.close(reader)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    with contextlib.suppress(BaseException):
        execute(path)
    os.close(writer)
    while True:
        signal.pause()


def reap(child: tuple[int, int]) -> None:
    """Wait for the end of the notebook; kill and reap its process."""
    pid, reader = child
    os.read(reader, 1)
    os.close(reader)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def batch(paths: Sequence[str]) -> float:
    """Run notebooks, `IN_FLIGHT` at a time, each lane in its order; the seconds that it took."""
    began = time.perf_counter()
    lanes = [list(paths[lane::IN_FLIGHT]) for lane in range(IN_FLIGHT)]
    running = {lane: fork(queue.pop(0)) for lane, queue in enumerate(lanes) if queue}
    while running:
        ready = select.select([reader for _, reader in running.values()], [], [])[0]
        for lane in [lane for lane, child in running.items() if child[1] in ready]:
            reap(running.pop(lane))
            if lanes[lane]:
                running[lane] = fork(lanes[lane].pop(0))
    return time.perf_counter() - began


def main(modules: Sequence[str]) -> None:
    """Be the warm process."""
    for name in modules:
        importlib.import_module(name)
    sys.modules["matplotlib"].use("agg")
    os.chdir(tempfile.gettempdir())
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    for line in sys.stdin:
        print(batch(json.loads(line)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
