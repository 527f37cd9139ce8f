"""Days in a text."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Optional

from bot.nlu.spans import Claims, Folded, FormTable, alternatives, read
from bot.nlu.text import fold

_SHORT = re.compile(
    r"(?<![\w.,/\-])(?:"
    r"(?P<y>20\d\d)[-/.年](?P<ym>\d{1,2})[-/.月](?P<yd>\d{1,2})日?"
    r"|(?P<a>\d{1,2})\s?[./]\s?(?P<b>\d{1,2})(?:(?P<dot>\.)(?!\d)|[./]\s?(?P<year>(?:20)?\d\d))?"
    r")(?![\w/%])"
)
_HAN_DAY = re.compile(r"(?:(?P<y>20\d\d)年)?(?P<m>1[0-2]|0?[1-9])月(?P<d>3[01]|[12]\d|0?[1-9])[日号號]?")
_ON = re.compile(r"\b(?:am|vom|bis|ab|seit|zum|el|del|al|on|by|before|since|until)(?: dem| zum| el)?\s$")


class Dates:
    """Finds days, and names them by the calendar when it is told what day it is."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "dates")
        self._months = {fold(str(w)): int(n) for n, rows in data["months"].items() for w in rows}
        self._weekdays = FormTable((str(w), str(n)) for n, rows in data["weekdays"].items() for w in rows)
        self._relative = FormTable((str(w), str(n)) for n, rows in data["relative"].items() for w in rows)
        self._past = {fold(str(w)) for w in data["past"]}
        self._not_after = {fold(str(w)) for w in data["not_after"]}
        month = alternatives(self._months)
        day = r"3[01]|[12]\d|0?[1-9]"
        self._worded = re.compile(
            f"(?<![\\w.,])(?:(?P<d1>{day})(?:st|nd|rd|th|\\.|\\.?º)?\\s?(?:of |de )?(?P<m1>{month})\\.?"
            f"|(?P<m2>{month})\\.?\\s?(?P<d2>{day})(?:st|nd|rd|th)?(?![\\w.,]\\d|\\d))"
            f"(?:,?\\s?(?:de |del )?(?P<y>20\\d\\d))?"
        )

    def find(self, text: Folded, claims: Claims, *, today: Optional[date], month_first: bool) -> None:
        """Take every day; its value is ISO 8601 where the day is known, otherwise the words."""
        for found in self._worded.finditer(text.text):
            month = self._months[found["m1"] or found["m2"]]
            self._take(text, claims, found, found["y"], month, int(found["d1"] or found["d2"]), today)
        for found in _HAN_DAY.finditer(text.text):
            self._take(text, claims, found, found["y"], int(found["m"]), int(found["d"]), today)
        for found in _SHORT.finditer(text.text):
            self._take_short(text, claims, found, today, month_first)
        self._take_weekdays(text, claims, today)
        for start, end, days in self._relative.find(text):
            if self._word_before(claims.raw, start) in self._not_after:
                continue
            value = (today + timedelta(days=int(days))).isoformat() if today else claims.raw[start:end]
            claims.take("date", start, end, value)

    def _take_short(
        self, text: Folded, claims: Claims, found: re.Match[str], today: Optional[date], month_first: bool
    ) -> None:
        if found["y"]:
            self._take(text, claims, found, found["y"], int(found["ym"]), int(found["yd"]), today)
            return
        a, b, slash = int(found["a"]), int(found["b"]), "/" in found.group()
        sure = found["dot"] or found["year"] or slash or _ON.search(text.text[: found.start()])
        if not sure or (slash and text.text[: found.start()].rstrip()[-1:].isdigit()):
            return  # 24.5 is a number, 8 1/2 a size
        day, month = (b, a) if slash and ((month_first and a <= 12) or b > 12) else (a, b)
        year = found["year"]
        self._take(text, claims, found, f"20{year[-2:]}" if year else None, month, day, today)

    def _take(
        self,
        text: Folded,
        claims: Claims,
        found: re.Match[str],
        year: Optional[str],
        month: int,
        day: int,
        today: Optional[date],
    ) -> None:
        try:
            named = date(int(year) if year else 2024, month, day)
        except ValueError:
            return
        if year:
            value = named.isoformat()
        elif today:
            value = _nearest(month, day, today).isoformat()
        else:
            value = f"--{month:02d}-{day:02d}"
        claims.take("date", *text.place(*found.span()), value)

    def _take_weekdays(self, text: Folded, claims: Claims, today: Optional[date]) -> None:
        for start, end, number in self._weekdays.find(text):
            if today is None:
                claims.take("date", start, end, claims.raw[start:end])
                continue
            ahead = (int(number) - today.isoweekday()) % 7
            if self._word_before(claims.raw, start) in self._past:
                ahead = ahead - 7 if ahead else -7
            claims.take("date", start, end, (today + timedelta(days=ahead)).isoformat())

    @staticmethod
    def _word_before(raw: str, start: int) -> str:
        before = fold(raw[max(0, start - 24) : start]).split()
        return before[-1] if before else ""


def _nearest(month: int, day: int, today: date) -> date:
    """The day of this name that is nearest; the 29th of February may be years away."""
    found = []
    for year in range(today.year - 4, today.year + 5):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return min(found, key=lambda each: abs(each - today))
