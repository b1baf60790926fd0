"""Figures as a real kernel tells them, whatever becomes of them."""

import pytest

START = "import matplotlib.pyplot as plt, numpy as np, torch\n"


def curves(frame):
    return [c for figure in frame["figures"] for axes in figure["axes"] for c in axes["curves"]]


@pytest.fixture
def drawn(kernel):
    """The (x, y) of every curve of a cell."""

    def drawing(source):
        frame = kernel.run(START + source)
        return [
            (kernel.array(c["x"]).tolist(), kernel.array(c["y"]).tolist()) for c in curves(frame)
        ]

    return drawing


LINE = ([1, 2], [3, 4])


@pytest.mark.parametrize(
    "source",
    [
        "plt.plot([1, 2], [3, 4])",
        "plt.plot([1, 2], [3, 4]); plt.show()",
        "plt.plot([1, 2], [3, 4]); plt.close('all')",
        "fig, ax = plt.subplots(); ax.plot([1, 2], [3, 4]); plt.close(fig); del fig, ax",
        "fig, ax = plt.subplots(); ax.plot([1, 2], [3, 4]); display(fig); ax.cla()",
        "plt.plot([1, 2], [3, 4]); plt.savefig('a.png'); plt.clf()",
        "from matplotlib.figure import Figure\nf = Figure(); f.subplots().plot([1, 2], [3, 4])",
        "plt.plot([1, 2], [3, 4]); 1/0",
        "plt.scatter([1, 2], [3, 4])",
        "plt.plot([1, 2], [3, 4], 'o')",
    ],
)
def test_a_curve_is_seen_once_whatever_becomes_of_it(drawn, source):
    assert drawn(source) == [LINE]


def test_what_was_shown_and_then_drawn_on_is_one_figure(drawn):
    assert drawn(
        "fig, ax = plt.subplots(); ax.plot([1, 2], [3, 4]); display(fig); ax.plot([5], [6])"
    ) == [LINE, ([5], [6])]


def test_all_that_was_shown_in_turn_is_seen(drawn):
    found = drawn(
        "fig, ax = plt.subplots()\nfor i in range(3): ax.plot([i], [i]); display(fig); ax.cla()"
    )
    assert sorted(found) == [([i], [i]) for i in range(3)]


def test_data_keep_their_dtype_and_curves_their_style(kernel):
    frame = kernel.run(
        START + "x = torch.linspace(0, 1, 5)\nplt.plot(x, x**2, label='a'); plt.plot(x, x, 'o')\n"
        "plt.scatter(x, x); plt.plot([1, 2], [1, 2])"
    )
    found = curves(frame)
    assert [c["style"] for c in found] == ["line", "points", "line", "points"]
    assert [c["y"]["dtype"] for c in found] == ["float32", "float32", "int64", "float64"]
    assert [c["label"] for c in found] == ["a", "", "", ""]
    assert found[0]["x"]["shape"] == [5]


def test_the_words_around_a_figure(kernel):
    frame = kernel.run(
        START + "fig, (a, b) = plt.subplots(1, 2); a.plot([1], [2], label='one'); a.legend()\n"
        "a.set_title('t'); a.set_xlabel('x'); a.set_ylabel('y')"
    )
    first, second = frame["figures"][0]["axes"]
    assert [first[key] for key in ("title", "xlabel", "ylabel", "legend")] == [
        "t",
        "x",
        "y",
        ["one"],
    ]
    assert second["legend"] is None


def test_words_of_the_whole_figure_stand_in_for_those_of_its_axes(kernel):
    frame = kernel.run(
        START + "fig, (a, b) = plt.subplots(1, 2); a.plot([1], [2]); a.set_xlabel('own')\n"
        "fig.suptitle('t'); fig.supxlabel('x'); fig.supylabel('y')"
    )
    found = [
        [axes[key] for key in ("title", "xlabel", "ylabel")] for axes in frame["figures"][0]["axes"]
    ]
    assert found == [["t", "own", "y"], ["t", "x", "y"]]


def test_an_older_figure_is_told_again_only_when_it_changed(drawn):
    assert drawn("held, axes = plt.subplots(); axes.plot([1, 2], [3, 4]); plt.close()") == [LINE]
    assert drawn("pass") == []
    assert drawn("held") == []
    assert drawn("axes.plot([0], [0])") == [LINE, ([0], [0])]
    assert drawn("pass") == []


def test_bounds_of_figures_are_named(start):
    kernel = start()
    frame = kernel.run(START + "for i in range(40): plt.figure(); plt.plot([i], [i]); plt.close()")
    assert len(frame["figures"]) == 32
    assert "figures" in frame["truncated"]
    frame = kernel.run("for i in range(70): plt.plot([i], [i])")
    assert len(curves(frame)) == 64
    assert "curves" in frame["truncated"]
    frame = kernel.run("plt.plot(np.zeros(30000))")
    assert curves(frame)[0]["x"]["why"] == "too-large"
    assert "points" in frame["truncated"]


def test_a_figure_that_could_not_be_made_is_none(kernel):
    frame = kernel.run(START + "plt.figure(bad=1)")
    assert frame["figures"] == []
    assert frame["truncated"] == []


@pytest.mark.parametrize(
    ("source", "pictures"),
    [
        ("plt.plot([1, 2], [3, 4]); plt.legend(['a']); plt.show()", 0),
        ("fig, axes = plt.subplots(2); axes[0].plot([1], [2]); axes[1].scatter([1], [2])", 0),
        ("plt.imshow([[1, 2]])", 1),
        ("plt.plot(np.zeros(20_001))", 1),
        ("for _ in range(13): plt.plot([1])", 1),
        ("for _ in range(13): plt.scatter([1], [2])", 1),
        ("fig, axes = plt.subplots(7)\nfor ax in axes: ax.plot([1])", 1),
        ("plt.bar([1], [2])", 1),
        ("plt.plot([1], [2]); plt.annotate('here', (1, 2))", 1),
        ("plt.semilogy([1, 2], [3, 4])", 1),
        ("plt.axes(projection='polar').plot([1], [2])", 1),
    ],
)
def test_a_picture_is_made_where_the_data_do_not_tell_all(kernel, source, pictures):
    _, outputs = kernel.execute(START + source)
    kernel.frame()
    made = [output["data"] for output in outputs if "data" in output]
    assert sum("image/png" in data for data in made) == pictures
    assert any("<Figure size" in data.get("text/plain", "") for data in made)
