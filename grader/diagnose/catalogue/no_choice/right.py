"""One of the letters that are offered."""

options = {"a", "b", "c"}
choice = "b"
answer = choice in options
# mypy: ignore-errors
