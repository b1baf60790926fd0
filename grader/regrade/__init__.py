"""A class judged again from stored captures, without running one line of student code.

`recheck` is the verdict about one submission; `look` asks it of a whole gradebook, in several
processes, and writes nothing.
"""

from grader.regrade.many import Found, look
from grader.regrade.recheck import recheck

__all__ = ["Found", "look", "recheck"]
