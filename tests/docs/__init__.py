"""The documentation is held against what it describes."""
