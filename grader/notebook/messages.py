"""What this stage can say: message id → the names of the parameters that fill its text.

`name` is always the file's name. Every `input.*` is a `SubmissionError`, every `notice.*` is in
`Submission.notices`, which student and instructor both read.
"""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, ...]] = {
    # the file
    "input.missing": ("name",),
    "input.directory": ("name",),
    "input.not-a-file": ("name",),
    "input.unreadable": ("name", "reason"),
    "input.too-large": ("name", "megabytes", "limit"),
    # its text
    "input.empty": ("name",),
    "input.encoding": ("name", "offset"),
    "input.web-page": ("name",),
    "input.not-json": ("name", "line", "column"),
    "input.too-complex": ("name",),
    "input.not-a-script": ("name",),
    # the notebook in it
    "input.not-a-notebook": ("name",),
    "input.too-new": ("name", "found", "newest"),
    "input.other-language": ("name", "found"),
    "input.no-cells": ("name",),
    "input.too-many-cells": ("name", "cells", "limit"),
    "input.cell-too-large": ("name", "cell", "kilobytes", "limit"),
    "input.too-much-source": ("name", "kilobytes", "limit"),
    # what it answers
    "input.other-assignment": ("expected", "found"),
    # what reading it changed
    "notice.upgraded": ("found",),
    "notice.newer-minor": ("found",),
    "notice.language-assumed": (),
    "notice.outputs-dropped": ("megabytes",),
    "notice.cells-repaired": ("count",),
    "notice.cells-dropped": ("count",),
    "notice.ids-repaired": ("count",),
    "notice.text-repaired": ("count",),
    # what bringing it into line with the assignment found
    "notice.own-names": (),
    "notice.metadata-lost": (),
    "notice.spec-changed": ("released", "current"),
    "notice.locked-restored": ("exercise", "cell"),
    "notice.locked-updated": ("exercise", "cell"),
    "notice.locked-missing": ("exercise", "cell"),
    "notice.cell-missing": ("exercise", "cell"),
    "notice.cell-duplicated": ("exercise", "cell", "count"),
    "notice.cell-guessed": ("exercise", "cell"),
    "notice.cells-reordered": ("exercise",),
    "notice.exercises-reordered": (),
    "notice.exercise-missing": ("exercise",),
}
