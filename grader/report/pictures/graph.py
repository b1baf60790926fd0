"""The graph that a pass walked, from its result down to the leaves, as the run recorded it.

What an earlier pass had freed is marked, and so are tensors that asked for a gradient and that the
pass did not reach. Beside it stands the graph that was intended: the same one with what was freed
kept, and with a way to what was not reached. It is made of the student's own, so that it teaches
the point and tells nothing of how the course computes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from markupsafe import Markup

from grader.model.observation import Event
from grader.report.inert import one_line
from grader.report.language import text
from grader.report.pictures.svg import Picture, box, drawing, line, words

HIGH, GAP_DOWN, GAP_ACROSS = 28, 24, 14  # of a box and between boxes, in CSS pixels
LETTER, PADDING = 7.4, 18
NODES, LAYERS, ACROSS = 28, 16, 7
_VIA = -1000  # ids of empty boxes, downwards
_WAY = -500  # id of the box for operations that should be there
SIGNS = {"freed": "✗ ", "lost": "? ", "cut": "✂ ", "kept": "✓ "}


@dataclass(frozen=True, slots=True)
class Box:
    """A node as it is drawn: its words, what it is, and the boxes that it leads to."""

    id: int
    text: str
    kind: str  # root, cut, node, freed, kept, leaf, lost, via
    next: tuple[int, ...] = ()

    @property
    def width(self) -> float:
        """In CSS pixels."""
        return len(SIGNS.get(self.kind, "") + self.text) * LETTER + PADDING


def boxes(
    event: Event,
    names: Mapping[int, str],
    freed: Collection[int],
    lost: Collection[str],
    language: str,
) -> tuple[Box, ...] | None:
    """What is drawn of a pass, roots first; None where it is too much for a picture.

    Args:
        event: the pass.
        names: tensor id → the student's name for it.
        freed: nodes that an earlier pass has gone over and freed.
        lost: names of tensors that asked for a gradient and were not reached.
    """
    if len(event.nodes) > 200:
        return None
    nodes = {node.id: node for node in event.nodes}
    parents: dict[int, list[int]] = {}
    for node in event.nodes:
        for child in node.next:
            parents.setdefault(child, []).append(node.id)
    drawn: list[Box] = []
    swallowed: set[int] = set()
    for node in event.nodes:
        if node.id in swallowed:
            continue
        count, last = 1, node
        while len(last.next) == 1 and (below := nodes.get(last.next[0])) is not None:
            alike = below.name == node.name and below.leaf is None
            alike = alike and (below.id in freed) == (node.id in freed)
            ring = below.id == node.id or below.id in swallowed  # a capture may tell anything
            if ring or not alike or len(parents[below.id]) != 1:
                break
            swallowed.add(below.id)
            count, last = count + 1, below
        kind = "leaf" if node.leaf is not None else "freed" if node.id in freed else "node"
        name = node.name
        if node.leaf is not None:
            leaf = names.get(node.leaf)
            name = f"{leaf}.grad" if leaf else text("picture.graph.tensor", language)
        said = one_line(name, 26) + (f" × {count}" if count > 1 else "")
        following = tuple(dict.fromkeys(one for one in last.next if one in nodes))
        drawn.append(Box(node.id, said, kind, following))
    tops = [one.id for one in drawn if one.id not in parents]
    root = ", ".join(found for one in event.roots[:3] if (found := names.get(one.id or -1)))
    said = one_line(root, 26) or text("picture.graph.result", language)
    drawn.insert(0, Box(-1, said, "root" if event.nodes else "cut", tuple(tops)))
    drawn += [Box(-2 - place, one_line(name, 26), "lost") for place, name in enumerate(lost)]
    return tuple(drawn) if len(drawn) <= NODES else None


def intended(drawn: tuple[Box, ...]) -> tuple[Box, ...] | None:
    """The graph of `drawn` as it was meant to be; None where nothing was freed or cut.

    Which operations should lead to a leaf that was not reached is not known: they are one box, `…`.
    """
    lost = tuple(one.id for one in drawn if one.kind == "lost")
    if not lost and not any(one.kind == "freed" for one in drawn):
        return None
    mended: list[Box] = []
    for one in drawn:
        if one.kind in ("root", "cut"):
            mended.append(replace(one, kind="root", next=one.next + ((_WAY,) if lost else ())))
        elif one.kind == "freed":
            mended.append(replace(one, kind="kept"))
        elif one.kind == "lost":
            mended.append(replace(one, kind="leaf", text=f"{one.text}.grad"))
        else:
            mended.append(one)
    return (*mended, Box(_WAY, "…", "kept", lost)) if lost else tuple(mended)


def layers(drawn: tuple[Box, ...]) -> list[list[Box]]:
    """Boxes by their longest way from a root; leaves and lost ones on the last layer.

    An edge that skips layers gets an empty box (`via`) in each of them, so that no line runs behind
    a box; a row is in the order of what leads to it.
    """
    depth = _depths(drawn)
    rows: list[list[Box]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    passed = 0
    for one in drawn:
        following = []
        for child in one.next:
            if child not in depth or depth[child] <= depth[one.id]:
                continue
            chain = [_VIA - passed - k for k in range(depth[child] - depth[one.id] - 1)]
            passed += len(chain)
            for place, (via, below) in enumerate(zip(chain, [*chain, child][1:], strict=True)):
                rows[depth[one.id] + 1 + place].append(Box(via, "", "via", (below,)))
            following.append(chain[0] if chain else child)
        rows[depth[one.id]].append(replace(one, next=tuple(following)))
    for above, row in pairwise(rows):
        order = {child: place for place, one in enumerate(above) for child in one.next}
        row.sort(key=lambda one: order.get(one.id, len(above)))
    return [row for row in rows if row]


def _depths(drawn: tuple[Box, ...]) -> dict[int, int]:
    depth = {one.id: 0 for one in drawn}
    for _ in drawn:  # as often as the longest way can be, or until nothing moves
        moved = False
        for one in drawn:
            for child in one.next:
                if child in depth and depth[child] <= depth[one.id] < len(drawn):
                    depth[child] = depth[one.id] + 1
                    moved = True
        if not moved:
            break
    last = max(depth.values(), default=0)
    ends = {one.id: max(last, 1) for one in drawn if one.kind in ("leaf", "lost")}
    return depth | ends


def graph(drawn: tuple[Box, ...] | None, caption: Markup, language: str) -> Picture | None:
    """The picture of a pass; None where there is nothing to draw, or too much."""
    if drawn is None or len(drawn) < 2:
        return None
    rows = layers(drawn)
    if len(rows) > LAYERS or max(len(row) for row in rows) > ACROSS:
        return None
    width = max(sum(one.width + GAP_ACROSS for one in row) for row in rows) + GAP_ACROSS
    width = max(width, 180)
    places: dict[int, tuple[float, float]] = {}
    for down, row in enumerate(rows):
        x = (width - sum(one.width for one in row) - GAP_ACROSS * (len(row) - 1)) / 2
        for one in row:
            places[one.id] = (round(x + one.width / 2, 1), 4 + down * (HIGH + GAP_DOWN))
            x += one.width + GAP_ACROSS
    placed = {one.id: one for row in rows for one in row}
    body = [
        _edge(places[one.id], places[child], placed[child])
        for one in placed.values()
        for child in one.next
        if child in places
    ]
    for one in placed.values():
        x, y = places[one.id]
        if one.kind == "via":
            body.append(line(f"M{x:g} {y:g}v{HIGH}", "arrow"))
            continue
        radius = 4 if one.kind in ("node", "freed", "kept") else HIGH / 2
        left = x - one.width / 2
        body.append(box(left, y, one.width, HIGH, kind=one.kind, radius=radius))
        body.append(words(x, y + 18.5, SIGNS.get(one.kind, "") + one.text, one.kind))
    height = 8 + len(rows) * (HIGH + GAP_DOWN) - GAP_DOWN
    alt = _alt(drawn, language)
    return Picture(drawing(round(width), height, alt, "graph", "".join(body)), alt, caption)


def _edge(start: tuple[float, float], end: tuple[float, float], to: Box) -> str:
    """From the lower side of a box to the upper side of the next, with a head at its end."""
    (a, top), (b, low) = start, end
    head = "" if to.kind == "via" else "m-3.5 -6l3.5 6l3.5 -6"
    return line(f"M{a:g} {top + HIGH:g}L{b:g} {low if not head else low - 2:g}{head}", "arrow")


def _alt(drawn: tuple[Box, ...], language: str) -> str:
    def named(*kinds: str) -> str:
        return ", ".join(one.text for one in drawn if one.kind in kinds) or "–"

    said = [
        text(
            "picture.graph",
            language,
            root=named("root", "cut"),
            nodes=named("node", "freed", "kept"),
            leaves=named("leaf"),
        )
    ]
    if any(one.kind == "freed" for one in drawn):
        said.append(text("picture.graph.freed", language, nodes=named("freed")))
    if any(one.kind == "lost" for one in drawn):
        said.append(text("picture.graph.lost", language, names=named("lost")))
    return " ".join(said)
