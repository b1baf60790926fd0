"""Answers that are kept are the answers that were given, and are used for nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grader.model.expectation import Expectation, Request
from grader.model.value import array
from grader.reference import ReferenceProcess, keep, kept

SOURCE = "def double(x):\n    return 2 * x\n\ndef fails(x):\n    raise ValueError('no')\n"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "reference.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def asked(function="double", x=3.0, actual=None):
    return Request("k", "e", function, {"x": array([x], "float32")}, "float32", actual=actual)


def answered(path, *requests):
    with ReferenceProcess({"e": path}) as process:
        return [process.answer([request])["k"] for request in requests]


def equal(one: Expectation, other: Expectation) -> bool:
    same = (one.error, one.digest) == (other.error, other.digest)
    if one.exact is None or other.exact is None:
        return same and one.exact is other.exact
    arrays = [(one.exact.data, other.exact.data), (one.own.data, other.own.data)]
    arrays += [(one.spread, other.spread)]
    return same and all(
        a is b or (a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b))
        for a, b in arrays
    )


def test_answers_and_failures_come_back_as_they_were(path) -> None:
    given = answered(path, asked(), asked("fails"), asked(actual=array([6.0], "float32")))
    back = kept(keep(given))
    assert len(back) == 3
    assert all(map(equal, given, back))
    assert back[1].error == "raised: ValueError: no"
    assert back[2].spread is None


def test_what_a_busy_machine_said_is_not_kept() -> None:
    late = [Expectation("k", error=why, digest=why) for why in ("timeout", "memory")]
    assert kept(keep(late)) == ()


def test_bytes_that_are_no_answers_are_none() -> None:
    whole = keep([Expectation("k", error="raised: x", digest="d")])
    assert kept(whole[:-3]) == kept(b"") == kept(b"x" * 40) == ()


def test_nobody_is_asked_what_is_kept(path) -> None:
    given = answered(path, asked(), asked("fails"))
    process = ReferenceProcess({"e": path})
    process.recall(kept(keep(given)))
    assert equal(process.answer([asked()])["k"], given[0])
    drawn = replace(asked("fails"), drawn=True)
    assert process.answer([drawn])["k"].on_drawn
    assert process._child is None


def test_another_reference_or_question_is_asked_anew(path) -> None:
    given = kept(keep(answered(path, asked())))
    path.write_text(SOURCE.replace("2 * x", "5 * x"), encoding="utf-8")
    with ReferenceProcess({"e": path}) as process:
        process.recall(given)
        assert process.answer([asked()])["k"].exact.data == 15
    path.write_text(SOURCE, encoding="utf-8")
    with ReferenceProcess({"e": path}) as process:
        process.recall(given)
        assert process.answer([asked(x=4.0)])["k"].exact.data == 8


def test_an_answer_without_a_spread_is_not_enough_where_one_decides(path) -> None:
    (near,) = answered(path, asked(actual=array([6.0], "float32")))
    assert near.spread is None
    far = asked(actual=array([6.1], "float32"))
    with ReferenceProcess({"e": path}) as process:
        process.recall([replace(near, digest=process._digest(far))])
        assert process.answer([far])["k"].spread is not None


def test_an_answer_with_a_spread_is_not_forgotten_for_one_without(path) -> None:
    (near,) = answered(path, asked(actual=array([6.0], "float32")))
    far = asked(actual=array([6.1], "float32"))
    (whole,) = answered(path, far)
    assert near.spread is None and near.digest == whole.digest
    process = ReferenceProcess({"e": path})
    process.recall([whole, near])
    assert equal(process.answer([far])["k"], whole)
    assert process._child is None
