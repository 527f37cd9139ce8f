"""How one language writes days, numbers, money, lists and countries: data/wording/<language>.yml and CLDR."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Mapping, Sequence, Union
from zoneinfo import ZoneInfo

import yaml
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_timezone_location
from babel.numbers import format_currency, format_decimal

from bot.yamls import load_yaml

COUNTED = ("working_days", "days", "hours", "minutes")
_FIELDS = {
    "locale": (),
    "day": ("near", "far", "short"),
    "clock": (),
    "instant": ("here", "utc", "short"),
    "time": ("here", "utc"),
    "zone": (),
    "percent": (),
    "cm": (),
    "inch": (),
    "list": ("two", "more", "last"),
    "countries": ("to", "in"),
    **{name: ("other",) for name in COUNTED},
}
_TOKEN = re.compile(r"'([^']*)'|(E{3,4}|d{1,2}|M{1,4}|y|HH|H|mm)|([^A-Za-z']+)|(.)")

# A day within these many days of now is named by its weekday, any other by its year.
NEAR = timedelta(days=180)

Writer = Callable[[date], str]


@dataclass(frozen=True)
class Style:
    """One language's way of writing; made by `read_style`."""

    language: str
    locale: Locale
    row: Mapping[str, Any]
    near: Writer
    far: Writer
    short: Writer
    clock: Writer

    # -- days and times ----------------------------------------------------------------

    def day(self, value: date, *, now: date) -> str:
        """A day: its weekday when it is near, its year when it is not."""
        return self.near(value) if abs(value - now) <= NEAR else self.far(value)

    def instant(self, at: datetime, *, now: date, whose: str) -> str:
        """Day and time; `whose` is here (the customer's zone), utc or short (zone unsaid)."""
        day = self.short(at) if whose == "short" else self.day(at.date(), now=now)
        return self.put_together(whose, day=day, time=self.clock(at))

    def put_together(self, whose: str, *, day: str, time: str) -> str:
        """A day and a time, already worded, as one text."""
        pattern: str = self.row["instant"][whose]
        return pattern.replace("{day}", day).replace("{time}", time)

    def time(self, at: datetime, *, whose: str) -> str:
        """A time of day, with whose clock it is, or without (`short`)."""
        pattern: str = "{time}" if whose == "short" else self.row["time"][whose]
        return pattern.replace("{time}", self.clock(at))

    def zone(self, at: datetime) -> str:
        """The zone of an instant: where, and how far from UTC."""
        name = getattr(at.tzinfo, "key", "UTC")
        offset = offset_text(at.utcoffset() or timedelta())
        place = _place(name, str(self.locale))
        if place is None:
            return offset
        pattern: str = self.row["zone"]
        return pattern.replace("{place}", place).replace("{offset}", offset)

    # -- numbers -----------------------------------------------------------------------

    def number(self, value: Union[int, Decimal]) -> str:
        """A number with the language's own marks; at most three decimals."""
        if isinstance(value, int) and 0 <= value < 1000:
            return str(value)
        return _decimal(str(value), str(self.locale))

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount with its currency."""
        return _currency(str(amount), currency, str(self.locale))

    def measure(self, unit: str, value: Union[int, Decimal]) -> str:
        """A percentage or a length with its sign."""
        pattern: str = self.row[unit]
        return pattern.replace("{n}", self.number(value))

    def counted(self, unit: str, value: Union[int, Decimal]) -> str:
        """A number of days, working days, hours or minutes, with the word for them."""
        forms: Mapping[str, str] = self.row[unit]
        return forms.get(self.plural(value), forms["other"]).replace("{n}", self.number(value))

    def plural(self, value: Union[int, Decimal]) -> str:
        """Which plural form the language uses for a number: one, few, other …"""
        return str(self.locale.plural_form(value))

    # -- names -------------------------------------------------------------------------

    def country(self, code: str, part: str = "") -> str:
        """A country's name, or with `to` or `in` before it."""
        countries = self.row["countries"]
        if part:
            special = (countries.get(f"{part}_these") or {}).get(code)
            if special:
                return str(special)
        name = (countries.get("names") or {}).get(code) or self.locale.territories.get(code) or code
        return str(countries[part]).replace("{country}", name) if part else str(name)

    def language_name(self, code: str) -> str:
        """A language's name."""
        return str(self.locale.languages.get(code) or code)

    def join(self, items: Sequence[str]) -> str:
        """Several texts as one list."""
        if len(items) < 2:
            return items[0] if items else ""
        last = self.row["list"]["two" if len(items) == 2 else "last"]
        end = self.row.get("list_end")
        if end and _starts(items[-1], end["before"]) and not _starts(items[-1], end["not_before"]):
            last = end["last"]
        first = items[0]
        for item in items[1:-1]:
            first = self.row["list"]["more"].replace("{a}", first).replace("{b}", item)
        return str(last).replace("{a}", first).replace("{b}", items[-1])


def read_style(path: Path) -> Style:
    """One language's style; ValueError names the file and what is missing."""
    try:
        row: Any = load_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(
            f"{path}: missing. Replies in {path.stem!r} need it; copy another language's (docs/adding.md)."
        ) from None
    except yaml.YAMLError as e:
        raise ValueError(f"{path}: not readable as YAML: {e}") from e
    for field, inner in _FIELDS.items():
        value = row.get(field) if isinstance(row, dict) else None
        fits = isinstance(value, dict if inner else str)
        missing = [name for name in inner if isinstance(value, dict) and not isinstance(value.get(name), str)]
        if not fits or missing:
            raise ValueError(f"{path}: the field {'.'.join([field, *missing[:1]])} is missing.")
    try:
        locale = Locale.parse(row["locale"])
    except (ValueError, UnknownLocaleError) as e:
        raise ValueError(f"{path}: no locale {row['locale']!r} in CLDR.") from e
    day = row["day"]
    return Style(
        language=path.stem,
        locale=locale,
        row=row,
        near=writer(day["near"], locale),
        far=writer(day["far"], locale),
        short=writer(day["short"], locale),
        clock=writer(row["clock"], locale),
    )


def writer(pattern: str, locale: Locale) -> Writer:
    """A fast writer of days and times for a CLDR pattern; ValueError for a letter it does not know."""
    parts: list[Union[str, Callable[[Any], str]]] = []
    for quoted, letters, other, unknown in _TOKEN.findall(pattern):
        if unknown:
            if unknown.isascii():
                raise ValueError(
                    f"The pattern {pattern!r} has {unknown!r}; known are EEE EEEE d M MMM y HH mm."
                )
            parts.append(unknown)
        elif letters:
            parts.append(_writer_of(letters, locale))
        else:
            parts.append(quoted or other)
    return lambda value: "".join([p if isinstance(p, str) else p(value) for p in parts])


def _writer_of(letters: str, locale: Locale) -> Callable[[Any], str]:
    if letters[0] == "E":
        days = locale.days["format"]["abbreviated" if len(letters) == 3 else "wide"]
        return lambda v: str(days[v.weekday()])
    if letters in ("MMM", "MMMM"):
        months = locale.months["format"]["abbreviated" if len(letters) == 3 else "wide"]
        return lambda v: str(months[v.month])
    field = {"d": "day", "M": "month", "y": "year", "H": "hour", "m": "minute"}[letters[0]]
    width = len(letters)
    return lambda v: str(getattr(v, field)).zfill(width)


def offset_text(offset: timedelta) -> str:
    """UTC+1, UTC−3:30, or UTC."""
    minutes = int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


@lru_cache(maxsize=512)
def zone_of(name: str) -> tzinfo:
    """The zone of this name; LookupError when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as e:
        raise LookupError(f"No time zone {name!r}; use a name such as Europe/Berlin.") from e


@lru_cache(maxsize=4096)
def _place(zone: str, locale: str) -> Union[str, None]:
    """The country of a zone, or its city where the country's clocks differ; None for UTC itself."""
    territory = get_global("zone_territories").get(zone)
    if territory is None or territory == "001":
        return None
    if _has_one_clock(territory):
        return str(Locale.parse(locale).territories[territory])
    return str(get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True))


@lru_cache(maxsize=512)
def _has_one_clock(territory: str) -> bool:
    winter, summer = (datetime(2026, month, 1) for month in (1, 7))  # noqa: DTZ001 (clocks are compared)
    clocks = set()
    for name in get_global("territory_zones").get(territory, ()):
        try:
            zone = ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            continue  # an old name that this machine's zones no longer have
        clocks.add((zone.utcoffset(winter), zone.utcoffset(summer)))
    return len(clocks) == 1


@lru_cache(maxsize=8192)
def _decimal(text: str, locale: str) -> str:
    return str(format_decimal(Decimal(text), locale=locale))


@lru_cache(maxsize=8192)
def _currency(amount: str, currency: str, locale: str) -> str:
    return str(format_currency(Decimal(amount), currency, locale=locale))


def _starts(word: str, beginnings: Sequence[str]) -> bool:
    return word.casefold().startswith(tuple(beginnings))
