"""The course's own answers: `reference.py` files, run on what a student's run had."""

from grader.reference.child import Child
from grader.reference.kept import keep, kept
from grader.reference.process import ReferenceProcess

__all__ = ["Child", "ReferenceProcess", "keep", "kept"]
