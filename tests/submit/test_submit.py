"""Handing in: nothing is lost, nothing is overwritten, nothing is half there."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from grader.errors import CallError, SubmissionError
from grader.submit import (
    MESSAGES,
    DeliveryError,
    Destination,
    Envelope,
    Folder,
    Receipt,
    save_receipt,
)

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def at_noon() -> datetime:
    return NOON


def envelope(content: bytes = b"{}", student: str = "li.wei") -> Envelope:
    return Envelope(student=student, assignment="autograd", content=content, file="hw.ipynb")


def stored(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.ipynb"))


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def refused(folder: Path, submission: Envelope | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        Folder(folder, at_noon).deliver(submission or envelope())
    error = caught.value
    assert isinstance(error, CallError)
    assert isinstance(error, SubmissionError)
    assert error.exit_code == 2
    assert tuple(error.params) == MESSAGES[error.message_id]
    return error


def test_a_submission_lies_where_the_course_expects_it_byte_for_byte(tmp_path: Path) -> None:
    content = b'{"cells": []}\r\n\x00'
    destination: Destination = Folder(tmp_path, at_noon)
    receipt = destination.deliver(envelope(content))
    digest = hashlib.sha256(content).hexdigest()
    assert receipt == Receipt(
        sha256=digest,
        time="2026-03-01T12:00:00Z",
        attempt=1,
        student="li.wei",
        assignment="autograd",
        destination=str(tmp_path),
        stored=f"autograd/li.wei/20260301T120000Z-{digest[:12]}.ipynb",
        file="hw.ipynb",
    )
    assert (tmp_path / receipt.stored).read_bytes() == content
    assert len(everything(tmp_path)) == 2
    record = json.loads((tmp_path / "autograd/li.wei/attempt-1.json").read_text("utf-8"))
    assert record == json.loads(receipt.to_json())
    assert record["schema"] == 1


def test_time_is_utc_whatever_the_clock_says(tmp_path: Path) -> None:
    beijing = NOON.astimezone(timezone(timedelta(hours=8)))
    assert Folder(tmp_path, lambda: beijing).deliver(envelope()).time == "2026-03-01T12:00:00Z"


def test_the_same_content_in_the_same_second_is_kept_as_an_attempt_of_its_own(
    tmp_path: Path,
) -> None:
    folder = Folder(tmp_path, at_noon)
    receipts = [folder.deliver(envelope(b"same")) for _ in range(3)]
    assert [(r.attempt, r.same_as) for r in receipts] == [(1, None), (2, 1), (3, 1)]
    assert len(stored(tmp_path)) == 3
    assert len({r.stored for r in receipts}) == 3
    said = receipts[1].messages(Path("x/hw.ipynb.receipt-2.json"))
    assert [m.id for m in said] == ["submit.delivered", "submit.same-content"]
    for message in said:
        assert tuple(message.params) == MESSAGES[message.id]


def test_attempts_are_counted_per_student_and_assignment(tmp_path: Path) -> None:
    folder = Folder(tmp_path, at_noon)
    assert folder.deliver(envelope(b"1")).attempt == 1
    assert folder.deliver(envelope(b"2")).attempt == 2
    assert folder.deliver(envelope(b"1", "ann")).attempt == 1


def test_damaged_records_still_count_as_attempts(tmp_path: Path) -> None:
    folder = Folder(tmp_path, at_noon)
    folder.deliver(envelope())
    home = tmp_path / "autograd" / "li.wei"
    (home / "attempt-1.json").write_bytes(b"\xff[")
    (home / "attempt-7.json").write_text("[" * 100_000)
    (home / "attempt-0009.json").touch()
    receipt = folder.deliver(envelope())
    assert (receipt.attempt, receipt.same_as) == (8, None)


PATIENCE = 300  # seconds, for six interpreters that start on a busy machine


def _hand_in(folder: str, content: bytes, barrier: Any, results: Any) -> None:
    barrier.wait(PATIENCE)
    results.put(Folder(Path(folder), at_noon).deliver(envelope(content)))


@pytest.mark.parametrize("same", [True, False])
def test_many_at_once_are_all_kept_with_attempts_of_their_own(tmp_path: Path, same: bool) -> None:
    spawn = multiprocessing.get_context("spawn")
    many = 6
    barrier, results = spawn.Barrier(many), spawn.Queue()
    contents = [b"same" if same else b"number %d" % n for n in range(many)]
    processes = [
        spawn.Process(target=_hand_in, args=(str(tmp_path), content, barrier, results))
        for content in contents
    ]
    for process in processes:
        process.start()
    receipts = [results.get(timeout=PATIENCE) for _ in processes]
    for process in processes:
        process.join(PATIENCE)
        assert process.exitcode == 0
    assert sorted(r.attempt for r in receipts) == list(range(1, many + 1))
    assert sorted((tmp_path / r.stored).read_bytes() for r in receipts) == sorted(contents)
    assert len(stored(tmp_path)) == many
    assert len(everything(tmp_path)) == 2 * many


def test_a_destination_that_is_no_folder_is_refused_not_made(tmp_path: Path) -> None:
    assert refused(tmp_path / "typo").message_id == "submit.error-destination"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    assert refused(tmp_path / "file").message_id == "submit.error-destination"


def test_a_file_in_the_students_place_is_said_and_left(tmp_path: Path) -> None:
    (tmp_path / "autograd").mkdir()
    (tmp_path / "autograd" / "li.wei").write_text("in the way")
    assert refused(tmp_path).message_id == "submit.error-write"
    assert (tmp_path / "autograd" / "li.wei").read_text() == "in the way"


FAILURES = [
    (errno.EACCES, "submit.error-permission"),
    (errno.EROFS, "submit.error-permission"),
    (errno.ENOSPC, "submit.error-full"),
    (errno.EDQUOT, "submit.error-full"),
    (errno.EIO, "submit.error-write"),
]


@pytest.mark.parametrize(("code", "message"), FAILURES)
@pytest.mark.parametrize("nth", [1, 3])  # the notebook; its record (fsync also flushes folders)
def test_a_failing_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, message: str, nth: int
) -> None:
    Folder(tmp_path, at_noon).deliver(envelope(b"earlier"))
    before = everything(tmp_path)
    calls = []

    def failing(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == nth:
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", failing)
    assert refused(tmp_path, envelope(b"new")).message_id == message
    assert len(calls) == nth
    assert everything(tmp_path) == before


def test_an_interrupt_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Folder(tmp_path).deliver(envelope())
    assert everything(tmp_path) == []


def test_a_folder_without_permission_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root, as which tests often run, may write anywhere: so the refusal is played."""

    def forbidden(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", forbidden)
    assert refused(tmp_path).message_id == "submit.error-permission"
    assert everything(tmp_path) == []


def test_a_full_file_system_of_the_real_kind_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files is the nearest thing to a full disk that needs no root."""
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from grader.submit import DeliveryError, Envelope, Folder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: Folder(Path(sys.argv[1])).deliver(Envelope('ann', 'autograd', b'x' * 5000))\n"
        "except DeliveryError as error: print(error.message_id)\n"
    )
    run = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "submit.error-full"
    assert everything(tmp_path) == []


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS])
def test_without_hard_links_files_are_still_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def no_links(source: object, target: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", no_links)
    folder = Folder(tmp_path, at_noon)
    receipts = [folder.deliver(envelope(b"same")) for _ in range(2)]
    assert [r.attempt for r in receipts] == [1, 2]
    assert [p.read_bytes() for p in stored(tmp_path)] == [b"same", b"same"]
    assert len(everything(tmp_path)) == 4


def test_names_from_outside_stay_inside_the_folder(tmp_path: Path) -> None:
    course = tmp_path / "course"
    course.mkdir()
    for student in ("../../x", "/etc", "..", "a/b", "CON", "王小明", "Ёлка", "x" * 300):
        receipt = Folder(course).deliver(envelope(student=student))
        assert receipt.student == student
        assert (course / receipt.stored).resolve().is_relative_to(course / "autograd")
    outside = Envelope(student="ann", assignment="../../../x", content=b"")
    assert (course / Folder(course).deliver(outside).stored).resolve().is_relative_to(course)
    assert [p.name for p in tmp_path.iterdir()] == ["course"]


class TestReceipt:
    RECEIPT = Receipt("0" * 64, "2026-03-01T12:00:00Z", 2, "王小明", "autograd", "/c", "a/b.ipynb")

    def test_is_saved_beside_the_notebook(self, tmp_path: Path) -> None:
        path = save_receipt(self.RECEIPT, tmp_path / "hw.ipynb")
        assert path == tmp_path / "hw.ipynb.receipt-2.json"
        saved = json.loads(path.read_text("utf-8"))
        assert (saved["student"], saved["attempt"], saved["same_as"]) == ("王小明", 2, None)

    def test_never_replaces_another(self, tmp_path: Path) -> None:
        paths = [save_receipt(self.RECEIPT, tmp_path / "hw.ipynb") for _ in range(3)]
        assert [p.name for p in paths] == [
            "hw.ipynb.receipt-2.json",
            "hw.ipynb.receipt-2-2.json",
            "hw.ipynb.receipt-2-3.json",
        ]
        assert len(everything(tmp_path)) == 3

    def test_that_cannot_be_saved_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(DeliveryError) as caught:
            save_receipt(self.RECEIPT, tmp_path / "gone" / "hw.ipynb")
        assert caught.value.message_id == "submit.error-receipt"
        assert tuple(caught.value.params) == MESSAGES["submit.error-receipt"]


def test_handing_in_imports_no_torch() -> None:
    script = (
        "import sys; import grader.submit, grader.notebook, grader.release; "
        "print('torch' in sys.modules)"
    )
    run = [sys.executable, "-c", script]
    done = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
