"""The gallery as files: a page an exhibit and language, and an index for whoever reviews them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader import diagnose
from grader.pipeline import diagnosis_texts
from grader.report import LANGUAGES, html
from grader.report.language import own_name, tag
from grader.report.prose import title_markup
from grader.spec import load_assignment
from scripts.gallery.choose import KINDS, STATUSES, possible
from scripts.gallery.exhibits import COURSE, Exhibit


@dataclass(frozen=True, slots=True)
class DiagnosisRow:
    """One diagnosis of the catalogue: its titles by language, and the exhibit that shows it."""

    id: str
    titles: Mapping[str, Markup]
    exhibit: str | None


def page(exhibit: Exhibit, language: str) -> str:
    """The report of an exhibit in a language."""
    result = replace(exhibit.seen(), language=language)
    return html(
        result, exhibit.submission, exhibit.capture, language, diagnosis_texts(result),
        assignment=exhibit.assignment,
    )  # fmt: skip


def diagnosis_rows(exhibits: Sequence[Exhibit]) -> list[DiagnosisRow]:
    """Every diagnosis of the catalogue, shown or not."""
    showing = {name: exhibit.name for exhibit in exhibits[::-1] for name in exhibit.diagnoses()}
    showing |= {e.name: e.name for e in exhibits if e.name in e.diagnoses()}
    return [
        DiagnosisRow(
            id,
            {tongue: title_markup(diagnose.texts(id, tongue)["title"]) for tongue in LANGUAGES},
            showing.get(id),
        )
        for id in diagnose.ids()
    ]


def outcome_table(exhibits: Sequence[Exhibit]) -> dict[str, dict[str, str | None]]:
    """Kind → outcome → the exhibit that shows it: None for a gap, "" where no check can have it."""
    can = possible(load_assignment(COURSE, "all").exercises)
    showing = {place: e.name for e in exhibits[::-1] for place in e.places()}
    return {
        kind: {
            status: showing.get((kind, status)) if (kind, status) in can else ""
            for status in STATUSES
        }
        for kind in KINDS
    }


def index(exhibits: Sequence[Exhibit]) -> str:
    """The page that leads to all others."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("index.html.j2").render(
        exhibits=exhibits,
        reports=[e for e in exhibits if e.name.startswith("report")],
        diagnoses=diagnosis_rows(exhibits),
        table=outcome_table(exhibits),
        statuses=STATUSES,
        languages=[(language, tag(language), own_name(language)) for language in LANGUAGES],
    )


def write(folder: Path, exhibits: Sequence[Exhibit]) -> dict[str, Path]:
    """Write all pages into `folder`, the index last. Returns name (`report.zh`) → file."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        f"{exhibit.name}.{language}": page(exhibit, language)
        for exhibit in exhibits
        for language in LANGUAGES
    }
    pages["index"] = index(exhibits)
    files = {}
    for name, text in pages.items():
        files[name] = folder / f"{name}.html"
        half = folder / f"{name}.part"
        half.write_text(text, encoding="utf-8")
        half.replace(files[name])
    return files
