"""Official holidays and make-up working days, from the `holidays` package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Optional

import holidays

DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Year:
    off: frozenset[date]
    makeup: frozenset[date]
    weekend: frozenset[int]


@dataclass(frozen=True)
class OfficialCalendar:
    """A country's (or region's) calendar.

    `published_yearly`: the days off and the make-up days of a year are decided each year; until
    the package has them, or `published` names the year, the year is not known.
    `weekends_beside`: a weekend that touches a holiday is part of it, for teams that work on weekends.
    """

    country: str
    region: Optional[str] = None
    published_yearly: bool = False
    published: frozenset[int] = frozenset()
    weekends_beside: bool = False

    def __post_init__(self) -> None:
        known = holidays.list_supported_countries()
        if self.country not in known:
            raise ValueError(f"No holiday calendar for country {self.country!r}; use an ISO 3166 code.")
        if self.region is not None and self.region not in known[self.country]:
            raise ValueError(
                f"No region {self.region!r} in {self.country}. Known: {', '.join(known[self.country])}."
            )

    @property
    def version(self) -> str:
        """Which calendar this is, as a promise keeps it."""
        place = f"{self.country}-{self.region}" if self.region else self.country
        return f"holidays {holidays.__version__} {place}"

    def is_holiday(self, day: date) -> bool:
        """Whether the country is off on this day."""
        if day in self._year(day).off:
            return True
        return self.weekends_beside and self._is_weekend(day) and self._touches(day)

    def is_makeup(self, day: date) -> bool:
        """Whether this weekend day is an official working day."""
        return day in self._year(day).makeup

    def is_known(self, year: int) -> bool:
        """Whether the official calendar of this year is out."""
        if not self.published_yearly or year in self.published:
            return True
        return bool(_year(self.country, self.region, year).makeup)

    def _touches(self, day: date) -> bool:
        return any(self._reaches(day, step) for step in (DAY, -DAY))

    def _reaches(self, day: date, step: timedelta) -> bool:
        """Whether going this way over weekend days leads to a holiday."""
        day += step
        while self._is_weekend(day) and day not in self._year(day).off:
            day += step
        return day in self._year(day).off

    def _is_weekend(self, day: date) -> bool:
        year = self._year(day)
        return day.weekday() in year.weekend and day not in year.makeup

    def _year(self, day: date) -> _Year:
        return _year(self.country, self.region, day.year)


@lru_cache(maxsize=256)
def _year(country: str, region: Optional[str], year: int) -> _Year:
    # One object a year, read once: the package's own objects grow while they are read.
    days = holidays.country_holidays(country, subdiv=region, years=year, expand=False)
    return _Year(
        off=frozenset(day for day in days if day.year == year),
        makeup=frozenset(day for day in getattr(days, "weekend_workdays", ()) if day.year == year),
        weekend=frozenset(days.weekend),
    )
