"""Bra sizes: a band from the underbust, a cup from what the bust has more."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Mapping, Optional, Sequence

_SIZE = re.compile(r"(\d+)\s*([A-Z]{1,2})?")
_CUP_FIRST = re.compile(r"([A-Z]{1,2})\s*(\d+)")


@dataclass(frozen=True)
class Band:
    """One band: the underbust in centimetres, and its number in each system."""

    low: Decimal
    high: Decimal
    labels: Mapping[str, str]


@dataclass(frozen=True)
class BraTable:
    """Bands and cups. Cups above `shared_up_to` mean different things in different systems."""

    source: str
    checked_on: str
    bands: tuple[Band, ...]
    cups: Mapping[str, tuple[Decimal, Decimal]]
    shared_up_to: str
    same: Mapping[str, str] = field(default_factory=dict)
    cup_first: tuple[str, ...] = ()

    def convert(self, size: str, *, source: str, target: str) -> tuple[str, ...]:
        """A size of one system in another; only the band where the cup letters differ."""
        found = _read(size)
        if found is None:
            raise LookupError(f"{size!r} is no bra size; write 75C.")
        number, cup = found
        band = next((b for b in self.bands if b.labels.get(self._column(source)) == number), None)
        if band is None:
            raise LookupError(self._no_band(number, source))
        shared = cup is not None and self._shared(cup, source, target)
        return (self._write(band, cup if shared else None, target),)

    def measured(self, measures: Mapping[str, Decimal], *, target: str) -> tuple[str, ...]:
        """The size for bust and underbust in centimetres, in EU cups."""
        bust, under = measures.get("bust"), measures.get("underbust")
        if bust is None or under is None:
            raise ValueError("Bra sizes go by bust and underbust, both in centimetres.")
        nearest = min(self.bands, key=lambda b: abs(under - (b.low + b.high) / 2))
        if abs(under - (nearest.low + nearest.high) / 2) > (nearest.high - nearest.low) / 2 + 1:
            raise LookupError(f"No band for an underbust of {under} cm; the table has {self._bodies()}.")
        # The cup goes by the true difference; the band is rounded.
        cup = next((name for name, (low, high) in self.cups.items() if low < bust - under <= high), None)
        if cup is None:
            raise LookupError(f"No cup for a bust {bust - under} cm wider than the underbust.")
        shared = self._shared(cup, "EU", target)
        return (self._write(nearest, cup if shared else None, target),)

    def _shared(self, cup: str, source: str, target: str) -> bool:
        names = list(self.cups)
        same = self._column(source) == self._column(target)
        return same or (cup in names and names.index(cup) <= names.index(self.shared_up_to))

    def _write(self, band: Band, cup: Optional[str], target: str) -> str:
        number = band.labels.get(self._column(target))
        if number is None:
            raise LookupError(f"No bra sizes in {target}. Known: {', '.join(self._systems())}.")
        parts: Sequence[str] = (cup or "", number) if target in self.cup_first else (number, cup or "")
        return "".join(parts)

    def _column(self, system: str) -> str:
        return self.same.get(system, system)

    def _systems(self) -> list[str]:
        return [*self.bands[0].labels, *self.same]

    def _bodies(self) -> str:
        return f"{self.bands[0].low} to {self.bands[-1].high} cm"

    def _no_band(self, number: str, source: str) -> str:
        known = ", ".join(
            b.labels[self._column(source)] for b in self.bands if self._column(source) in b.labels
        )
        return f"No band {number} in {source}. Known: {known or ', '.join(self._systems())}."


def _read(size: str) -> Optional[tuple[str, Optional[str]]]:
    text = size.upper().strip()
    if found := _SIZE.fullmatch(text):
        return found[1], found[2]
    if found := _CUP_FIRST.fullmatch(text):
        return found[2], found[1]
    return None
