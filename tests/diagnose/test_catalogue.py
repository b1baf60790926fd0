"""Walks the whole catalogue: texts, snippets, and that each matcher fires on its own case only."""

import re
import tomllib
import warnings
from pathlib import Path

import pytest

from grader import diagnose
from grader.diagnose import catalogue
from grader.diagnose.words import FIELDS, PLACE, filled, texts
from tests.diagnose.cases import CASES, RIGHT, diagnosed

FOLDERS = sorted(p for p in Path(catalogue.__file__).parent.iterdir() if (p / "en.toml").exists())
LANGUAGES = ("en", "zh", "ru")
each = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def test_every_folder_is_a_misconception_and_has_a_case():
    found = [folder.name.replace("_", "-") for folder in FOLDERS]
    assert tuple(found) == diagnose.ids()
    assert set(found) == set(CASES)


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


@each
def test_a_matcher_names_its_own_case_first_and_fills_its_texts(folder):
    id = folder.name.replace("_", "-")
    first, *_ = diagnosed(CASES[id])
    assert first.id == id
    assert 0 < first.confidence <= 1
    assert first.checks
    for language in LANGUAGES:
        said = [filled(texts(id, language)[field], first.params) for field in FIELDS]
        assert "…" not in "".join(said).replace("[…]", "").replace("(…)", "")


@each
def test_nothing_is_diagnosed_where_everything_passed(folder):
    assert diagnosed(RIGHT) == ()


# Their wrong way may come to the right numbers: what is wrong is the way.
BY_ROUTE = {"typed_in_constant", "derivative_by_formula", "numpy_on_grad", "forbidden_function"}


@each
def test_snippets_run_and_the_wrong_one_is_not_the_right_one(folder):
    torch = pytest.importorskip("torch")
    answers = []
    for name in ("wrong", "right"):
        space: dict = {}
        code = compile((folder / f"{name}.py").read_text("utf-8"), name, "exec")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                exec(code, space)
            except Exception as error:
                assert name == "wrong", error
                assert not isinstance(error, ImportError | SyntaxError)
                space["answer"] = error
        answers.append(space["answer"])
    wrong, right = answers
    if folder.name in BY_ROUTE:
        return
    both = isinstance(wrong, torch.Tensor) and isinstance(right, torch.Tensor)
    assert (
        not torch.equal(wrong, right) if both else type(wrong) is not type(right) or wrong != right
    )


def test_an_unknown_language_reads_english_and_an_unknown_id_is_refused():
    assert texts("graph-freed", "xx") == texts("graph-freed", "en")
    assert texts("graph-freed", "../../x") == texts("graph-freed", "en")
    for id in ("no-such-thing", "../../report", "graph_freed", ""):
        with pytest.raises(KeyError):
            texts(id, "en")


def test_places_look_up_plain_names_only():
    assert filled("{a} {b} {a.__class__} {0}", {"a": 1.5}) == "1.5 … {a.__class__} {0}"
