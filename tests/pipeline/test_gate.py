"""Who is alone is alone, and gets in: with threads that tell what they see, and no clock."""

from __future__ import annotations

import random
from threading import Barrier, Event, Lock, Thread

import pytest

from grader.gate import Gate

PATIENCE = 30


def test_shared_is_shared() -> None:
    gate, meet = Gate(), Barrier(3, timeout=PATIENCE)

    def work() -> None:
        with gate.shared():
            meet.wait()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    with gate.shared():
        meet.wait()
    for thread in threads:
        thread.join(PATIENCE)


def test_newcomers_wait_for_who_wants_to_be_alone() -> None:
    class Told(Gate):
        """Says when somebody has begun to wait."""

        def __init__(self) -> None:
            super().__init__()
            self.waits = Event()
            wait_for = self._changed.wait_for

            def telling(ready, timeout=None):  # type: ignore[no-untyped-def]
                self.waits.set()
                return wait_for(ready, timeout)

            self._changed.wait_for = telling  # type: ignore[method-assign]

    gate, order = Told(), []

    def enter(name: str) -> None:
        with gate.alone() if name == "alone" else gate.shared():
            order.append(name)

    threads = []
    with gate.shared():
        for name in ("alone", "late"):
            gate.waits.clear()
            threads.append(Thread(target=enter, args=(name,)))
            threads[-1].start()
            assert gate.waits.wait(PATIENCE)
        order.append("first")
    for thread in threads:
        thread.join(PATIENCE)
    assert order == ["first", "alone", "late"]


def test_an_error_inside_leaves_the_gate_open() -> None:
    gate = Gate()
    for enter in (gate.shared, gate.alone, gate.shared, gate.alone):
        with pytest.raises(ZeroDivisionError), enter():
            _ = 1 / 0


def test_nobody_is_ever_beside_who_is_alone() -> None:
    gate, count, lock = Gate(), {"shared": 0, "alone": 0}, Lock()
    seen: list[tuple[int, int]] = []

    def work(seed: int) -> None:
        draw = random.Random(seed)
        for _ in range(200):
            kind = "alone" if draw.random() < 0.2 else "shared"
            with gate.alone() if kind == "alone" else gate.shared():
                with lock:
                    count[kind] += 1
                    seen.append((count["shared"], count["alone"]))
                with lock:
                    count[kind] -= 1

    threads = [Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(seen) == 1600
    assert all(alone == 0 or (shared, alone) == (0, 1) for shared, alone in seen)
