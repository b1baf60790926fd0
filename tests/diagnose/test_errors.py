"""Each of these matchers fires on its own case, says the student's line, and not on a neighbour."""

from dataclasses import replace

import pytest

from grader.diagnose.words import FIELDS, filled, texts
from grader.languages import LANGUAGES
from tests.check.builders import X
from tests.diagnose.error_cases import CASES, RAISING, found, observed, shown, snippet

# One misconception says what happened, the other what it was done for: both may be named.
TOGETHER = {"retained-as-cure", "non-leaf-grad", "forbidden-function"}
each = pytest.mark.parametrize("id", sorted(CASES))


@each
def test_a_matcher_fires_on_its_own_case_and_fills_its_texts(id):
    one = CASES[id].alone(id)
    assert one is not None
    assert one.id == id
    assert 0 < one.confidence <= 1
    assert one.checks
    for language in LANGUAGES:
        said = " ".join(filled(texts(id, language)[name], one.params) for name in FIELDS)
        assert "…" not in said


@each
def test_it_comes_first(id):
    named = [one.id for one in CASES[id].diagnosed()]
    assert id in named if id in TOGETHER else named[0] == id


@each
def test_it_is_silent_where_nothing_is_wrong(id):
    case = CASES[id]
    right = replace(case, findings=tuple(replace(f, status="passed") for f in case.findings))
    assert right.alone(id) is None


@pytest.mark.parametrize("id", RAISING)
def test_the_line_that_raised_is_said_and_others_stay_silent(id):
    case = CASES[id]
    lines = {" ".join(line.split()) for line in snippet(id).splitlines()}
    one = case.alone(id)
    assert one.params.get("code", next(iter(lines))) in lines
    others = [other for other in RAISING if other != id and case.alone(other) is not None]
    assert others == []


@pytest.mark.parametrize("id", RAISING)
def test_the_right_snippet_raises_nothing(id):
    assert observed(snippet(id, "right")).error is None


def test_an_error_that_may_follow_from_an_earlier_one_is_less_sure():
    case = CASES["none-has-no-zero"]
    (finding,) = case.findings
    later = replace(case.answer, cell=2)
    facts = replace(case, answer=later, findings=(replace(finding, cell=2),)).facts()
    from grader.diagnose import errors
    from grader.model.observation import Raised
    from grader.model.submission import SubmittedCell

    cells = facts.capture.cells
    stopped = replace(cells[0], cell=1, status="error", error=Raised("NameError", "name 'z'", 1))
    handed_in = replace(
        facts.submission,
        cells=(
            *facts.submission.cells,
            SubmittedCell(index=2, kind="code", source=case.source, exercise="ex", name="more"),
        ),
    )
    late = replace(
        facts, capture=replace(facts.capture, cells=(stopped, later)), submission=handed_in
    )
    before = errors.matched(case.facts(), "none-has-no-zero")
    after = errors.matched(late, "none-has-no-zero")
    assert after.confidence < before.confidence


def test_a_starter_as_it_was_handed_out_has_no_misconception():
    case = CASES["no-choice"]
    assert replace(case, source="# answer").diagnosed() == ()


def test_a_number_that_is_wrong_does_not_make_a_loop_a_rebuilt_graph():
    case = CASES["rebuilt-graph"]
    assert replace(case, events={}).alone("rebuilt-graph") is None


def test_an_element_of_a_leaf_is_the_leaf_and_a_named_part_is_a_view():
    for source, id in (("x[0] = 0", "in-place-on-leaf"), ("p = x[:2]\np += 1", "in-place-on-view")):
        made = "import torch\nx = torch.ones(3, requires_grad=True)\n" + source
        case = replace(CASES[id], source=made, answer=observed(made))
        named = [one.id for one in case.diagnosed()]
        assert named == [id]


def test_a_copy_of_numbers_is_detached_and_a_copy_of_tensors_drops_the_graph():
    for inner, id in (("y.item()", "detached-early"), ("[y, y]", "graph-dropped")):
        source = (
            "import torch\nx = torch.ones(3, requires_grad=True)\ny = (x * x).sum()\n"
            f"z = torch.tensor({inner}).sum()\nz.backward()\nanswer = x.grad"
        )
        case = replace(CASES["graph-dropped"], source=source, answer=observed(source))
        assert case.diagnosed()[0].id == id


def test_what_is_doubled_for_another_reason_is_no_cure():
    case = CASES["retained-as-cure"]
    (finding,) = case.findings
    other = replace(finding, actual=shown(4.0, 9.0), expected=shown(2.0, 4.5))
    assert replace(case, findings=(other,)).alone("retained-as-cure") is None
    both = replace(case, findings=(other, finding)).alone("retained-as-cure")
    assert both.checks == (finding.check,)
    assert both.params["expected"] == max(X)


def test_hostile_text_is_shown_as_one_short_line():
    case = CASES["cell-stopped"]
    source = "raise ValueError('`' * 500)"
    said = replace(case, source=source, answer=observed(source)).alone("cell-stopped").params
    assert "`" not in said["error"] + said["code"]
    assert max(len(said["error"]), len(said["code"])) <= 80


def test_code_that_cannot_be_read_stops_no_matcher():
    wrong = found("gradient", "value.differs", value="x_gradient")
    for source in ("def f(:", "%%bash\nls", "x = '" + "(" * 300, "\0"):
        case = replace(CASES["not-a-leaf"], source=source, findings=(wrong,))
        assert all(case.alone(id) is None for id in CASES)
