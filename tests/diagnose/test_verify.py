"""The verification of diagnoses can fail."""

from __future__ import annotations

import pytest

from tests.diagnose.verify import AT_LEAST, AT_MOST, broken

KEPT = dict(AT_LEAST) | dict(AT_MOST)


def test_rates_at_their_bounds_are_kept() -> None:
    assert broken(KEPT) == []


@pytest.mark.parametrize("key", KEPT)
def test_each_promise_can_be_broken(key: str) -> None:
    worse = KEPT[key] + (-0.001 if key in AT_LEAST else 0.001)
    assert [line.partition(":")[0] for line in broken(KEPT | {key: worse})] == [key]


def test_what_was_not_measured_is_not_judged() -> None:
    assert broken({"top1": 1.0}) == []
