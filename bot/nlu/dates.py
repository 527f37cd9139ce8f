"""Days in a text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Optional

from bot.nlu.endings import Endings
from bot.nlu.feasts import Feasts
from bot.nlu.spans import Claims, Folded, Span, alternatives, read
from bot.nlu.text import fold
from bot.nlu.weekdays import Relative, Weekdays

_SHORT = re.compile(
    r"(?<![\w.,/\-])(?:"
    r"(?P<y>20\d\d)[-/.年](?P<ym>\d{1,2})[-/.月](?P<yd>\d{1,2})日?"
    r"|(?P<a>\d{1,2})\s?[./]\s?(?P<b>\d{1,2})(?:(?P<dot>\.)(?!\d)|[./]\s?(?P<year>(?:20)?\d\d))?"
    r"|(?P<da>\d{1,2})-(?P<mb>\d{1,2})-(?P<dy>20\d\d)"
    r")(?![\w/%])"
)
_NUMERAL = "一二三四五六七八九十"
_HAN_DAY = re.compile(
    r"(?:(?P<y>20\d\d)年)?(?P<m>1[0-2]|0?[1-9])月(?P<d>3[01]|[12]\d|0?[1-9])[日号號]?"
    f"|(?P<hm>十?[{_NUMERAL}])月(?P<hd>[二三]?十?[{_NUMERAL}])[日号號]"
)
# 15日に is the fifteenth, 15日以内 and 15日間 are durations.
_JAPANESE_DAY = re.compile(
    r"(?<![\d月年])(?P<d>3[01]|[12]\d|[1-9])日(?=に(?!ち)|まで(?!の期)|の(?:朝|夜|午)|は|着|指定|頃|ごろ)"
)
_KANA = re.compile("[\u3041-\u30fa]")
# Between a weekday and its date: "Freitag, den 12. Dezember".
_JOINED = re.compile(r",?\s(?:den\s|dem\s|the\s|el\s|le\s|il\s|o\s)?|[,،]?\s?|\s?[(（]?")
# 1/2, 3/4, 4/5 are parts.
_LARGEST_PART = 5
_DAY = r"3[01]|[12]\d|0?[1-9]"


class Dates:
    """Finds days, and names them by the calendar when it is told what day it is."""

    def __init__(self, folder: Path, endings: Endings) -> None:
        data = read(folder, "dates")
        self._feasts, self._weekdays = Feasts(data, endings), Weekdays(data, endings)
        self._relative = Relative(data)
        self._months = {fold(str(w)): int(n) for n, rows in data["months"].items() for w in rows}
        month = f"(?:{alternatives(self._months)})(?![^\\W\\d_])"
        self._worded = re.compile(
            f"(?<![\\w.,])(?:(?P<d1>{_DAY})(?:st|nd|rd|th|er|\\.?[º°ªo]|\\.|-?го|-?му|-?е)?\\s?"
            f"(?:of |de |di |do |d'|d’)?(?P<m1>{month})\\.?"
            f"|(?P<m2>{month})\\.?\\s?(?:the )?(?P<d2>{_DAY})(?:st|nd|rd|th)?(?![\\w.,]\\d|\\d))"
            f"(?:,?\\s?(?:de |del )?(?P<y>20\\d\\d))?"
        )
        month_days = data["day_of_month"]
        self._led = re.compile(f"(?<![^\\W\\d_])(?:{alternatives(month_days['before_short'])})\\s$")
        nouns = alternatives(month_days["not_before"])
        self._day_of_month = re.compile(
            f"(?<![^\\W\\d_])(?:{alternatives(month_days['ordinal'])})\\s"
            f"(?P<ordinal>(?:{_DAY})(?:{'|'.join(month_days['ordinal_tail'])}))(?![\\w\\-])(?!\\s(?:{nouns}))"
            f"|(?<![^\\W\\d_])(?:{alternatives(month_days['lead'])})\\s(?P<lead>{_DAY})(?=\\s*(?:$|[?!.,;)]))"
            f"|(?<![^\\W\\d_])(?:{alternatives(month_days['lead_dotted'])})\\s(?P<dotted>(?:{_DAY})\\.)(?!\\d|\\s(?:{nouns}))"
            f"|(?<![^\\W\\d_])(?P<sure>(?:{alternatives(month_days['sure'])})\\s(?:{_DAY}))(?![\\d.,:/%]*\\d)"
            f"|(?<![\\d.,\\-/月穿戴码碼指輪轮圈])(?P<tail>(?:{_DAY})\\s?(?:{alternatives(month_days['tail'])}))(?![色店线線机機仓楼板鞋码碼衣の])"
        )

    def find(self, text: Folded, claims: Claims, *, today: Optional[date], month_first: bool) -> None:
        """Take every day; its value is ISO 8601 where the day is known, otherwise the words."""
        mine = len(claims.spans)
        for found in self._worded.finditer(text.text):
            month = self._months[(found["m1"] or found["m2"])]
            self._take(text, claims, found, found["y"], month, int(found["d1"] or found["d2"]), today)
        for found in _HAN_DAY.finditer(text.text):
            numbers = _number(found["m"] or found["hm"]), _number(found["d"] or found["hd"])
            self._take(text, claims, found, found["y"], *numbers, today)
        for found in _SHORT.finditer(text.text):
            self._take_short(text, claims, found, today, month_first)
        is_japanese = _KANA.search(text.text)
        for found in (_JAPANESE_DAY if is_japanese else self._day_of_month).finditer(text.text):
            self._take_day_of_month(text, claims, found, today)
        self._feasts.find(text, claims, today=today)
        self._weekdays.find(text, claims, today=today)
        self._relative.find(text, claims, today=today)
        _join(claims, mine)

    def _take_short(
        self, text: Folded, claims: Claims, found: re.Match[str], today: Optional[date], month_first: bool
    ) -> None:
        if found["y"]:
            self._take(text, claims, found, found["y"], int(found["ym"]), int(found["yd"]), today)
            return
        if found["da"]:
            day, month = int(found["da"]), int(found["mb"])
            self._take(text, claims, found, found["dy"], *_in_order(day, month, month_first), today)
            return
        a, b, slash = int(found["a"]), int(found["b"]), "/" in found.group()
        is_led = self._led.search(text.text[: found.start()])
        sure = found["dot"] or found["year"] or is_led or (slash and not _is_ratio(a, b))
        if not sure or (slash and text.text[: found.start()].rstrip()[-1:].isdigit()):
            return  # 24.5 is a number, 8 1/2 a size, 24/7 always
        month, day = _in_order(a, b, month_first) if slash else (b, a)
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

    def _take_day_of_month(
        self, text: Folded, claims: Claims, found: re.Match[str], today: Optional[date]
    ) -> None:
        """Take "the 17th": of this month, the one before or the one after, whichever is nearest."""
        name = found.lastgroup if found.lastgroup in ("ordinal", "lead", "dotted", "sure", "tail") else None
        place = text.place(*(found.span(name) if name else found.span()))
        number = re.search(r"\d+", found[name] if name else found.group())
        day = _nearest_of(int(number.group()), today) if number and today else None
        claims.take("date", *place, day.isoformat() if day else claims.raw[slice(*place)])


def _in_order(a: int, b: int, month_first: bool) -> tuple[int, int]:
    """Month and day of "a/b"."""
    return (a, b) if (month_first and a <= 12) or b > 12 else (b, a)


def _is_ratio(a: int, b: int) -> bool:
    """Whether "a/b" is rather a part, a mark or "24/7" than a day: 3/4, 10/10."""
    return a == b or (a, b) == (24, 7) or a < b <= _LARGEST_PART


def _number(written: str) -> int:
    """A number of two places at most, in digits or as 二十五."""
    if written.isdigit():
        return int(written)
    tens, ten, units = written.rpartition("十")
    if not ten:
        return _NUMERAL.index(written[-1]) + 1
    return 10 * (_NUMERAL.index(tens) + 1 if tens else 1) + (_NUMERAL.index(units) + 1 if units else 0)


def _join(claims: Claims, mine: int) -> None:
    """Make one of a weekday and the date beside it; the date's value counts."""
    days = sorted((s for s in claims.spans[mine:] if s.entity == "date"), key=lambda s: s.start)
    for at, second in enumerate(days[1:]):
        first = days[at]
        if _has_digit(claims.raw, first) or not _has_digit(claims.raw, second):
            continue
        if _JOINED.fullmatch(claims.raw, first.end, second.start):
            claims.spans.remove(first)
            claims.spans.remove(second)
            claims.spans.append(Span("date", first.start, second.end, second.value))


def _has_digit(raw: str, span: Span) -> bool:
    return any(char.isdigit() for char in raw[span.start : span.end])


def _nearest(month: int, day: int, today: date) -> date:
    """The day of this name that is nearest; the 29th of February may be years away."""
    found = []
    for year in range(today.year - 4, today.year + 5):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return min(found, key=lambda each: abs(each - today))


def _nearest_of(day: int, today: date) -> Optional[date]:
    months = (
        (today.year + (today.month - 1 + by) // 12, (today.month - 1 + by) % 12 + 1) for by in (-1, 0, 1)
    )
    found = []
    for year, month in months:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return min(found, key=lambda each: abs(each - today), default=None)
