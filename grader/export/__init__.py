"""Lines of the gradebook in the formats of other systems: pure functions, one module a format."""

from grader.export.canvas import canvas
from grader.export.gradescope import gradescope
from grader.export.interchange import interchange
from grader.export.moodle import moodle
from grader.export.nbgrader import nbgrader
from grader.export.shared import highest
from grader.export.table import checks, exercises

__all__ = [
    "canvas",
    "checks",
    "exercises",
    "gradescope",
    "highest",
    "interchange",
    "moodle",
    "nbgrader",
]
