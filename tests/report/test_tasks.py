import pytest

from grader.model.exercise import Exercise
from grader.report import html
from grader.report.tasks import mathml, task

from .page import Page
from .samples import CAPTURE, RESULT, SUBMISSION


def exercise(**prompts):
    return Exercise(id="dot-gradient", title={}, points=1, checks=(), prompts=prompts)


def test_prompts_stand_in_the_order_of_the_cells_and_in_the_language():
    written = exercise(en={"": "First.", "a": "Second."}, ru={"": "Первое."})
    assert task(written, "en") == "<p>First.</p>\n<p>Second.</p>"
    assert task(written, "ru") == "<p>Первое.</p>"
    assert task(written, "zh") == task(written, "en")
    assert task(exercise(), "en") == ""


def test_formulas_become_mathml_and_code_stays_code():
    shown = task(exercise(en={"": "Take $x^2$, `$y$` and $5 or $6.\n\n$$\\frac{a}{b}$$"}), "en")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in shown
    assert "<code>$y$</code> and $5 or $6." in shown
    assert '<math display="block"><mrow><mfrac>' in shown


@pytest.mark.parametrize(
    "tex", [r"\href{javascript:alert(1)}{x}", r"\text{<script>}", "\\", "{", r"\frac{1}", "<b>"]
)
def test_a_formula_is_mathematics_or_its_own_text(tex):
    made = mathml(tex)
    assert "<script" not in made
    assert "href=" not in made
    assert "<b>" not in made
    assert made.startswith(("<math", "<code>"))


def test_an_authors_html_pictures_and_links_are_inert():
    shown = task(
        exercise(en={"": "<script>1</script> ![p](https://x/y.png) [l](http://x) # h"}), "en"
    )
    for bad in ("<script", "<img", "http://x"):
        assert bad not in shown.replace("https://x/y.png", "")


def test_headings_of_a_prompt_stand_below_the_exercises():
    shown = task(exercise(en={"": "# One\n\n### Two"}), "en")
    assert shown == "<h4>One</h4>\n<h4>Two</h4>"


def test_the_page_has_the_task_folded():
    from grader.model.exercise import Assignment

    written = Assignment(
        id="autograd-1", title={"en": "All of it"}, exercises=(exercise(en={"": "Do *this*."}),)
    )
    page = html(RESULT, SUBMISSION, CAPTURE, "en", assignment=written)
    assert "<p>Do <em>this</em>.</p>" in page
    assert Page(page).strange == []
    assert "All of it" in Page(page).text
