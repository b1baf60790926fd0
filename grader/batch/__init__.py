"""A class into a gradebook: handed in, graded with many in flight, and resumable anywhere.

`hand_in` writes what intake found into the gradebook, `run` grades what the gradebook still lacks,
`close` makes the table and the reports from what it holds then.
"""

from grader.batch.closing import Closed, close
from grader.batch.crew import Crew
from grader.batch.engine import Settings, run, seed_of
from grader.batch.events import Begun, Event, Finished, Outcome, Started
from grader.batch.handing import HandedIn, Trouble, hand_in
from grader.batch.local import Local
from grader.batch.machine import jobs
from grader.batch.place import Place
from grader.batch.work import Graders, Orders, Task

__all__ = [
    "Begun",
    "Closed",
    "Crew",
    "Event",
    "Finished",
    "Graders",
    "HandedIn",
    "Local",
    "Orders",
    "Outcome",
    "Place",
    "Settings",
    "Started",
    "Task",
    "Trouble",
    "close",
    "hand_in",
    "jobs",
    "run",
    "seed_of",
]
