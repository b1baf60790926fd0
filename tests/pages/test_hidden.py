"""What a student may not see yet is nowhere in the file: not its values, and no trace of them.

The reference's answers are replaced by numbers that nobody could come upon by chance.
"""

from __future__ import annotations

import base64
import json
import re
import struct
from dataclasses import dataclass, replace

import numpy as np
import pytest

from grader import check
from grader.kernel import KernelServer
from grader.languages import LANGUAGES
from grader.model.exercise import ChoiceCheck
from grader.model.value import Value
from grader.pipeline import Graded, diagnosis_texts, grade, judge
from grader.reference import ReferenceProcess
from grader.report import for_audience, html, markdown, to_json
from grader.report import notebook as annotated
from grader.report.language import number
from grader.selftest import notebook, samples
from grader.spec import load_assignment, references
from scripts.gallery.exhibits import AFTER, BEFORE, DUE
from tests.pages.conftest import ALL

BASE = 61_833  # 6.183e4, so that four digits of it are rare in a report
MOST = 16  # numbers of an array that are looked for: a report that shows an array shows its first
WHEN = {"before the due time": BEFORE, "after it": AFTER}
each_time = pytest.mark.parametrize("when", WHEN)


@dataclass(frozen=True)
class Run:
    """One notebook of many exercises, and the reference's true answers."""

    graded: Graded
    answers: dict

    def secret(self, visibilities: set[str]) -> set[str]:
        """The keys of the answers that only checks of such visibility want."""
        graded = self.graded
        keys = {
            chosen: {
                request.key
                for exercise in graded.assignment.exercises
                for request in check.requests(
                    replace(
                        exercise,
                        checks=tuple(
                            c for c in exercise.checks if (c.visibility in visibilities) == chosen
                        ),
                    ),
                    graded.submission,
                    graded.capture,
                )
            }
            for chosen in (True, False)
        }
        return keys[True] - keys[False]

    def judged(self, answers, assignment=None) -> Graded:
        graded = self.graded
        return judge(
            assignment or graded.assignment, graded.submission, graded.capture, answers,
            student="s1", language="en",
        )  # fmt: skip


@pytest.fixture(scope="module", params=["right", "wrong"])
def run(request, course):
    """All exercises' right, or wrong, answers in one notebook; four of them in a quick run."""
    assignment = load_assignment(course, "all" if ALL else "autograd")
    found = samples(course, assignment)
    kind = {"right": "accepted", "wrong": "wrong"}[request.param]
    chosen = [
        next(s for s in found if s.exercise == e.id and s.kind == kind and s.diagnosis is not None)
        if kind == "wrong"
        else next(s for s in found if s.exercise == e.id and s.kind == kind)
        for e in assignment.exercises
        if kind == "accepted" or any(s.exercise == e.id and s.diagnosis for s in found)
    ]
    with KernelServer() as server, ReferenceProcess(references(course, assignment)) as process:
        graded = grade(
            notebook(assignment, chosen), "all.ipynb", assignment, process, seed=1, student="s1",
            server=server.address,
        )  # fmt: skip
        asked = [
            one
            for exercise in assignment.exercises
            for one in check.requests(exercise, graded.submission, graded.capture)
        ]
        return Run(graded, process.answer(asked))


def planted(answers, keys, seed):
    """The answers with those under `keys` replaced by numbers of their own; and these numbers."""
    rng = np.random.default_rng(seed)
    new, numbers = dict(answers), []
    for key in sorted(keys):
        exact = answers[key].exact
        if exact is None or exact.data is None:
            continue
        data = BASE + rng.uniform(0.1, 0.4, exact.data.shape)
        value = Value("tensor", "float64", data.shape, data)
        new[key] = replace(answers[key], exact=value, own=value, spread=np.zeros(data.shape))
        numbers.append(data)
    assert numbers
    return new, numbers


def files(graded, as_of, audience="student"):
    """All that is written for a reader: page, JSON, Markdown, notebook, in each language."""
    result = for_audience(graded.result, audience, as_of, DUE)
    for language in LANGUAGES:
        spoken = replace(result, language=language)
        texts = diagnosis_texts(spoken)
        yield html(
            spoken, graded.submission, graded.capture, language, texts,
            assignment=graded.assignment,
        )  # fmt: skip
        yield json.dumps(to_json(spoken, language, texts), ensure_ascii=False)
        yield markdown(spoken, language, texts)
        yield annotated(spoken, graded.submission, graded.capture, language, texts).decode()


def forms(value: float, *, least: int = 4) -> set[str]:
    """How a number may be written, with `least` significant digits or more."""
    single = np.float32(value)
    plain = {repr(value), str(single)}
    plain |= {f"{value:.{n}g}" for n in range(least, 10)}
    plain |= {f"{value:.{n}e}".split("e")[0] for n in range(least - 1, 10)}
    plain |= {f"{value:.{n}f}" for n in range(9) if least <= 4 or n > 4}
    plain |= {f"{value:,.{n}f}" for n in range(5)} if least <= 4 else set()
    plain |= {number(value, language) for language in LANGUAGES} if least <= 4 else set()
    local = {form.replace(",", " ").replace(".", ",") for form in plain}
    local |= {form.replace(" ", space) for form in local for space in "\u00a0\u202f\u2009"}
    packed = {struct.pack(f, value).hex() for f in ("<d", ">d", "<f", ">f")}
    packed |= {value.hex().removeprefix("-").removeprefix("0x1.").split("p")[0]}
    said = {form.strip("-−") for form in plain | local}
    return {form for form in said if _digits(form) >= least} | packed


def _digits(form: str) -> int:
    """Significant digits; a number that rounds to few of them could be anybody's."""
    return len(re.sub(r"\D", "", re.split("[e×]", form)[0]).strip("0"))


def packs(data: np.ndarray) -> set[str]:
    """An array's bytes in base64, wherever they begin in what was encoded."""
    found = set()
    for dtype in ("<f8", "<f4", ">f8", ">f4"):
        for order in (data.ravel(), data.ravel()[::-1]):
            for shift in range(3):
                text = base64.b64encode(bytes(shift) + order.astype(dtype).tobytes()).decode()
                found.add(text.rstrip("=")[4:-2])
    return {text for text in found if len(text) >= 5}


def traces(numbers, text, *, least=4):
    """Which of these numbers stand in a text, in whatever way."""
    lower = text.lower()
    wanted = {
        form: value
        for data in numbers
        for value in data.ravel()[:MOST].tolist()
        if np.isfinite(value)
        for form in forms(value, least=least)
    }
    # where a number's beginning does not stand, the whole does not either
    first = {f for f in wanted if not any(f[:size] in wanted for size in range(4, len(f)))}
    found = [(wanted[form], form) for form in first if form.lower() in lower]
    return found + [form for data in numbers for form in packs(data) if form in text]


def hidden_at(when):
    return {"hidden"} if when == "after it" else {"hidden", "after_due"}


@each_time
def test_expected_values_stand_nowhere_in_any_format(run, when):
    answers, numbers = planted(run.answers, run.secret(hidden_at(when)), seed=5)
    graded = run.judged(answers)
    for text in files(graded, WHEN[when]):
        assert traces(numbers, text) == []


@each_time
def test_the_search_finds_them_where_they_may_be_seen(run, when):
    answers, numbers = planted(run.answers, run.secret(hidden_at(when)), seed=5)
    graded = run.judged(answers)
    for text in files(graded, WHEN[when], audience="instructor"):
        assert traces(numbers, text) != []


@each_time
def test_the_file_is_the_same_whatever_they_are(run, when):
    """Not a byte depends on them: no attribute, comment, order, length or total either."""
    secret = run.secret(hidden_at(when))
    once, twice = (run.judged(planted(run.answers, secret, seed)[0]) for seed in (5, 6))
    assert once.result != twice.result
    assert list(files(once, WHEN[when])) == list(files(twice, WHEN[when]))


@each_time
def test_the_file_does_not_tell_whether_they_were_met(run, when):
    planted_answers, _ = planted(run.answers, run.secret(hidden_at(when)), seed=5)
    wrong, true = run.judged(planted_answers), run.judged(run.answers)
    assert wrong.result != true.result
    assert list(files(wrong, WHEN[when])) == list(files(true, WHEN[when]))


def test_the_right_choice_makes_no_difference_to_the_file(run):
    def other(one):
        if not isinstance(one, ChoiceCheck) or not one.answer or one.visibility != "hidden":
            return one
        return replace(one, answer=tuple(o for o in one.options if o not in one.answer)[:1])

    assignment = run.graded.assignment
    changed = replace(
        assignment,
        exercises=tuple(
            replace(e, checks=tuple(other(c) for c in e.checks)) for e in assignment.exercises
        ),
    )
    assert changed != assignment
    once, twice = run.judged(run.answers), run.judged(run.answers, changed)
    assert list(files(once, AFTER)) == list(files(twice, AFTER))


def test_inputs_that_the_grader_drew_stand_nowhere(run):
    capture = run.graded.capture
    drawn = [value for call in capture.calls.values() for value in call.inputs.values()]
    drawn += [value for v in capture.variations for value in v.inputs.values()]
    numbers = [
        np.array(
            [x for x in value.data.ravel().tolist() if abs(float(f"{x:.5g}") - x) > 1e-6 * abs(x)]
        )
        for value in drawn
        if value.data is not None and value.data.dtype.kind == "f"
    ]
    assert any(data.size for data in numbers)
    for as_of in (BEFORE, AFTER):
        for text in files(run.judged(run.answers), as_of):
            assert traces(numbers, text, least=6) == []
