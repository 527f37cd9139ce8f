from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Iterator
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.desk.calendars import OfficialCalendar
from bot.desk.hours import Hours, NeverOpen, Window, round_up
from bot.desk.model import Team

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
OFFICE = (Window.parse("09:00-18:00"),)
WEEKDAYS_ONLY = (OFFICE,) * 5 + ((), ())


def at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("asked", "zone", "opens"),
    [
        ("2026-11-23T20:00", "America/New_York", "2026-11-24T09:00"),
        ("2026-11-27T22:00", "America/Los_Angeles", "2026-11-30T09:00"),
        ("2026-09-24T19:00", "Asia/Shanghai", "2026-09-28T09:00"),
        ("2026-09-19T12:00", "Asia/Shanghai", "2026-09-20T09:00"),  # a working Sunday
        ("2026-09-30T18:30", "Asia/Shanghai", "2026-10-08T09:00"),
        ("2026-10-09T18:30", "Asia/Shanghai", "2026-10-10T09:00"),  # a working Saturday
        ("2026-02-13T19:00", "Asia/Shanghai", "2026-02-14T09:00"),
        ("2026-02-14T19:00", "Asia/Shanghai", "2026-02-24T09:00"),
        ("2026-11-24T18:00", "Asia/Shanghai", "2026-11-25T09:00"),  # the closing minute is closed
        ("2028-02-28T18:30", "Asia/Shanghai", "2028-02-29T09:00"),
    ],
)
def test_the_next_opening_in_shanghai(team: Team, asked: str, zone: str, opens: str) -> None:
    assert team.hours.next_open(at(asked, zone)) == at(opens, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("day", "windows"),
    [
        ("2026-02-14", OFFICE),  # Saturday, official working day: as on a Monday
        ("2026-02-20", ()),
        ("2026-02-21", ()),  # Saturday between holidays: off also for those who work on Saturdays
        ("2026-02-22", ()),
        ("2026-02-28", OFFICE),
        ("2026-03-07", OFFICE),  # an ordinary Saturday
        ("2026-03-08", ()),
        ("2026-10-04", ()),
    ],
)
def test_a_team_that_works_on_saturdays(day: str, windows: tuple[Window, ...]) -> None:
    calendar = OfficialCalendar("CN", published_yearly=True, weekends_beside=True)
    hours = Hours(zone=SHANGHAI, week=(OFFICE,) * 6 + ((),), calendar=calendar)
    assert hours.windows(date.fromisoformat(day)) == windows


@pytest.mark.parametrize(
    ("calendar", "year", "known"),
    [
        (OfficialCalendar("CN", published_yearly=True), 2026, True),
        (OfficialCalendar("CN", published_yearly=True), 2027, False),
        (OfficialCalendar("CN", published_yearly=True, published=frozenset({2027})), 2027, True),
        (OfficialCalendar("DE"), 2035, True),
    ],
)
def test_which_years_are_official(calendar: OfficialCalendar, year: int, known: bool) -> None:
    assert calendar.is_known(year) is known


@pytest.mark.parametrize(
    ("day", "off"), [("2026-01-02", True), ("2026-01-03", True), ("2026-01-04", False), ("2026-01-10", False)]
)
def test_a_working_weekend_belongs_to_no_holiday(day: str, off: bool) -> None:
    calendar = OfficialCalendar("CN", published_yearly=True, weekends_beside=True)
    assert calendar.is_holiday(date.fromisoformat(day)) is off


def test_a_region_has_holidays_of_its_own() -> None:
    corpus_christi = date(2026, 6, 4)
    assert OfficialCalendar("DE", region="BY").is_holiday(corpus_christi)
    assert not OfficialCalendar("DE", region="BE").is_holiday(corpus_christi)


@pytest.mark.parametrize(
    ("country", "region", "named"), [("XX", None, "'XX'"), ("DE", "ZZ", "Known: BB"), ("cn", None, "'cn'")]
)
def test_an_unknown_calendar_is_named(country: str, region: str | None, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        OfficialCalendar(country, region=region)


@pytest.mark.parametrize(
    "text", ["9-18", "09:00", "25:00-26:00", "09:00-09:60", "", "09:00-12:00-13:00", "x"]
)
def test_a_window_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="window"):
        Window.parse(text)


@pytest.mark.parametrize(
    ("week", "asked", "minutes", "due"),
    [
        # Over midnight: 22:00 to 02:00 counts on into the next day, also into a day off.
        ("22:00-02:00", "2026-06-05T23:30", 60, "2026-06-06T00:30"),
        ("22:00-02:00", "2026-06-05T23:30", 150, "2026-06-06T02:00"),
        ("22:00-02:00", "2026-06-05T23:30", 151, "2026-06-08T22:01"),
        ("00:00-24:00", "2026-06-05T23:30", 60, "2026-06-08T00:30"),
        # Clocks go forward on 29 March at 02:00, back on 25 October at 03:00 (both Sundays).
        ("00:00-24:00 always", "2026-03-28T12:00", 24 * 60, "2026-03-29T13:00"),
        ("00:00-24:00 always", "2026-10-24T12:00", 24 * 60, "2026-10-25T11:00"),
        ("01:00-04:00 always", "2026-03-28T04:00", 120, "2026-03-29T04:00"),
        ("01:00-04:00 always", "2026-10-24T04:00", 180, "2026-10-25T03:00"),
    ],
)
def test_minutes_that_count(week: str, asked: str, minutes: int, due: str) -> None:
    text, _, always = week.partition(" ")
    windows = (Window.parse(text),)
    hours = Hours(
        zone=ZoneInfo("Europe/Berlin"), week=(windows,) * 7 if always else (windows,) * 5 + ((), ())
    )
    got = hours.add_business(at(asked, "Europe/Berlin"), minutes)
    assert got == at(due, "Europe/Berlin")
    assert hours.business_between(at(asked, "Europe/Berlin"), got) == minutes * MINUTE


def test_a_closure_goes_before_the_week_and_an_extra_day_before_the_holiday() -> None:
    hours = Hours(
        zone=SHANGHAI,
        week=WEEKDAYS_ONLY,
        calendar=OfficialCalendar("CN", published_yearly=True),
        dates={date(2026, 11, 24): (), date(2026, 10, 1): (Window.parse("10:00-12:00"),)},
    )
    assert hours.next_open(at("2026-11-23T20:00", "Asia/Shanghai")) == at("2026-11-25T09:00", "Asia/Shanghai")
    assert hours.is_open(at("2026-10-01T11:00", "Asia/Shanghai"))


def test_a_team_that_is_never_there_is_an_error() -> None:
    with pytest.raises(NeverOpen, match="No opening hours"):
        Hours(zone=SHANGHAI, week=((),) * 7).next_open(at("2026-11-23T20:00", "UTC"))


def test_windows_that_touch_are_one_span() -> None:
    night_and_day = (Window.parse("20:00-04:00"), Window.parse("04:00-12:00"))
    hours = Hours(zone=SHANGHAI, week=(night_and_day,) * 7)
    assert hours.closes(at("2026-11-24T21:00", "Asia/Shanghai")) == at("2026-11-25T12:00", "Asia/Shanghai")


@pytest.mark.parametrize(
    ("moment", "zone", "step", "rounded"),
    [
        ("2026-11-24T09:01", "Asia/Kathmandu", 15, "2026-11-24T09:15"),
        ("2026-11-24T09:15", "Asia/Kathmandu", 15, "2026-11-24T09:15"),
        ("2026-11-24T09:31", "Asia/Kolkata", 60, "2026-11-24T10:00"),
        ("2026-11-24T23:59:59", "Asia/Shanghai", 30, "2026-11-25T00:00"),
    ],
)
def test_rounding_is_by_the_clock_of_the_zone(moment: str, zone: str, step: int, rounded: str) -> None:
    assert round_up(at(moment, zone), step, ZoneInfo(zone)) == at(rounded, zone)


# -- against a slow and obvious walk, minute by minute --------------------------------------

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
# Quarter hours, but none inside the hours that clock changes skip or repeat: there a wall clock
# does not say which moment is meant.
EDGES = [q * 15 for q in range(96) if not 90 < q * 15 < 180]


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[Window, ...], ...]:
    def day() -> Iterator[Window]:
        for _ in range(draw(st.integers(0, 2))):
            start = draw(st.sampled_from(EDGES))
            end = draw(st.sampled_from(EDGES))
            if end != start:
                yield Window(start, end if end > start else end + 1440)

    week = tuple(tuple(day()) for _ in range(7))
    return week if any(week) else (OFFICE, *week[1:])


# Around clock changes, a leap day, holidays and an ordinary week.
moments = st.builds(
    lambda day, minute: day + timedelta(minutes=minute),
    st.sampled_from(
        [
            datetime(2026, 3, 7, tzinfo=timezone.utc),
            datetime(2026, 3, 28, tzinfo=timezone.utc),
            datetime(2026, 4, 4, tzinfo=timezone.utc),
            datetime(2026, 10, 3, tzinfo=timezone.utc),
            datetime(2026, 10, 24, tzinfo=timezone.utc),
            datetime(2026, 10, 31, tzinfo=timezone.utc),
            datetime(2028, 2, 28, tzinfo=timezone.utc),
        ]
    ),
    st.integers(0, 3 * 1440),
)


def wall_is_open(hours: Hours, moment: datetime) -> bool:
    """Whether the clock on the team's wall stands inside a window of today or yesterday."""
    local = moment.astimezone(hours.zone)
    minute = local.hour * 60 + local.minute
    today = any(w.start <= minute < w.end for w in hours.windows(local.date()))
    before = local.date() - timedelta(days=1)
    return today or any(w.start <= minute + 1440 < w.end for w in hours.windows(before))


def walk(hours: Hours, moment: datetime, minutes: int) -> datetime:
    """Count open minutes one by one."""
    for _ in range(40 * 1440):
        if minutes == 0:
            return moment
        minutes -= wall_is_open(hours, moment)
        moment += MINUTE
    raise AssertionError("never")


def has_a_bound_that_comes_twice(hours: Hours, moment: datetime) -> bool:
    """Whether a window begins or ends in the hour that a clock goes through twice, in the next weeks."""
    first = moment.astimezone(hours.zone).date() - timedelta(days=1)
    for day in (first + timedelta(days=n) for n in range(45)):
        for window in hours.windows(day):
            for minute in (window.start, window.end):
                local = datetime.combine(day, time(), hours.zone) + timedelta(minutes=minute)
                once, again = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
                if once is not None and again is not None and once > again:
                    return True
    return False


@settings(max_examples=300, deadline=None)
@given(
    week=weeks(),
    zone=st.sampled_from(ZONES),
    moment=moments,
    minutes=st.integers(1, 300),
    closed=st.booleans(),
)
def test_it_counts_like_the_clock_on_the_wall(
    week: tuple[tuple[Window, ...], ...], zone: str, moment: datetime, minutes: int, closed: bool
) -> None:
    # A walk of weeks is long enough; one of months would only be slow.
    assume(minutes <= 4 * sum(window.end - window.start for day in week for window in day))
    dates = {moment.date(): (), moment.date() + timedelta(days=1): ()} if closed else {}
    hours = Hours(zone=ZoneInfo(zone), week=week, dates=dates)
    # "Until 01:15" means the first 01:15 of a night that has two; the walk below counts both.
    assume(not has_a_bound_that_comes_twice(hours, moment))
    assert hours.is_open(moment) == wall_is_open(hours, moment)
    assert hours.add_business(moment, minutes) == walk(hours, moment, minutes)
    opens = hours.next_open(moment)
    assert wall_is_open(hours, opens)
    assert hours.business_between(moment, opens) == timedelta()
