"""When a team is there: windows, holidays, make-up days, and minutes that count. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Iterator, Mapping, Optional, Protocol
from zoneinfo import ZoneInfo

# A team that is not there within this many days is a mistake in its file.
HORIZON_DAYS = 400

# Open time that goes on for longer than this is handed out in pieces that touch.
LONGEST_SPAN = timedelta(days=8)

Span = tuple[datetime, datetime]

_MIDNIGHT = datetime(1970, 1, 1, tzinfo=timezone.utc)


class NeverOpen(ValueError):
    """The hours have no window within a year."""


class Calendar(Protocol):
    """A country's holidays and official working weekends."""

    @property
    def country(self) -> str: ...

    @property
    def version(self) -> str: ...

    def is_holiday(self, day: date) -> bool: ...

    def is_makeup(self, day: date) -> bool: ...

    def is_known(self, year: int) -> bool: ...


@dataclass(frozen=True, order=True)
class Window:
    """From one minute of a day until another; an end past 1440 lies on the next day.

    A bound in the hour that a clock goes through twice is meant at its first pass.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < 1440 and self.start < self.end <= self.start + 1440):
            raise ValueError(f"A window lasts from a minute to a day; {self.start} to {self.end} does not.")

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read "09:00-18:00"; "22:00-02:00" ends on the next day, "00:00-24:00" is all day."""
        try:
            start, end = (_minutes(part) for part in text.split("-"))
        except ValueError as e:
            raise ValueError(f"{text!r} is no window; write it like 09:00-18:00.") from e
        return cls(start, end if end > start else end + 1440)

    def __str__(self) -> str:
        return f"{_clock(self.start)}–{_clock(self.end)}"

    @property
    def opens(self) -> str:
        """The start as a clock says it."""
        return _clock(self.start)

    @property
    def closes(self) -> str:
        """The end as a clock says it."""
        return _clock(self.end)

    def span(self, day: date, zone: ZoneInfo) -> Span:
        """The window of this day in UTC."""
        midnight = datetime.combine(day, time())
        return _utc(midnight, self.start, zone), _utc(midnight, self.end, zone)


@dataclass(frozen=True)
class Hours:
    """Opening hours in one zone. `week` is Monday to Sunday; `dates` go before everything else.

    `makeup_as` (0 is Monday) lends its windows to an official working day that has none.
    """

    zone: ZoneInfo
    week: tuple[tuple[Window, ...], ...]
    calendar: Optional[Calendar] = None
    makeup_as: int = 0
    dates: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)

    def windows(self, day: date) -> tuple[Window, ...]:
        """The windows that start on this day."""
        if day in self.dates:
            return self.dates[day]
        if self.calendar is not None:
            if self.calendar.is_makeup(day):
                return self.week[day.weekday()] or self.week[self.makeup_as]
            if self.calendar.is_holiday(day):
                return ()
        return self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Whether the team is there at this moment; not any more at the closing minute itself."""
        start, _ = next(self.spans(at))
        return start <= at

    def is_deadline(self, at: datetime) -> bool:
        """Whether something can be due at this moment; the closing minute itself counts."""
        start, _ = next(self.spans(at - timedelta(microseconds=1)))
        return start <= at

    def next_open(self, at: datetime) -> datetime:
        """This moment when the team is there, else the next opening (UTC)."""
        start, _ = next(self.spans(at))
        return max(start, at.astimezone(timezone.utc))

    def closes(self, at: datetime) -> Optional[datetime]:
        """When the window ends that holds this moment or is the next one (UTC); none: not within a week."""
        start, end = next(self.spans(at))
        return None if end - max(start, at) > LONGEST_SPAN else end

    def add_business(self, at: datetime, minutes: int) -> datetime:
        """The moment at which so many open minutes have passed (UTC); at the latest at closing."""
        left = timedelta(minutes=minutes)
        for start, end in self.spans(at):
            start = max(start, at.astimezone(timezone.utc))
            if start + left <= end:
                return start + left
            left -= end - start
        raise AssertionError("spans() never ends without an error")

    def business_between(self, start: datetime, end: datetime) -> timedelta:
        """The open time between two moments."""
        total = timedelta()
        for opens, closes in self.spans(start):
            if opens >= end:
                return total
            total += min(closes, end) - max(opens, start)
        raise AssertionError("spans() never ends without an error")

    def same_time_later(self, at: datetime) -> datetime:
        """The same clock time on the next day on which the team is there, or the first moment after it."""
        local = at.astimezone(self.zone)
        for ahead in range(1, HORIZON_DAYS):
            day = local.date() + timedelta(days=ahead)
            moment = _utc(datetime.combine(day, time()), 0, self.zone, at=local.time())
            if self.is_deadline(moment):
                return moment
            if self.windows(day):
                return self.next_open(moment)
        raise NeverOpen(self._never())

    def years(self, start: datetime, end: datetime) -> range:
        """The calendar years, on the team's clock, that these moments touch."""
        return range(start.astimezone(self.zone).year, end.astimezone(self.zone).year + 1)

    def spans(self, at: datetime) -> Iterator[Span]:
        """Open spans in UTC that end after this moment, in order, joined where they touch (up to a week)."""
        first = at.astimezone(self.zone).date() - timedelta(days=2)
        pending: Optional[Span] = None
        last_day = first
        for day in (first + timedelta(days=n) for n in range(10**6)):
            if (day - last_day).days > HORIZON_DAYS:
                raise NeverOpen(self._never())
            for window in sorted(self.windows(day)):
                start, end = window.span(day, self.zone)
                if end <= start:  # swallowed by the hour that a clock change skips
                    continue
                last_day = day
                if pending is not None and start <= pending[1]:
                    pending = (pending[0], max(pending[1], end))
                    continue
                if pending is not None and pending[1] > at:
                    yield pending
                pending = (start, end)
            if pending is not None and pending[1] > at and self._is_whole(pending, day, at):
                yield pending
                pending = None

    def _is_whole(self, span: Span, day: date, at: datetime) -> bool:
        """Whether no later day's window can touch this span, or it is long enough as it is."""
        midnight = _utc(datetime.combine(day + timedelta(days=1), time()), 0, self.zone)
        return span[1] < midnight or span[1] - max(span[0], at) > LONGEST_SPAN

    def _never(self) -> str:
        return f"No opening hours within {HORIZON_DAYS} days; give the team some under data/teams/."


def round_up(at: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """The next moment (UTC) at which the clock of a zone shows a multiple of so many minutes."""
    offset = at.astimezone(zone).utcoffset() or timedelta()
    step = timedelta(minutes=minutes)
    over = (at - _MIDNIGHT + offset) % step
    return at.astimezone(timezone.utc) + (step - over if over else timedelta())


def _utc(midnight: datetime, minutes: int, zone: ZoneInfo, at: Optional[time] = None) -> datetime:
    local = datetime.combine(midnight.date(), at) if at is not None else midnight
    return (local + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(timezone.utc)


def _minutes(text: str) -> int:
    hour, minute = (int(part) for part in text.strip().split(":"))
    if not (0 <= minute < 60 and 0 <= hour * 60 + minute <= 1440):
        raise ValueError(f"{text!r} is no time of day.")
    return hour * 60 + minute


def _clock(minutes: int) -> str:
    minutes = minutes if minutes == 1440 else minutes % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
