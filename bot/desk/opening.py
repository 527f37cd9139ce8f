"""Says when the team is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Mapping, Optional

from bot.answer import Answer, Fact, FactValue
from bot.desk.hours import Hours, Window
from bot.desk.model import Team
from bot.desk.teams import WEEKDAYS


@dataclass(frozen=True)
class _Regular:
    """The same window on days in a row, which one sentence can say."""

    first_day: str
    last_day: str
    window: Window


class Opening:
    """Tells a team's opening hours."""

    def __init__(self, team: Team) -> None:
        self._team = team

    def answer(self, *, now: datetime) -> Answer:
        """Whether the team is there, when it next is (an instant), and its week on its own clock.

        The reply is hours.<open|closed|holiday|closure>.<week|table>: `table`, with a card, when the
        week does not fit into a sentence. A team that never closes is hours.always.
        """
        hours = self._team.hours
        regular = _regular(hours.week)
        facts = [self._fact("team_country", self._team.country, "country")]
        if hours.is_open(now):
            closes_at = hours.closes(now)
            if closes_at is None:
                return Answer(key="hours.always", facts=tuple(facts))
            state = "open"
            facts.append(self._fact("closes_at", closes_at, "instant"))
        else:
            opens_at = hours.next_open(now)
            state = _why_closed(hours, now, opens_at)
            facts.append(self._fact("opens_at", opens_at, "instant"))
            if hours.calendar is not None:
                facts.append(self._fact("holiday_country", hours.calendar.country, "country"))
        if regular is not None:
            facts += [
                self._fact("weekday_1", regular.first_day, "term"),
                self._fact("weekday_2", regular.last_day, "term"),
                self._fact("week_from", regular.window.opens),
                self._fact("week_until", regular.window.closes),
            ]
            return Answer(key=f"hours.{state}.week", facts=tuple(facts))
        return Answer(key=f"hours.{state}.table", facts=(*facts, *self._week()), card=self._card())

    def _fact(self, name: str, value: FactValue, unit: Optional[str] = None) -> Fact:
        return Fact(name, value, unit, source=self._team.source, as_of=self._team.as_of)

    def _week(self) -> list[Fact]:
        """Each day's name and its windows, as the card shows them."""
        facts = []
        for n, (day, windows) in enumerate(zip(WEEKDAYS, self._team.hours.week, strict=True), start=1):
            facts.append(self._fact(f"weekday_{n}", day, "term"))
            if windows:
                facts.append(self._fact(f"windows_{n}", ", ".join(str(window) for window in windows)))
        return facts

    def _card(self) -> Mapping[str, Any]:
        rows = [
            {
                "label": {"fact": f"weekday_{n}"},
                "value": {"fact": f"windows_{n}"} if windows else {"reply": "hours.day_off"},
            }
            for n, windows in enumerate(self._team.hours.week, start=1)
        ]
        return {
            "kind": "policy",
            "title": {"reply": "hours.title"},
            "rows": rows,
            "as_of": {"reply": "hours.as_of"},
        }


def _why_closed(hours: Hours, now: datetime, opens_at: datetime) -> str:
    """What makes the wait longer than an ordinary night: a holiday, a closure of our own, or nothing."""
    day = now.astimezone(hours.zone).date()
    last = opens_at.astimezone(hours.zone).date()
    reason = "closed"
    while day <= last:
        if hours.week[day.weekday()] and not hours.windows(day):
            if day not in hours.dates:
                return "holiday"
            reason = "closure"
        day += timedelta(days=1)
    return reason


def _regular(week: tuple[tuple[Window, ...], ...]) -> Optional[_Regular]:
    open_days = [n for n, windows in enumerate(week) if windows]
    same = {windows for windows in week if windows}
    if len(open_days) < 2 or len(same) != 1 or open_days[-1] - open_days[0] + 1 != len(open_days):
        return None
    (windows,) = same
    if len(windows) != 1:
        return None
    return _Regular(WEEKDAYS[open_days[0]], WEEKDAYS[open_days[-1]], windows[0])
