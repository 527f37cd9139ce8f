"""Numbers in words before a currency or a unit: "ten pounds", "sechs Kilo"."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple

from bot.nlu.spans import Folded, read
from bot.nlu.text import fold


class Worded(NamedTuple):
    """A number in words with its unit; the places are of the folded text."""

    start: int
    end: int
    number: Decimal
    unit: str


class WordedNumbers:
    """Finds numbers in words right before one of some units."""

    def __init__(self, folder: Path, units: Iterable[str]) -> None:
        numbers = read(folder, "quantities")["numbers"]
        self._numbers = {
            fold(str(word)): Decimal(str(number))
            for rows in numbers.values()
            for number, words in rows.items()
            for word in words
            if " " not in str(word)
        }
        forms = [str(unit) for unit in units]
        self._whole = frozenset(fold(form) for form in forms if not form.endswith("*") and len(form) > 1)
        self._stems = tuple(fold(form[:-1]) for form in forms if form.endswith("*"))

    def find(self, text: Folded) -> Iterator[Worded]:
        """Every such number of a text, from left to right."""
        words = text.words
        for (word, start, _), (unit, at, end) in pairwise(words):
            number = self._numbers.get(word)
            if number is None or text.text[at - 1 : at] != " ":
                continue
            if unit in self._whole or (self._stems and unit.startswith(self._stems)):
                yield Worded(start, end, number, unit)
