from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import PRIORITIES
from bot.desk.hours import Hours, Window
from bot.desk.model import Team
from bot.desk.promises import promise
from bot.desk.teams import find_team, load_team
from bot.settings import ROOT
from tests.desk.test_hours import ZONES, at, moments, weeks

FILE = ROOT / "data" / "teams" / "default.yml"
TEAM = load_team(FILE)


def cst(text: str) -> datetime:
    return at(text, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("asked", "priority", "queue", "due"),
    [
        ("2026-11-24T02:00", "normal", 0, "2026-11-24T13:00"),
        ("2026-11-24T02:00", "urgent", 0, "2026-11-24T09:30"),
        ("2026-11-24T02:00", "high", 0, "2026-11-24T11:00"),
        ("2026-11-24T02:00", "low", 0, "2026-11-24T18:00"),
        ("2026-11-24T16:00", "normal", 0, "2026-11-25T11:00"),
        ("2026-11-24T10:02", "high", 0, "2026-11-24T12:15"),
        # Two people, eight minutes a case: the sixty-first has 31 turns of eight minutes before it is done.
        ("2026-11-24T02:00", "normal", 59, "2026-11-24T13:00"),
        ("2026-11-24T02:00", "normal", 60, "2026-11-24T13:15"),
        ("2026-11-24T02:00", "urgent", 9, "2026-11-24T09:45"),
        ("2026-11-24T02:00", "normal", 200, "2026-11-25T13:30"),
        # The year is not official yet: Monday 4 January noon, and a working day more.
        ("2026-12-31T17:00", "normal", 0, "2027-01-05T12:00"),
    ],
)
def test_when_an_answer_is_due(asked: str, priority: str, queue: int, due: str) -> None:
    got = promise(team=TEAM, at=cst(asked), priority=priority, queue=queue)
    assert got.due_at == cst(due)
    assert got.provisional is due.startswith("2027")
    assert got.opens_at <= got.warn_at < got.due_at


def test_the_warning_comes_when_a_share_of_the_open_time_is_left() -> None:
    assert promise(team=TEAM, at=cst("2026-11-24T16:00")).warn_at == cst("2026-11-25T10:00")


@pytest.mark.parametrize(
    ("change", "message"),
    [({"priority": "asap"}, "Known: urgent, high, normal, low"), ({"queue": -1}, "queue of -1")],
)
def test_what_cannot_be_promised(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        promise(team=TEAM, at=cst("2026-11-24T02:00"), **change)  # type: ignore[arg-type]


def test_somebody_on_call_answers_urgent_cases_at_night() -> None:
    always = Hours(zone=ZoneInfo("Asia/Shanghai"), week=((Window.parse("00:00-24:00"),),) * 7)
    team = replace(TEAM, on_call=always)
    night = cst("2026-10-03T03:00")  # a holiday
    assert promise(team=team, at=night, priority="urgent").due_at == cst("2026-10-03T03:30")
    assert promise(team=team, at=night, priority="high").due_at == cst("2026-10-08T11:00")


def test_the_calendar_version_changes_with_the_file(tmp_path: Path) -> None:
    other = tmp_path / "default.yml"
    other.write_text(FILE.read_text(encoding="utf-8") + "# one more closure\n", encoding="utf-8")
    assert load_team(other).calendar != TEAM.calendar
    assert "CN" in TEAM.calendar


@settings(max_examples=200, deadline=None)
@given(
    week=weeks(),
    zone=st.sampled_from(ZONES),
    moment=moments,
    priority=st.sampled_from(PRIORITIES),
    queue=st.integers(0, 60),
    step=st.sampled_from([5, 15, 30]),
    people=st.integers(1, 3),
)
def test_a_promise_is_never_early_and_never_in_closed_time(
    week: tuple[tuple[Window, ...], ...],
    zone: str,
    moment: datetime,
    priority: str,
    queue: int,
    step: int,
    people: int,
) -> None:
    hours = Hours(zone=ZoneInfo(zone), week=week)
    team = replace(TEAM, hours=hours, rounding_minutes=step, people=people)
    got = promise(team=team, at=moment, priority=priority, queue=queue)
    work = team.minutes_a_case * -(-(queue + 1) // people)
    open_time = hours.business_between(moment, got.due_at)
    assert hours.is_deadline(got.due_at)
    assert open_time >= timedelta(minutes=max(team.targets[priority], work))
    assert got.due_at.astimezone(hours.zone).minute % step == 0
    assert moment <= got.opens_at <= got.warn_at <= got.due_at
    assert hours.business_between(moment, got.opens_at) == timedelta()
    more = promise(team=team, at=moment, priority=priority, queue=queue + 1)
    assert more.due_at >= got.due_at


@settings(max_examples=100, deadline=None)
@given(minute=st.integers(0, 40 * 1440), queue=st.integers(0, 200), priority=st.sampled_from(PRIORITIES))
def test_around_an_unknown_year_it_is_a_working_day_later(minute: int, queue: int, priority: str) -> None:
    moment = datetime(2026, 12, 10, tzinfo=timezone.utc) + timedelta(minutes=minute)
    got = promise(team=TEAM, at=moment, priority=priority, queue=queue)
    known = replace(
        TEAM, hours=replace(TEAM.hours, calendar=replace(TEAM.hours.calendar, published_yearly=False))
    )
    bare = promise(team=known, at=moment, priority=priority, queue=queue)
    touches_2027 = bare.due_at.astimezone(TEAM.hours.zone).year >= 2027
    assert got.provisional is touches_2027
    if touches_2027:
        assert got.due_at >= bare.due_at + timedelta(days=1)
        assert TEAM.hours.is_deadline(got.due_at)
    else:
        assert got.due_at == bare.due_at
    assert promise(team=TEAM, at=moment, priority=priority, queue=queue + 1).due_at >= got.due_at


# -- the file ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("zone: Asia/Shanghai", "zone: Asia/Shangai", "Asia/Shangai"),
        ("zone: Asia/Shanghai", "", "the field zone is missing"),
        ('monday: ["09:00-18:00"]', 'monday: ["9 to 5"]', "9 to 5"),
        ("monday: [", "mondy: [", "mondy"),
        ("urgent: 30", "urgent: 0", "urgent is 0"),
        ("urgent: 30", "asap: 30", "asap"),
        ("country: CN\n  published", "country: XX\n  published", "XX"),
        ("people: 2", "people: -1", "people is -1"),
        ("warn_share: 0.25", "warn_share: 25", "warn_share is 25"),
        ("makeup_day: monday", "makeup_day: funday", "funday"),
        ("week:", "week: [", "expected a map"),
    ],
)
def test_a_fault_in_the_file_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "night.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        load_team(path)
    assert str(path) in str(caught.value)


def test_a_team_without_any_window_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "night.yml"
    text = FILE.read_text(encoding="utf-8").replace('["09:00-18:00"]', "[]")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="never there"):
        load_team(path)


@pytest.mark.parametrize(("name", "message"), [("x", "Known: default"), ("nowhere/x.yml", "No team file")])
def test_an_unknown_team_is_named(name: str, message: str) -> None:
    with pytest.raises(LookupError, match=message):
        find_team(name, FILE.parent)


def test_a_team_is_found_by_name_or_file() -> None:
    by_name: Team = find_team("default", FILE.parent)
    assert find_team(str(FILE), Path("nowhere")) == by_name
