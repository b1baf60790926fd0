"""The command line. Exit codes: 0 done, whatever the score; 1 something to fix; 2 the call or the
files are wrong; 3 the machine lacks something."""

from grader.cli.app import command_line, main

__all__ = ["command_line", "main"]
