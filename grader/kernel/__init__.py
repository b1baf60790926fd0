"""Runs code cells in a kernel that is observed, and asks it questions when the run is sealed.

`session` is for slots alone: it imports nbclient, which the trusted side has no use for.
"""

from grader.kernel.channel import Channel, ChannelClosed
from grader.kernel.fonts import FontList
from grader.kernel.scratch import Scratch
from grader.kernel.server import KernelServer

__all__ = ["Channel", "ChannelClosed", "FontList", "KernelServer", "Scratch"]
