"""Captures: hostile bytes in, frozen data out; and the form in which captures are kept."""

from grader.capture import ask
from grader.capture.frames import FrameError, Frames
from grader.capture.store import Part, decode, encode

__all__ = ["FrameError", "Frames", "Part", "ask", "decode", "encode"]
