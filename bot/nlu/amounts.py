"""Amounts of money and measurements in a text."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from bot.nlu.patterns import (
    BEFORE,
    HAN_NUMERALS,
    NUMBER,
    decimal_of,
    flat,
    han_number,
    has_digit,
    in_ascii,
    parted,
    shown,
    whole,
)
from bot.nlu.spans import Claims, Folded, read
from bot.nlu.text import fold
from bot.nlu.worded import WordedNumbers

_CENT = Decimal("0.01")
_TALLEST = Decimal("2.5")
_CM_A_FOOT, _CM_AN_INCH = Decimal("30.48"), Decimal("2.54")
_YEAR = re.compile(r"(?:19|20)\d\d")
# "1 299,00": a space parts thousands only where three digits follow each.
_SPACED = "\\d{1,3}(?:[ \u00a0\u202f]\\d{3}){1,2}(?:[.,]\\d{1,2})?(?!\\d)"
_MONEY = f"(?:{_SPACED}|{NUMBER})"
_RANGE = r"(?:\s?[\-–—~〜]\s?)"
_BETWEEN = f"(?:\\s?[x×хX*]\\s?|{_RANGE})"
_EMPTY_CENTS = r"(?:[.,](?:[\-–—]{1,2}|--))?"


class Amounts:
    """Finds money: 150 USD, €49,90, 300块, 3万日元, €20-30."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "amounts")
        signs = {fold(str(sign)): str(code) for sign, code in data["signs"].items()}
        words = [(str(word), str(code)) for code, rows in data["words"].items() for word in rows]
        self._codes = signs | {fold(word): code for word, code in words if not word.endswith("*")}
        self._stems = sorted(
            ((fold(word[:-1]), code) for word, code in words if word.endswith("*")),
            key=lambda row: -len(row[0]),
        )
        self._times = {fold(str(w)).rstrip("*"): int(n) for n, rows in data["times"].items() for w in rows}
        before = [word for word, _ in words if word.isascii() and len(word) <= 3 and word.isalpha()]
        self._worded = WordedNumbers(folder, (word for word, _ in words))
        sign, word = whole(signs), whole(word for word, _ in words)
        times = whole(flat(data["times"]))
        pieces = whole(data["pieces_not_money"])
        self._after = re.compile(
            f"{BEFORE}(?P<low>{_MONEY}{_RANGE})?(?P<number>{_MONEY}){_EMPTY_CENTS}"
            f"(?:\\s?(?P<times>{times}))?(?:\\s?(?:de\\s)?)(?P<sign>{sign}|{word})(?!(?<=[块塊])(?:{pieces}))"
        )
        self._before = re.compile(
            f"(?<![a-z0-9])(?P<sign>{sign}|(?:{whole(before)})\\.?)\\s?(?P<low>{_MONEY}{_RANGE})?"
            f"(?P<number>{_MONEY}){_EMPTY_CENTS}(?:\\s?(?P<times>{times}))?"
        )
        self._written = re.compile(
            f"(?P<number>[{HAN_NUMERALS}]{{1,9}})(?P<sign>{word})(?!(?<=[块塊])(?:{pieces}))"
        )

    def find(self, text: Folded, claims: Claims) -> None:
        """Take every amount; its value is "150.00 USD", of a range the upper end."""
        text = parted(text)
        if has_digit(text.text):
            for pattern in (self._before, self._after):
                for found in pattern.finditer(text.text):
                    amount = decimal_of(found["number"].replace(" ", ""))
                    amount *= self._times[self._stem(found["times"])] if found["times"] else 1
                    self._take(text, claims, found, amount)
        for worded in self._worded.find(text):
            value = f"{worded.number.quantize(_CENT)} {self._code(worded.unit)}"
            claims.take("amount", *text.place(worded.start, worded.end), value)
        for found in self._written.finditer(text.text):
            number = han_number(found["number"])
            if number is not None and found.group() not in ("一块", "一塊"):  # a piece of something
                self._take(text, claims, found, Decimal(number))

    def _take(self, text: Folded, claims: Claims, found: re.Match[str], amount: Decimal) -> None:
        start, end = text.place(*found.span())
        claims.take("amount", start, end, f"{amount.quantize(_CENT)} {self._code(found['sign'])}")

    def _stem(self, times: str) -> str:
        return max((known for known in self._times if times.startswith(known)), key=len)

    def _code(self, sign: str) -> str:
        sign = sign if sign in self._codes else sign.rstrip(".")
        return self._codes.get(sign) or next(code for stem, code in self._stems if sign.startswith(stem))


class Measures:
    """Finds measurements: 24.5 cm, 1,75 m, 5'7", 65W, 120x60x75 cm, 100-240V."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "measures")
        rows = [
            (str(form), str(unit), Decimal(str(factor)))
            for unit, forms in data["units"].items()
            for form, factor in forms.items()
        ]
        self._units = {fold(form).rstrip("*"): (unit, factor) for form, unit, factor in rows}
        self._worded = WordedNumbers(folder, (form for form, _, _ in rows))
        self._small = tuple(data["small"])
        self._only_small, self._only_capital = tuple(data["only_small"]), tuple(data["only_capital"])
        self._pattern = re.compile(
            f"{BEFORE}(?P<sizes>(?:{NUMBER}{_BETWEEN}){{0,2}})(?P<number>{NUMBER})"
            f"\\s?-?(?P<unit>{whole(form for form, _, _ in rows)})"
        )
        self._tall = re.compile(
            r"(?<![A-Za-z0-9_'\"])(?:(?P<m>[12])\s?(?:m|м|米)\s?(?P<cm>\d{2})(?:cm|公分|厘米)?(?![\w])"
            r"|(?P<ft>[3-7])\s?(?:'|′|’|ft\.?|foot|feet)\s?(?P<inch>\d{1,2})"
            r"\s?(?:\"|″|”|''|in\b|inch\b|inches\b)?(?![\w]))"
        )

    def find(self, text: Folded, claims: Claims) -> None:
        """Take every measurement; its value is the number and the unit, "24.5 cm", "100-240 V"."""
        for worded in self._worded.find(text):
            unit, factor = self._unit(worded.unit)
            value = f"{shown(worded.number * factor)} {unit}"
            claims.take("measurement", *text.place(worded.start, worded.end), value)
        if not has_digit(text.text):
            return
        text = parted(text)
        for found in self._tall.finditer(text.text):
            if found["m"]:
                cm = Decimal(found["m"]) * 100 + Decimal(found["cm"])
            else:
                cm = Decimal(found["ft"]) * _CM_A_FOOT + Decimal(found["inch"]) * _CM_AN_INCH
            claims.take("measurement", *text.place(*found.span()), f"{shown(round(cm, 1))} cm")
        for found in self._pattern.finditer(text.text):
            start, end = text.place(*found.span())
            if self._is_unit(claims.raw, found, start, end):
                claims.take("measurement", start, end, self._value(found))

    def _value(self, found: re.Match[str]) -> str:
        unit, factor = self._unit(found["unit"])
        number = decimal_of(found["number"], thousands=unit not in self._small) * factor
        if found["sizes"]:
            first = re.sub(r"\s", "", in_ascii(found["sizes"]))
            first = re.sub("[–—~〜]", "-", re.sub("[×хX*]", "x", first)).replace(",", ".")
            return f"{first}{shown(number)} {unit}"
        if unit == "m" and number <= _TALLEST:
            unit, number = "cm", number * 100
        return f"{shown(number)} {unit}"

    def _unit(self, written: str) -> tuple[str, Decimal]:
        while written not in self._units:  # a stem with an ending
            written = written[:-1]
        return self._units[written]

    def _is_unit(self, raw: str, found: re.Match[str], start: int, end: int) -> bool:
        """Whether a letter after a number is a unit: 2 L is two of size L, 2l and 2 l are litres."""
        written, unit = raw[start:end], found["unit"]
        if unit == "l" and written[-1].isupper():
            return written[-2].isdigit() or not found["number"].isdecimal()
        if unit in self._only_small and written[-1].isupper():
            return False
        if unit == "г" and _YEAR.fullmatch(found["number"]):
            return False
        if unit in self._only_capital and not written[-1].isupper():
            return False
        if unit in ('"', "''", "”", "″"):
            return (start == 0 or raw[start - 1] not in "\"'“”„") and raw.count('"', 0, start) % 2 == 0
        return True
