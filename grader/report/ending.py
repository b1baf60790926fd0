"""How a run ended, as it is told: a kernel that died takes its exercise along, and no other."""

from __future__ import annotations

from grader.model.result import Result
from grader.model.submission import Message


def ending(result: Result) -> Message:
    """What became of the run, and of what stood behind the cell that it broke off in."""
    status = result.run.status
    if status in ("completed", "refused"):
        return Message(f"run.{status}")
    if status == "crashed" and result.score == 0 and not result.cells:
        return Message("run.crashed.nothing")
    ran = [how in ("ok", "error") for _, how, _ in result.cells]
    later = False in ran and True in ran[ran.index(False) :]
    return Message(f"run.{status}.later" if later else f"run.{status}")
