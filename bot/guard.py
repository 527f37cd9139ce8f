"""Reads every outgoing sentence: a date, amount, duration or guarantee that is no fact does not go out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Mapping, Optional, Sequence

from bot.answer import Fact
from bot.wording.lexicon import CURRENCY_BEFORE, Lexicon, fold, read_lexicon
from bot.wording.words import Words

_DIGITS = re.compile(r"\d(?:[\d.,:/\s-]*\d)?")
_CLOCK = re.compile(r"\d{1,2}:\d{2}\Z")
_NUMERAL = re.compile(r"\d+(?:[.,]\d+)?\Z")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}(?:[./-]\d{1,4})?\Z")
# Dates that are made of plain numbers: they are looked at before the numbers are.
_DATE_OF_NUMBERS = re.compile(
    r"\d{1,4}-\d{1,2}-\d{1,4}|(?:\d{2,4}\s*年\s*)?\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?"
)
_RANGE = re.compile(r"(?<![\d.,])(\d+)\s*[–-]\s*(\d+)(?![\d.,]*\d)")
_FACT, _ALLOWED = "\0", "\1"
_SIGNS = "$€£¥₹₽"

# A number without a unit may count these: no unit of a fact says weeks, months or years.
_FREE = frozenset({"weeks", "months", "years"})
_KIND_OF_UNIT = {
    "percent": "percentage",
    "currency": "amount",
    "length": "measure",
    "clock": "time",
    "scale": "number",
    "date": "date",
}


@dataclass(frozen=True)
class Finding:
    """One claim that is no fact. `kind` is date, time, weekday, month, relative day, amount,
    percentage, duration, measure, number or guarantee."""

    kind: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """Whether a text may go out, and if not, why."""

    ok: bool
    findings: tuple[Finding, ...] = ()


@dataclass
class _Allowed:
    """One wording that the facts allow: of what kinds, counting which units, from which facts."""

    kinds: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    facts: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Sheet:
    """What the facts of one answer allow, longest wording first; `ones` are units that count one."""

    wordings: tuple[tuple[str, _Allowed], ...]
    numbers: tuple[tuple[str, _Allowed], ...]
    ones: frozenset[str]


_Spans = list[tuple[int, int, str, frozenset[int]]]


class Guard:
    """Checks texts against facts, as the phrasebook would word them."""

    def __init__(self, *, words: Mapping[str, Words], lexicons: Mapping[str, Lexicon]) -> None:
        self._words = words
        self._lexicons = lexicons
        # A card's many texts are checked with the same facts one after another.
        self._last: Optional[tuple[Sequence[Fact], str, str, _Sheet]] = None

    @classmethod
    def load(cls, folder: Path, *, words: Mapping[str, Words]) -> Guard:
        """Read data/guard for every language that `words` (Phrasebook.words) speaks."""
        lexicons = {name: read_lexicon(folder / f"{name}.yml", word.style) for name, word in words.items()}
        return cls(words=words, lexicons=lexicons)

    def check(self, text: str, *, facts: Sequence[Fact], language: str, timezone: str) -> Verdict:
        """Every claim in a text that is not one of the facts; LookupError for an unknown language."""
        if language not in self._lexicons:
            raise LookupError(f"The guard has no language {language!r}. Known: {', '.join(self._lexicons)}.")
        sheet = self._sheet(facts, language, timezone)
        return _Reading(fold(text), self._lexicons[language], sheet).verdict()

    def strange(self, text: str, *, language: str) -> list[tuple[int, int]]:
        """Where a folded text has words that we do not use to a customer (du, tú, 你)."""
        lexicon = self._lexicons[language]
        return list(lexicon.find(text, lexicon.strange))

    def _sheet(self, facts: Sequence[Fact], language: str, timezone: str) -> _Sheet:
        last = self._last
        if last is not None and last[0] is facts and last[1:3] == (language, timezone):
            return last[3]
        sheet = _make_sheet(facts, self._words[language], timezone)
        if isinstance(facts, tuple):
            self._last = (facts, language, timezone, sheet)
        return sheet


def _make_sheet(facts: Sequence[Fact], words: Words, timezone: str) -> _Sheet:
    wordings: dict[str, _Allowed] = {}
    numbers: dict[str, _Allowed] = {}
    ones: set[str] = set()
    for index, fact in enumerate(facts):
        for form in words.forms(fact, zone=timezone):
            text = fold(form.text).strip()
            if form.kind == "text" and _NUMERAL.match(text):
                numbers.setdefault(text, _Allowed()).units.add("text")
            elif form.kind == "number":
                numbers.setdefault(text, _Allowed()).units.add(form.unit)
                if text == "1":
                    ones |= {form.unit} if form.unit else _FREE
            elif len(text) > 1:
                entry = wordings.setdefault(text, _Allowed())
                entry.kinds.add("time" if _CLOCK.match(text) else form.kind)
                entry.facts.add(index)
    return _Sheet(_longest_first(wordings), _longest_first(numbers), frozenset(ones))


def _longest_first(table: Mapping[str, _Allowed]) -> tuple[tuple[str, _Allowed], ...]:
    return tuple(sorted(table.items(), key=lambda item: -len(item[0])))


class _Reading:
    """One text being read: what the facts allow is blotted out, what then still claims is found."""

    def __init__(self, text: str, lexicon: Lexicon, sheet: _Sheet) -> None:
        self._whole = text
        self._text = text
        self._lexicon = lexicon
        self._sheet = sheet
        self._spans: _Spans = []
        self._findings: list[Finding] = []

    def verdict(self) -> Verdict:
        for start, end in list(self._lexicon.find(self._text, self._lexicon.allow)):
            self._blot(start, end, _ALLOWED)
        for wording, allowed in self._sheet.wordings:
            self._blot_each(wording, allowed)
        self._find(_DATE_OF_NUMBERS, "date", blot=True)
        self._find_turned_ranges()
        for number, allowed in self._sheet.numbers:
            self._blot_each(number, allowed, is_number=True)
        self._find_strange_dates()
        self._find_numerals()
        self._find_words()
        return Verdict(ok=not self._findings, findings=tuple(self._findings))

    # -- what the facts allow ----------------------------------------------------------

    def _blot(self, start: int, end: int, ink: str) -> None:
        self._text = self._text[:start] + ink * (end - start) + self._text[end:]

    def _blot_each(self, wording: str, allowed: _Allowed, *, is_number: bool = False) -> None:
        start = self._text.find(wording)
        while start >= 0:
            end = start + len(wording)
            fits = self._is_number(start, end, allowed) if is_number else self._is_wording(start, end)
            if fits and self._stands_alone(start, end):
                kind = next((kind for kind in ("day", "time") if kind in allowed.kinds), None)
                if kind:
                    self._spans.append((start, end, kind, frozenset(allowed.facts)))
                self._blot(start, end, _FACT)
            start = self._text.find(wording, start + 1)

    def _stands_alone(self, start: int, end: int) -> bool:
        """Whether these words are not a part of a longer number or word."""
        text, group = self._text, self._lexicon.group
        first, last = text[start], text[end - 1]
        before_2, before = tuple(text[max(0, start - 2) : start].rjust(2))
        after, after_2 = tuple(text[end : end + 2].ljust(2))
        if _is_letter(before) and (_is_letter(first) or first.isdigit() or first in _SIGNS):
            return False
        if _is_letter(after) and (_is_letter(last) or last in _SIGNS):
            return False
        if (before.isdigit() and first.isdigit()) or (
            after.isdigit() and (last.isdigit() or _is_letter(last))
        ):
            return False
        if first.isdigit() or first in _SIGNS:
            if before in f".,:/{group}" and before_2.isdigit():
                return False  # 1.234 has no 234 in it
            if before in "+-−" and not (before_2.isdigit() or before_2 == _FACT):
                return False  # -8 is not 8, but 8-18 are two numbers
        return not (last.isdigit() and after in f".,:/{group}" and after_2.isdigit())

    def _is_wording(self, start: int, end: int) -> bool:
        """Whether the words mean what they mean as a fact: no digit runs on, nothing is multiplied."""
        after, after_2 = tuple(self._text[end : end + 2].ljust(2))
        if self._text[end - 1].isdigit() and (_is_letter(after) or (after == "-" and after_2.isdigit())):
            return False
        has_digit = any(c.isdigit() for c in self._text[start:end])
        return not has_digit or self._unit(start, end, directly=True) not in ("scale", "percent", "currency")

    def _is_number(self, start: int, end: int, allowed: _Allowed) -> bool:
        """Whether the number counts what the fact counts."""
        unit = self._unit(start, end)
        if unit is None:
            return not _is_letter(self._text[end : end + 1])
        return unit in allowed.units or (unit in _FREE and "" in allowed.units)

    def _unit(self, start: int, end: int, *, directly: bool = False) -> Optional[str]:
        """What is counted here; `directly` leaves out the other half of a range: "17% or 20%"."""
        if start and CURRENCY_BEFORE.search(self._text[max(0, start - 5) : start]):
            return "currency"
        pattern = self._lexicon.unit_next if directly else self._lexicon.unit_after
        match = pattern.match(self._text, end)
        return match.lastgroup if match else None

    # -- what still claims something ---------------------------------------------------

    def _add(self, kind: str, start: int, end: int) -> None:
        self._findings.append(Finding(kind, self._whole[start:end].strip()))

    def _find(self, pattern: re.Pattern[str], kind: str, *, blot: bool = False) -> None:
        for match in pattern.finditer(self._text):
            self._add(kind, match.start(), match.end())
            if blot:
                self._blot(match.start(), match.end(), _ALLOWED)

    def _find_turned_ranges(self) -> None:
        """18–8 are both facts, but not in this order."""
        for match in _RANGE.finditer(self._text):
            if int(match[1]) > int(match[2]):
                self._add("number", match.start(), match.end())

    def _find_strange_dates(self) -> None:
        """The day of one fact with the time of another is a date that nobody gave."""
        spans = sorted(self._spans)
        for (start, end, kind, facts), (start_2, end_2, kind_2, facts_2) in pairwise(spans):
            gap = self._text[end:start_2]
            near = len(gap) <= 12 and not any(c in "\0;!?。；\n" for c in gap) and ". " not in gap
            if near and kind != kind_2 and not facts & facts_2:
                self._add("date", start, end_2)

    def _find_numerals(self) -> None:
        for match in _DIGITS.finditer(self._text):
            self._add(self._kind_of_numeral(match), match.start(), match.end())

    def _kind_of_numeral(self, match: re.Match[str]) -> str:
        if ":" in match[0]:
            return "time"
        unit = self._unit(match.start(), match.end())
        if unit is not None:
            return _KIND_OF_UNIT.get(unit, "duration")
        return "date" if _DATE.match(match[0]) else "number"

    def _find_words(self) -> None:
        text, lexicon = self._text, self._lexicon
        for match in lexicon.number_words.finditer(text):
            unit = match.lastgroup or ""
            if not (match["number"] in lexicon.ones and unit in self._sheet.ones):
                self._add(_KIND_OF_UNIT.get(unit, "duration"), match.start(), match.end())
        for kind, phrases in lexicon.kinds:
            for start, end in lexicon.find(text, phrases):
                self._add(kind, start, end)
        self._find(lexicon.weekday_short, "weekday")
        self._find(lexicon.half_days, "time")


def _is_letter(char: str) -> bool:
    """A letter of a script that writes words apart."""
    return char.isalpha() and not "\u2e80" <= char <= "\ud7ff"
