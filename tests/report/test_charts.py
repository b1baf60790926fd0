"""Charts of what a student drew: in their places, bounded, and nothing but text and numbers."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.inside import figures
from grader.model.observation import Axes, CellObservation, Curve, Figure, Output
from grader.model.value import Value
from grader.report.outputs import Budget, shots
from grader.report.pictures.chart import (
    BOTTOM,
    CURVES,
    HEIGHT,
    LEFT,
    PANELS,
    POINTS,
    RIGHT,
    TOP,
    WIDTH,
    chart,
)


def curve(x, y, **more):
    x, y = np.asarray(x), np.asarray(y)
    return Curve(Value("array", "", x.shape, x), Value("array", "", y.shape, y), **more)


def places(drawn):
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", drawn.path)]
    return [*zip(numbers[::2], numbers[1::2], strict=True), *drawn.dots]


def test_a_curve_lies_where_its_numbers_say():
    (panel,) = chart(Figure((Axes((curve([0, 1, 2], [0, 10, 5]),)),))).panels
    (first, second, third) = places(panel.curves[0])
    assert first[0] < second[0] < third[0]
    assert first[1] > third[1] > second[1], "up is towards smaller pixels"
    at = {tick.label: tick.at for tick in panel.y}
    assert at["0"] == pytest.approx(first[1], abs=0.2)
    assert at["10"] == pytest.approx(second[1], abs=0.2)


def test_panels_stand_below_each_other_with_their_words():
    axes = Axes((curve([0, 1], [0, 1], label="a"),), title="t", xlabel="x", ylabel="y")
    made = chart(Figure((axes, axes)))
    assert [panel.top for panel in made.panels] == [0, HEIGHT]
    assert made.height == 2 * HEIGHT
    assert (made.panels[1].title, made.panels[1].curves[0].label) == ("t", "a")


def test_what_cannot_be_placed_is_a_gap():
    broken = curve([0.0, 1, 2, 3, 4], [0.0, np.nan, 2, np.inf, 4])
    (panel,) = chart(Figure((Axes((broken,)),))).panels
    assert panel.curves[0].path.count("M") == 3
    for nothing in (curve([], []), curve([np.nan], [1.0]), curve([1j], [1.0])):
        assert chart(Figure((Axes((nothing,)),))) is None


def test_points_are_dots():
    (panel,) = chart(Figure((Axes((curve([0, 1], [3, 4], style="points"),)),))).panels
    assert (len(panel.curves[0].dots), panel.curves[0].path) == (2, "")


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 1000).flatmap(lambda n: arrays.arrays(np.float64, (2, n))))
def test_everything_is_within_the_panel_and_bounded(data):
    made = chart(Figure((Axes((curve(*data), curve(*data, style="points"))),)))
    if made is None:
        return
    (panel,) = made.panels
    assert len(panel.x) + len(panel.y) <= 24
    for drawn in panel.curves:
        found = places(drawn)
        assert 0 < len(found) <= POINTS
        assert all(LEFT <= x <= WIDTH - RIGHT and TOP <= y <= HEIGHT - BOTTOM for x, y in found)


def test_a_figure_without_a_picture_is_drawn_from_its_data():
    figure = Figure((Axes((curve([0, 1], [0, 1], label="<b>sin</b>"),)),))
    named = Output("result", "<Figure size 640x480 with 1 Axes>")
    cell = CellObservation(0, "ok", figures=(figure,), outputs=(Output("stdout", "a\n"), named))
    text, drawn = shots(cell, "en", Budget())
    assert text.text == "a"
    assert drawn.chart is not None
    assert drawn.alt == "Picture 1 drawn by this cell, 1 curve: <b>sin</b>"


def test_a_picture_is_shown_as_it_is():
    figure = Figure((Axes((curve([0, 1], [0, 1]),)),))
    cell = CellObservation(0, "ok", figures=(figure,), outputs=(Output("image", png=b"no"),))
    assert [shot.kind for shot in shots(cell, "en", Budget())] == ["refused"]


def test_a_curve_beside_a_picture_is_drawn_too_and_a_picture_alone_is_enough():
    figure = Figure((Axes((curve([0, 1], [0, 1]),)),))
    picture = Output("image", "<Figure size 640x480 with 1 Axes>", b"no")
    named = Output("result", "<Figure size 640x480 with 1 Axes>")
    cell = CellObservation(0, "ok", figures=(figure,), outputs=(picture, named))
    assert [shot.kind for shot in shots(cell, "en", Budget())] == ["refused", "chart"]
    alone = CellObservation(0, "ok", figures=(figure,), outputs=(picture,))
    assert [shot.kind for shot in shots(alone, "en", Budget())] == ["refused"]


def test_what_a_kernel_leaves_undrawn_a_chart_has_room_for():
    assert (figures.CHART_PANELS, figures.CHART_CURVES) == (PANELS, CURVES)
