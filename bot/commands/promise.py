"""By when a team will have replied."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answer import PRIORITIES, Fact
from bot.desk.promises import Due, promise
from bot.desk.teams import find_team
from bot.phrasebook import Phrasebook
from bot.settings import get_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--team", metavar="NAME|FILE", help="a team of data/teams/, or a file like one")
    parser.add_argument("--at", metavar="TIME", help="when the customer writes (ISO 8601 with a zone); now")
    parser.add_argument("--priority", default="normal", metavar="|".join(PRIORITIES), help="how urgent it is")
    parser.add_argument("--queue", type=int, default=0, metavar="N", help="cases that go before this one")
    parser.add_argument("--timezone", metavar="ZONE", help="the customer's zone; else the team's")
    parser.add_argument("--language", metavar="CODE", help="the customer's language; else the team's")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Compute one promise and print it."""
    settings = get_settings()
    team = find_team(args.team or settings.team, settings.data / "teams")
    zone = args.timezone or str(team.hours.zone)
    language = args.language or team.language
    at = _moment(args.at) if args.at else settings.make_clock()()
    _check_zone(zone)
    due = promise(team=team, at=at, priority=args.priority, queue=args.queue)
    fact = Fact("due_at", due.due_at, "instant", source=team.source, as_of=at)
    shown = Phrasebook.load(settings.data / "replies").text(
        "handoff.time", language=language, facts=(fact,), timezone=zone, now=at
    )
    if args.json:
        row = _row(due, team.hours.zone)
        print(json.dumps({**row, "shown": shown, "language": language, "timezone": zone}, ensure_ascii=False))
    else:
        print(f"Opens     {due.opens_at.astimezone(team.hours.zone):%a %d %b %Y, %H:%M} ({team.hours.zone})")
        print(f"Answered  {shown} ({zone})")
        print(f"Target    {due.target_minutes} open minutes, priority {args.priority}")
        print(
            f"Calendar  {due.calendar}{', provisional: a working day was added' if due.provisional else ''}"
        )
    return 0


def _row(due: Due, zone: ZoneInfo) -> dict[str, object]:
    return {
        "opens_at": due.opens_at.astimezone(zone).isoformat(),
        "due_at": due.due_at.astimezone(zone).isoformat(),
        "target_minutes": due.target_minutes,
        "calendar": due.calendar,
        "provisional": due.provisional,
    }


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as e:
        raise ValueError(f"--at {text!r} is no time; write it like 2026-11-24T02:00:00+01:00.") from e
    if at.tzinfo is None:
        raise ValueError(f"--at {text!r} has no zone; write it like {at.isoformat()}+01:00.")
    return at


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError) as e:
        raise ValueError(f"No time zone {name!r}; write it like Europe/Berlin.") from e
