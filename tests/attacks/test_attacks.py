"""Every attack is held, and succeeds where the layer that holds it is switched off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attacks import attack as attacks
from tests.attacks.harness import LAYERS, Range, verdict


@pytest.fixture(scope="module")
def place() -> Iterator[Range]:
    with Range() as place:
        yield place


def test_there_are_fifty_attacks_and_more() -> None:
    assert len(attacks.names()) >= 50


@pytest.mark.parametrize("name", attacks.names())
def test_headers_name_what_there_is(name: str) -> None:
    attack = attacks.load(name)
    assert attack.cells
    assert attack.by_design or set(attack.defended_by) <= set(LAYERS)


@pytest.mark.parametrize("name", attacks.names())
def test_attack_is_held(place: Range, name: str) -> None:
    attack = attacks.load(name)
    missing = place.missing(attack)
    if missing is not None:
        pytest.skip(missing)
    assert verdict(place, attack) == []
