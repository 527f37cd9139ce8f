"""Words the facts of an answer in one language, and lists every way in which a fact may be worded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Callable, Iterable, Optional

from bot.answer import Fact, Money
from bot.wording.style import COUNTED, Style, zone_of

# Which parts of a fact a placeholder or a card may ask for, by unit.
PARTS = {
    "instant": ("time", "day", "zone", "short", "clock"),
    "day": ("short",),
    "country": ("to", "in"),
    **{unit: ("unit",) for unit in COUNTED},
}
_INDEX = re.compile(r"_[0-9]+\Z")

Term = Callable[[str], Optional[str]]


@dataclass(frozen=True)
class Form:
    """One wording of a fact; `kind` is text, instant, day, time, money, percent, length or number.

    `unit` of a number says what it counts (working_days …), or is empty.
    """

    text: str
    kind: str
    unit: str = ""


class Words:
    """The words of one language. `term` gives the reply of a key, for facts that are terms."""

    def __init__(self, style: Style, *, term: Term) -> None:
        self.style = style
        self._term = term

    def word(self, fact: Fact, part: Optional[str] = None, *, zone: str, now: datetime) -> str:
        """A fact in words, or a part of it; LookupError for a part or a term that does not exist."""
        unit = unit_of(fact)
        if part == "as_of" and fact.as_of is not None:
            return self.word(Fact("as_of", fact.as_of), zone=zone, now=now)
        if part is not None and part not in PARTS.get(unit, ()):
            raise LookupError(
                f"The fact {fact.name!r} ({unit}) has no part {part!r}. "
                f"Known: {', '.join(PARTS.get(unit, ())) or 'none'}."
            )
        value = fact.value
        if isinstance(value, tuple):
            return self.style.join([self._word(fact.name, v, unit, part, zone, now) for v in value])
        return self._word(fact.name, value, unit, part, zone, now)

    def _word(
        self, name: str, value: object, unit: str, part: Optional[str], zone: str, now: datetime
    ) -> str:
        style = self.style
        if unit == "instant" and isinstance(value, datetime):
            return self._instant(value, part, zone, now)
        if unit == "day" and isinstance(value, date):
            here = zone_of(zone)
            day = value.astimezone(here).date() if isinstance(value, datetime) else value
            return style.short(day) if part else style.day(day, now=now.astimezone(here).date())
        if unit == "money" and isinstance(value, Money):
            return style.money(value.amount, value.currency)
        if unit == "country":
            return style.country(str(value), part or "")
        if unit == "language":
            return style.language_name(str(value))
        if unit == "term":
            return self._term_of(name, value)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            if unit in ("percent", "cm", "inch"):
                return style.measure(unit, value)
            return style.counted(unit, value) if part else style.number(value)
        return str(value)

    def _instant(self, value: datetime, part: Optional[str], zone: str, now: datetime) -> str:
        here = zone_of(zone)
        at = value.astimezone(here)
        if part == "zone":
            return self.style.zone(at)
        if part == "clock":
            return self.style.clock(at)
        if part == "day":
            return self.style.day(at.date(), now=now.astimezone(here).date())
        whose = "short" if part == "short" else whose_clock(zone)
        if part == "time":
            return self.style.time(at, whose=whose)
        return self.style.instant(at, now=now.astimezone(here).date(), whose=whose)

    def _term_of(self, name: str, value: object) -> str:
        key = _term_key(name, value)
        text = self._term(key)
        if text is None:
            raise LookupError(f"No reply {key} in {self.style.language!r}; add it to data/replies/.")
        return text

    # -- for the guard -----------------------------------------------------------------

    def forms(self, fact: Fact, *, zone: str) -> Iterable[Form]:
        """Every way in which this fact may stand in a text."""
        unit, style = unit_of(fact), self.style
        values = fact.value if isinstance(fact.value, tuple) else (fact.value,)
        for value in values:
            yield from self._forms(fact.name, value, unit, zone)
        if isinstance(fact.value, tuple) and unit != "term":
            yield Form(
                style.join([self._word(fact.name, v, unit, None, zone, _EPOCH) for v in values]), "text"
            )
        if fact.as_of is not None:
            yield from self.forms(Fact("as_of", fact.as_of), zone=zone)

    def _forms(self, name: str, value: object, unit: str, zone: str) -> Iterable[Form]:
        style = self.style
        if unit == "instant" and isinstance(value, datetime):
            yield from self._instant_forms(value, zone)
        elif unit == "day" and isinstance(value, date):
            day = value.astimezone(zone_of(zone)).date() if isinstance(value, datetime) else value
            for text in (style.near(day), style.far(day), style.short(day)):
                yield Form(text, "day")
        elif unit == "money":
            yield Form(self._word(name, value, unit, None, zone, _EPOCH), "money")
        elif unit == "country":
            for part in (None, "to", "in"):
                yield Form(self._word(name, value, unit, part, zone, _EPOCH), "text")
        elif isinstance(value, (int, Decimal)) and not isinstance(value, bool) and unit != "term":
            yield from self._number_forms(value, unit)
        elif unit == "term":
            term = self._term(_term_key(name, value))
            if term is not None:
                yield Form(term, "text")
        else:
            yield Form(self._word(name, value, unit, None, zone, _EPOCH), "text")

    def _instant_forms(self, value: datetime, zone: str) -> Iterable[Form]:
        style, whose = self.style, whose_clock(zone)
        at = value.astimezone(zone_of(zone))
        clock, near, far, short = style.clock(at), style.near(at), style.far(at), style.short(at)
        for day in (near, far):
            yield Form(style.put_together(whose, day=day, time=clock), "instant")
        yield Form(style.put_together("short", day=short, time=clock), "instant")
        for day in (near, far, short):
            yield Form(day, "day")
        yield Form(style.time(at, whose=whose), "time")
        yield Form(clock, "time")
        yield Form(style.zone(at), "text")

    def _number_forms(self, value: int | Decimal, unit: str) -> Iterable[Form]:
        style = self.style
        if unit in ("percent", "cm", "inch"):
            yield Form(style.measure(unit, value), "percent" if unit == "percent" else "length")
            return
        # What the number counts is read from the words after it: "1 día" is also in "1 día laborable".
        yield Form(style.number(value), "number", unit if unit in COUNTED else "")


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def unit_of(fact: Fact) -> str:
    """The unit of a fact, or the one that its value's type implies."""
    if fact.unit and fact.unit != "list":
        return fact.unit
    value = fact.value
    if isinstance(value, Money):
        return "money"
    if isinstance(value, datetime):
        return "instant"
    if isinstance(value, date):
        return "day"
    return "term" if isinstance(value, bool) else "text"


def _term_key(name: str, value: object) -> str:
    """The reply that words a term; facts that are numbered (`status_2`) share theirs."""
    word = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return f"term.{_INDEX.sub('', name)}.{word}"


def whose_clock(zone: str) -> str:
    """Times are said to be the customer's, unless their zone is not known."""
    return "utc" if zone in ("UTC", "Etc/UTC", "GMT", "Etc/GMT") else "here"
