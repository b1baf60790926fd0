"""An attack: one file of `notebooks/`, a percent script with a header about it.

    # /// attack
    # exercise = "gradient-argument"   whose cells it stands in
    # answer = "accepted"              the answer beside it: accepted, starter, wrong/…
    # replaces = false                    its cells replace the answer's cells of the same name
    # defended-by = ["namespaces"]     layers without which it succeeds; ["design"]: none of them
    # succeeds = "LOOT"                   the sign of success without them (`world.SIGNS`)
    # carried-out = "DONE"                design only: printed, or how the attack's cell ended
    # costs = false                       the attacker's own exercise may lose points by it
    # earns = 1.0                         at most so many points, whatever the answer beside it gets
    # as-root = false                     only root could do it without the layers
    # victim = false                      its sibling is one with something to lose, and slow
    # seconds = 1.0                       of CPU time that a cell may use
    # once = false                        not again when the exercise is asked about: it costs much
    # editable = false                    tried from an install that lies in the course
    # ///

A cell's name is that of the exercise's cell behind which it is put (or which it replaces).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from grader.model.exercise import Assignment
from grader.selftest import Sample, samples
from grader.spec.files import percent_cells

FOLDER = Path(__file__).resolve().parent / "notebooks"
_BLOCK = re.compile(r"^# /// attack\n(?P<body>(?:#.*\n)*?)# ///$", re.MULTILINE)
_ONCE = """import os
assert not os.path.exists("tried")
open("tried", "w").close()
"""
_KEYS = {
    "exercise", "answer", "replaces", "defended-by", "succeeds", "carried-out", "costs", "victim",
    "earns", "as-root", "seconds", "once", "editable",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attack:
    """What a file of `notebooks/` says of itself, and its cells as (name, source)."""

    name: str
    cells: tuple[tuple[str, str], ...]
    exercise: str
    defended_by: tuple[str, ...]
    answer: str = "accepted"
    replaces: bool = False
    succeeds: str = "LOOT"
    carried_out: str = "DONE"
    costs: bool = False
    seconds: float = 1.0
    once: bool = False
    victim: bool = False
    editable: bool = False
    earns: float | None = None
    as_root: bool = False

    @property
    def by_design(self) -> bool:
        """No layer defends against it: what is sent and believed does."""
        return self.defended_by == ("design",)


def every() -> list[Attack]:
    """All attacks; those that the same layers defend against stand together."""
    found = [load(path.stem) for path in FOLDER.glob("*.py")]
    return sorted(found, key=lambda attack: (attack.defended_by, attack.name))


def load(name: str) -> Attack:
    """Read `notebooks/<name>.py`."""
    text = (FOLDER / f"{name}.py").read_text("utf-8")
    match = _BLOCK.search(text)
    if match is None:
        raise ValueError(f"{name}: no attack block")
    lines = match["body"].splitlines()
    table = tomllib.loads("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines))
    unknown = set(table) - _KEYS
    if unknown:
        raise ValueError(f"{name}: unknown keys {', '.join(sorted(unknown))}")
    cells = tuple(
        (cell, source)
        for cell, _, source in percent_cells(_BLOCK.sub("", text))
        if cell is not None
    )
    plain = {key.replace("-", "_"): value for key, value in table.items()}
    plain["defended_by"] = tuple(plain["defended_by"])
    return Attack(name=name, cells=cells, **plain)


def answers(course: Path, assignment: Assignment, attacked: str, answer: str) -> list[Sample]:
    """Right answers to every exercise but the attacked one, which has the answer named."""
    found = samples(course, assignment)
    chosen = []
    for exercise in assignment.exercises:
        kind = answer if exercise.id == attacked else "accepted"
        own = [s for s in found if s.exercise == exercise.id]
        chosen.append(next(s for s in own if s.name == kind or s.kind == kind))
    return chosen


def compose(base: bytes, attack: Attack, values: Mapping[str, str]) -> bytes:
    """A notebook with the attack in it, `@name@` replaced by `values["name"]`."""
    made = nbformat.reads(base, as_version=4)
    for name, text in attack.cells:
        source = re.sub(r"@([a-z]+)@", lambda found: values.get(found[1], found[0]), text)
        if attack.once:
            source = _ONCE + source
        index = next(
            i
            for i, cell in enumerate(made.cells)
            if cell.cell_type == "code"
            and cell.metadata.get("grader", {}).get("exercise") == attack.exercise
            and cell.metadata["grader"].get("cell") == name
        )
        if attack.replaces:
            made.cells[index].source = source
        else:
            made.cells.insert(index + 1, nbformat.v4.new_code_cell(source))
    return str(nbformat.writes(made)).encode()
