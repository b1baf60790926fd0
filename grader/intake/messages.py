"""What intake can say: message id → the names of the parameters that fill its text.

Instructors read all of these. `path` is where something lies in what was taken in, `student` is a
student's id.
"""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, ...]] = {
    # what it was recognised by (`Intake.evidence`)
    "intake.by-files": ("count",),
    "intake.by-folders": ("count",),
    "intake.by-nbgrader": ("assignment", "count", "stamped"),
    "intake.by-canvas": ("count", "total"),
    "intake.by-moodle": ("count",),
    "intake.by-gradescope": ("count",),
    "intake.by-receipts": ("count",),
    "intake.download-inside": ("path", "platform", "count"),
    "intake.by-roster": ("file", "count", "columns", "encoding"),
    "intake.names-decoded": ("encoding", "count"),
    # why a file is refused (`Refusal.reason`): by its name
    "intake.name-control": ("found",),
    "intake.name-bidi": ("found",),
    "intake.name-absolute": (),
    "intake.name-parent": (),
    "intake.name-empty": (),
    "intake.name-long": ("limit", "total"),
    "intake.name-reserved": ("found",),
    # by what it is
    "intake.link": (),
    "intake.special": (),
    "intake.encrypted": (),
    "intake.compression": ("found",),
    "intake.duplicate-entry": (),
    "intake.clash": ("other",),
    "intake.too-large": ("megabytes", "limit"),
    "intake.bomb": ("ratio", "limit"),
    "intake.too-many": ("limit",),
    "intake.too-many-notebooks": ("limit",),
    "intake.too-much": ("limit",),
    "intake.too-deep": ("limit",),
    # by what is in it; `unreadable` and `broken` are also `SubmissionError`s of a source
    "intake.unreadable": ("name", "reason"),
    "intake.broken": ("name",),
    "intake.not-a-zip": ("name",),
    "intake.other-archive": (),
    "intake.no-cells": (),
    "intake.no-answer": (),
    "intake.out-of-reach": ("notebook",),
    "intake.nobodys": (),
    "intake.empty-folder": (),
    # what an instructor should look at (`Intake.conflicts`)
    "intake.ambiguous": ("student", "path", "found"),
    "intake.disagrees": ("student", "path", "one", "other"),
    "intake.not-on-roster": ("student", "path"),
    "intake.namesakes": ("student", "count"),
    "intake.joined": ("student", "one", "other"),
    "intake.alike": ("one", "other"),
    "intake.other-author": ("student", "path", "found", "other"),
    "intake.like-a-download": ("path", "platform"),
    "intake.several-notebooks": ("student", "count", "path"),
    "intake.no-notebook": ("student", "path", "count"),
    "intake.roster-twice": ("file", "value", "one", "other"),
    "intake.unreadable-time": ("path", "found"),
    "intake.unreadable-metadata": ("path",),
    "intake.not-in-metadata": ("path",),
    "intake.unreadable-receipt": ("path",),
    "intake.receipt-differs": ("student", "path"),
    # what being late costs (`Lateness.reason`)
    "intake.late": ("days", "percent"),
    "intake.late-capped": ("days", "percent"),
    "intake.late-free": ("days",),
    "intake.late-grace": ("days",),
    "intake.late-in-time": (),
    "intake.late-no-due": (),
    "intake.late-unknown": (),
    "intake.late-marked": (),
    # why nothing is taken in at all (`IntakeError`)
    "intake.error-missing": ("path",),
    "intake.error-unreadable": ("path", "reason"),
    "intake.error-kind": ("path",),
    "intake.error-empty": ("path",),
    "intake.error-layout": ("path", "kind"),
    "intake.error-assignment": ("count", "found", "wanted"),
    "intake.error-roster": ("file", "reason"),
    "intake.error-roster-large": ("file", "limit"),
    "intake.error-roster-columns": ("file", "found"),
    "intake.error-roster-empty": ("file",),
    "intake.error-roster-line": ("file", "line", "reason"),
}
