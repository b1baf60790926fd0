import copy
import json
from dataclasses import replace

import jsonschema
import pytest

from grader.errors import InternalError
from grader.model.result import Shown, Tolerance, Worst
from grader.model.submission import Message
from grader.report import schema, to_json

from .samples import RESULT, TEXTS, finding

VALIDATOR = jsonschema.Draft202012Validator(schema())


def with_check(check):
    exercise = replace(RESULT.exercises[0], checks=(check,), diagnoses=())
    return replace(RESULT, exercises=(exercise,))


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_a_result_fits_the_schema(language):
    VALIDATOR.validate(to_json(RESULT, language, TEXTS[language]))


def test_an_empty_result_that_was_not_graded_fits_the_schema():
    empty = replace(
        RESULT, status="not_graded", reason="why", exercises=(), cells=(), notices=(), student=None
    )
    VALIDATOR.validate(to_json(empty, "en"))


def test_keys_are_always_in_the_same_order():
    first, second = (json.dumps(to_json(RESULT, "en", TEXTS["en"])) for _ in range(2))
    assert first == second
    assert list(json.loads(first)) == [
        "schema",
        "grader",
        "assignment",
        "student",
        "language",
        "seed",
        "audience",
        "as_of",
        "status",
        "reason",
        "score",
        "max_score",
        "exercises",
        "run",
        "notices",
    ]


def test_there_is_never_a_number_that_json_lacks():
    nan, inf = float("nan"), float("inf")
    check = finding(
        "c",
        "failed",
        expected=Shown("tensor", "float64", (2,), (nan, inf), 2),
        actual=Shown("tensor", "complex64", (2,), ((nan, -inf), (1.0, "nan")), 2),
        tolerance=Tolerance(inf, nan, "elementwise", 0.0, nan, inf, "float32"),
        worst=Worst((0,), inf),
    )
    run = replace(RESULT.run, seconds=nan)
    body = to_json(replace(with_check(check), run=run), "en")
    VALIDATOR.validate(body)
    text = json.dumps(body, allow_nan=False)
    assert "NaN" not in text
    found = body["exercises"][0]["checks"][0]
    assert found["expected"]["values"] == ["nan", "inf"]
    assert found["actual"]["values"] == [["nan", "-inf"], [1.0, "nan"]]
    assert found["tolerance"]["spread"] == "inf"
    assert found["worst"]["ulp"] == "inf"


def test_a_score_that_is_no_number_is_a_fault_of_ours():
    with pytest.raises(InternalError):
        to_json(replace(RESULT, score=float("nan")), "en")


def test_texts_are_in_the_language_and_hold_no_markup():
    body = to_json(RESULT, "ru", TEXTS["ru"])
    twice = body["exercises"][1]
    assert twice["title"] == "Два обратных прохода"
    assert twice["checks"][1]["message"].startswith("`x.grad` не равно")
    assert "«Градиент после обнуления»" in twice["checks"][2]["message"]
    assert "прибавляет к `.grad`" in twice["diagnoses"][0]["message"]
    assert twice["diagnoses"][0]["see"].startswith("https://docs.pytorch.org/")
    assert "«Градиент 2x·x»" in body["notices"][0]["message"]


def test_a_diagnosis_without_a_text_is_a_sentence_and_not_an_id():
    diagnosis = to_json(RESULT, "en")["exercises"][1]["diagnoses"][0]
    assert diagnosis["message"].startswith("A known mistake")
    assert diagnosis["see"] is None


def test_hostile_text_can_always_be_encoded():
    hostile = "\ud800\u202e\x1b[31m"
    result = replace(
        with_check(finding("c", message=Message("check.value.differs", {"value": hostile}))),
        student=hostile,
        released_hash=hostile,
        reason=hostile,
        assignment=hostile,
    )
    body = to_json(result, "en")
    json.dumps(body, ensure_ascii=False).encode()
    VALIDATOR.validate(body)


def mutations():
    yield "no schema", lambda body: body.pop("schema")
    yield "another schema", lambda body: body.update(schema=2)
    yield "one key more", lambda body: body.update(extra=1)
    yield "unknown status", lambda body: body.update(status="fine")
    yield "no language", lambda body: body.update(language="German")
    yield "score as text", lambda body: body.update(score="6")
    yield "negative score", lambda body: body.update(score=-1)
    yield "no run status", lambda body: body["run"].pop("status")
    yield "unknown cell status", lambda body: body["run"]["cells"][0].update(status="fine")
    yield "unknown exercise status", lambda body: body["exercises"][0].update(status="error")
    yield "check without message", lambda body: body["exercises"][0]["checks"][0].pop("message")
    yield "unknown kind", lambda body: body["exercises"][0]["checks"][0].update(kind="magic")
    yield "visible to all", lambda body: body["exercises"][0]["checks"][0].update(visibility="all")
    yield "worst with more", lambda body: body["exercises"][1]["checks"][1]["worst"].update(x=1)
    yield "infinite ulp", lambda body: body["exercises"][1]["checks"][1]["worst"].update(ulp="∞")
    yield "mode", lambda body: body["exercises"][1]["checks"][1]["tolerance"].update(mode="loose")
    yield "sure beyond 1", lambda body: body["exercises"][1]["diagnoses"][0].update(confidence=2)
    yield (
        "link that is none",
        lambda body: body["exercises"][1]["diagnoses"][0].update(see="javascript:1"),
    )
    yield "notice as text", lambda body: body.update(notices=["restored"])


@pytest.mark.parametrize(("name", "spoil"), list(mutations()), ids=lambda each: str(each)[:30])
def test_the_schema_rejects(name, spoil):
    body = copy.deepcopy(to_json(RESULT, "en", TEXTS["en"]))
    spoil(body)
    assert not VALIDATOR.is_valid(body)
