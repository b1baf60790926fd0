"""Every attack is held, and succeeds where the layer that holds it is switched off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.kernel import sandbox
from tests.attacks import attack as attacks
from tests.attacks import elsewhere
from tests.attacks.attack import Attack
from tests.attacks.harness import LAYERS, Range, verdict

# All in one process (`--dist loadfile`): an attack on all that is in sight would be seen by the
# canaries of another.
EVERY = attacks.every()


@pytest.fixture(scope="module")
def place() -> Iterator[Range]:
    with Range() as place:
        yield place


def test_there_are_ninety_attacks_and_more() -> None:
    assert len(EVERY) >= 90


@pytest.mark.parametrize("attack", EVERY, ids=lambda attack: attack.name)
def test_headers_name_what_there_is(attack: Attack) -> None:
    assert attack.cells
    assert attack.by_design or set(attack.defended_by) <= set(LAYERS)


def _cases() -> Iterator[Any]:
    for attack in EVERY:
        if not attack.editable:
            yield pytest.param(attack, id=attack.name)


@pytest.mark.skipif(bool(sandbox.missing()), reason="this machine lacks required layers")
@pytest.mark.parametrize("attack", list(_cases()))
def test_attack_is_held(place: Range, attack: Attack) -> None:
    missing = place.missing(attack)
    if missing is not None:
        pytest.skip(missing)
    assert verdict(place, attack) == []


@pytest.mark.skipif(bool(sandbox.missing()), reason="this machine lacks required layers")
def test_attacks_from_an_editable_install_inside_the_course_are_held(tmp_path: Path) -> None:
    names = [attack.name for attack in EVERY if attack.editable]
    command, environment = elsewhere.in_a_course(tmp_path)
    again = [*command, "-m", "tests.attacks", "--here", *names]
    said = list(elsewhere.lines(again, environment, tmp_path))
    assert said[-1] == f"{len(names)} passed, 0 failed", said
