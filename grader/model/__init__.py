"""Frozen data that the stages hand to each other: no torch, no behaviour but look-ups."""
