"""Runs code cells in a kernel that is observed, and asks it questions when the run is sealed."""

from grader.kernel.channel import Channel, ChannelClosed
from grader.kernel.scratch import Scratch
from grader.kernel.server import KernelServer
from grader.kernel.session import CellEnd, Session

__all__ = ["CellEnd", "Channel", "ChannelClosed", "KernelServer", "Scratch", "Session"]
