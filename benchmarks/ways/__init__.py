"""The ways of grading that are compared; each is a `Way`."""
