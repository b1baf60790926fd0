"""What was handed in: read from hostile bytes, and brought into line with its assignment."""

from grader.notebook.align import align
from grader.notebook.load import load
from grader.notebook.messages import MESSAGES
from grader.notebook.read import notices, read
from grader.notebook.stamp import Stamp, stamp

__all__ = ["MESSAGES", "Stamp", "align", "load", "notices", "read", "stamp"]
