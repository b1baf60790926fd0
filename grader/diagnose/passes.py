"""What a pass gave and what it found, by leaf."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from grader.diagnose.arrays import Array, alike, array
from grader.model.observation import Event


def given(event: Event) -> dict[int, Array]:
    """What a pass gave, by leaf: what `grad` returned, or `.grad` after minus before."""
    found: dict[int, Array] = {}
    if event.error is not None:
        return found
    if event.api == "grad":
        for id, value in zip(event.inputs or (), event.returned, strict=False):
            numbers = array(value)
            if numbers is not None:
                found[id] = numbers
        return found
    for leaf in event.leaves:
        after, before = array(leaf.after), array(leaf.before)
        if after is None or (leaf.before is not None and before is None):
            continue
        if before is None:
            found[leaf.id] = after
        elif before.shape == after.shape:
            with np.errstate(all="ignore"):
                found[leaf.id] = after - before
    return found


def held(event: Event) -> dict[int, Array]:
    """What `.grad` of each leaf held when the pass began, where that was not zero."""
    found = {leaf.id: array(leaf.before) for leaf in event.leaves}
    return {id: one for id, one in found.items() if one is not None and bool(one.any())}


def emptied(events: Iterable[Event]) -> frozenset[int]:
    """The leaves whose `.grad` one `backward` pass filled and a later one found empty."""
    filled: set[int] = set()
    found: set[int] = set()
    for event in events:
        if event.api != "backward" or event.error is not None:
            continue
        before = held(event)
        for leaf in event.leaves:
            if leaf.id in filled and leaf.id not in before:
                found.add(leaf.id)
            after = array(leaf.after)
            if after is not None and after.any():
                filled.add(leaf.id)
    return frozenset(found)


def never_cleared(events: Iterable[Event]) -> int:
    """The longest row of `backward` passes, each of which found what the one before had left."""
    longest: dict[int, int] = {}
    left: dict[int, Array] = {}
    for event in events:
        if event.api != "backward" or event.error is not None:
            continue
        for leaf in event.leaves:
            before, after = array(leaf.before), array(leaf.after)
            found = before is not None and leaf.id in left and alike(before, left[leaf.id])
            if found and before is not None and before.any():
                longest[leaf.id] = longest.get(leaf.id, 1) + 1
            if after is not None:
                left[leaf.id] = after
    return max(longest.values(), default=0)
