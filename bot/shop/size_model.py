"""What a size table is made of: scales, printed charts, and the systems that they speak."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Mapping, Optional

SYSTEMS = ("EU", "DE", "FR", "ES", "IT", "UK", "US", "AU", "CN", "JP", "KR", "ISO")
KINDS = ("shoes", "clothing", "bras", "rings")
GENDERS = ("women", "men", "children", "unisex")
_FRACTIONS = ((r"\s+1/2$", ".5"), (r"\s+1/3$", ".33"), (r"\s+2/3$", ".67"))


class NeedsGender(ValueError):
    """The same number means another size for women than for men."""


class OutOfRange(LookupError):
    """No table goes so far: a person should look."""


class UnknownSize(LookupError):
    """No such size in this system."""


@dataclass(frozen=True)
class Scale:
    """A straight line from centimetres to a size; `plus` is a range where makers differ.

    After `restart_after` the numbers start again at one; `letters` writes one as A.
    """

    per_cm: Decimal
    plus: tuple[Decimal, Decimal]
    step: Decimal
    restart_after: Optional[Decimal] = None
    letters: bool = False

    def values(self, body: Decimal) -> tuple[Decimal, ...]:
        """The sizes of a body, unrounded: one, or the ends of the range."""
        return tuple(dict.fromkeys(self.per_cm * body + plus for plus in self.plus))

    def bodies(self, value: Decimal) -> tuple[Decimal, ...]:
        """The bodies of a size; two where the numbers start again."""
        middle = (self.plus[0] + self.plus[1]) / 2
        turns = [value]
        if self.restart_after is not None and value < self.restart_after - 5:
            turns = [value + 13, value]
        return tuple((turn - middle) / self.per_cm for turn in turns)


@dataclass(frozen=True)
class Row:
    """One row of a printed chart: a body, and what it is called in each system."""

    body: Decimal
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Chart:
    """One maker's printed chart; rows grow."""

    source: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    """All that is known of one kind of size for one gender."""

    kind: str
    gender: str
    measure: str
    source: str
    checked_on: str
    lowest: Decimal
    highest: Decimal
    same: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, Decimal] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()
    formulas: Mapping[str, Scale] = field(default_factory=dict)

    def column(self, system: str) -> str:
        """The name under which the table has a system."""
        return self.same.get(system, system)

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems that the table knows."""
        known = {*self.scales, *self.formulas, *(s for c in self.charts for r in c.rows for s in r.labels)}
        return tuple(s for s in SYSTEMS if self.column(s) in known)


def clean(size: str) -> str:
    """A size as the tables write it: capitals, a point for decimals, XXL for 2XL."""
    text = size.upper().strip().replace(",", ".").replace("½", ".5")
    for written, decimal in _FRACTIONS:
        text = re.sub(written, decimal, text)
    text = re.sub(r"^([2-5])X(?:L)?$", lambda found: "X" * int(found[1]) + "L", text)
    return re.sub(r"\.0+$", "", text)


def plain(value: Decimal) -> str:
    """A number without needless zeros: 38, 38.5."""
    return format(value.normalize(), "f")
