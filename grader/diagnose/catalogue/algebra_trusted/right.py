"""What the computer says."""

answer = int(0.29 * 100)
# mypy: ignore-errors
