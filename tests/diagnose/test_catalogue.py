"""Walks the whole catalogue: texts, snippets, and that each matcher fires on its own case only."""

import re
import tomllib
import warnings
from pathlib import Path

import pytest
import torch

from grader import diagnose
from grader.diagnose import catalogue
from grader.diagnose.words import FIELDS, PLACE, filled, texts
from grader.languages import LANGUAGES
from grader.model.result import Diagnosis
from scripts import misconceptions
from tests.diagnose.cases import CASES, RIGHT, diagnosed
from tests.diagnose.number_cases import CALLS, CELLS

FOLDERS = sorted(p for p in Path(catalogue.__file__).parent.iterdir() if (p / "en.toml").exists())
# Right numbers by a way that was not asked for.
BY_ROUTE_ONLY = (
    "typed_in_constant",
    "argument_not_said",
    "derivative_by_formula",
    "numpy_on_grad",
    "forbidden_function",
)
each = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def test_every_folder_is_a_misconception_and_has_a_case():
    found = [folder.name.replace("_", "-") for folder in FOLDERS]
    assert tuple(found) == diagnose.ids()
    assert set(found) == {*CASES, *CALLS, *CELLS}


@each
def test_texts_have_the_same_fields_and_places_in_every_language(folder):
    read = {
        language: tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))
        for language in LANGUAGES
    }
    for found in read.values():
        assert tuple(found) == FIELDS
        assert all(text.strip() for text in found.values())
        assert found["read_on"].startswith("https://")
    for field in FIELDS:
        places = [sorted(set(PLACE.findall(found[field]))) for found in read.values()]
        assert places[0] == places[1] == places[2], field
        for found in read.values():
            assert not re.search(r"[{}]", PLACE.sub("", found[field])), field
    assert re.search("[\u4e00-\u9fff]", read["zh"]["title"] + read["zh"]["explanation"])
    assert re.search("[\u0400-\u04ff]", read["ru"]["title"] + read["ru"]["explanation"])


@pytest.mark.parametrize("id", sorted(CASES))
def test_a_matcher_names_its_own_case_first_and_fills_its_texts(id):
    first, *_ = diagnosed(CASES[id])
    assert first.id == id
    assert 0 < first.confidence <= 1
    assert first.checks
    for language in LANGUAGES:
        said = [filled(texts(id, language)[field], first.params) for field in FIELDS]
        assert "…" not in "".join(said).replace("[…]", "").replace("(…)", "")


def test_nothing_is_diagnosed_where_everything_passed():
    assert diagnosed(RIGHT) == ()


@each
def test_snippets_run_and_the_wrong_one_does_not_give_what_the_right_one_gives(folder):
    wrong, right = (_answer(folder / f"{name}.py", name == "wrong") for name in ("wrong", "right"))
    if folder.name not in BY_ROUTE_ONLY:
        assert not _same(wrong, right)


def _answer(path, may_raise):
    space: dict = {}
    code = compile(path.read_text("utf-8"), str(path), "exec")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(code, space)
    except Exception as error:
        assert may_raise, error
        return error
    return space["answer"]


def _same(wrong, right):
    if torch.is_tensor(wrong) and torch.is_tensor(right):
        return (
            wrong.shape == right.shape and wrong.dtype == right.dtype and torch.equal(wrong, right)
        )
    return type(wrong) is type(right) and wrong == right


def test_the_page_of_misconceptions_is_current():
    written = misconceptions.PAGE.read_text("utf-8")
    assert written == misconceptions.page(), "make docs"


def test_a_surer_cause_hides_what_it_explains_and_the_first_mistake_leads():
    sure = Diagnosis("mean-for-sum", 0.95, ("a", "b"))
    general = Diagnosis("constant-factor", 0.78, ("b",))
    other = Diagnosis("wrong-choice", 0.8, ("c",))
    vague = Diagnosis("wrong-shape", 0.6, ("d",))
    assert diagnose.ranked([general, other, vague, sure]) == (sure, other)
    first = Diagnosis("wrong-order", 0.94, ("a",))
    later = Diagnosis("sign-flipped", 0.95, ("b",))
    assert diagnose.ranked([later, first], ("a", "b")) == (first, later)


def test_a_matcher_that_fails_is_logged_and_costs_nobody_anything(monkeypatch, caplog):
    def fail(facts):
        raise ValueError("no")

    monkeypatch.setattr(diagnose, "_matchers", lambda: {"broken": fail})
    assert diagnosed(CASES["sign-flipped"]) == ()
    assert "broken" in caplog.text


def test_an_unknown_language_reads_english_and_an_unknown_id_is_refused():
    assert texts("graph-freed", "xx") == texts("graph-freed", "en")
    assert texts("graph-freed", "../../x") == texts("graph-freed", "en")
    for id in ("no-such-thing", "../../report", "graph_freed", ""):
        with pytest.raises(KeyError):
            texts(id, "en")


def test_places_look_up_plain_names_only():
    assert filled("{a} {b} {a.__class__} {0}", {"a": 1.5}) == "1.5 … {a.__class__} {0}"
