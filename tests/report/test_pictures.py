"""Pictures by what is in them: places, kinds of boxes, words; strangers' words are no markup."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from grader.model.observation import Event, Leaf, Node, Raised
from grader.model.result import Plotted, Shown
from grader.model.value import Value, array
from grader.report.language import text
from grader.report.pictures import graph, passes, steps
from grader.report.pictures.curves import curves
from grader.report.pictures.heat import heat
from grader.report.pictures.plane import path, ticks

from .page import Page
from .samples import CAPTURE, PASSES, SUBMISSION, TWICE, X, Y


def tensor(values, shape=None):
    return Shown("tensor", "float32", shape or (len(values),), tuple(values), len(values))


def kinds(picture):
    return re.findall(r'<rect class="([\w ]+)"', picture.svg)


def said(picture):
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg)


def test_a_heat_map_has_a_cell_for_each_element_by_sign_and_size():
    picture = heat(tensor([1.0, 2.0, 3.0, 4.0]), tensor([1.0, 4.0, 2.0, "nan"]), 1e-6, "en")
    assert kinds(picture) == ["even", "over l4", "under l2", "broken"]
    assert [words for words in said(picture) if not words.isdigit()] == ["=", "+2", "−1", "×"]
    assert picture.alt == "3 of 4 places differ: [1], [2], [3]"


def test_a_heat_map_of_a_matrix_has_rows_and_columns():
    picture = heat(tensor([0.0] * 6, (2, 3)), tensor([0.0] * 5 + [9.0], (2, 3)), 0.0, "ru")
    assert len(kinds(picture)) == 6
    assert picture.alt == "Отличается 1 место из 6: [1, 2]"


def test_what_rounding_explains_is_even():
    assert heat(tensor([1.0, 2.0]), tensor([1.0000001, 2.0]), 1e-6, "en") is None


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (tensor([1.0]), tensor([2.0])),
        (tensor([1.0, 2.0]), tensor([1.0, 2.0, 3.0])),
        (tensor([1.0] * 8, (2, 2, 2)), tensor([2.0] * 8, (2, 2, 2))),
        (
            replace(tensor([1.0] * 4), elements=9, shape=(9,)),
            replace(tensor([2.0] * 4), shape=(9,)),
        ),
        (tensor([], (0, 3)), tensor([], (0, 3))),
    ],
    ids=["a number", "other shapes", "three axes", "not all shown", "empty"],
)
def test_there_is_no_heat_map_where_it_would_say_nothing(expected, actual):
    assert heat(expected, actual, 0.0, "en") is None


def test_curves_lie_over_each_other_and_their_difference_below():
    x = np.linspace(0, 6.0, 50)
    plotted = Plotted(tuple(x), tuple(np.sin(x)), tuple(-np.sin(x)))
    picture = curves(plotted, "en")
    drawn = dict(re.findall(r'<path class="(wanted|yours|off)" d="([^"]*)"', picture.svg))
    ends = {name: float(re.search(r"L[\d.]+ ([\d.]+)$", d)[1]) for name, d in drawn.items()}
    assert ends["wanted"] > ends["yours"]  # sin 6 is negative, and up is less
    assert ends["off"] > ends["wanted"]
    assert "50 points; the largest difference is" in picture.alt
    assert curves(Plotted((), (1.0,), (2.0,)), "en") is None


def test_what_is_no_number_is_a_gap_in_a_curve():
    plotted = Plotted((0.0, 1.0, 2.0, 3.0), (1.0, 1.0, 1.0, 1.0), (2.0, None, 3.0, 4.0))
    drawn = re.search(r'class="yours" d="([^"]*)"', curves(plotted, "en").svg)[1]
    assert drawn.count("M") == 2


@pytest.mark.parametrize("span", [(0.0, 1e-12), (-1e300, 1e300), (5.0, 5.0000001)])
def test_ticks_are_few_and_within(span):
    made = ticks(span, 0, 100)
    assert len(made) <= 11
    assert all(-1 <= tick.at <= 101 for tick in made)


def test_a_path_of_nothing_is_nothing():
    assert path(np.array([math.nan]), np.array([1.0])) == ""


def test_steps_tell_what_each_pass_added():
    made = steps.steps(PASSES, leaf=1)
    assert [(one.before, one.after, one.line) for one in made] == [(0, 12, 3), (12, 24, 4)]
    picture = steps.diagram(made, "x", "en")
    assert kinds(picture) == ["added", "before", "added"]
    assert "12 + 12 = 24" in said(picture)
    assert "Pass 2: 12, and 12 added, is 24." in picture.alt


def test_a_pass_that_found_nothing_is_no_accumulation():
    assert steps.accumulated(PASSES).id == 1
    assert steps.accumulated(PASSES[:1]) is None
    zeroed = replace(PASSES[1], leaves=(Leaf(1, X, array([0.0] * 4), array([1.0] * 4)),))
    assert steps.accumulated((PASSES[0], zeroed)) is None


def test_what_a_pass_subtracts_is_drawn_to_the_left():
    less = replace(PASSES[1], leaves=(Leaf(1, X, array([9.0]), array([-1.0])),))
    (made,) = steps.steps((less,), 1)
    assert (made.before, made.after) == (9, -1)
    assert "9 + (-10) = (-1)" in said(steps.diagram((made,), "x", "en"))


def drawn_boxes(event, **more):
    given = {"names": {1: "x", 2: "y"}, "freed": (), "lost": ()} | more
    return graph.boxes(event, language="en", **given)


def test_a_graph_leads_from_the_result_to_the_leaves():
    boxes = drawn_boxes(PASSES[0])
    assert [(one.text, one.kind) for one in boxes] == [
        ("y", "root"),
        ("MulBackward0", "node"),
        ("DotBackward0", "node"),
        ("x.grad", "leaf"),
    ]
    assert [[one.text for one in row] for row in graph.layers(boxes)] == [
        ["y"],
        ["MulBackward0"],
        ["DotBackward0"],
        ["x.grad"],
    ]


def test_no_line_runs_behind_a_box():
    nodes = (
        Node(1, "AddBackward0", (2, 3)),
        Node(2, "PowBackward0", (3,)),
        Node(3, "MulBackward0", (4,)),
        Node(4, "AccumulateGrad", (), leaf=1),
    )
    boxes = drawn_boxes(replace(PASSES[0], nodes=nodes))
    rows = graph.layers(boxes)
    depth = {one.id: at for at, row in enumerate(rows) for one in row}
    edges = [(one.id, child) for row in rows for one in row for child in one.next]
    assert all(depth[end] == depth[start] + 1 for start, end in edges)
    assert [one.kind for row in rows for one in row].count("via") == 1
    assert "via" not in graph.graph(boxes, "", "en").svg


def test_what_was_freed_is_marked_in_the_picture_and_in_words():
    boxes = drawn_boxes(PASSES[0], freed={11, 12})
    picture = graph.graph(boxes, "", "en")
    assert kinds(picture).count("freed") == 2
    assert "✗ MulBackward0" in said(picture)
    assert "Freed before: MulBackward0, DotBackward0." in picture.alt


def test_a_cut_result_stands_beside_what_it_did_not_reach():
    event = Event(3, "backward", (Y,), error=Raised("RuntimeError", "does not require grad"))
    boxes = drawn_boxes(event, lost=("x",))
    assert [(one.text, one.kind) for one in boxes] == [("y", "cut"), ("x", "lost")]
    assert "Not reached, though a gradient was asked for: x." in graph.graph(boxes, "", "en").alt


def test_what_was_freed_is_kept_in_the_graph_that_was_meant():
    was = drawn_boxes(PASSES[0], freed={11, 12})
    meant = graph.intended(was)
    assert [(one.text, one.kind) for one in meant] == [
        ("y", "root"),
        ("MulBackward0", "kept"),
        ("DotBackward0", "kept"),
        ("x.grad", "leaf"),
    ]
    assert [one.next for one in meant] == [one.next for one in was]
    assert "✓ MulBackward0" in said(graph.graph(meant, "", "en"))


def test_a_way_leads_to_what_was_cut_off_in_the_graph_that_was_meant():
    event = Event(3, "backward", (Y,), error=Raised("RuntimeError", "does not require grad"))
    meant = graph.intended(drawn_boxes(event, lost=("x", "w")))
    assert [[(one.text, one.kind) for one in row] for row in graph.layers(meant)] == [
        [("y", "root")],
        [("…", "kept")],
        [("x.grad", "leaf"), ("w.grad", "leaf")],
    ]
    picture = graph.graph(meant, "", "en")
    assert picture.alt == "Graph of a pass: from y through … to x.grad, w.grad."


def test_where_nothing_was_freed_or_cut_nothing_else_was_meant():
    assert graph.intended(drawn_boxes(PASSES[0])) is None
    assert graph.intended(()) is None


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_both_graphs_stand_beside_each_other_with_what_makes_the_difference(language):
    again = replace(
        PASSES[1],
        error=Raised("RuntimeError", "Trying to backward through the graph a second time"),
    )
    first = replace(PASSES[0], retain_graph=False)
    cells = tuple(replace(c, events=(first, again)) if c.cell == 3 else c for c in CAPTURE.cells)
    capture = replace(CAPTURE, cells=cells)
    drawn = passes.pictures(TWICE, SUBMISSION, capture, language)[0].picture
    was, meant = drawn.svg.split("</figure>")[:2]
    assert (was.count('class="freed"'), was.count('class="kept"')) == (4, 0)  # box and words each
    assert (meant.count('class="freed"'), meant.count('class="kept"')) == (0, 4)
    assert text("picture.was", language) in was
    assert text("picture.meant", language) in meant
    assert "<code>retain_graph=True</code>" in meant
    assert Page(f"<html>{drawn.svg}</html>").strange == []


def test_a_run_of_equal_nodes_is_one_box():
    nodes = tuple(Node(i, "MulBackward0", (i + 1,)) for i in range(30))
    event = replace(PASSES[0], nodes=(*nodes, Node(30, "AccumulateGrad", (), leaf=1)))
    assert [one.text for one in drawn_boxes(event)] == ["y", "MulBackward0 × 30", "x.grad"]


def test_a_graph_that_is_too_large_or_a_ring_is_not_drawn_for_ever():
    wide = tuple(Node(i, f"N{i}", ()) for i in range(40))
    assert drawn_boxes(replace(PASSES[0], nodes=wide)) is None
    many = tuple(Node(i, f"N{i}", (i + 1,)) for i in range(500))
    assert drawn_boxes(replace(PASSES[0], nodes=many)) is None
    ring = (Node(1, "A", (2,)), Node(2, "B", (1,)))
    assert graph.graph(drawn_boxes(replace(PASSES[0], nodes=ring)), "", "en") is not None
    mine = (Node(1, "A", (1,)),)
    assert graph.graph(drawn_boxes(replace(PASSES[0], nodes=mine)), "", "en") is not None


def test_pictures_are_drawn_for_what_is_wrong_and_only_then():
    made = passes.pictures(TWICE, SUBMISSION, CAPTURE, "en")
    assert [one.telling for one in made] == [False, True]  # the graph folded, the steps shown
    right = replace(TWICE, checks=tuple(c for c in TWICE.checks if c.status == "passed"))
    assert passes.pictures(right, SUBMISSION, CAPTURE, "en") == ()
    assert passes.pictures(TWICE, SUBMISSION, None, "en") == ()


def test_the_pass_that_freed_the_graph_is_named():
    again = replace(
        PASSES[1],
        error=Raised("RuntimeError", "Trying to backward through the graph a second time"),
    )
    first = replace(PASSES[0], retain_graph=False)
    cells = tuple(replace(c, events=(first, again)) if c.cell == 3 else c for c in CAPTURE.cells)
    drawn = passes.pictures(TWICE, SUBMISSION, replace(CAPTURE, cells=cells), "en")[0]
    assert drawn.telling
    assert "The pass of line 3 had gone over the nodes" in drawn.picture.svg
    assert kinds(drawn.picture).count("freed") == 3 - 1  # the leaf's own node keeps nothing


def test_words_of_strangers_are_inert_in_every_picture():
    evil = '"><script>alert(1)</script>\u202e' + "x" * 500
    nodes = (Node(1, evil, (2,)), Node(2, "AccumulateGrad", (), leaf=1))
    event = replace(PASSES[0], nodes=nodes)
    boxes = drawn_boxes(event, names={1: evil, 2: evil}, lost=(evil,))
    made = [
        graph.graph(boxes, "", "en"),
        graph.graph(graph.intended(boxes), "", "en"),
        steps.diagram(steps.steps(PASSES, 1), evil, "en"),
    ]
    for picture in made:
        read = Page(f"<html>{picture.svg}</html>")
        assert read.strange == []
        assert "script" not in read.tags
        assert "\u202e" not in picture.svg


def test_values_that_were_not_kept_make_no_steps():
    lost = Value("tensor", "float32", (4,), None, why="too-large")
    event = replace(PASSES[0], leaves=(Leaf(1, X, None, lost),))
    assert steps.steps((event,), 1) == ()
