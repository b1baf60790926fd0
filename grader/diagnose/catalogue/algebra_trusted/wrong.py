"""What algebra says."""

answer = 29
# mypy: ignore-errors
