"""`autograd.grad` was called where `backward` was asked for."""

from __future__ import annotations

from grader.diagnose.catalogue.backward_for_grad import instead
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """No pass of the wanted kind in the cell, and one of the other kind."""
    return instead(facts, "grad-for-backward", wanted="backward", used="grad")
