"""A thought in words, where a letter is asked for."""

options = {"a", "b", "c"}
choice = "the graph is gone"
answer = choice in options
# mypy: ignore-errors
