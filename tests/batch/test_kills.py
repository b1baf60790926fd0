"""The short form of `make kill-test`: each process of a batch is killed once, and it is resumed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.batch.kills import KINDS, TRIES, Range


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, course: Path) -> Range:
    return Range.of(tmp_path_factory.mktemp("kills"), course, 6)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_killed_anywhere_is_graded_once_and_as_ever(
    place: Range, tmp_path: Path, kind: str
) -> None:
    for again in range(TRIES):
        run = place.run(tmp_path / f"out-{again}", kind, random.Random(again))
        assert not run.wrong, (run.kills, run.wrong)
        if run.kills:
            return
    pytest.fail(f"no {kind} was there to be killed, {TRIES} times")
