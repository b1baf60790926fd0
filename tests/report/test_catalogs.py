"""The catalogs say everything that a stage can say, with the parameters that it gives."""

import re
from pathlib import Path

import pytest

from grader.check.messages import MESSAGES as CHECK
from grader.cli.messages import MESSAGES as COMMANDS
from grader.diagnose.stops import MESSAGES as STOPS
from grader.export.messages import MESSAGES as EXPORT
from grader.intake.messages import MESSAGES as INTAKE
from grader.languages import LANGUAGES
from grader.notebook.messages import MESSAGES as NOTEBOOK
from grader.report.language import PLACE, UNKNOWN, catalog, forms
from grader.report.visibility import WITHHELD
from grader.spec.messages import MESSAGES as SPEC
from grader.submit.messages import MESSAGES as SUBMIT

SAID = {**CHECK, **COMMANDS, **EXPORT, **INTAKE, **NOTEBOOK, **SPEC, **STOPS, **SUBMIT}
REPORT = Path(__file__).parents[2] / "grader" / "report"


def entries(language):
    """id → (the parameter that counts, the texts)."""
    found = {}
    for message in catalog(language):
        if not message.id:
            continue
        plural = isinstance(message.id, tuple | list)
        id, counted = message.id if plural else (message.id, None)
        texts = tuple(message.string) if plural else (message.string,)
        found[id] = (counted, texts)
    return found


def places(texts):
    return {name for text in texts for name in PLACE.findall(text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_the_stages_has_a_text(language):
    assert sorted(set(SAID) - set(entries(language))) == []


def test_no_text_is_left_over_from_a_message_that_nobody_says():
    own = {WITHHELD.id}
    stages = (
        *("ask.", "check.", "command.", "explain.", "export."),
        *("grade.", "input.", "intake.", "notice.", "submit."),
    )
    said = {id for id in entries("en") if id.startswith(stages)}
    assert sorted(said - set(SAID) - own) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogs_have_the_same_messages(language):
    assert sorted(set(entries("en")) ^ set(entries(language))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_use_no_parameter_that_is_not_given(language):
    wrong = {
        id: sorted(places(texts) - set(SAID[id]))
        for id, (_, texts) in entries(language).items()
        if id in SAID and places(texts) - set(SAID[id])
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_use_the_parameters_of_the_english_text(language):
    english = entries("en")
    wrong = {
        id: sorted(places(texts) ^ places(english[id][1]))
        for id, (_, texts) in entries(language).items()
        if places(texts) != places(english[id][1])
    }
    assert set(wrong) <= {"submit.error-identity-invalid"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_complete_and_count_a_parameter(language):
    categories = len(forms(language))
    assert catalog(language).num_plurals == categories
    for id, (counted, texts) in entries(language).items():
        if counted is None:
            continue
        assert len(texts) == categories, id
        assert all(texts), id
        assert PLACE.fullmatch(counted), id
        assert counted == entries("en")[id][0], id
        if id in SAID:
            assert counted.strip("{}") in SAID[id], id


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_there_whole_and_not_fuzzy(language):
    for message in catalog(language):
        assert not (message.id and message.fuzzy), message.id
    for id, (_, texts) in entries(language).items():
        for text in texts:
            assert text.strip() == text != "", id
            assert text.count("`") % 2 == 0, id
            leftover = PLACE.sub("", text)
            assert "{" not in leftover, id
            assert "}" not in leftover, id


@pytest.mark.parametrize(("language", "letters"), [("zh", r"[\u4e00-\u9fff]"), ("ru", "[а-я]")])
def test_translations_are_translated(language, letters):
    same = {"word.none", "report.out-of", "listing.recognised", "class.percent"}
    for id, (_, texts) in entries(language).items():
        if id not in same:
            assert all(re.search(letters, text) for text in texts), id


def test_every_status_of_the_model_has_a_word():
    from typing import get_args

    from grader.model.exercise import Check, Visibility
    from grader.model.observation import CellStatus, RunStatus
    from grader.model.result import Audience, CheckStatus, ExerciseStatus

    kinds = [kind.__dataclass_fields__["kind"].default for kind in get_args(Check)]
    wanted = {
        *(f"status.{name}" for name in get_args(CheckStatus)),
        *(f"exercise.{name}" for name in get_args(ExerciseStatus)),
        *(f"run.{name}" for name in get_args(RunStatus)),
        *(f"cell.{name}" for name in get_args(CellStatus)),
        *(f"visibility.{name}" for name in get_args(Visibility)),
        *(f"report.audience.{name}" for name in get_args(Audience)),
        *(f"kind.{name}" for name in kinds),
        *(f"report.tolerance.{mode}" for mode in ("elementwise", "normwise", "exact")),
        UNKNOWN,
    }
    assert sorted(wanted - set(entries("en"))) == []


def test_the_report_asks_for_no_text_that_is_not_there():
    sources = [*REPORT.glob("*.py"), *REPORT.glob("templates/*.j2")]
    asked = {
        id
        for source in sources
        for id in re.findall(
            r'"((?:report|diagnosis|message|check)\.[a-z.-]+[a-z])"', source.read_text()
        )
    }
    files = {"report.html", "report.css", "report.html.j2"}
    assert sorted(asked - files - set(entries("en"))) == []


def test_submission_errors_raised_anywhere_have_a_text():
    raised = {
        id
        for source in REPORT.parent.rglob("*.py")
        for id in re.findall(
            r'(?:SubmissionError|DeliveryError|IntakeError|\.told)\(\s*"([a-z.-]+)"',
            source.read_text(),
        )
    }
    assert raised
    assert sorted(raised - set(entries("en"))) == []
