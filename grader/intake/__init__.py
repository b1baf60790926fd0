"""What strangers handed in, as an ordered and explained list: `take_in`.

Nothing is unpacked to disk under a name of theirs, and no content is held: it is read when asked.
"""

from grader.intake.errors import IntakeError
from grader.intake.lateness import Lateness, LatePolicy, lateness
from grader.intake.limits import Limits
from grader.intake.messages import MESSAGES
from grader.intake.one import One, one_student
from grader.intake.options import Options
from grader.intake.plain import to_plain
from grader.intake.roster import read_roster
from grader.intake.take import take_in

__all__ = [
    "MESSAGES",
    "IntakeError",
    "LatePolicy",
    "Lateness",
    "Limits",
    "One",
    "Options",
    "lateness",
    "one_student",
    "read_roster",
    "take_in",
    "to_plain",
]
