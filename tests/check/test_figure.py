import numpy as np
import pytest

from grader.model.exercise import ExpectedCurve, FigureCheck
from grader.model.observation import Leaf
from grader.model.value import Value
from tests.check.builders import (
    backward,
    capture,
    cell,
    event,
    exercise,
    figure,
    graded,
    leaf_tensor,
    submission,
)

X = np.linspace(0.01, 6.27, 200).astype(np.float32).astype(float)
SIN = np.sin(X).astype(np.float32).astype(float)
COS = np.cos(X).astype(np.float32).astype(float)
CURVES = (ExpectedCurve(expect="sin"), ExpectedCurve(expect="cos", from_autograd=True))
PASS = backward(leaf_tensor(X), COS)


def sine(x):
    return np.sin(x)


def cosine(x):
    return np.cos(x)


def finding(*figures, spec=None, events=(PASS,), own_names=False, elsewhere=()):
    spec = spec or FigureCheck(id="f", cell="answer", curves=CURVES, min_points=20)
    observed = capture(cell(0, figures=elsewhere), cell(1, figures=figures, events=events))
    return graded(
        exercise(spec),
        submission(own_names=own_names),
        observed,
        sin=sine,
        cos=cosine,
    )["f"]


@pytest.mark.parametrize(
    "figures",
    [
        [figure((X, SIN), (X, COS))],
        [figure((X, COS), (X, SIN))],
        [figure((X, SIN)), figure((X, COS))],
        [figure((X, SIN), (X, COS), (X, 0 * X), ([0, 0], [-1, 1]))],
        [figure((X[:50], SIN[:50]), (X[:50], COS[:50]))],
        [figure((X[::-1], SIN[::-1]), (X[::-1], COS[::-1]))],
    ],
)
def test_the_curves_are_found_wherever_they_were_drawn(figures):
    assert finding(*figures).status == "passed"


@pytest.mark.parametrize(
    ("drawn", "message"),
    [
        ([(X, SIN)], "check.figure.no_curve"),
        ([(X, SIN), (X, -COS)], "check.figure.no_curve"),
        ([(X, SIN), (SIN, COS)], "check.figure.no_curve"),
        ([(X, SIN), (X, np.full_like(X, np.nan))], "check.figure.no_curve"),
        ([(X, SIN), (X[:50], COS[:50])], "check.figure.other_x"),
        ([(X, SIN), (X, np.nextafter(COS, 2, dtype=np.float32))], "check.figure.not_autograd"),
        ([(X[:10], SIN[:10]), (X, COS)], "check.figure.other_x"),
        ([(X, SIN), (X, COS + 1e-3)], "check.figure.no_curve"),
        ([([], []), (X[:5], SIN)], "check.figure.no_curve"),
    ],
)
def test_other_curves_are_refused(drawn, message):
    found = finding(figure(*drawn))
    assert (found.status, found.message.id) == ("failed", message)


def test_nothing_drawn_is_missing():
    assert finding().status == "missing"
    assert finding(elsewhere=(figure((X, SIN), (X, COS)),)).status == "missing"


def test_one_curve_cannot_stand_for_two():
    twice = (ExpectedCurve(expect="sin"), ExpectedCurve(expect="sin"))
    spec = FigureCheck(id="f", cell="answer", curves=twice)
    assert finding(figure((X, SIN)), spec=spec).status == "failed"


WHOLE = FigureCheck(id="f", cell="answer", min_curves=2, min_points=100, covers=(0.0, 6.28))
DETAIL = np.linspace(0, 0.5, 500)


@pytest.mark.parametrize(
    ("drawn", "message"),
    [
        ([(X, SIN), (X, COS), (DETAIL, np.sin(DETAIL)), (DETAIL, np.cos(DETAIL))], None),
        ([(X, SIN), (X, COS), (SIN, COS)], None),
        ([(DETAIL, np.sin(DETAIL)), (DETAIL, np.cos(DETAIL)), (X, 0 * X)], "check.figure.range"),
        ([(X, SIN), (DETAIL, np.cos(DETAIL))], "check.figure.range"),
        ([(X[::4], SIN[::4]), (X[::4], COS[::4]), (X, 0 * X)], "check.figure.points"),
    ],
)
def test_what_else_is_drawn_decides_nothing_about_the_range(drawn, message):
    found = finding(figure(*drawn), spec=WHOLE)
    assert (None if found.status == "passed" else found.message.id) == message


def test_a_derivative_that_no_pass_produced_is_refused():
    found = finding(figure((X, SIN), (X, COS)), events=())
    assert found.message.id == "check.figure.not_autograd"


def test_a_derivative_by_another_route_is_refused_though_it_is_as_near():
    near = np.nextafter(COS.astype(np.float32), np.float32(2)).astype(float)
    found = finding(figure((X, SIN), (X, near)))
    assert found.message.id == "check.figure.not_autograd"


def scalar_passes(indexes, ys=COS):
    return tuple(backward(leaf_tensor(X[i]), ys[i], serial=i) for i in indexes)


def test_a_derivative_point_by_point_is_from_autograd():
    drawn = figure((X, SIN), (X, COS))
    assert finding(drawn, events=scalar_passes(range(200))).status == "passed"
    assert finding(drawn, events=scalar_passes(range(20))).status == "passed"


def test_too_few_or_other_points_are_not():
    drawn = figure((X, SIN), (X, COS))
    assert finding(drawn, events=scalar_passes(range(19))).status == "failed"
    assert finding(drawn, events=scalar_passes(range(200), SIN)).status == "failed"


def test_passes_of_another_function_at_the_same_points_do_no_harm():
    events = scalar_passes(range(200), SIN) + scalar_passes(range(200))
    assert finding(figure((X, SIN), (X, COS)), events=events).status == "passed"


def rows(indexes, at=X, ys=COS):
    return tuple(
        backward(leaf_tensor(at), np.where(np.arange(at.size) == i, ys, 0), serial=i)
        for i in indexes
    )


def test_rows_of_a_jacobian_tell_of_the_points_where_they_are_not_zero():
    drawn = figure((X, SIN), (X, COS))
    assert finding(drawn, events=rows(range(32))).status == "passed"
    assert finding(drawn, events=rows(range(19))).status == "failed"
    assert finding(drawn, events=rows(range(32), ys=SIN)).status == "failed"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ((COS.astype(np.float32) / np.float32(200)).astype(float), "passed"),
        (-COS, "passed"),
        (SIN / 200, "failed"),
        (COS * 1.3, "failed"),
        (0 * COS, "failed"),
        (np.full_like(COS, np.inf), "failed"),
    ],
)
def test_a_multiple_of_a_gradient_comes_from_its_pass(given, status):
    made = (given.astype(np.float32) * np.float32(200)).astype(float)
    y = made if np.abs(made - COS).max() < 1e-6 else COS
    events = (backward(leaf_tensor(X), given),)
    assert finding(figure((X, SIN), (X, y)), events=events).status == status


@pytest.mark.parametrize(
    ("why", "status"),
    [
        ("functorch", "failed"),
        ("failed:NotImplementedError", "passed"),
        ("too-large", "failed"),
        ("dtype:complex32", "failed"),
    ],
)
def test_what_a_batched_pass_over_the_same_x_gave_is_not_denied(why, status):
    hidden = Value("tensor", "float32", (), why=why, id=3)
    seen, elsewhere = (
        event(api="grad", inputs=(1,), returned=(hidden,), leaves=(Leaf(1, leaf_tensor(x)),))
        for x in (X, X + 1)
    )
    assert finding(figure((X, SIN), (X, COS)), events=(seen,)).status == status
    assert finding(figure((X, SIN), (X, COS)), events=(elsewhere,)).status == "failed"
    assert finding(figure((X, SIN), (X, SIN)), events=(seen,)).status == "failed"


def test_a_storm_of_curves_is_bounded_and_the_long_ones_are_kept():
    storm = [([i, i + 1], [0, 1]) for i in range(500)]
    found = finding(figure(*storm, (X, SIN), (X, COS), *storm))
    assert found.status == "passed"


def test_all_cells_count_in_a_notebook_with_names_of_its_own_where_allowed():
    drawn = figure((X, SIN), (X, COS))
    spec = FigureCheck(id="f", cell="answer", curves=CURVES, own_names=True)
    assert finding(spec=spec, elsewhere=(drawn,), own_names=True).status == "passed"
    assert finding(elsewhere=(drawn,), own_names=True).status == "missing"


@pytest.mark.parametrize(
    ("expectation", "good", "bad"),
    [
        ({"min_curves": 2}, figure((X, SIN), (X, COS)), figure((X, SIN))),
        ({"min_points": 100}, figure((X, SIN)), figure((X[:99], SIN[:99]))),
        ({"covers": (0.01, 6.27)}, figure((X, SIN)), figure((X[:150], SIN[:150]))),
        ({"covers": (0.01, 6.27)}, figure((X[:-1], SIN[:-1])), figure(([3.0], [0.0]))),
        ({"covers": (0.01, 6.27)}, figure((X, SIN)), figure(([0.0, 1.0], [0.0, 1.0]))),
        ({"legend": True}, figure((X, SIN), legend=["sin"]), figure((X, SIN), legend=[])),
        ({"xlabel": True}, figure((X, SIN), xlabel="x"), figure((X, SIN), xlabel="  ")),
        ({"ylabel": True}, figure((X, SIN), ylabel="y"), figure((X, SIN), xlabel="x")),
        ({"title_text": True}, figure((X, SIN), title="sin"), figure((X, SIN))),
    ],
)
def test_points_range_and_words(expectation, good, bad):
    spec = FigureCheck(id="f", cell="answer", **expectation)
    assert finding(good, spec=spec).status == "passed"
    assert finding(bad, spec=spec).status == "failed"
