"""One pile of each layout, with something odd in each."""

from __future__ import annotations

import hashlib
import json

from .builders import SCRIPT, notebook, zipped

ROSTER = (
    "\ufeff学号;姓名;邮箱\n"
    "a1;Li Wei;li.wei@uni.example\n"
    "a2;Иван Петров;petrov@uni.example\n"
    "a3;王小明;wang@uni.example\n"
    "a4;Ann O'Hara;ann@uni.example\n"
    "a5;Nobody Here;nobody@uni.example\n"
).encode()

RELEASED = {"grader": {"assignment": {"id": "autograd"}}}

FLAT = {
    "li.wei.ipynb": notebook("1"),
    "li.wei (1).ipynb": notebook("2"),
    "王小明.ipynb": notebook("3"),
    "hw1_Петров Иван.ipynb": notebook("1"),
    "ann.py": SCRIPT,
    "notes.txt": b"whose?",
    "tool.py": b"print(1)",
}

FOLDERS = {
    "Li Wei/hw.ipynb": notebook("1"),
    "Li Wei/data/points.csv": b"1,2",
    "Иван Петров/hw.ipynb": notebook("2"),
    "Иван Петров/Untitled.ipynb": notebook("scratch"),
    "王小明/answer.zip": zipped({"hw/hw.ipynb": notebook("3"), "hw/tool.py": b"x = 1"}),
    "ann/report.pdf": b"%PDF",
}

NBGRADER = {
    "source/autograd/hw.ipynb": notebook("the solution"),
    "submitted/a1/autograd/hw.ipynb": notebook("1"),
    "submitted/a1/autograd/timestamp.txt": b"2026-11-20 18:00:00.123456 UTC",
    "submitted/a1/autograd/data.csv": b"1,2",
    "submitted/a2/autograd/hw.ipynb": notebook("2"),
    "submitted/a2/autograd/timestamp.txt": b"2026-11-21 03:00:00 Europe/Moscow",
    "submitted/a3/autograd/hw.ipynb": notebook("3"),
    "submitted/a3/autograd/timestamp.txt": "вчера".encode(),
    "submitted/a3/autograd/.ipynb_checkpoints/hw-checkpoint.ipynb": notebook("3"),
}

CANVAS = {
    "liwei_1001_50001_hw.ipynb": notebook("1"),
    "liwei_1001_50002_tool.py": b"x = 1",
    "петровиван_LATE_1002_50003_hw-1.ipynb": notebook("2"),
    "王小明_1003_50004_hw.zip": zipped({"hw.ipynb": notebook("3")}),
    "oharaann_1004_text.html": b"<p>I forgot</p>",
    "studentx_1005_50006_hw.ipynb": notebook("1"),
}

MOODLE = {
    "Li Wei_401_assignsubmission_file/hw.ipynb": notebook("1"),
    "Иван Петров_402_assignsubmission_file_/hw.ipynb": notebook("2"),
    "王小明_403_assignsubmission_file/hw.zip": zipped({"hw.ipynb": notebook("3")}),
    "Ann O'Hara_404_assignsubmission_onlinetext/onlinetext.html": b"<p>see my file</p>",
    "Participant_405_assignsubmission_file/hw.ipynb": notebook("4"),
}

GRADESCOPE = {
    "assignment_77_export/submission_metadata.yml": b"""\
submission_1:
  :submitters:
  - :name: Li Wei
    :sid: a1
    :email: li.wei@uni.example
  - :name: "\\u0418\\u0432\\u0430\\u043D \\u041F\\u0435\\u0442\\u0440\\u043E\\u0432"
    :sid: a2
    :email: petrov@uni.example
  :created_at: 2026-11-20 18:00:00.123456789 Z
  :score: 3.0
submission_2:
  :submitters:
  - :name: Wang
    :sid: '0123'
    :email: wang@uni.example
  :created_at: 2026-11-21 01:00:00.000000000 -08:00
""",
    "assignment_77_export/submission_1/hw.ipynb": notebook("1"),
    "assignment_77_export/submission_1/data.csv": b"1",
    "assignment_77_export/submission_2/hw.ipynb": notebook("2"),
    "assignment_77_export/submission_3/hw.ipynb": notebook("3"),
}


def _receipt(student: str, number: int, time: str, stored: str, content: bytes) -> bytes:
    receipt = {
        "schema": 1, "sha256": hashlib.sha256(content).hexdigest(), "time": time,
        "attempt": number, "student": student, "assignment": "autograd", "destination": "/srv",
        "stored": stored, "file": "hw.ipynb", "same_as": None,
    }  # fmt: skip
    return json.dumps(receipt).encode()


RECEIPTS = {
    "autograd/li.wei/20261120T120000Z-0123456789ab.ipynb": notebook("1"),
    "autograd/li.wei/attempt-1.json": _receipt(
        "li.wei", 1, "2026-11-20T12:00:00Z",
        "autograd/li.wei/20261120T120000Z-0123456789ab.ipynb", notebook("1"),
    ),
    "autograd/li.wei/20261120T110000Z-ba9876543210.ipynb": notebook("0"),
    "autograd/li.wei/attempt-2.json": b"[",
    "autograd/Ann~0123456789ab/20261119T110000Z-0123456789ab.ipynb": notebook("2"),
    "autograd/Ann~0123456789ab/attempt-1.json": _receipt(
        "Ann", 1, "2026-11-19T11:00:00Z",
        "autograd/Ann~0123456789ab/20261119T110000Z-0123456789ab.ipynb", notebook("2"),
    ),
}  # fmt: skip

PILES = {
    "flat": FLAT,
    "folders": FOLDERS,
    "nbgrader": NBGRADER,
    "canvas": CANVAS,
    "moodle": MOODLE,
    "gradescope": GRADESCOPE,
    "receipts": RECEIPTS,
}
