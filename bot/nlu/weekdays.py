"""Weekdays and words such as "tomorrow" in a text."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Iterator, Mapping, Optional

from bot.nlu.endings import Endings
from bot.nlu.spans import Claims, Folded, FormTable, Found
from bot.nlu.text import fold

_NOTHING = "-"
# How far from a weekday the word stands that tells whether it is over.
_NEAR = 4
_NUMBER = re.compile(
    r"\s(?:the\s)?(3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?(?![\d:.,/%€$]|[^\W\d])(?:\s([^\W\d_]+))?"
)
# Between a word that says which Friday, and Friday.
_ARTICLES = frozenset(("the", "el", "la", "le", "il", "o", "a", "dem", "der", "den", "يوم"))


class Weekdays:
    """Finds weekdays; "next" belongs to one, "last" stands outside and turns it back."""

    def __init__(self, data: Mapping[str, Any], endings: Endings) -> None:
        self._days = FormTable(_weekdays(data, endings))
        self._capitals = frozenset(f for rows in data["weekday_capitals"].values() for f in map(str, rows))
        ordinals = data["weekday_ordinals"]
        self._ordinals = frozenset(fold(str(f)) for rows in ordinals["days"].values() for f in rows)
        self._ordinal_after = _tokens(ordinals["after"], endings)
        self._ordinal_not_before = _tokens(ordinals["not_before"], endings)
        self._next_before = _tokens(data["next_before"], endings)
        self._next_after = FormTable((form, "") for form in endings.spelt(data["next_after"]))
        self._past = _tokens(data["past"], endings)
        self._no_date = _tokens(data["no_date"], endings)
        self._verbs = _tokens(data["past_verbs"], endings)
        self._ahead = _tokens(data["ahead"], endings)
        self._past_after = _tokens(data["past_after"], endings)

    def find(self, text: Folded, claims: Claims, *, today: Optional[date]) -> None:
        """Take every weekday; without a `today` its value is the words."""
        days = [found for found in self._days.matches(text) if found.value != _NOTHING]
        if not days:
            return
        tokens = text.tokens
        coming = {found.first: found.last for found in self._next_after.matches(text)}
        for found in days:
            first, last, value = found
            if not self._is_day(text, found, claims.raw):
                continue
            before, after = _before(text, first), _word(text, last)
            is_next = _word(text, first - 1) in self._next_before or last in coming
            start = tokens[first - 1 if _word(text, first - 1) in self._next_before else first].start
            place = text.place(start, tokens[coming.get(last, last) - 1].end)
            is_past = not is_next and (
                before in self._past or after in self._past_after or self._was(text, found, before)
            )
            day = _day(value, today, is_next=is_next, is_past=is_past) if today else None
            number = self._number(text, coming.get(last, last))
            dated = (place[0], text.place(*number.span(1))[1]) if number else place
            if number and claims.free(*dated):
                place = dated
                day = _dated(int(number[1]), day) if day else None
            claims.take("date", *place, day.isoformat() if day else claims.raw[slice(*place)])

    def _number(self, text: Folded, last: int) -> Optional[re.Match[str]]:
        """The date after a weekday: "domenica 8"."""
        found = _NUMBER.match(text.text, text.tokens[last - 1].end)
        return found if found and (not found[2] or found[2] not in self._no_date) else None

    def _was(self, text: Folded, found: Found, before: str) -> bool:
        """Whether the sentence speaks of what has happened: "I ordered on Monday"."""
        if before in self._ahead:
            return False
        near = text.tokens[max(0, found.first - _NEAR) : found.last + _NEAR]
        return any(token.text in self._verbs for token in near)

    def _is_day(self, text: Folded, found: Found, raw: str) -> bool:
        """Whether a word that means other things too is a weekday here."""
        word = text.text[text.tokens[found.first].start : text.tokens[found.last - 1].end]
        if word in self._capitals:
            start, end = text.place(text.tokens[found.first].start, text.tokens[found.last - 1].end)
            return raw[start:end].istitle() and not raw.istitle()
        if word in self._ordinals:
            is_led = _word(text, found.first - 1) in self._ordinal_after
            return is_led and _word(text, found.last) not in self._ordinal_not_before
        return True


class Relative:
    """Finds today, tomorrow, yesterday and the days beside them."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._words = FormTable(
            [
                *((str(phrase), _NOTHING) for phrase in data["not_a_day"]),
                *((str(form), str(days)) for days, forms in data["relative"].items() for form in forms),
            ]
        )
        self._ambiguous = frozenset(fold(str(word)) for word in data["ambiguous"])
        self._not_after = frozenset(fold(str(word)) for word in data["not_after"])
        self._only_with = {
            fold(str(word)): frozenset(fold(str(each)) for each in others)
            for word, others in data["only_with"].items()
        }

    def find(self, text: Folded, claims: Claims, *, today: Optional[date]) -> None:
        """Take every such word; without a `today` its value is the word."""
        for found in self._words.matches(text):
            if found.value == _NOTHING or self._is_no_day(text, found):
                continue
            start, end = text.place(text.tokens[found.first].start, text.tokens[found.last - 1].end)
            day = today + timedelta(days=int(found.value)) if today else None
            claims.take("date", start, end, day.isoformat() if day else claims.raw[start:end])

    def _is_no_day(self, text: Folded, found: Found) -> bool:
        word = text.text[text.tokens[found.first].start : text.tokens[found.last - 1].end]
        if word in self._only_with:
            return self._only_with[word].isdisjoint(token.text for token in text.tokens)
        if word not in self._ambiguous:
            return False
        follows = text.text[text.tokens[found.last - 1].end :].lstrip()[:1]
        is_greeting = found.first == 0 and (follows in (",", "!", ".") and follows != "")
        return is_greeting or len(text.tokens) == 1 < len(follows) or self._is_time(text, found)

    def _is_time(self, text: Folded, found: Found) -> bool:
        return _word(text, found.first - 1) in self._not_after


def _day(value: str, today: date, *, is_next: bool, is_past: bool) -> date:
    if ":" in value:
        week, number = value.split(":")
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(weeks=int(week), days=int(number) - 1)
    ahead = (int(value) - today.isoweekday()) % 7
    if is_past:
        ahead = ahead - 7 if ahead else -7
    elif is_next:
        ahead = ahead or 7
    return today + timedelta(days=ahead)


def _dated(number: int, near: date) -> date:
    """The day with this number on the same weekday, nearest to the one that was meant without it."""
    days = (near + timedelta(weeks=weeks) for weeks in (0, 1, -1, 2, -2, 3, -3, 4, -4))
    return next((day for day in days if day.day == number), near)


def _word(text: Folded, at: int) -> str:
    return text.tokens[at].text if 0 <= at < len(text.tokens) else ""


def _before(text: Folded, at: int) -> str:
    """The word before, articles aside."""
    return _word(text, at - 2) if _word(text, at - 1) in _ARTICLES else _word(text, at - 1)


def _tokens(words: Any, endings: Endings) -> frozenset[str]:
    return frozenset(Folded(form).tokens[-1].text for form in endings.spelt(words))


def _weekdays(data: Mapping[str, Any], endings: Endings) -> Iterator[tuple[str, str]]:
    for phrase in data["not_a_day"]:
        yield str(phrase), _NOTHING
    for rows in (data["weekdays"], data["weekday_capitals"], data["weekday_ordinals"]["days"]):
        for number, forms in rows.items():
            yield from ((form, str(number)) for form in endings.spelt(forms))
    for week, names in data["weeks"].items():
        for number, days in data["week_days"].items():
            yield from ((f"{name}{day}", f"{week}:{number}") for name in names for day in days)
