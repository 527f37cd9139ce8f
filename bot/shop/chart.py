"""A product's own size chart: which of its sizes a body or another size points at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Mapping, Optional

from bot.shop.model import ChartRow, SizeChart
from bot.shop.size_model import clean

# One body, two names.
TWINS = {"bust": "chest", "chest": "bust"}
# Systems that count as EU does, beside DE, for a kind and whom it is for.
_LIKE_EU = {
    **{("shoes", gender): ("DE", "FR", "ES", "IT") for gender in ("women", "men", "children", "unisex")},
    ("clothing", "men"): ("DE", "FR", "ES", "IT"),
    ("clothing", "children"): ("DE", "ES"),
}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Pointed:
    """What one measure points at: a size, or the two that it lies between; none outside the chart."""

    measure: str
    value: Decimal
    sizes: tuple[str, ...]


def measures_of(chart: SizeChart) -> tuple[str, ...]:
    """The measures that a chart goes by, the first one first."""
    return tuple(dict.fromkeys(m for row in chart.rows for m in row.measures))


def reach(chart: SizeChart, measure: str) -> tuple[Decimal, Decimal]:
    """From where to where a chart goes, in centimetres."""
    spans = [row.measures[measure] for row in chart.rows if measure in row.measures]
    return min(low for low, _ in spans), max(high for _, high in spans)


def named_by(chart: SizeChart, measure: str) -> Optional[str]:
    """What the chart calls a measure: a man's chest is what a woman's chart calls bust."""
    known = measures_of(chart)
    if measure in known:
        return measure
    twin = TWINS.get(measure)
    return twin if twin in known else None


def point(chart: SizeChart, measures: Mapping[str, Decimal]) -> tuple[Pointed, ...]:
    """What each measure points at, for the measures that the chart goes by."""
    found = []
    for measure, value in measures.items():
        name = named_by(chart, measure)
        if name is not None:
            found.append(Pointed(name, value, _sizes(chart, name, value)))
    return tuple(sorted(found, key=lambda p: measures_of(chart).index(p.measure)))


def together(chart: SizeChart, measures: Mapping[str, Decimal]) -> tuple[str, ...]:
    """The sizes whose every measure agrees (bras: band and cup at once)."""
    named = {name: v for m, v in measures.items() if (name := named_by(chart, m)) is not None}
    return tuple(
        row.size
        for row in chart.rows
        if named and all(n in row.measures and _inside(row, n, v) for n, v in named.items())
    )


def is_own_label(row: ChartRow, size: str) -> bool:
    """Whether a size is written so in the product's own chart, and not only what another system calls it."""
    return clean(row.size) == clean(size)


def counts_alike(chart: SizeChart, system: str) -> bool:
    """Whether a system has the same labels as the chart's own: shoes are EU in France, trousers are not."""
    if system == chart.system:
        return True
    return chart.system == "EU" and system in _LIKE_EU.get((chart.kind, chart.gender), ("DE",))


def knows(chart: SizeChart, system: str) -> bool:
    """Whether a chart says what its sizes are called in another system."""
    return any(key in row.same_as for row in chart.rows for key in _columns(chart, system))


def row_named(chart: SizeChart, size: str, system: Optional[str]) -> tuple[ChartRow, ...]:
    """The rows that carry this label: in the chart's own system (or none said), or in another."""
    label = clean(size)
    if system is None or counts_alike(chart, system):
        own = tuple(row for row in chart.rows if _is_label(row.size, label))
        if own or system is None:
            return own
    keys = _columns(chart, system or chart.system)
    return tuple(row for row in chart.rows if any(_is_label(row.same_as.get(key, ""), label) for key in keys))


def _columns(chart: SizeChart, system: str) -> tuple[str, ...]:
    """Under which names a chart may have a system: Spain counts women's clothes as France does."""
    if system in ("EU", "DE"):
        return ("EU", "DE") if system == "EU" else ("DE", "EU")
    if system != "ES":
        return (system,)
    is_french = chart.kind == "bras" or (chart.kind == "clothing" and chart.gender in ("women", "unisex"))
    return ("ES", "FR") if is_french else ("ES", "EU", "DE")


def _sizes(chart: SizeChart, measure: str, value: Decimal) -> tuple[str, ...]:
    rows = sorted((r for r in chart.rows if measure in r.measures), key=lambda r: r.measures[measure])
    inside = [row.size for row in rows if _inside(row, measure, value)]
    if inside:
        return tuple(inside[:2])
    below = [row for row in rows if row.measures[measure][1] < value]
    above = [row for row in rows if row.measures[measure][0] > value]
    return (below[-1].size, above[0].size) if below and above else ()


def _inside(row: ChartRow, measure: str, value: Decimal) -> bool:
    low, high = row.measures[measure]
    return low <= value <= high


def _is_label(written: str, label: str) -> bool:
    """Whether a chart's label means this one: itself, or a span such as 10-12 that holds it."""
    if not written:
        return False
    if clean(written) == label:
        return True
    span = _SPAN.fullmatch(written)
    if span is None or not re.fullmatch(r"\d+(?:\.\d+)?", label):
        return False
    return Decimal(span[1]) <= Decimal(label) <= Decimal(span[2])
