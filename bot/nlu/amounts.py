"""Amounts of money and measurements in a text."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from bot.nlu.spans import Claims, Folded, alternatives, read
from bot.nlu.text import fold

NUMBER = r"(?:\d{1,3}(?:[.,'’\u00a0]\d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,8}(?:[.,]\d{1,3})?)(?!\d)"
BEFORE = r"(?<![A-Za-z0-9_.,\-/])"
_CENT = Decimal("0.01")
# Units that customers write with three decimals at most where 1.500 is one and a half.
_SMALL_UNITS = ("kg", "m", "l", "lb", "inch", "ft", "cm")
_TALLEST = Decimal("2.5")
_CM_A_FOOT, _CM_AN_INCH = Decimal("30.48"), Decimal("2.54")


def decimal_of(text: str, *, thousands: bool = True) -> Decimal:
    """The number that a text such as "1.234,50" or "1,234.50" writes.

    With `thousands`, three digits after a single mark are thousands.
    """
    digits = re.sub(r"[ '’\u00a0]", "", text)
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        decimal, other = (",", ".") if comma > dot else (".", ",")
        return Decimal(digits.replace(other, "").replace(decimal, "."))
    mark = "," if comma >= 0 else "." if dot >= 0 else ""
    if not mark:
        return Decimal(digits)
    whole, _, rest = digits.partition(mark)
    if mark in rest or (thousands and len(rest) == 3 and whole != "0"):
        return Decimal(digits.replace(mark, ""))
    return Decimal(f"{whole}.{rest}")


def shown(number: Decimal) -> str:
    """A number without needless zeros."""
    return format(number.normalize(), "f")


class Amounts:
    """Finds money: 150 USD, €49,90, 300块."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "amounts")
        self._codes = {fold(str(sign)): str(code) for sign, code in data["signs"].items()}
        signs = alternatives(self._codes)
        words = {fold(str(word)): str(code) for code, rows in data["words"].items() for word in rows}
        self._codes.update(words)
        before = alternatives(word for word in words if word.isascii() and word.isalpha() and len(word) <= 3)
        self._pattern = re.compile(
            f"(?<![a-z0-9])(?P<first>{signs}|{before}\\.?)\\s?(?P<after>{NUMBER})"
            f"|{BEFORE}(?P<number>{NUMBER})\\s?(?P<last>{signs}|{alternatives(words)})"
        )

    def find(self, text: Folded, claims: Claims) -> None:
        """Take every amount; its value is "150.00 USD"."""
        for found in self._pattern.finditer(text.text):
            sign = found["first"] or found["last"]
            amount = decimal_of(found["after"] or found["number"]).quantize(_CENT)
            code = self._codes[sign.rstrip(".") if sign not in self._codes else sign]
            claims.take("amount", *text.place(*found.span()), f"{amount} {code}")


class Measures:
    """Finds measurements: 24.5 cm, 1,75 m, 5'7", 65W."""

    def __init__(self, folder: Path) -> None:
        units = read(folder, "measures")["units"]
        self._units = {
            fold(str(form)): (str(unit), Decimal(str(factor)))
            for unit, forms in units.items()
            for form, factor in forms.items()
        }
        self._pattern = re.compile(f"{BEFORE}(?P<number>{NUMBER})\\s?-?(?P<unit>{alternatives(self._units)})")
        self._tall = re.compile(
            r"(?<![A-Za-z0-9_'\"])(?:(?P<m>[12])\s?(?:m|米)(?P<cm>\d{2})(?:cm|公分|厘米)?(?![\w])"
            r"|(?P<ft>[3-7])\s?(?:'|′|’|ft\.?|foot|feet)\s?(?P<inch>\d{1,2})\s?(?:\"|″|”|''|in\b|inch\b|inches\b)?(?![\w]))"
        )

    def find(self, text: Folded, claims: Claims) -> None:
        """Take every measurement; its value is the number and the unit, "24.5 cm"."""
        for found in self._tall.finditer(text.text):
            if found["m"]:
                cm = Decimal(found["m"]) * 100 + Decimal(found["cm"])
            else:
                cm = Decimal(found["ft"]) * _CM_A_FOOT + Decimal(found["inch"]) * _CM_AN_INCH
            claims.take("measurement", *text.place(*found.span()), f"{shown(round(cm, 1))} cm")
        for found in self._pattern.finditer(text.text):
            start, end = text.place(*found.span())
            if not self._is_unit(claims.raw, found, start, end):
                continue
            unit, factor = self._units[found["unit"]]
            number = decimal_of(found["number"], thousands=unit not in _SMALL_UNITS) * factor
            if unit == "m" and number <= _TALLEST:
                unit, number = "cm", number * 100
            claims.take("measurement", start, end, f"{shown(number)} {unit}")

    @staticmethod
    def _is_unit(raw: str, found: re.Match[str], start: int, end: int) -> bool:
        """Whether a letter after a number is a unit: 2 L is two of size L, 2l and 2 l are litres."""
        written = raw[start:end]
        if found["unit"] in ("l", "m", "g") and written[-1].isupper():
            return found["unit"] == "l" and written[-2].isdigit()
        if found["unit"] in ('"', "''", "”", "″"):
            return start == 0 or raw[start - 1] not in "\"'“”„"
        return True
