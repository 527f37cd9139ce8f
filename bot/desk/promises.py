"""By when a person will have answered. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from bot.answer import PRIORITIES, Priority
from bot.desk.hours import Hours, round_up
from bot.desk.model import Team


@dataclass(frozen=True)
class Due:
    """When the team opens for a case, when it is warned, and when the answer is due (all UTC).

    `target_minutes` is the open time that the priority allows. `provisional`: the official
    calendar of a year on the way is not known yet, so the answer is due a working day later.
    """

    opens_at: datetime
    warn_at: datetime
    due_at: datetime
    target_minutes: int
    provisional: bool
    calendar: str


def promise(*, team: Team, at: datetime, priority: Priority = "normal", queue: int = 0) -> Due:
    """When a case that comes in now is due.

    That is the next opening plus the larger of the target and the work that is promised already:
    `queue` cases that go before this one, shared by the people on duty, and this case itself.
    Raises ValueError for an unknown priority, a negative queue, or a team that never opens.
    """
    if priority not in PRIORITIES:
        raise ValueError(f"No priority {priority!r}. Known: {', '.join(PRIORITIES)}.")
    if queue < 0:
        raise ValueError(f"A queue of {queue} cases cannot be; give 0 or more.")
    due = _due(team, team.hours, at, priority, queue)
    if priority == "urgent" and team.on_call is not None:
        return min(due, _due(team, team.on_call, at, priority, queue), key=lambda one: one.due_at)
    return due


def _due(team: Team, hours: Hours, at: datetime, priority: Priority, queue: int) -> Due:
    target = team.targets[priority]
    work = ceil((queue + 1) / team.people) * team.minutes_a_case
    opens_at = hours.next_open(at)
    due_at = _settle(team, hours, hours.add_business(opens_at, max(target, work)))
    calendar = hours.calendar
    provisional = calendar is not None and not all(
        calendar.is_known(year) for year in hours.years(opens_at, due_at)
    )
    if provisional:
        due_at = _settle(team, hours, hours.same_time_later(due_at))
    quiet = hours.business_between(opens_at, due_at) * (1 - team.warn_share)
    return Due(
        opens_at=opens_at,
        warn_at=hours.add_business(opens_at, int(quiet.total_seconds() // 60)),
        due_at=due_at,
        target_minutes=target,
        provisional=provisional,
        calendar=team.calendar,
    )


def _settle(team: Team, hours: Hours, at: datetime) -> datetime:
    """Round up; what would fall into closed time is due when the team is next there."""
    rounded = round_up(at, team.rounding_minutes, hours.zone)
    for _ in range(8):
        if hours.is_deadline(rounded):
            return rounded
        rounded = round_up(hours.next_open(rounded), team.rounding_minutes, hours.zone)
    return hours.next_open(rounded)  # windows shorter than the step: the opening itself is true
