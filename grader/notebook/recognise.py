"""Which of a notebook's cells are which of the assignment's: by metadata, id, source, position.

The surest sign comes first. What is left is decided between recognised neighbours, where a cell
that resembles the starter, or sits where it was, is taken for the answer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from grader.notebook.plain import short_text
from grader.notebook.template import Slot, Template, Text, bare

LOCKED_ALIKE = 0.7  # a locked cell that was edited; below it, a cell is the student's own
ANSWER_ALIKE = 0.5
How = Literal["metadata", "id", "source", "position"]


@dataclass(frozen=True)
class Cell:
    """One cell of the notebook that was handed in."""

    index: int
    kind: Literal["code", "markdown", "raw"]
    source: str
    id: str
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def text(self) -> Text:
        """The source as it is compared."""
        return Text(self.source)


@dataclass(frozen=True, slots=True)
class Match:
    """A cell's slot, and what told. `guessed`: nothing but its place did."""

    slot: Slot
    how: How
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Recognition:
    """Cell index → slot; and the prompts: index → (exercise, cell).

    `derived`: whether the notebook comes from a release of the assignment at all.
    """

    matches: Mapping[int, Match]
    prompts: Mapping[int, tuple[str, str]]
    language: str | None
    derived: bool


def recognise(cells: Sequence[Cell], template: Template, *, stamped: bool) -> Recognition:
    """Find the assignment's cells. Without a stamp or other evidence there is no guessing."""
    prompts, language = _prompts(cells, template)
    matches: dict[int, Match] = {}
    for cell in cells:
        if cell.kind == "code" and (match := _by_mark(cell, template)):
            matches[cell.index] = match
    marked = bool(matches)
    matches |= _by_source(cells, template, matches)
    if not (stamped or marked or prompts or _much_in_common(matches, template)):
        return Recognition({}, {}, None, derived=False)
    matches |= _by_place(cells, template, matches, prompts, marked=marked)
    return Recognition(matches, prompts, language, derived=True)


def _by_mark(cell: Cell, template: Template) -> Match | None:
    ours, name = cell.metadata.get("grader"), short_text(cell.metadata.get("name"))
    slot = None
    if isinstance(ours, Mapping):
        slot = _named(template, ours.get("exercise"), ours.get("cell"))
    if slot is None and name is not None:  # a percent script that an author wrote
        slot = _named(template, cell.metadata.get("exercise"), name)
        slot = slot or template.by_bare_name.get(name)
    if slot is not None:
        return Match(slot, "metadata")
    slot = template.by_id.get(cell.id)
    return Match(slot, "id") if slot is not None else None


def _named(template: Template, exercise: object, cell: object) -> Slot | None:
    if isinstance(exercise, str) and isinstance(cell, str):
        return template.by_name.get((exercise, cell))
    return None


def _prompts(
    cells: Sequence[Cell], template: Template
) -> tuple[dict[int, tuple[str, str]], str | None]:
    found: dict[int, tuple[str, str]] = {}
    languages: Counter[str] = Counter()
    for cell in cells:
        if cell.kind != "markdown":
            continue
        ours = cell.metadata.get("grader")
        if isinstance(ours, Mapping):
            place = (short_text(ours.get("exercise")) or "", short_text(ours.get("prompt")) or "")
            if place in template.boundaries and "prompt" in ours:
                found[cell.index] = place
        known = template.prompts.get(bare(cell.source))
        if known is not None:
            found.setdefault(cell.index, known[:2])
            languages[known[2]] += 1
    return found, languages.most_common(1)[0][0] if languages else None


def _by_source(
    cells: Sequence[Cell], template: Template, matches: Mapping[int, Match]
) -> dict[int, Match]:
    """Unclaimed cells whose text is a slot's own, where no other slot has the same text."""
    open_slots = _open(template, matches)
    often = Counter(slot.text.bare for slot in template.slots)
    by_text: dict[str, list[int]] = {}
    for cell in _unclaimed(cells, matches):
        by_text.setdefault(cell.text.bare, []).append(cell.index)
    found: dict[int, Match] = {}
    for slot in open_slots:
        indices = by_text.get(slot.text.bare, [])
        if not slot.text.bare or often[slot.text.bare] > 1 or not indices:
            continue
        before = [i for i, m in {**matches, **found}.items() if m.slot.order < slot.order]
        floor = max(before, default=-1)
        chosen = next((index for index in indices if index > floor), indices[0])
        found[chosen] = Match(slot, "source")
    return found


def _much_in_common(matches: Mapping[int, Match], template: Template) -> bool:
    """Whether equal locked cells alone show a release; one textbook cell in common does not."""
    locked = sum(slot.locked for slot in template.slots)
    common = sum(match.slot.locked for match in matches.values())
    return common >= 2 and common * 4 >= locked * 3


@dataclass(frozen=True, slots=True)
class _Gap:
    """Unclaimed cells between two neighbours, and the open slots that belong there."""

    cells: tuple[Cell, ...]
    slots: tuple[Slot, ...]
    low: float
    after_answer: bool


def _by_place(
    cells: Sequence[Cell],
    template: Template,
    matches: Mapping[int, Match],
    prompts: Mapping[int, tuple[str, str]],
    *,
    marked: bool,
) -> dict[int, Match]:
    found: dict[int, Match] = {}
    for gap in _gaps(cells, template, matches, prompts):
        found |= _alike(gap)
    for gap in _gaps(cells, template, {**matches, **found}, prompts):
        # Where the metadata survived, a cell without it behind an answer is an extra cell.
        answers = [slot for slot in gap.slots if not slot.locked]
        own = [cell for cell in gap.cells if cell.text.bare]
        if (matches or found or prompts) and not (marked and gap.after_answer):
            for cell, slot in zip(own, answers, strict=False):
                below_prompt = gap.low == slot.order - 0.5
                found[cell.index] = Match(slot, "position", guessed=not below_prompt)
    return found


def _gaps(
    cells: Sequence[Cell],
    template: Template,
    matches: Mapping[int, Match],
    prompts: Mapping[int, tuple[str, str]],
) -> Iterator[_Gap]:
    """Runs of unclaimed code cells between recognised cells and prompts."""
    open_slots = list(_open(template, matches))
    starts = [order for (_, cell), order in template.boundaries.items() if not cell]
    run: list[Cell] = []
    low, after_answer = -1.0, False
    for cell in [*cells, None]:
        match = matches.get(cell.index) if cell is not None else None
        at_prompt = cell is not None and cell.index in prompts
        if cell is not None and match is None and not at_prompt:
            if cell.kind == "code":
                run.append(cell)
            continue
        high = float(len(template.slots))
        if match is not None:
            high = float(match.slot.order)
        elif cell is not None:
            high = template.boundaries[prompts[cell.index]] - 0.5
        # In a notebook that was reordered, a gap ends where the exercise before it does.
        bound = high if high > low else min((s for s in starts if s > low), default=math.inf)
        inside = tuple(s for s in open_slots if low < s.order < bound)
        if run and inside:
            yield _Gap(tuple(run), inside, low, after_answer)
            open_slots = [s for s in open_slots if s not in inside]
        run, low = [], high
        after_answer = match is not None and not match.slot.locked


def _alike(gap: _Gap) -> dict[int, Match]:
    """The assignment of cells to slots, in order, whose sum of resemblances is largest."""
    rows = len(gap.cells) + 1
    columns = len(gap.slots) + 1
    best = [[0.0] * columns for _ in range(rows)]
    score = [[_score(slot, cell) for slot in gap.slots] for cell in gap.cells]
    for r in range(1, rows):
        for c in range(1, columns):
            both = best[r - 1][c - 1] + score[r - 1][c - 1]
            best[r][c] = max(best[r - 1][c], best[r][c - 1], both)
    found: dict[int, Match] = {}
    r, c = rows - 1, columns - 1
    while r and c:
        if best[r][c] == best[r - 1][c]:
            r -= 1
        elif best[r][c] == best[r][c - 1]:
            c -= 1
        else:
            found[gap.cells[r - 1].index] = Match(gap.slots[c - 1], "position")
            r, c = r - 1, c - 1
    return found


def _score(slot: Slot, cell: Cell) -> float:
    alike = slot.resemblance(cell.text)
    return alike if alike >= (LOCKED_ALIKE if slot.locked else ANSWER_ALIKE) else 0.0


def _open(template: Template, matches: Mapping[int, Match]) -> Iterator[Slot]:
    filled = {match.slot.order for match in matches.values()}
    return (slot for slot in template.slots if slot.order not in filled)


def _unclaimed(cells: Sequence[Cell], matches: Mapping[int, Match]) -> Iterator[Cell]:
    return (cell for cell in cells if cell.kind == "code" and cell.index not in matches)
