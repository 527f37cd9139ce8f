"""Sizes between systems, and from a measurement: pure, on tables from data/sizes.

The body is the common denominator: a size is first a length in centimetres, then a size elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Iterable, Mapping, Optional, Sequence

from bot.shop.bra_sizes import BraTable
from bot.shop.size_model import (
    GENDERS,
    KINDS,
    SYSTEMS,
    Chart,
    NeedsGender,
    OutOfRange,
    Scale,
    Table,
    UnknownSize,
    clean,
    plain,
)

# Systems in which the same number means another shoe for women than for men.
GENDERED_SHOES = ("US", "AU")
MOST_SIZES = 3
# So near the middle of two sizes, both are named.
_BETWEEN = (Decimal("0.4"), Decimal("0.6"))
_LETTER = re.compile(r"(?:X{0,4}[SML]|[2-5]XL|[2-4]L|LL)")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ASIAN_LETTERS = {"CN": "CN_letter", "JP": "JP"}


@dataclass(frozen=True)
class Converted:
    """The sizes, the nearest first (at most three), and the body that they stand for.

    `low` and `high` are the bodies, in centimetres, that the size may mean; `letter` the letter size.
    """

    sizes: tuple[str, ...]
    system: str
    basis: str
    measure: str
    body: Optional[Decimal]
    low: Optional[Decimal]
    high: Optional[Decimal]
    source: str
    checked_on: str
    letter: Optional[str] = None


@dataclass(frozen=True)
class SizeTables:
    """Every table of data/sizes, by kind and gender."""

    tables: Mapping[tuple[str, str], Table]
    bras: BraTable

    def convert(
        self, *, size: str, source: str, target: str, kind: str, gender: Optional[str] = None
    ) -> Converted:
        """A size of one system in another; ValueError or LookupError says what is missing."""
        if kind == "bras":
            return self._bra(self.bras.convert(size, source=source, target=target), target)
        table = self.table(kind, gender, systems=(source, target))
        bodies = _bodies(table, size, source)
        found = _sizes(table, bodies, target)
        letter = clean(size) if _is_letter(clean(size)) else None
        if letter and target not in _ASIAN_LETTERS:
            own = _letter_labels(table, [body for body, _ in bodies], "letter")
            return _converted(table, target, tuple(dict.fromkeys([*own, *found.sizes])), bodies, found.basis)
        return _converted(table, target, found.sizes, bodies, found.basis)

    def measured(
        self, *, measures: Mapping[str, Decimal], target: str, kind: str, gender: Optional[str] = None
    ) -> Converted:
        """The sizes for body measures in centimetres; OutOfRange when no table goes so far."""
        if kind == "bras":
            sizes = self.bras.measured(measures, target=target)
            return self._bra(sizes, target, body=_short(measures["underbust"]))
        table = self.table(kind, gender, systems=(target,))
        body = measures.get(table.measure, measures.get(_OTHER_NAME.get(table.measure, "")))
        if body is None:
            raise ValueError(
                f"{kind} for {table.gender} go by {table.measure}, in centimetres; "
                f"given was {', '.join(measures) or 'nothing'}."
            )
        _within(table, body)
        every: list[tuple[Decimal, Optional[Chart]]] = [(body, chart) for chart in table.charts]
        bodies = every or [(body, None)]
        found = _sizes(table, bodies, target)
        return _converted(table, target, found.sizes, [(body, None)], found.basis)

    def table(self, kind: str, gender: Optional[str], *, systems: Sequence[str] = ()) -> Table:
        """The table of a kind and gender; NeedsGender when it cannot be told apart without."""
        for system in systems:
            _known("system", system, SYSTEMS)
        _known("kind", kind, KINDS)
        if gender is not None:
            _known("gender", gender, GENDERS)
        exact = self.tables.get((kind, gender or "unisex"))
        if exact is None and kind == "shoes" and not set(systems) & set(GENDERED_SHOES):
            exact = self.tables.get((kind, "men"))  # EU, UK and the rest count women's and men's alike
        exact = exact or self.tables.get((kind, "unisex"))
        if exact is None:
            raise NeedsGender(
                f"{kind} sizes {' and '.join(systems)} differ by gender; say women, men or children."
            )
        return exact

    def _bra(self, sizes: tuple[str, ...], target: str, *, body: Optional[Decimal] = None) -> Converted:
        return Converted(
            sizes=sizes,
            system=target,
            basis="standard",
            measure="underbust",
            body=body,
            low=body,
            high=body,
            source=self.bras.source,
            checked_on=self.bras.checked_on,
        )


_OTHER_NAME = {"bust": "chest", "chest": "bust"}


# -- from a size to bodies -----------------------------------------------------------------

Bodies = Sequence[tuple[Decimal, Optional[Chart]]]


def _bodies(table: Table, size: str, source: str) -> Bodies:
    """The bodies that a size means, each with the chart that says so (none: a scale or a formula)."""
    label, column = clean(size), table.column(source)
    if _is_letter(label):
        column = _ASIAN_LETTERS.get(source, "letter")
    scale = _scale(table, column, label)
    if scale is not None:
        body = scale.bodies(_value(label, scale, size, source))[0]
        _within(table, body)
        return [(body, chart) for chart in table.charts] or [(body, None)]
    found = [(body, chart) for chart in table.charts for body in _in_chart(chart, column, label)]
    if found:
        return found
    formula = table.formulas.get(column)
    if formula is not None:
        bodies = [b for b in formula.bodies(_value(label, formula, size, source)) if _inside(table, b)]
        if not bodies:
            raise OutOfRange(_too_far(table, size, source))
        return [(body, None) for body in bodies]
    raise UnknownSize(_no_such(table, size, source, column))


def _scale(table: Table, column: str, label: str) -> Optional[Scale]:
    """The scale of a system; Chinese shoes carry two, and the old one has two digits."""
    old = table.scales.get(f"{column}_OLD")
    number = _number(label)
    if old is not None and number is not None and number < 100:
        return old
    return table.scales.get(column)


def _in_chart(chart: Chart, column: str, label: str) -> Iterable[Decimal]:
    """The bodies of a label in a chart; a number between two printed ones lies between their bodies."""
    exact = [row.body for row in chart.rows if clean(row.labels.get(column, "")) == label]
    if exact or (value := _number(label)) is None:
        return exact
    points = [(v, r.body) for r in chart.rows if (v := _number(clean(r.labels.get(column, "")))) is not None]
    for (low, low_body), (high, high_body) in pairwise(points):
        if low < value < high:
            return [low_body + (high_body - low_body) * (value - low) / (high - low)]
    return []


# -- from bodies to sizes ------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    sizes: tuple[str, ...]
    basis: str


def _sizes(table: Table, bodies: Bodies, target: str) -> _Found:
    column = table.column(target)
    scale = table.scales.get(column)
    if scale is not None:
        centre = _mean([body for body, _ in bodies])
        old = table.scales.get(f"{column}_OLD")
        labels = _rounded(scale.values(centre), scale)
        labels += [] if old is None else _rounded(old.values(centre), old)
        return _Found(_few(labels), "standard")
    if column in table.steps:
        values = [v for body, chart in bodies if chart and (v := _read(chart, column, body)) is not None]
        if values:
            step = Scale(Decimal(1), (Decimal(0), Decimal(0)), table.steps[column])
            return _Found(_few(_rounded(values, step)), "standard")
    else:
        labels = [label for body, chart in bodies if chart for label in _nearest(chart, column, body)]
        if labels:
            return _Found(_few(labels), "standard")
    formula = table.formulas.get(column)
    if formula is not None:
        labels = [label for body in _apart(bodies) for label in _rounded(formula.values(body), formula)]
        return _Found(_few(labels), "formula")
    if target not in table.systems:
        raise UnknownSize(
            f"No {target} sizes for {table.kind}, {table.gender}. Known: {', '.join(table.systems)}."
        )
    raise OutOfRange(f"The {target} table for {table.kind}, {table.gender} does not go so far.")


def _read(chart: Chart, column: str, body: Decimal) -> Optional[Decimal]:
    """A chart's number for a body, on the line between its printed rows."""
    points = [(r.body, v) for r in chart.rows if (v := _number(r.labels.get(column, ""))) is not None]
    for (low, low_value), (high, high_value) in pairwise(points):
        if low <= body <= high:
            return low_value + (high_value - low_value) * (body - low) / (high - low)
    return None


def _nearest(chart: Chart, column: str, body: Decimal) -> Sequence[str]:
    """The label of the row nearest to a body, or of both neighbours when it lies between them."""
    rows = [row for row in chart.rows if column in row.labels]
    if not rows or not chart.rows[0].body - 2 <= body <= chart.rows[-1].body + 3:
        return []
    below = [row for row in rows if row.body <= body]
    above = [row for row in rows if row.body > body]
    if not below or not above:
        near = (below or above)[-1 if below else 0]
        return [near.labels[column]] if abs(near.body - body) <= 3 else []
    low, high = below[-1], above[0]
    share = (body - low.body) / (high.body - low.body)
    if _BETWEEN[0] <= share <= _BETWEEN[1]:
        return [low.labels[column], high.labels[column]]
    return [(low if share < _BETWEEN[0] else high).labels[column]]


def _rounded(values: Sequence[Decimal], scale: Scale) -> list[str]:
    """Sizes for unrounded values: first that of their middle, then what each of them says."""
    labels: list[str] = []
    for value in (_mean(values), *values):
        steps = value / scale.step
        share = steps - steps.to_integral_value(rounding="ROUND_FLOOR")
        if _BETWEEN[0] <= share <= _BETWEEN[1] and len(values) == 1:
            floor = steps.to_integral_value(rounding="ROUND_FLOOR")
            labels += [_label(floor * scale.step, scale), _label((floor + 1) * scale.step, scale)]
        else:
            near = steps.quantize(Decimal(1), rounding=ROUND_HALF_UP)
            labels.append(_label(near * scale.step, scale))
    return list(dict.fromkeys(labels))


def _label(value: Decimal, scale: Scale) -> str:
    if scale.restart_after is not None and value > scale.restart_after:
        value -= 13
    if scale.letters:
        whole = min(max(int(value), 1), len(_ALPHABET))
        return _ALPHABET[whole - 1] + (" 1/2" if value % 1 else "")
    return plain(value)


# -- small things ----------------------------------------------------------------------------


def _converted(table: Table, target: str, sizes: tuple[str, ...], bodies: Bodies, basis: str) -> Converted:
    lengths = [body for body, _ in bodies]
    letters = _letter_labels(table, lengths, "letter")
    return Converted(
        sizes=sizes[:MOST_SIZES],
        system=target,
        basis=basis,
        measure=table.measure,
        body=_short(_mean(lengths)),
        low=_short(min(lengths)),
        high=_short(max(lengths)),
        source=table.source,
        checked_on=table.checked_on,
        letter=letters[0] if len(letters) == 1 else None,
    )


def _letter_labels(table: Table, lengths: Sequence[Decimal], column: str) -> tuple[str, ...]:
    labels = (label for body in lengths for chart in table.charts for label in _nearest(chart, column, body))
    return tuple(dict.fromkeys(labels))


def _is_letter(label: str) -> bool:
    return bool(_LETTER.fullmatch(label))


def _number(label: str) -> Optional[Decimal]:
    return Decimal(label) if re.fullmatch(r"\d+(?:\.\d+)?", label) else None


def _value(label: str, scale: Scale, size: str, source: str) -> Decimal:
    if scale.letters:
        found = re.fullmatch(r"([A-Z])(\.5)?", label)
        if found:
            half = Decimal("0.5") if found[2] else Decimal(0)
            return Decimal(_ALPHABET.index(found[1]) + 1) + half
    else:
        turned = re.fullmatch(r"(\d+(?:\.\d+)?)[CKTY]?", label) if scale.restart_after else None
        number = _number(turned[1] if turned else label)
        if number is not None:
            return number
    raise UnknownSize(f"{size!r} is no {source} size.")


def _apart(bodies: Bodies) -> list[Decimal]:
    return list(dict.fromkeys(body for body, _ in bodies))


def _few(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(labels))[:MOST_SIZES]


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


def _short(body: Decimal) -> Decimal:
    """A body to the millimetre, and a finger to the tenth of one."""
    exact = body.quantize(Decimal("0.01" if body < 9 else "0.1"), rounding=ROUND_HALF_UP)
    return Decimal(plain(exact))


def _inside(table: Table, body: Decimal) -> bool:
    return table.lowest <= body <= table.highest


def _within(table: Table, body: Decimal) -> None:
    if not _inside(table, body):
        raise OutOfRange(
            f"{_short(body)} cm is outside the table for {table.kind}, {table.gender}: "
            f"{table.measure} from {plain(table.lowest)} to {plain(table.highest)} cm."
        )


def _too_far(table: Table, size: str, source: str) -> str:
    return f"{source} {size} is outside the table for {table.kind}, {table.gender}."


def _no_such(table: Table, size: str, source: str, column: str) -> str:
    labels = dict.fromkeys(row.labels[column] for c in table.charts for row in c.rows if column in row.labels)
    if not labels:
        return f"No {source} sizes for {table.kind}, {table.gender}. Known: {', '.join(table.systems)}."
    return f"No size {size!r} in {source} for {table.kind}, {table.gender}. Known: {', '.join(labels)}."


def _known(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise ValueError(f"No {what} {value!r}. Known: {', '.join(known)}.")
