"""Brings a notebook into line with the assignment it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from grader.errors import SubmissionError
from grader.model.exercise import Assignment
from grader.model.submission import Message, Submission, SubmittedCell
from grader.notebook.read import MADE_ID, notices
from grader.notebook.recognise import Cell, Match, Recognition, recognise
from grader.notebook.stamp import Stamp, stamp
from grader.notebook.template import Slot, Template, template


def align(notebook: Mapping[str, Any], assignment: Assignment) -> Submission:
    """The notebook's cells as they will be run, each with the cell of the assignment it answers.

    `notebook` is what `read` gave. Locked cells get the assignment's text and come back where they
    are missing. Several cells may carry the name of one answer (split or copied): all of them run,
    the last one counts; of locked cells one has the name, and copies are extra cells. Where no cell
    is recognised nothing is inserted, and the notebook is one with names of its own.

    Raises:
        SubmissionError: `input.other-assignment`.
    """
    released = stamp(notebook)
    if released is not None and released.assignment != assignment.id:
        raise SubmissionError(
            "input.other-assignment", expected=assignment.id, found=released.assignment
        )
    cells = tuple(_cells(notebook))
    slots = template(assignment)
    known = recognise(cells, slots, stamped=released is not None)
    changed = _spec_changed(released, assignment)
    own = Submission(
        cells=tuple(_submitted(cell, cell.index) for cell in cells),
        language=(released.language if released else None) or known.language or "en",
        assignment=released.assignment if released else None,
        spec_hash=released.spec_hash if released else None,
        own_names=True,
        notices=(*notices(notebook), *changed, Message("notice.own-names")),
    )
    if not known.matches:
        return own
    chosen = _without_locked_copies(cells, known.matches)
    missing = _missing(slots, chosen)
    places = _places(cells, chosen, known.prompts, missing)
    found = _notices(cells, known, chosen, missing, slots, spec_changed=bool(changed))
    return replace(
        own,
        cells=tuple(_arranged(cells, chosen, known.prompts, places)),
        own_names=False,
        notices=(*notices(notebook), *changed, *found),
    )


def _cells(notebook: Mapping[str, Any]) -> Iterator[Cell]:
    for index, cell in enumerate(notebook["cells"]):
        id = cell.get("id", "")
        yield Cell(
            index,
            cell["cell_type"],
            cell["source"],
            "" if id.startswith(MADE_ID) else id,
            cell["metadata"],
        )


def _spec_changed(released: Stamp | None, assignment: Assignment) -> tuple[Message, ...]:
    if released is None or not released.spec_hash or not assignment.spec_hash:
        return ()
    if released.spec_hash == assignment.spec_hash:
        return ()
    hashes = {"released": released.spec_hash[:12], "current": assignment.spec_hash[:12]}
    return (Message("notice.spec-changed", hashes),)


def _without_locked_copies(cells: Sequence[Cell], matches: Mapping[int, Match]) -> dict[int, Match]:
    """Of several cells for one locked slot, keep the one that is most surely it."""
    best: dict[Slot, int] = {}
    for index in sorted(matches):
        slot = matches[index].slot
        if slot.locked and (
            slot not in best or _likeness(cells[index], slot) > _likeness(cells[best[slot]], slot)
        ):
            best[slot] = index
    return {i: m for i, m in matches.items() if best.get(m.slot, i) == i}


def _likeness(cell: Cell, slot: Slot) -> tuple[bool, float]:
    return cell.text.bare == slot.text.bare, slot.resemblance(cell.text)


def _missing(template: Template, chosen: Mapping[int, Match]) -> tuple[Slot, ...]:
    filled = {match.slot for match in chosen.values()}
    return tuple(slot for slot in template.slots if slot not in filled)


def _present(chosen: Mapping[int, Match]) -> set[str]:
    return {match.slot.exercise for match in chosen.values()}


def _places(
    cells: Sequence[Cell],
    chosen: Mapping[int, Match],
    prompts: Mapping[int, tuple[str, str]],
    missing: Sequence[Slot],
) -> dict[int, list[Slot]]:
    """Cell index → missing locked cells that go before it; those of absent exercises are left out.

    The place is before the first of the exercise's cells that the template has after it, else
    behind the exercise's last cell and the extra cells that belong to that one.
    """
    places: dict[int, list[Slot]] = {}
    for slot in missing:
        if not slot.locked or slot.exercise not in _present(chosen):
            continue
        of_exercise = [i for i, m in chosen.items() if m.slot.exercise == slot.exercise]
        later = [i for i in of_exercise if chosen[i].slot.order > slot.order]
        if later:
            place = min(later)
        else:
            ends = (i for i in sorted({*chosen, *prompts}) if i > max(of_exercise))
            place = next(ends, len(cells))
        places.setdefault(place, []).append(slot)
    return places


def _arranged(
    cells: Sequence[Cell],
    chosen: Mapping[int, Match],
    prompts: Mapping[int, tuple[str, str]],
    places: Mapping[int, Sequence[Slot]],
) -> Iterator[SubmittedCell]:
    """All cells in the order in which they run; extra ones with the exercise before them."""
    index = 0
    current: str | None = None
    for position in range(len(cells) + 1):
        for slot in places.get(position, ()):
            current = slot.exercise
            yield _restored(slot, index)
            index += 1
        if position == len(cells):
            return
        cell, match = cells[position], chosen.get(position)
        if match is not None:
            current = match.slot.exercise
        place = prompts.get(position)
        yield _submitted(cell, index, match, place[0] if place else current)
        index += 1


def _restored(slot: Slot, index: int) -> SubmittedCell:
    return SubmittedCell(
        index=index,
        kind="code",
        source=slot.source,
        exercise=slot.exercise,
        name=slot.cell,
        locked=True,
        how="restored",
    )


def _submitted(
    cell: Cell, index: int, match: Match | None = None, exercise: str | None = None
) -> SubmittedCell:
    locked = match is not None and match.slot.locked
    return SubmittedCell(
        index=index,
        kind=cell.kind,
        source=match.slot.source if match is not None and locked else cell.source,
        id=cell.id,
        exercise=exercise,
        name=match.slot.cell if match is not None else None,
        locked=locked,
        how=match.how if match is not None else None,
    )


def _about(slot: Slot, id: str, **more: int) -> Message:
    return Message(id, {"exercise": slot.exercise, "cell": slot.cell, **more})


def _notices(
    cells: Sequence[Cell],
    known: Recognition,
    chosen: Mapping[int, Match],
    missing: Sequence[Slot],
    template: Template,
    *,
    spec_changed: bool,
) -> Iterator[Message]:
    if all(match.how != "metadata" for match in known.matches.values()):
        yield Message("notice.metadata-lost")
    often = Counter(match.slot for match in known.matches.values())
    for index, match in sorted(chosen.items()):
        if match.slot.locked and cells[index].text.bare != match.slot.text.bare:
            # A corrected spec may have changed the text itself: then nobody is to blame.
            id = "notice.locked-updated" if spec_changed else "notice.locked-restored"
            yield _about(match.slot, id)
        if match.guessed:
            yield _about(match.slot, "notice.cell-guessed")
    for slot, count in often.items():
        if count > 1:
            yield _about(slot, "notice.cell-duplicated", count=count)
    yield from _missing_notices(template, chosen, missing)
    yield from _order_notices(chosen)


def _missing_notices(
    template: Template, chosen: Mapping[int, Match], missing: Sequence[Slot]
) -> Iterator[Message]:
    present = _present(chosen)
    for exercise in dict.fromkeys(slot.exercise for slot in template.slots):
        if exercise not in present:
            yield Message("notice.exercise-missing", {"exercise": exercise})
    for slot in missing:
        if slot.exercise in present:
            yield _about(slot, "notice.locked-missing" if slot.locked else "notice.cell-missing")


def _order_notices(chosen: Mapping[int, Match]) -> Iterator[Message]:
    first: dict[Slot, None] = {}
    for index in sorted(chosen):
        first.setdefault(chosen[index].slot)
    for exercise in dict.fromkeys(slot.exercise for slot in first):
        orders = [slot.order for slot in first if slot.exercise == exercise]
        if orders != sorted(orders):
            yield Message("notice.cells-reordered", {"exercise": exercise})
    runs = [exercise for exercise, _ in groupby(slot.exercise for slot in first)]
    if runs != list(dict.fromkeys(s.exercise for s in sorted(first, key=lambda s: s.order))):
        yield Message("notice.exercises-reordered")
