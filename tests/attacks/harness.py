"""Runs attacks beside an honest notebook, on one fork server, and says what they achieved."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import threading
from collections.abc import Callable, Collection, Iterator
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
from tests.run.conftest import runs

COURSE = Path(__file__).resolve().parent.parent.parent
SEED = 20
_LEAVE_SECONDS = 10  # for processes of a notebook that was held
_TRIES = 3  # that an attack succeeds without its defences has to be seen once
_STAY_SECONDS = 1  # and of one that was not: what lives so much longer than its notebook stays

# The right answer that stands in a notebook beside the attacked exercise, and may not suffer: after
# it where an attack ruins what follows in its own exercise only, before it where in the kernel.
_BESIDE = {
    "backward-twice": "control-flow-vector",
    "control-flow-vector": "gradient-argument",
    "gradient-argument": "control-flow-vector",
}
_HONEST = "gradient-argument"
_HONEST_SECONDS = 4.0  # of CPU time for a cell; a victim waits for its attacker

# Something to lose: it stands in an exercise of the honest notebook beside attacks on siblings.
_VICTIM = """
import os, pathlib, socket, time
pathlib.Path("/dev/shm/@mark@-victim").write_text("@victim@")
pathlib.Path("victim.txt").write_text("@victim@")
os.environ["VICTIM"] = "@victim@"
for _ in range(50):
    print("@victim@", flush=True)
    time.sleep(0.1)
os.unlink("/dev/shm/@mark@-victim")
"""


@dataclass
class Outcome:
    """What an attack achieved: signs (`world.SIGNS`) with what was seen, and whether it ran."""

    signs: dict[str, str] = field(default_factory=dict)
    carried_out: bool = False
    ended: str = ""
    printed: str = ""

    def note(self, sign: str, what: str) -> None:
        """Add a sign, to those of the same name too."""
        self.signs[sign] = "; ".join(filter(None, (self.signs.get(sign), what)))


class Range:
    """Where attacks are tried: canaries, a reference process, a fork server with all layers, and
    one with those that were asked for last. A context manager."""

    def __init__(self, course: Path = COURSE) -> None:
        loaded = load_assignment(course, "autograd")
        limits = dataclasses.replace(
            loaded.limits,
            notebook_seconds=20.0,
            # Wide, as for students: both users' attacks run at once, and a right answer that
            # waits for a core is not what an attack did.
            wall_factor=8.0,
        )
        self.course = course
        self._assignment: Assignment = dataclasses.replace(loaded, limits=limits)
        self.world = World(course)
        self._process = ReferenceProcess(references(course, loaded))
        self._on: KernelServer | None = None
        self._less: tuple[tuple[str, ...], KernelServer] | None = None
        self._bases: dict[tuple[str, str, tuple[str, ...]], bytes] = {}
        self._undisturbed: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        self._references = self._process.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in (self._on, self._less and self._less[1]):
            if server is not None:
                server.close()
        self._process.__exit__(kind, error, trace)
        self.world.close()

    def on(self) -> KernelServer:
        """A living fork server with all layers that the machine offers."""
        if self._on is None or not self._on.alive:
            if self._on is not None:
                self._on.close()
            self._on = _warm(KernelServer())
        return self._on

    def only(self, layers: tuple[str, ...]) -> KernelServer:
        """A living fork server with these layers; the one before it with others is closed."""
        if self._less is not None:
            if self._less[0] == layers and self._less[1].alive:
                return self._less[1]
            self._less[1].close()
        self._less = layers, _warm(KernelServer(layers=layers))
        return self._less[1]

    def layers(self) -> tuple[str, ...]:
        """The layers that this machine offers; results show some with their version behind."""
        names = [name.partition("-")[0] for name in self.on().isolation]
        return tuple(layer for layer in LAYERS if layer in names)

    def missing(self, attack: Attack) -> str | None:
        """Why an attack cannot be tried here: none of its layers is to be had."""
        if attack.by_design or set(attack.defended_by) & set(self.layers()):
            return None
        return f"this machine offers none of {', '.join(attack.defended_by)}"

    def _graded(
        self,
        data: bytes,
        exercises: Collection[str],
        server: KernelServer,
        *,
        seconds: float = 1.0,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Graded:
        assignment = self._of(exercises)
        limits = dataclasses.replace(
            assignment.limits, cell_seconds=seconds, call_seconds=seconds / 2
        )
        return grade(
            data, "hw.ipynb", dataclasses.replace(assignment, limits=limits), self._references,
            seed=SEED, server=server.address, progress=progress,
        )  # fmt: skip

    def _of(self, exercises: Collection[str]) -> Assignment:
        every = self._assignment.exercises
        return dataclasses.replace(
            self._assignment, exercises=tuple(e for e in every if e.id in exercises)
        )

    def _composed(self, attack: Attack, exercises: Collection[str], cells: bool = True) -> bytes:
        key = (attack.exercise, attack.answer, tuple(exercises))
        if key not in self._bases:
            assignment = self._of(exercises)
            chosen = attacks.answers(self.course, assignment, attack.exercise, attack.answer)
            self._bases[key] = notebook(assignment, chosen)
        base = self._bases[key]
        return attacks.compose(base, attack, self.world.values) if cells else base

    def _sibling(self, victim: bool) -> bytes:
        source = _VICTIM.replace("@victim@", self.world.secret("victim"))
        honest = Attack("honest", (("inputs", source),), _HONEST, ("design",))
        return self._composed(honest, (_HONEST,), cells=victim)

    def undisturbed(self, key: str, data: bytes, exercises: Collection[str]) -> dict[str, Any]:
        """The result of a notebook that runs alone, timings aside; worked out once."""
        if key not in self._undisturbed:
            graded = self._graded(data, exercises, self.on(), seconds=_HONEST_SECONDS)
            self._undisturbed[key] = plain(graded)
        return self._undisturbed[key]

    def attempt(self, attack: Attack) -> Outcome:
        """Run an attack with all layers on, beside an honest notebook."""
        server, beside = self.on(), self._sibling(attack.victim)
        exercises = (attack.exercise, _BESIDE[attack.exercise])
        due_beside = self.undisturbed(f"honest {attack.victim}", beside, (_HONEST,))
        due = self.undisturbed(
            f"{attack.exercise} {attack.answer}",
            self._composed(attack, exercises, cells=False),
            exercises,
        )
        outcome = Outcome()
        with self._watched(server, outcome):
            graded, graded_beside = self._both(attack, server, beside)
            self._judge_own(attack, graded, due, outcome)
            _judge_honest(graded_beside, due_beside, outcome)
            if server.alive and (said := _said(server)) != "42":
                outcome.note("next", f"a kernel after it says {said!r}")
        return outcome

    def attempt_without(self, attack: Attack) -> Outcome:
        """Run it with the layers that defend against it switched off."""
        rest = tuple(layer for layer in self.layers() if layer not in attack.defended_by)
        server = self.only(rest)
        outcome = Outcome()
        with self._watched(server, outcome, _STAY_SECONDS):
            if attack.victim:
                graded, _ = self._both(attack, server, self._sibling(victim=True))
            else:
                graded = _Thread(lambda: self._own(attack, server)).join()
            _look_at(graded, outcome)
        return outcome

    def _own(self, attack: Attack, server: KernelServer) -> Graded:
        exercises = (attack.exercise, _BESIDE[attack.exercise])
        data = self._composed(attack, exercises)
        return self._graded(data, exercises, server, seconds=attack.seconds)

    def _both(
        self, attack: Attack, server: KernelServer, beside: bytes
    ) -> tuple[Graded | Exception, Graded | Exception]:
        reached = threading.Event()
        tell = _tell(reached, attack.victim)
        together = _Thread(
            lambda: self._graded(beside, (_HONEST,), server, seconds=_HONEST_SECONDS, progress=tell)
        )
        reached.wait(60)
        own = _Thread(lambda: self._own(attack, server))
        return own.join(), together.join()

    @contextlib.contextmanager
    def _watched(
        self, server: KernelServer, outcome: Outcome, patience: float = _LEAVE_SECONDS
    ) -> Iterator[None]:
        """Note what of the machine is not afterwards as it was before."""
        self.world.touched()
        process = server._process
        left, living = self.world.leftovers(), _descendants()
        yield
        if not server.alive or server._process is not process:
            outcome.note("server", "it died")
        survivors = _survivors(living | _forks(self._process), patience)
        if survivors:
            outcome.note("survivor", ", ".join(survivors))
        # The canaries have had their say when the processes that could reach them are gone.
        for sign in self.world.touched():
            outcome.note(sign, "a canary says so")
        behind = self.world.leftovers() - left
        if behind:
            outcome.note("leftover", ", ".join(sorted(behind)))
            self.world.clear(behind)

    def _judge_own(
        self, attack: Attack, graded: Graded | Exception, due: dict[str, Any], outcome: Outcome
    ) -> None:
        printed = _look_at(graded, outcome)
        if isinstance(graded, Exception):
            return
        shown = html(
            graded.result, graded.submission, graded.capture, "en", diagnosis_texts(graded.result)
        )
        mine = plain(graded)
        leaked = self.world.leaked(
            shown + repr(graded.capture) + repr(graded.result) + json.dumps(mine)
        )
        if leaked:
            outcome.note("leak", ", ".join(sorted(leaked)))
        ended = {
            cell.status
            for cell in graded.capture.cells
            if graded.submission.cells[cell.cell].exercise == attack.exercise
        }
        outcome.ended = f"{graded.result.run.status}, cells {', '.join(sorted(ended)) or 'none'}"
        # A cell that took the kernel with it has run, though what it printed may be lost.
        lost = attack.costs and ended & {"crashed", "timeout"}
        outcome.carried_out = bool(lost) or (
            attack.carried_out in printed
            if attack.carried_out == "DONE"
            else attack.carried_out in {*ended, graded.result.run.status}
        )
        scores = {exercise["id"]: exercise["score"] for exercise in mine["exercises"]}
        for exercise in due["exercises"]:
            got, most = scores[exercise["id"]], exercise["score"]
            least = most
            if exercise["id"] == attack.exercise:
                most = most if attack.earns is None else attack.earns
                least = most if attack.earns is None and not attack.costs else 0
            if not least <= got <= most:
                outcome.note("points", f"{exercise['id']}: {got} instead of {exercise['score']}")


def _look_at(graded: Graded | Exception, outcome: Outcome) -> str:
    """Note whether an attack's notebook was graded and what it printed, and return that."""
    if isinstance(graded, Exception):
        outcome.note("not graded", f"{type(graded).__name__}: {graded}"[:500])
        return ""
    if graded.result.status != "graded":
        outcome.note("not graded", str(graded.result.reason))
    outputs = [output for cell in graded.capture.cells for output in cell.outputs]
    outcome.printed = "".join(output.text for output in outputs)
    # What a cell says of itself in a traceback is its source: only what was printed counts.
    printed = "".join(o.text for o in outputs if o.kind in ("stdout", "stderr", "result"))
    if "LOOT:" in printed:
        outcome.note("LOOT", printed[printed.index("LOOT:") :][:200])
    return printed


def _judge_honest(graded: Graded | Exception, due: dict[str, Any], outcome: Outcome) -> None:
    if isinstance(graded, Exception):
        outcome.note("sibling", f"{type(graded).__name__}: {graded}"[:500])
        return
    got = plain(graded)
    if got != due:
        outcome.note("sibling", _difference(got, due))


def _warm(server: KernelServer) -> KernelServer:
    """A server that has given a kernel, so that all its processes are there."""
    _said(server)
    return server


def _said(server: KernelServer) -> str:
    """What a kernel of this server prints that is asked for 6 times 7."""
    try:
        sealed, _ = runs(server.address)([("a", "print(6 * 7)")])
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "".join(output.text for cell in sealed.cells for output in cell.outputs).strip()


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


def _forks(reference: ReferenceProcess) -> set[psutil.Process]:
    """What the references' process forks for itself, and keeps: no student's code is near it."""
    worker = reference._child
    with contextlib.suppress(psutil.NoSuchProcess):  # it ended, and will be started again
        return set() if worker is None else {*psutil.Process(worker.pid).children()}
    return set()


def _survivors(living: set[psutil.Process], patience: float) -> list[str]:
    """New processes below us that do not end by themselves; they are killed."""
    _, alive = psutil.wait_procs(_descendants() - living, timeout=patience)
    said = []
    for process in alive:
        try:
            said.append(f"{process.pid} {process.status()} {' '.join(process.cmdline())[:100]}")
            process.kill()
        except psutil.Error:
            continue
    return said


def verdict(place: Range, attack: Attack, *, prove: bool = True) -> list[str]:
    """Everything that is wrong about how an attack went; empty when it was held.

    Args:
        place: where it is tried.
        attack: to try.
        prove: that it succeeds with the layers that defend against it switched off.
    """
    outcome = place.attempt(attack)
    wrong = [f"got through ({sign}): {what}" for sign, what in sorted(outcome.signs.items())]
    if attack.by_design:
        if not outcome.carried_out:
            wrong.append(
                f"was not carried out ({attack.carried_out}): {outcome.ended} "
                f"{outcome.printed[-800:]}"
            )
        return wrong
    if not prove or (attack.as_root and os.geteuid() != 0):
        return wrong
    for _ in range(_TRIES):  # it may miss its victim by the clock
        without = place.attempt_without(attack)
        if attack.succeeds in without.signs:
            break
    else:
        wrong.append(
            f"tests nothing: without {', '.join(attack.defended_by)} ({attack.succeeds}) it fails "
            f"too: {without.signs} {without.printed[-800:]}"
        )
    return wrong


__all__ = ["LAYERS", "Attack", "Outcome", "Range", "verdict"]
