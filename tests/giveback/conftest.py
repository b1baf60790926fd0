"""Gradebooks on both databases."""

from tests.gradebook.conftest import book, place, postgres

__all__ = ["book", "place", "postgres"]
