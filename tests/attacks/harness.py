"""Runs attacks beside an honest notebook, on one fork server, and says what they achieved."""

from __future__ import annotations

import dataclasses
import json
import os
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from grader.kernel import KernelServer
from grader.kernel.sandbox import LAYERS
from grader.model.exercise import Assignment
from grader.pipeline import Graded, diagnosis_texts, grade
from grader.reference import ReferenceProcess
from grader.report import html, to_json
from grader.selftest import notebook
from grader.spec import load_assignment, references
from tests.attacks import attack as attacks
from tests.attacks.attack import Attack
from tests.attacks.world import World

COURSE = Path(__file__).resolve().parent.parent.parent
SEED = 20
_LEAVE_SECONDS = 10

# Something to lose: it stands in an exercise of the honest notebook beside attacks on siblings.
_VICTIM = """
import os, pathlib, socket, time
pathlib.Path("/dev/shm/@mark@-victim").write_text("@victim@")
pathlib.Path("victim.txt").write_text("@victim@")
os.environ["VICTIM"] = "@victim@"
for _ in range(20):
    print("@victim@", flush=True)
    time.sleep(0.1)
os.unlink("/dev/shm/@mark@-victim")
"""


@dataclass
class Outcome:
    """What an attack achieved: signs (`world.SIGNS`) with what was seen, and whether it ran."""

    signs: dict[str, str] = field(default_factory=dict)
    carried_out: bool = False
    isolation: tuple[str, ...] = ()
    printed: str = ""

    def note(self, sign: str, what: str) -> None:
        """Add a sign, to those of the same name too."""
        self.signs[sign] = "; ".join(filter(None, (self.signs.get(sign), what)))


class _OneAtATime:
    """A reference process that two threads may ask."""

    def __init__(self, process: ReferenceProcess) -> None:
        self._process = process
        self._lock = threading.Lock()

    def answer(self, requests: Any) -> Any:
        with self._lock:
            return self._process.answer(requests)


class Range:
    """Where attacks are tried: canaries, a reference process, and a fork server for each set of
    layers that is asked for. A context manager."""

    def __init__(self, course: Path = COURSE) -> None:
        loaded = load_assignment(course, "autograd")
        limits = dataclasses.replace(
            loaded.limits,
            cell_seconds=2.0,
            notebook_seconds=20.0,
            call_seconds=1.0,
            wall_factor=3.0,
        )
        self.course = course
        self.assignment: Assignment = dataclasses.replace(loaded, limits=limits)
        self.world = World(course)
        self._process = ReferenceProcess(references(course, loaded))
        self._servers: dict[tuple[str, ...] | None, KernelServer] = {}
        self._undisturbed: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        self._references: Any = _OneAtATime(self._process.__enter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers.values():
            server.close()
        self._process.__exit__(kind, error, trace)
        self.world.close()

    def server(self, layers: Collection[str] | None) -> KernelServer:
        """A living fork server with these layers; None for all that the machine offers."""
        key = None if layers is None else tuple(layers)
        server = self._servers.get(key)
        if server is not None and server.alive:
            return server
        if server is not None:
            server.close()
        self._servers[key] = KernelServer(layers=key)
        return self._servers[key]

    def on(self) -> KernelServer:
        """The server with all layers."""
        return self.server(None)

    def layers(self) -> tuple[str, ...]:
        """The layers that this machine offers; results show some with their version behind."""
        names = [name.partition("-")[0] for name in self.on().isolation]
        return tuple(layer for layer in LAYERS if layer in names)

    def missing(self, attack: Attack) -> str | None:
        """Why an attack cannot be tried here: none of its layers is to be had."""
        if attack.by_design or set(attack.defended_by) & set(self.layers()):
            return None
        return f"this machine offers none of {', '.join(attack.defended_by)}"

    def grade(self, data: bytes, server: KernelServer, progress: Any = None) -> Graded:
        """Grade a notebook."""
        more = {} if progress is None else {"progress": progress}
        return grade(
            data, "hw.ipynb", self.assignment, self._references,
            seed=SEED, server=server.address, **more,
        )  # fmt: skip

    def _base(self, exercise: str, answer: str) -> bytes:
        return notebook(
            self.assignment, attacks.answers(self.course, self.assignment, exercise, answer)
        )

    def _victim(self) -> bytes:
        source = _VICTIM.replace("@mark@", self.world.mark)
        source = source.replace("@victim@", self.world._secret("victim"))
        first = self.assignment.exercises[0].id
        cells = (("inputs", source),)
        plain = Attack("victim", cells, first, ("design",))
        base = attacks.answers(self.course, self.assignment, first, "accepted")
        return attacks.compose(self.assignment, base, plain, {})

    def undisturbed(self, data: bytes, key: str) -> dict[str, Any]:
        """The result of a notebook that runs alone, timings aside."""
        if key not in self._undisturbed:
            self._undisturbed[key] = plain(self.grade(data, self.on()))
        return self._undisturbed[key]

    def try_(self, attack: Attack, layers: Collection[str] | None = None) -> Outcome:
        """Run an attack beside an honest notebook, and another honest one after it."""
        server = self.server(layers)
        honest = self._base("", "")
        beside = self._victim() if attack.victim else honest
        due = self.undisturbed(honest, "honest")
        due_beside = self.undisturbed(beside, "victim") if attack.victim else due
        innocent = self.undisturbed(
            self._base(attack.exercise, attack.answer), f"{attack.exercise} {attack.answer}"
        )
        base = attacks.answers(self.course, self.assignment, attack.exercise, attack.answer)
        values = dict(self.world.values)
        data = attacks.compose(self.assignment, base, attack, values)
        self.world.touched()
        process = server._process
        left, living = self.world.leftovers(), _descendants()
        outcome = Outcome(isolation=tuple(server.isolation))

        reached = threading.Event()
        together = _Thread(lambda: self.grade(beside, server, _tell(reached, attack.victim)))
        reached.wait(60)
        own = _Thread(lambda: self.grade(data, server))
        graded, graded_beside = own.join(), together.join()

        self._judge_own(attack, graded, innocent, outcome)
        if layers is None or attack.succeeds in ("sibling", "next", "server"):
            self._judge_honest(graded_beside, due_beside, "sibling", outcome)
            if server.alive:
                after = _Thread(lambda: self.grade(honest, server)).join()
                self._judge_honest(after, due, "next", outcome)
        if not server.alive or server._process is not process:
            outcome.signs["server"] = "it died"
        survivors = _survivors(living)
        if survivors:
            outcome.signs["survivor"] = ", ".join(survivors)
        # The canaries have had their say when the processes that could reach them are gone.
        for sign in self.world.touched():
            outcome.signs[sign] = "a canary says so"
        behind = self.world.leftovers() - left
        if behind:
            outcome.signs["leftover"] = ", ".join(sorted(behind))
            self.world.clear(behind)
        return outcome

    def _judge_own(
        self, attack: Attack, graded: Graded | Exception, innocent: dict[str, Any], outcome: Outcome
    ) -> None:
        if isinstance(graded, Exception):
            outcome.signs["not graded"] = f"{type(graded).__name__}: {graded}"[:500]
            return
        if graded.result.status != "graded":
            outcome.signs["not graded"] = str(graded.result.reason)
        texts = [output.text for cell in graded.capture.cells for output in cell.outputs]
        outcome.printed = "".join(texts)
        # What a cell says of itself in a traceback is its source: only what was printed counts.
        printed = "".join(
            output.text
            for cell in graded.capture.cells
            for output in cell.outputs
            if output.kind in ("stdout", "stderr", "result")
        )
        if "LOOT:" in printed:
            outcome.signs["LOOT"] = printed[printed.index("LOOT:") :][:200]
        shown = html(
            graded.result, graded.submission, graded.capture, "en", diagnosis_texts(graded.result)
        )
        everything = shown + repr(graded.capture) + repr(graded.result) + json.dumps(plain(graded))
        leaked = self.world.leaked(everything)
        if leaked:
            outcome.signs["leak"] = ", ".join(sorted(leaked))
        ended = {
            cell.status
            for cell in graded.capture.cells
            if graded.submission.cells[cell.cell].exercise == attack.exercise
        }
        # A cell that took the kernel with it has run, though what it printed may be lost.
        lost = attack.costs and ended & {"crashed", "timeout"}
        outcome.carried_out = bool(lost) or (
            attack.carried_out in printed
            if attack.carried_out == "DONE"
            else attack.carried_out in {*ended, graded.result.run.status}
        )
        mine = {e["id"]: e for e in plain(graded)["exercises"]}
        for due in innocent["exercises"]:
            got, score = mine[due["id"]]["score"], due["score"]
            if due["id"] != attack.exercise and got != score:
                outcome.note("points", f"{due['id']}: {got} instead of {score}")
            if due["id"] != attack.exercise:
                continue
            most = score if attack.earns is None else attack.earns
            least = score if attack.earns is None and not attack.costs else 0
            if not least <= got <= most:
                outcome.note("points", f"{due['id']} (attacked): {got} instead of {score}")

    def _judge_honest(
        self, graded: Graded | Exception, due: dict[str, Any], sign: str, outcome: Outcome
    ) -> None:
        if isinstance(graded, Exception):
            outcome.signs[sign] = f"{type(graded).__name__}: {graded}"[:500]
            return
        got = plain(graded)
        if got != due:
            outcome.signs[sign] = _difference(got, due)


class _Thread:
    """A call in a thread; `join` gives what it gave, or the grader's own exception."""

    def __init__(self, call: Callable[[], Graded]) -> None:
        self._call = call
        self._result: Graded | Exception = RuntimeError("it never ended")
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._call()
        except Exception as error:
            self._result = error

    def join(self) -> Graded | Exception:
        self._thread.join()
        return self._result


def _tell(reached: threading.Event, victim: bool) -> Callable[[int, int], None]:
    """Progress that lets the attack begin: at once, or when the victim is in its long cell."""
    if not victim:
        reached.set()

    def progress(done: int, total: int) -> None:
        if done >= 1 or done == total:
            reached.set()

    return progress


def plain(graded: Graded) -> dict[str, Any]:
    """The JSON result without what may differ between two equal runs."""
    result: dict[str, Any] = to_json(graded.result, "en", diagnosis_texts(graded.result))
    for key in ("seconds", "peak_memory_bytes", "cpu_seconds", "isolation"):
        result["run"].pop(key, None)
    for cell in result["run"]["cells"]:
        cell.pop("seconds")
    return result


def _difference(got: Any, due: Any, where: str = "") -> str:
    if isinstance(got, dict) and isinstance(due, dict):
        for key in sorted({*got, *due}):
            if got.get(key) != due.get(key):
                return _difference(got.get(key), due.get(key), f"{where}.{key}")
    if isinstance(got, list) and isinstance(due, list) and len(got) == len(due):
        for number, (mine, theirs) in enumerate(zip(got, due, strict=True)):
            if mine != theirs:
                return _difference(mine, theirs, f"{where}[{number}]")
    return f"{where}: {str(got)[:150]} instead of {str(due)[:150]}"


def _descendants() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def _survivors(living: set[psutil.Process]) -> list[str]:
    """New processes below us that do not end by themselves; they are killed."""
    _, alive = psutil.wait_procs(_descendants() - living, timeout=_LEAVE_SECONDS)
    said = []
    for process in alive:
        try:
            said.append(f"{process.pid} {process.status()} {' '.join(process.cmdline())[:100]}")
            process.kill()
        except psutil.Error:
            continue
    return said


def verdict(place: Range, attack: Attack) -> list[str]:
    """Everything that is wrong about how an attack went; empty when it was held."""
    wrong = []
    outcome = place.try_(attack)
    wrong += [f"got through ({sign}): {what}" for sign, what in sorted(outcome.signs.items())]
    if attack.by_design:
        if not outcome.carried_out:
            wrong.append(f"was not carried out ({attack.carried_out}): {outcome.printed[-800:]}")
        return wrong
    if attack.as_root and os.geteuid() != 0:
        return wrong
    rest = [layer for layer in place.layers() if layer not in attack.defended_by]
    without = place.try_(attack, rest)
    if attack.succeeds not in without.signs:
        wrong.append(
            f"tests nothing: without {', '.join(attack.defended_by)} ({attack.succeeds}) it fails "
            f"too: {without.signs} {without.printed[-800:]}"
        )
    return wrong


__all__ = ["LAYERS", "Attack", "Outcome", "Range", "verdict"]
