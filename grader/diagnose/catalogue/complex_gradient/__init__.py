"""The conjugate of a complex gradient."""

from __future__ import annotations

import numpy as np

from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis, Shown


def match(facts: Facts) -> Diagnosis | None:
    """The real parts agree, the imaginary parts are opposite."""
    for finding in facts.wrong:
        actual, expected = _complex(finding.actual), _complex(finding.expected)
        if actual is None or expected is None or actual.shape != expected.shape:
            continue
        if np.allclose(actual, expected.conj(), rtol=1e-3) and expected.imag.any():
            at = int(np.argmax(np.abs(expected.imag)))
            params = {
                "value": facts.called(finding),
                "actual": _said(actual[at]),
                "expected": _said(expected[at]),
            }
            return Diagnosis("complex-gradient", 0.92, (finding.check,), params)
    return None


def _complex(shown: Shown | None) -> np.ndarray[tuple[int, ...], np.dtype[np.complex128]] | None:
    """The shown elements, where they are finite complex numbers."""
    if shown is None or not shown.values:
        return None
    parts = [item for item in shown.values if isinstance(item, tuple)]
    if len(parts) < len(shown.values) or any(isinstance(n, str) for part in parts for n in part):
        return None
    return np.array([complex(float(re), float(im)) for re, im in parts])


def _said(number: complex) -> str:
    return f"{number.real:.4g}{number.imag:+.4g}j"
