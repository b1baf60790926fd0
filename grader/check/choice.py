"""A question answered by assigning one or several of its options to a name."""

from __future__ import annotations

import re

import numpy as np

from grader.check.outcome import Answers, Outcome, absent, failed, passed
from grader.check.view import Absent, View
from grader.model.exercise import ChoiceCheck
from grader.model.expectation import Request
from grader.model.submission import Message
from grader.model.value import Value


def requests(view: View, check: ChoiceCheck) -> tuple[Request, ...]:
    """Nothing: the answer is in the spec."""
    return ()


def judge(view: View, check: ChoiceCheck, answers: Answers) -> Outcome:
    """A valid option, and the right one where there is one."""
    found = view.find(check.value, check.cell)
    if isinstance(found, Absent):
        return absent(found)
    value = found.value
    if value.kind == "none" or (value.kind == "opaque" and value.why is None):
        which = "none" if value.kind == "none" else "placeholder"
        return absent(
            Absent(Message(f"check.value.{which}", {"value": check.value}), cell=found.cell)
        )
    if value.kind == "text" and not (value.text or "").strip():
        params = {"value": check.value}
        return absent(Absent(Message("check.value.placeholder", params), cell=found.cell))
    options = {_plain(option) for option in check.options}
    chosen = _chosen(value, options)
    if not chosen or not chosen <= options:
        listed = ", ".join(check.options)
        return failed("check.choice.invalid", found.cell, value=check.value, options=listed)
    if check.answer and chosen != {_plain(option) for option in check.answer}:
        said = ", ".join(o for o in check.options if _plain(o) in chosen)
        return failed("check.choice.wrong", found.cell, value=check.value, chosen=said)
    return passed(found.cell)


def _plain(text: str) -> str:
    """Without case and space, and without the quotes and brackets of a list that was typed."""
    return re.sub(r"[\s'\"\[\](){}]+", "", text).casefold()


def _chosen(value: Value, options: set[str]) -> set[str]:
    if value.text is not None and value.kind != "function":
        whole = _plain(value.text)
        if whole in options:
            return {whole}
        return {_plain(part) for part in re.split(r"[,;，；、]", value.text)} - {""}
    if value.data is None or value.data.size > 100:
        return set()
    return {_number(item) for item in np.asarray(value.data).ravel()}


def _number(item: object) -> str:
    if isinstance(item, (bool, np.bool_)):
        return "true" if item else "false"
    if isinstance(item, (float, np.floating)) and float(item).is_integer():
        return str(int(item))
    return str(item).casefold()
