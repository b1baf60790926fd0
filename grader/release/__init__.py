"""The student's notebook: an assignment's prompts and starter cells, without anything secret."""

from grader.release.build import release, warnings
from grader.release.write import write

__all__ = ["release", "warnings", "write"]
