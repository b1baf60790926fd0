"""Tables of derivatives of the author's functions, at a trial's inputs, from differences."""

from __future__ import annotations

import numpy as np

from grader.diagnose import formula
from grader.diagnose.arrays import Array
from grader.diagnose.formula import Scope, Unknown
from grader.diagnose.source import Code
from grader.diagnose.trials import Trial


def tables(code: Code, trial: Trial) -> list[tuple[str, Array]]:
    """The argument's name and the Jacobian, outputs × elements, of each function of one argument.

    An argument is looked for among the trial's inputs, by the name of the function's parameter.
    """
    found: list[tuple[str, Array]] = []
    functions = code.functions()
    for name in sorted(code.given()):
        known = formula.parameters(functions[name])
        at = {one: trial.inputs[one] for one in known if one in trial.inputs}
        if len(known) != 1 or set(at) != set(known) or at[known[0]].ndim > 1:
            continue
        try:
            table = formula.table(functions[name], known[0], at, Scope({}, functions))
        except Unknown:
            continue
        if np.isfinite(table).all():
            found.append((known[0], table))
    return found


def value(code: Code, trial: Trial, at: Array) -> Array | None:
    """What the author's one function of one argument gives at some point."""
    functions = code.functions()
    for name in sorted(code.given()):
        known = formula.parameters(functions[name])
        if len(known) == 1:
            try:
                return formula.call(functions[name], {known[0]: at}, Scope({}, functions))
            except Unknown:
                continue
    return None
