"""Being late costs what the policy says, from times of handing in and from nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import CallError
from grader.intake import LatePolicy, lateness
from grader.intake.messages import MESSAGES
from grader.intake.sources import FileSource
from grader.intake.times import parse
from grader.model.intake import Attempt, Moment, TimeFrom

DUE = "2026-11-20T23:59:00+03:00"
END = datetime.fromisoformat(DUE)
HOUR = timedelta(hours=1)
POLICY = LatePolicy(grace=2 * HOUR, percent_per_day=10, cap=25)


def attempt(moment: Moment | None, *, late: bool = False) -> Attempt:
    source = FileSource(Path("hw.ipynb"), 0)
    return Attempt("li", 1, "hw.ipynb", "hw.ipynb", source, 0, "", moment, late)


def after(delay: timedelta, source: TimeFrom = "receipt") -> Attempt:
    return attempt(Moment(END + delay, source))


@pytest.mark.parametrize(
    ("delay", "percent", "reason"),
    [
        (-HOUR, 0, "late-in-time"),
        (timedelta(), 0, "late-in-time"),
        (timedelta(seconds=1), 0, "late-grace"),
        (2 * HOUR, 0, "late-grace"),
        (2 * HOUR + timedelta(seconds=1), 10, "late"),
        (24 * HOUR, 10, "late"),
        (24 * HOUR + timedelta(seconds=1), 20, "late"),
        (49 * HOUR, 25, "late-capped"),
        (5000 * HOUR, 25, "late-capped"),
    ],
)
def test_each_day_begun_costs_its_percent_after_the_grace(
    delay: timedelta, percent: float, reason: str
) -> None:
    cost = lateness(after(delay), DUE, POLICY)
    assert (cost.percent, cost.reason.id) == (percent, f"intake.{reason}")
    assert cost.by == max(delay, timedelta())
    assert tuple(cost.reason.params) == MESSAGES[cost.reason.id]


def test_without_a_policy_being_late_is_said_and_costs_nothing() -> None:
    cost = lateness(after(HOUR), DUE)
    assert (cost.by, cost.percent, cost.reason.id) == (HOUR, 0, "intake.late-free")
    assert lateness(after(HOUR), None, POLICY).reason.id == "intake.late-no-due"


@pytest.mark.parametrize("source", get_args(TimeFrom))
def test_only_a_time_of_handing_in_makes_late(source: TimeFrom) -> None:
    sure = source not in ("archive", "file")
    cost = lateness(after(100 * HOUR, source), DUE, POLICY)
    assert (cost.percent > 0) == sure
    assert (cost.reason.id == "intake.late-unknown") == (not sure)


def test_a_platforms_mark_without_a_time_is_left_to_the_instructor() -> None:
    cost = lateness(attempt(None, late=True), DUE, POLICY)
    assert (cost.percent, cost.reason.id) == (0, "intake.late-marked")
    marked = attempt(Moment(END + 100 * HOUR, "archive"), late=True)
    assert lateness(marked, DUE, POLICY).reason.id == "intake.late-marked"


@pytest.mark.parametrize(
    ("due", "last", "first_late"),
    [
        ("2026-11-20", "2026-11-21T00:00:00+00:00", "2026-11-21T00:00:01+00:00"),
        ("20261120", "2026-11-21T00:00:00+00:00", "2026-11-21T00:00:01+00:00"),
        ("2026W475", "2026-11-21T00:00:00+00:00", "2026-11-21T00:00:01+00:00"),
        ("2026-11-20T12:00", "2026-11-20T12:00:00+00:00", "2026-11-20T12:00:01+00:00"),
        ("2026-11-20T12:00+08:00", "2026-11-20T04:00:00+00:00", "2026-11-20T04:00:01+00:00"),
    ],
)
def test_a_due_date_lasts_until_its_end(due: str, last: str, first_late: str) -> None:
    for time, late in ((last, False), (first_late, True)):
        moment = Moment(datetime.fromisoformat(time), "timestamp")
        assert (lateness(attempt(moment), due).by > timedelta()) == late


def test_a_due_time_that_cannot_be_read_is_an_error() -> None:
    for due in ("tomorrow", "9999-12-31"):
        with pytest.raises(CallError, match=due):
            lateness(after(HOUR), due)


@pytest.mark.parametrize(
    "wrong", [{"cap": 101.0}, {"percent_per_day": -1.0}, {"grace": -HOUR}, {"cap": float("nan")}]
)
def test_a_policy_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(CallError, match=next(iter(wrong))):
        LatePolicy(**wrong)  # type: ignore[arg-type]


POLICIES = st.builds(
    LatePolicy,
    grace=st.timedeltas(timedelta(), timedelta(days=10)),
    percent_per_day=st.floats(0, 100),
    cap=st.floats(0, 100),
)
DELAYS = st.timedeltas(timedelta(days=-500), timedelta(days=500))


@given(DELAYS, POLICIES)
def test_a_penalty_is_never_more_than_the_cap_and_never_less_than_nothing(
    delay: timedelta, policy: LatePolicy
) -> None:
    cost = lateness(after(delay), DUE, policy)
    assert 0 <= cost.percent <= policy.cap
    if delay <= policy.grace:
        assert cost.percent == 0
    assert tuple(cost.reason.params) == MESSAGES[cost.reason.id]


@given(DELAYS, DELAYS, POLICIES)
def test_later_never_costs_less(one: timedelta, other: timedelta, policy: LatePolicy) -> None:
    sooner, later = sorted((one, other))
    costs = [lateness(after(delay), DUE, policy).percent for delay in (sooner, later)]
    assert costs[0] <= costs[1]


@given(DELAYS, POLICIES, st.timedeltas(timedelta(hours=-14), timedelta(hours=14)))
def test_the_zone_in_which_a_time_is_written_costs_nothing(
    delay: timedelta, policy: LatePolicy, offset: timedelta
) -> None:
    from datetime import timezone

    moved = attempt(Moment((END + delay).astimezone(timezone(offset)), "receipt"))
    assert lateness(moved, DUE, policy) == lateness(after(delay), DUE, policy)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01 12:00:00.123456789 Z", "2026-03-01T12:00:00.123456+00:00"),
        ("2026-03-01 12:00:00.5 UTC", "2026-03-01T12:00:00.500000+00:00"),
        ("2026-03-01T12:00:00+0300", "2026-03-01T12:00:00+03:00"),
        ("2026-03-01 12:00 Europe/Moscow", "2026-03-01T12:00:00+03:00"),
        ("20260301T120000Z", "2026-03-01T12:00:00+00:00"),
        (" 2026-03-01 12:00:00 ", "2026-03-01T12:00:00+00:00"),
    ],
)
def test_times_are_read_as_platforms_write_them(text: str, expected: str) -> None:
    time = parse(text)
    assert time is not None
    assert time == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-13-01 12:00", "2026-03-01", None, 7, "2026-03-01 12:00 Mars/Olympus",
     "2026-03-01 12:00 ../../etc/passwd", "2026-03-01 12:00 Europe", "9" * 100_000,
     "2026-03-01 12:00:00 +9999", "0001-01-01 00:00:00 +1400"],
)  # fmt: skip
def test_what_is_no_time_is_none(text: object) -> None:
    assert parse(text) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    time = parse(text)
    assert time is None or time.astimezone(UTC)
