"""Imported once by the process that slots are forked from, to have there what all of them need.

A Ctrl-C meanwhile is for whoever started it, who ends it.
"""

import signal

_usual = signal.signal(signal.SIGINT, signal.SIG_IGN)

from grader.slot import rehearse  # noqa: E402

rehearse()
signal.signal(signal.SIGINT, _usual)
