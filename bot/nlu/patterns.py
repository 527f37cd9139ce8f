"""Patterns of words and numbers that the finders of entities share."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, Iterable, Iterator, Mapping, Optional

from bot.nlu.spans import Folded
from bot.nlu.text import fold

# Where a word ends depends on its script; Chinese and Japanese words end nowhere.
_LATIN_END, _CYRILLIC_END, _ARABIC_END = "(?![a-z])", "(?![\u0400-\u04ff])", "(?![\u0620-\u064a])"
# Arabic writes short words before a word without a space, so only these scripts have a start.
_LATIN_START, _CYRILLIC_START = "(?<![a-z])", "(?<![\u0400-\u04ff])"
LETTER = "[a-z\u0400-\u04ff\u0620-\u064a]"
NUMBER = (
    "(?:\\d{1,3}(?:[.,'’\u00a0\u202f\u066c]\\d{3}){1,3}(?:[.,\u066b]\\d{1,2})?"
    "|\\d{1,8}(?:[.,\u066b]\\d{1,3})?)(?!\\d)"
)
BEFORE = r"(?<![A-Za-z0-9_.,\-/])"
HAN_NUMERALS = "一二两兩三四五六七八九十百千万萬"
_HAN_DIGITS = dict(zip("一二两兩三四五六七八九", (1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_HAN_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10000, "萬": 10000}
_DIGIT = re.compile(r"\d")


def flat(rows: Any) -> Iterator[str]:
    """The words of a list, or of a table of lists by language."""
    for row in rows.values() if isinstance(rows, Mapping) else [rows]:
        yield from map(str, row)


def whole(words: Iterable[str], *, start: bool = False) -> str:
    """A pattern of whole folded words, longest first; a word with a `*` goes on as it likes."""
    found: dict[str, str] = {}
    for word in words:
        folded = fold(str(word)).rstrip("*")
        if folded:
            found[folded] = f"{LETTER}{{0,12}}(?!{LETTER})" if str(word).endswith("*") else _end(folded)
    rows = sorted(found, key=lambda word: (-len(word), word))
    if not start:
        return "|".join(re.escape(row) + found[row] for row in rows)
    by_start: dict[str, list[str]] = {}
    for row in rows:
        by_start.setdefault(_start(row), []).append(re.escape(row) + found[row])
    return "|".join(f"{first}(?:{'|'.join(rows)})" for first, rows in by_start.items())


@lru_cache(maxsize=16)
def _parted(raw: str) -> Folded:
    return Folded(raw.replace("，", "、"))


def parted(text: Folded) -> Folded:
    """A text whose Chinese commas are none of a number: 42，43 is two numbers."""
    return _parted(text.raw) if "，" in text.raw else text


def has_digit(text: str) -> bool:
    """Whether there is any digit, of whatever script."""
    return _DIGIT.search(text) is not None


def in_ascii(text: str) -> str:
    """A text in which Arabic, Persian and wide digits are 0 to 9."""
    return text if text.isascii() else "".join(str(int(c)) if c.isdecimal() else c for c in text)


def decimal_of(text: str, *, thousands: bool = True) -> Decimal:
    """The number that a text such as "1.234,50" or "1,234.50" writes.

    With `thousands`, three digits after a single mark are thousands.
    """
    digits = re.sub("[ '’\u00a0\u202f\u066c]", "", text).replace("\u066b", ".")
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        decimal, other = (",", ".") if comma > dot else (".", ",")
        return Decimal(digits.replace(other, "").replace(decimal, "."))
    mark = "," if comma >= 0 else "." if dot >= 0 else ""
    if not mark:
        return Decimal(digits)
    whole_part, _, rest = digits.partition(mark)
    if mark in rest or (thousands and len(rest) == 3 and whole_part != "0"):
        return Decimal(digits.replace(mark, ""))
    return Decimal(f"{whole_part}.{rest}")


def shown(number: Decimal) -> str:
    """A number without needless zeros."""
    return format(number.normalize(), "f")


def han_number(text: str) -> Optional[int]:
    """The number that Chinese numerals write, up to 99,999,999; none when they write none."""
    total, below, digit = 0, 0, 0
    for char in text:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
        elif _HAN_PLACES[char] == 10000:
            total, below, digit = (below + digit or 1) * 10000, 0, 0
        else:
            below, digit = below + (digit or 1) * _HAN_PLACES[char], 0
    return total + below + digit or None


def _end(word: str) -> str:
    if "a" <= word[-1] <= "z" or word[-1] == ".":
        return _LATIN_END if word[-1] != "." else ""
    if "\u0400" <= word[-1] <= "\u04ff":
        return _CYRILLIC_END
    return _ARABIC_END if "\u0600" <= word[-1] <= "\u06ff" else ""


def _start(word: str) -> str:
    if "a" <= word[0] <= "z":
        return _LATIN_START
    return _CYRILLIC_START if "\u0400" <= word[0] <= "\u04ff" else ""
