"""Gradebooks on both databases: every test that takes `book` or `place` runs on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from grader.gradebook import Gradebook

from .postgres import server
from .samples import NOON

Place = Callable[[], str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Place]:
    """Names a new, empty database of a PostgreSQL server whenever it is called."""
    with server() as address:
        import psycopg

        numbers = count(1)

        def database() -> str:
            name = f"book{next(numbers)}"
            with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return address.format(name)

        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Names a new place for a gradebook whenever it is called."""
    if request.param == "postgresql":
        made: Place = request.getfixturevalue("postgres")
        return made
    numbers = count(1)
    return lambda: str(tmp_path / f"book{next(numbers)}.db")


@pytest.fixture
def book(place: Place) -> Iterator[Gradebook]:
    """An empty gradebook, at noon."""
    with Gradebook(place(), create=True, clock=lambda: NOON) as opened:
        yield opened
