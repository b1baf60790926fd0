"""Facts about passes (`backward`, `autograd.grad`): which ones a selector means, what they gave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.check.view import Found, Seen, View
from grader.model.exercise import EventSelector
from grader.model.observation import Event, Leaf, Node
from grader.model.value import Value

CANDIDATES = 32


@dataclass(frozen=True, slots=True)
class Given:
    """What a pass gave a leaf: the gradient, and the size of what it was added to."""

    value: Value
    before: Value | None


def select(view: View, selector: EventSelector) -> tuple[Seen, ...]:
    """The passes that `selector` means, in the order they began."""
    everywhere = (view.own_names and selector.own_names) or selector.cell is None
    if view.own_names and not selector.own_names:
        return ()
    candidates = view.events() if everywhere else view.events(selector.cell)
    if everywhere and not view.own_names:
        candidates = view.events_of_exercise()
    repeats = _repeats(view) if selector.again is not None else set()
    chosen = tuple(
        seen
        for seen in candidates
        if _fits(view, selector, seen)
        and (selector.again is None or (id(seen.event) in repeats) == selector.again)
    )
    match selector.which:
        case "first":
            return chosen[:1]
        case "last":
            return chosen[-1:]
        case _:
            return chosen


def spread(seen: Sequence[Seen], size: Callable[[Seen], int] = lambda _: 1) -> list[Seen]:
    """Those that are judged, in their order: of each line of code the last, the first, and so on.

    An answer is neither hidden by what a loop made before it nor by what one made after it. Of
    very many lines the last ones count. The sizes of all come to no more than `CANDIDATES`.
    """
    lines: dict[tuple[int, int | None], list[Seen]] = {}
    for each in seen:
        lines.setdefault((each.cell, each.event.line), []).append(each)
    rank = {
        id(each): min(2 * (len(group) - 1 - place), 2 * place + 1)
        for group in lines.values()
        for place, each in enumerate(group)
    }
    order = sorted(seen, key=lambda each: (rank[id(each)], -each.event.serial))
    chosen, room = set[int](), CANDIDATES
    for each in order:
        if (taken := size(each)) <= room:
            chosen.add(id(each))
            room -= taken
    return [each for each in seen if id(each) in chosen]


def one(view: View, selector: EventSelector) -> Seen | None:
    """The pass that roles of an event are taken from: the last that worked, else the last."""
    chosen = select(view, selector)
    worked = tuple(seen for seen in chosen if seen.event.error is None)
    return next(reversed(worked or chosen), None)


def _fits(view: View, selector: EventSelector, seen: Seen) -> bool:
    event = seen.event
    if selector.api is not None and event.api != selector.api:
        return False
    root_ids = {root.id for root in event.roots} - {None}
    if selector.root is not None and _named(view, selector, selector.root, seen) not in root_ids:
        return False
    leaf_ids = {leaf.id for leaf in event.leaves}
    if selector.leaf is not None and _named(view, selector, selector.leaf, seen) not in leaf_ids:
        return False
    if selector.leaf_elements and not any(
        elements(leaf.value) >= selector.leaf_elements for leaf in event.leaves
    ):
        return False
    return all(longest_run(event.nodes, name) >= n for name, n in selector.through.items())


def _named(view: View, selector: EventSelector, path: str, seen: Seen) -> int | None:
    """The id of the tensor that `path` names: after the selector's cell, or the event's own."""
    if view.own_names or selector.cell is None:
        group = next((n for n, g in view.groups.items() if seen.cell in g), None)
        if group is None:
            value = view.cells[seen.cell].names.get(path)
            return value.id if value is not None else None
        found = view.find(path, group)
    else:
        found = view.find(path, selector.cell)
    return found.value.id if isinstance(found, Found) else None


def elements(value: Value) -> int:
    """How many elements a value has, by its shape."""
    count = 1
    for size in value.shape:
        count *= max(size, 0)
    return count


def _repeats(view: View) -> set[int]:
    """`id()` of the passes over nodes that an earlier one went over.

    `AccumulateGrad` does not count: it belongs to the leaf, and every pass over that leaf has it.
    An earlier pass that raised went over nothing. After one that made a graph, a pass from another
    root differentiates what that gave; only one from the same root goes over its graph again.
    """
    gone_over: set[int] = set()
    from_root: dict[int, set[int]] = {}
    repeats: set[int] = set()
    for event in (seen.event for seen in view.events()):
        nodes = _inner(event)
        roots = {root.id for root in event.roots if root.id is not None}
        again = any(not nodes.isdisjoint(from_root.get(root, ())) for root in roots)
        if again or not nodes.isdisjoint(gone_over):
            repeats.add(id(event))
        if event.error is None and event.create_graph:
            for root in roots:
                from_root.setdefault(root, set()).update(nodes)
        elif event.error is None:
            gone_over |= nodes
    return repeats


def _inner(event: Event) -> set[int]:
    return {node.id for node in event.nodes if stem(node.name) != "AccumulateGrad"}


def stem(name: str) -> str:
    """A node's class name without the number of its overload: `MulBackward` of `MulBackward0`."""
    return name.rstrip("0123456789")


def longest_run(nodes: Sequence[Node], name: str) -> int:
    """The length of the longest chain of nodes of class `name`, each leading to the next.

    Depth-first without recursion, each node once. A loop, which only a forged graph has, is cut
    where it closes.
    """
    wanted = stem(name)
    chain = {node.id: node.next for node in nodes if stem(node.name) == wanted}
    longest: dict[int, int] = {}
    for start in chain:
        open_: list[tuple[int, bool]] = [(start, False)]
        entered: set[int] = set()
        while open_:
            node, done = open_.pop()
            if done:
                longest[node] = 1 + max((longest.get(n, 0) for n in chain[node]), default=0)
            elif node not in longest and node not in entered:
                entered.add(node)
                open_.append((node, True))
                open_ += [(n, False) for n in chain[node] if n in chain and n not in longest]
    return max(longest.values(), default=0)


def root_index(event: Event, id: int | None) -> int:
    """The position of the root with that id; 0 where there is none."""
    ids = [root.id for root in event.roots]
    return ids.index(id) if id is not None and id in ids else 0


def cotangent(event: Event, index: int = 0) -> Value | None:
    """The cotangent of a root; one where a scalar root was given none; None where that fails."""
    if index >= len(event.roots):
        return None
    gradient = event.gradients[index] if index < len(event.gradients) else None
    root = event.roots[index]
    if gradient is not None or elements(root) != 1 or len(root.shape) > 8:
        return gradient
    return Value("tensor", root.dtype, root.shape, np.ones(root.shape))


def given(event: Event, leaf: Leaf) -> Given | None:
    """What the pass gave the leaf: what `grad` returned, or `.grad` after minus before."""
    if event.error is not None:
        return None
    if event.api == "grad":
        if event.inputs is None or leaf.id not in event.inputs:
            return None
        position = event.inputs.index(leaf.id)
        returned = event.returned[position] if position < len(event.returned) else None
        return None if returned is None else Given(returned, None)
    if leaf.after is None:
        return None
    if leaf.before is None:
        return Given(leaf.after, None)
    after, before = leaf.after.data, leaf.before.data
    if after is None or before is None or after.shape != before.shape:
        return None
    if "b" in (after.dtype.kind, before.dtype.kind):
        return None
    return Given(replace(leaf.after, data=np.subtract(after, before)), leaf.before)


def produced(seen: Iterable[Seen]) -> list[tuple[Value | None, Value]]:
    """Every gradient that passes produced, with the value of its leaf where that is known."""
    result: list[tuple[Value | None, Value]] = []
    for event in (s.event for s in seen):
        by_leaf = {leaf.id: leaf.value for leaf in event.leaves}
        if event.error is None and event.api == "grad":
            inputs = event.inputs or ()
            for position, value in enumerate(event.returned):
                at = by_leaf.get(inputs[position]) if position < len(inputs) else None
                if value is not None:
                    result.append((at, value))
            continue
        for leaf in event.leaves:
            gave = given(event, leaf)
            if gave is not None:
                result.append((leaf.value, gave.value))
    return result
