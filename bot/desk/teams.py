"""Reads data/teams/<team>.yml."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any, Mapping, Optional
from zoneinfo import ZoneInfo

import yaml

from bot.answer import PRIORITIES, Priority
from bot.desk.calendars import OfficialCalendar
from bot.desk.hours import Hours, Window
from bot.desk.model import Team
from bot.yamls import load_yaml

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def load_teams(folder: Path) -> Mapping[str, Team]:
    """Every team of a folder, by id; ValueError names the file that cannot be read."""
    return {path.stem: load_team(path) for path in sorted(folder.glob("*.yml"))}


def find_team(name: str, folder: Path) -> Team:
    """The team of this name, or the one in this file; LookupError lists those that exist."""
    as_file = Path(name)
    if as_file.suffix in (".yml", ".yaml"):
        if not as_file.is_file():
            raise LookupError(f"No team file {name}. Give a file like data/teams/default.yml, or a name.")
        return load_team(as_file)
    path = folder / f"{name}.yml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.yml"))) or "none"
        raise LookupError(f"No team {name!r}. Known: {known}. Add data/teams/{name}.yml.")
    return load_team(path)


def load_team(path: Path) -> Team:
    """One team; its id is the file's name. ValueError says what is wrong with the file."""
    raw = path.read_bytes()
    try:
        row: Any = load_yaml(raw.decode("utf-8"))
        return _team(path.stem, row, version=hashlib.sha256(raw).hexdigest()[:8])
    except KeyError as e:
        raise ValueError(f"{path}: the field {e.args[0]} is missing.") from e
    except (yaml.YAMLError, TypeError, AttributeError) as e:
        raise ValueError(f"{path}: expected a map of fields like data/teams/default.yml ({e}).") from e
    except (ValueError, OSError) as e:
        raise ValueError(f"{path}: {e}") from e


def _team(name: str, row: Mapping[str, Any], *, version: str) -> Team:
    zone = _zone(str(row["zone"]))
    calendar = _calendar(row.get("holidays"))
    hours = Hours(
        zone=zone,
        week=_week(row["week"]),
        calendar=calendar,
        makeup_as=_weekday(row.get("makeup_day", "monday")),
        dates={_date(day): _windows(value) for day, value in (row.get("dates") or {}).items()},
    )
    on_call = row.get("on_call") or {}
    team = Team(
        id=name,
        name=str(row["name"]),
        language=str(row["language"]),
        country=str(row["country"]),
        hours=hours,
        targets=_targets(row["targets"]),
        rounding_minutes=_positive(row, "rounding_minutes"),
        minutes_a_case=_positive(row, "minutes_a_case"),
        people=_positive(row, "people"),
        warn_share=_share(row["warn_share"]),
        calendar=f"{name} {version}" + (f", {calendar.version}" if calendar else ""),
        as_of=_date(row["as_of"]),
        on_call=Hours(zone=zone, week=_week(on_call)) if any(on_call.values()) else None,
    )
    if not any(hours.week):
        raise ValueError("the team is never there: `week` has no window.")
    return team


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as e:
        raise ValueError(f"no time zone {name!r}; write it like Asia/Shanghai.") from e


def _calendar(row: Optional[Mapping[str, Any]]) -> Optional[OfficialCalendar]:
    if not row:
        return None
    return OfficialCalendar(
        country=str(row["country"]),
        region=row.get("region"),
        published_yearly=bool(row.get("published_yearly", False)),
        published=frozenset(int(year) for year in row.get("published") or ()),
        weekends_beside=bool(row.get("weekends_beside", False)),
    )


def _week(row: Mapping[str, Any]) -> tuple[tuple[Window, ...], ...]:
    for name in row:
        _weekday(name)
    return tuple(_windows(row.get(day)) for day in WEEKDAYS)


def _windows(texts: Any) -> tuple[Window, ...]:
    return tuple(sorted(Window.parse(str(text)) for text in texts or ()))


def _weekday(name: Any) -> int:
    if name not in WEEKDAYS:
        raise ValueError(f"no weekday {name!r}. Known: {', '.join(WEEKDAYS)}.")
    return WEEKDAYS.index(name)


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _targets(row: Mapping[str, Any]) -> dict[Priority, int]:
    for name in row:
        if name not in PRIORITIES:
            raise ValueError(f"no priority {name!r}. Known: {', '.join(PRIORITIES)}.")
    return {name: _positive(row, name) for name in PRIORITIES}


def _positive(row: Mapping[str, Any], name: str) -> int:
    value = int(row[name])
    if value <= 0:
        raise ValueError(f"{name} is {value}; give a whole number above zero.")
    return value


def _share(value: Any) -> float:
    share = float(value)
    if not 0 < share < 1:
        raise ValueError(f"warn_share is {share}; give a share between 0 and 1.")
    return share
