"""Feasts in a text, and the day on which each falls."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Iterator, Mapping, Optional

from dateutil.easter import easter  # type: ignore[import-untyped]

from bot.nlu.endings import Endings
from bot.nlu.spans import Claims, Folded, FormTable, Found

_NOTHING, _VAGUE = "-", "?"
# A feast that is this long over is not meant any more: the next one is.
_OVER = timedelta(days=14)


class Feasts:
    """Finds feasts that name a day: Christmas, Black Friday, Eid."""

    def __init__(self, data: Mapping[str, Any], endings: Endings) -> None:
        self._rules: list[Mapping[str, Any]] = list(data["feasts"])
        self._names = FormTable(_names(data, self._rules, endings))
        self._things = _tokens(data["things"], endings)
        self._links = _tokens(data["links"], endings)
        self._led = _tokens(data["led"], endings)
        self._wishes = _tokens(data["wishes"], endings)

    def find(self, text: Folded, claims: Claims, *, today: Optional[date]) -> None:
        """Take every feast; its value is the day to come, or the words where it is not known."""
        for found in self._names.matches(text):
            if found.value == _NOTHING:
                continue
            start, end = text.place(text.tokens[found.first].start, text.tokens[found.last - 1].end)
            if self._is_no_day(text, found):
                claims.take(None, start, end)
                continue
            day = None
            if today and found.value != _VAGUE:
                day = _next(self._rules[int(found.value)], today)
            claims.take("date", start, end, day.isoformat() if day else claims.raw[start:end])

    def _is_no_day(self, text: Folded, found: Found) -> bool:
        before = text.tokens[found.first - 1].text if found.first else ""
        after = text.tokens[found.last].text if found.last < len(text.tokens) else ""
        thing = text.tokens[found.first - 2].text if found.first > 1 and before in self._links else ""
        is_thing = after in self._things and before not in self._led
        return before in self._wishes or is_thing or thing in self._things


def _tokens(words: Any, endings: Endings) -> frozenset[str]:
    return frozenset(Folded(form).tokens[-1].text for form in endings.spelt(words))


def _names(
    data: Mapping[str, Any], rules: list[Mapping[str, Any]], endings: Endings
) -> Iterator[tuple[str, str]]:
    for phrase in data["no_feast"]:
        yield str(phrase), _NOTHING
    for at, rule in enumerate(rules):
        yield from ((form, str(at)) for form in endings.spelt(rule["names"]))
    for name in data["vague_feasts"]:
        yield str(name), _VAGUE


def _next(rule: Mapping[str, Any], today: date) -> Optional[date]:
    """The first such day that is not over."""
    days = (day for year in (today.year - 1, today.year, today.year + 1) for day in _days(rule, year))
    return min((day for day in days if day >= today - _OVER), default=None)


def _days(rule: Mapping[str, Any], year: int) -> list[date]:
    """The days of a year on which a feast falls; an Islamic one may fall twice."""
    if "easter" in rule:
        return [easter(year) + timedelta(days=int(rule["easter"]))]
    if "islamic" in rule:
        return [day for day, _ in getattr(_islamic(), rule["islamic"])(year)]
    if "chinese" in rule:
        found = getattr(_chinese(), rule["chinese"])(year)
        return [found[0]] if found else []
    if "nth" in rule:
        first = date(year, int(rule["month"]), 1)
        ahead = (int(rule["weekday"]) - first.isoweekday()) % 7 + 7 * (int(rule["nth"]) - 1)
        return [first + timedelta(days=ahead + int(rule.get("plus", 0)))]
    return [date(year, int(rule["month"]), int(rule["day"]))]


@lru_cache(maxsize=1)
def _islamic() -> Any:
    # The package gives its calendars no public name; its version is fixed.
    from holidays.calendars.islamic import _IslamicLunar

    return _IslamicLunar()


@lru_cache(maxsize=1)
def _chinese() -> Any:
    from holidays.calendars.chinese import _ChineseLunisolar

    return _ChineseLunisolar()
