"""Says what each language lacks, which readers get in English: `python scripts/languages.py`.

Exit code 1 where something is lacking.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from grader import diagnose
from grader.languages import ENGLISH, LANGUAGES
from grader.report.language import PLACE, catalog, forms, own_name, tag
from grader.spec import load_assignment

COURSE = Path(__file__).resolve().parent.parent


def lacking(language: str) -> Iterator[str]:
    """Everything that has a text in English and none, or no whole one, in `language`."""
    yield from _catalog(language)
    folder = files("grader.diagnose.catalogue")
    for id in diagnose.ids():
        if not (folder / id.replace("-", "_") / f"{language}.toml").is_file():
            yield f"misconception {id}: no {language}.toml"
    yield from _course(language)


def _catalog(language: str) -> Iterator[str]:
    own = catalog(language)
    for message in catalog(ENGLISH):
        id = str(message.id[0] if message.pluralizable else message.id)
        if not id:
            continue
        found = own.get(id)
        if found is None or not found.string:
            yield f"catalog: no text for {id}"
            continue
        texts = found.string if isinstance(found.string, tuple | list) else [found.string]
        if message.pluralizable and (len(texts) != len(forms(language)) or not all(texts)):
            yield f"catalog: {id} needs the forms {', '.join(forms(language))}, in this order"
        if found.fuzzy:
            yield f"catalog: {id} is marked as fuzzy"
        given = set(PLACE.findall(str(message.string)))
        for name in sorted(set(PLACE.findall(str(texts))) - given):
            yield f"catalog: {id} uses {{{name}}}, which the English text does not"


def _course(language: str) -> Iterator[str]:
    assignments = [
        load_assignment(COURSE, path.stem)
        for path in sorted(COURSE.glob("exercises/assignments/*.toml"))
    ]
    for assignment in assignments:
        if language not in assignment.title:
            yield f"assignment {assignment.id}: no title"
    for exercise in {e.id: e for each in assignments for e in each.exercises}.values():
        if language not in exercise.title:
            yield f"exercise {exercise.id}: no title"
        for check in exercise.checks:
            if language not in check.title:
                yield f"exercise {exercise.id}: no title for the check {check.id}"
        told = exercise.prompts.get(language)
        if told is None:
            yield f"exercise {exercise.id}: no prompt.{language}.md"
            continue
        for cell in exercise.prompts.get(ENGLISH, {}):
            if cell not in told:
                yield f"exercise {exercise.id}: prompt.{language}.md has no text before {cell}"


def main() -> int:
    """Print a line for whatever is lacking, and how much there is."""
    gaps = 0
    for language in LANGUAGES:
        found = list(lacking(language))
        gaps += len(found)
        print(f"{language} ({own_name(language)}, {tag(language)}): {len(found)} lacking")
        for line in found:
            print(f"  {line}")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
