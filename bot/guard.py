"""Reads every outgoing sentence: a date, amount, duration or guarantee that is no fact does not go out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping, Optional, Sequence

from bot.answer import Fact
from bot.wording.lexicon import CURRENCY_BEFORE, Lexicon, fold, read_lexicon
from bot.wording.words import Words

_DIGITS = re.compile(r"\d(?:[\d.,:/\s-]*\d)?")
_NUMERAL = re.compile(r"\d+(?:[.,]\d+)?\Z")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}(?:[./-]\d{1,4})?\.?\Z")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_DONE, _ALLOWED = "\0", "\1"

# A number fact without a unit may count these (there is no unit of a fact for them).
_FREE = frozenset({"weeks", "months", "years"})
_KIND_OF_UNIT = {"percent": "percentage", "currency": "amount", "length": "measure", "clock": "time"}


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
    """One wording that the facts allow."""

    kinds: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    facts: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Sheet:
    """What the facts of one answer allow, longest wording first, and which units may be counted by one."""

    words: tuple[tuple[str, _Allowed], ...]
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

    def _sheet(self, facts: Sequence[Fact], language: str, timezone: str) -> _Sheet:
        last = self._last
        if last is not None and last[0] is facts and last[1:3] == (language, timezone):
            return last[3]
        sheet = _make_sheet(facts, self._words[language], timezone)
        if isinstance(facts, tuple):
            self._last = (facts, language, timezone, sheet)
        return sheet


def _make_sheet(facts: Sequence[Fact], words: Words, timezone: str) -> _Sheet:
    allowed: dict[str, _Allowed] = {}
    ones = set()
    for index, fact in enumerate(facts):
        for form in words.forms(fact, zone=timezone):
            text, kind = fold(form.text).strip(), form.kind
            if kind == "text" and _NUMERAL.match(text):
                kind = "number"
            if not text or (kind == "text" and len(text) < 2 and not text.isdigit()):
                continue
            entry = allowed.setdefault(text, _Allowed())
            entry.kinds.add(kind)
            entry.facts.add(index)
            if kind == "number":
                entry.units.add(form.unit)
                if text == "1":
                    ones.update({form.unit} if form.unit else _FREE)
    ordered = sorted(allowed.items(), key=lambda item: len(item[0]), reverse=True)
    return _Sheet(tuple(ordered), frozenset(ones))


class _Reading:
    """One text being read: what the facts allow is blotted out, what then still claims is found."""

    def __init__(self, text: str, lexicon: Lexicon, sheet: _Sheet) -> None:
        self._folded = text
        self._text = text
        self._lexicon = lexicon
        self._sheet = sheet
        self._spans: _Spans = []
        self._findings: list[Finding] = []

    def verdict(self) -> Verdict:
        for start, end in list(self._lexicon.find(self._text, self._lexicon.allow)):
            self._blot(start, end, _ALLOWED)
        self._check_ranges()
        for words, allowed in self._sheet.words:
            self._blot_wording(words, allowed)
        self._check_days_with_times()
        self._find_numerals()
        self._find_words()
        return Verdict(ok=not self._findings, findings=tuple(self._findings))

    # -- what the facts allow ----------------------------------------------------------

    def _blot(self, start: int, end: int, ink: str) -> None:
        self._text = self._text[:start] + ink * (end - start) + self._text[end:]

    def _blot_wording(self, words: str, allowed: _Allowed) -> None:
        start = self._text.find(words)
        while start >= 0:
            end = start + len(words)
            if self._stands_alone(start, end) and self._fits(start, end, allowed):
                kind = "day" if "day" in allowed.kinds else "time" if "time" in allowed.kinds else ""
                if kind:
                    self._spans.append((start, end, kind, frozenset(allowed.facts)))
                self._blot(start, end, _DONE)
            start = self._text.find(words, start + 1)

    def _stands_alone(self, start: int, end: int) -> bool:
        """Whether a wording is not a part of a longer number or word."""
        text = self._text
        first, last = text[start], text[end - 1]
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        if _joined(before, first) or _joined(last, after):
            return False
        if first.isdigit() or first in "$€£¥":
            if before in ".,:/+-−" and (start < 2 or text[start - 2].isdigit() or before in "+-−"):
                # "-8" is not 8, but "8-18" is a range of two numbers
                return before in "-" and start >= 2 and text[start - 2] in "0123456789\0"
            if before == self._lexicon.group and start >= 2 and text[start - 2].isdigit():
                return False
        if last.isdigit() and after in ".,:/" and end + 1 < len(text) and text[end + 1].isdigit():
            return False
        return not (
            last.isdigit() and after == self._lexicon.group == " " and text[end + 1 : end + 2].isdigit()
        )

    def _fits(self, start: int, end: int, allowed: _Allowed) -> bool:
        """Whether a number's unit in the text is the fact's unit."""
        unit = self._unit(start, end)
        if allowed.kinds - {"number"}:
            # a clock or an amount that goes on ("10:30 pm", "€5 %") says something else
            return (
                unit is None
                or not (allowed.kinds & {"time", "instant", "money", "percent"})
                or (unit == "clock" and not self._is_half_day(end))
            )
        if unit is None:
            return not self._text[end : end + 1].isalpha() or not _spaced_letter(self._text[end])
        return unit in allowed.units or ("" in allowed.units and unit in _FREE)

    def _is_half_day(self, end: int) -> bool:
        return re.match(r"\s*[ap]\.?m\b|\s*de la ", self._text[end : end + 12]) is not None

    def _unit(self, start: int, end: int) -> Optional[str]:
        before = self._text[max(0, start - 5) : start]
        if before and CURRENCY_BEFORE.search(before):
            return "currency"
        match = self._lexicon.unit_after.match(self._text, end)
        return match.lastgroup if match else None

    # -- what still claims something ---------------------------------------------------

    def _add(self, kind: str, start: int, end: int) -> None:
        self._findings.append(Finding(kind, self._folded[start:end].strip()))

    def _check_ranges(self) -> None:
        for match in _RANGE.finditer(self._text):
            if int(match[1]) > int(match[2]) and len(match[1]) < 4:
                self._add("number", match.start(), match.end())

    def _check_days_with_times(self) -> None:
        """A day of one fact with the time of another is a date that nobody gave."""
        spans = sorted(self._spans)
        for (start, end, kind, facts), (start_2, end_2, kind_2, facts_2) in zip(spans, spans[1:]):
            gap = self._text[end:start_2]
            near = len(gap) <= 12 and not any(c in "\0.;!?。；\n" for c in gap.strip(". "))
            if near and kind != kind_2 and not facts & facts_2:
                self._add("date", start, end_2)

    def _find_numerals(self) -> None:
        for match in _DIGITS.finditer(self._text):
            self._add(self._kind_of_numeral(match), match.start(), match.end())

    def _kind_of_numeral(self, match: re.Match[str]) -> str:
        text = match[0]
        if ":" in text:
            return "time"
        if _DATE.match(text) and not _NUMERAL.match(text):
            return "date"
        unit = self._unit(match.start(), match.end())
        if unit is None:
            return "number"
        return _KIND_OF_UNIT.get(unit, "duration")

    def _find_words(self) -> None:
        text, lexicon = self._text, self._lexicon
        for match in lexicon.number_words.finditer(text):
            unit = match.lastgroup or ""
            if not (match["number"] in lexicon.ones and unit in self._sheet.ones):
                self._add(_KIND_OF_UNIT.get(unit, "duration"), match.start(), match.end())
        for kind, phrases in lexicon.kinds:
            for start, end in lexicon.find(text, phrases):
                self._add(kind, start, end)
        for match in lexicon.weekday_short.finditer(text):
            self._add("weekday", match.start(), match.end())


def _joined(left: str, right: str) -> bool:
    """Whether two neighbouring characters belong to one word or number."""
    if left.isdigit() and right.isdigit():
        return True
    return (
        _spaced_letter(left)
        and _spaced_letter(right)
        or (
            (left.isdigit() and _spaced_letter(right) and False) or (_spaced_letter(left) and right.isdigit())
        )
    )


def _spaced_letter(char: str) -> bool:
    """A letter of a script that writes words apart."""
    return char.isalpha() and not "\u2e80" <= char <= "\ud7ff"
