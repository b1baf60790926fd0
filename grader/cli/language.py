"""The option in which language texts are."""

from __future__ import annotations

from enum import StrEnum

from grader.languages import LANGUAGES


class Language(StrEnum):
    """Languages of the texts: those that have a catalog."""

    _ignore_ = ["each"]  # noqa: RUF012 - how enum wants it
    for each in LANGUAGES:
        vars()[each] = each
