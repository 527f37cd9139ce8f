"""The facts and the cards of an answer about sizes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Mapping, Optional, Sequence, Union

from babel.numbers import format_decimal, get_decimal_symbol

from bot.answer import Answer, Fact
from bot.shop import chart as charts
from bot.shop.model import SizeChart
from bot.shop.size_model import Table
from bot.shop.size_words import INCH, Mentioned
from bot.shop.sizes import Converted, SizeTables

# For whom a kind is when nobody says.
GENDER_OF = {"bras": "women", "rings": "unisex"}
# Which systems the card of a conversion shows.
CARD_SYSTEMS = ("EU", "UK", "US", "CN", "JP", "KR")
_MEASURES = {
    "shoes": ("foot",),
    "rings": ("finger", "diameter"),
    "bras": ("underbust", "bust"),
}
_OF_WHOM = {"women": ("bust",), "men": ("chest",), "children": ("height",)}


def kind_of(said: Mentioned) -> Optional[str]:
    """What kind of thing is asked about, as far as the words say."""
    if said.kind is not None:
        return said.kind
    named = [m for m in (*said.measures, *said.named)]
    for kind, measures in _MEASURES.items():
        if any(m in named for m in measures[:1]):
            return kind
    if any(m in named for m in ("bust", "chest", "waist", "hips")):
        return "clothing"
    if "height" in named and said.gender == "children":
        return "clothing"
    return _kind_of_label(said.size.label) if said.size else None


def measures_for(kind: Optional[str], gender: Optional[str]) -> tuple[str, ...]:
    """The measures that lengths without a name may be."""
    if kind == "clothing":
        return _OF_WHOM.get(gender or "", ())
    return _MEASURES.get(kind or "shoes", ())


def table_of(tables: SizeTables, said: Mentioned) -> Union[Table, Any]:
    """The table whose source and date stand under an answer."""
    kind = kind_of(said) or "clothing"
    if kind == "bras":
        return tables.bras
    gender = said.gender or GENDER_OF.get(kind) or "men"
    return tables.tables.get((kind, gender)) or tables.table(kind, "men")


def sourced(answer: Answer, *, source: str, as_of: Union[date, datetime]) -> Answer:
    """The answer with source and date on every fact, and the date as a fact of its own."""
    unit = "instant" if isinstance(as_of, datetime) else "day"
    answer = answer.with_facts(Fact("as_of", as_of, unit))
    return replace(answer, facts=tuple(replace(f, source=source, as_of=as_of) for f in answer.facts))


def body(measure: str, value: Decimal) -> tuple[Fact, ...]:
    """A measure with its value in centimetres and in inches."""
    tenth = Decimal("0.1")
    return (
        Fact("measure", measure, "term"),
        Fact("body", _bare(value.quantize(tenth, rounding=ROUND_HALF_UP)), "cm"),
        Fact("body_inch", _bare((value / INCH).quantize(tenth, rounding=ROUND_HALF_UP)), "inch"),
    )


def who(kind: str, gender: Optional[str]) -> tuple[Fact, ...]:
    """What for, and for whom."""
    return (Fact("kind", kind, "term"), Fact("gender", gender or "unisex", "term"))


def asked(chart: SizeChart) -> Fact:
    """The measures that a chart goes by, as one fact."""
    return Fact("measure_1", charts.measures_of(chart), "term")


def told(
    key: str,
    found: Converted,
    given: Sequence[Fact],
    language: str,
    *,
    also: Sequence[Converted] = (),
) -> Answer:
    """What a table says: one size, or two and what decides."""
    size, other = _spoken(found)
    if other is not None and key == "size.table.measured":
        size, other = sorted((size, other), key=_by_number)  # between two: the smaller one first
    known = [*given, Fact("size", _shown(size, language)), Fact("system", found.system)]
    if other is not None:
        known.append(Fact("size_other", _shown(other, language)))
        key = f"{key}_two"
    rows = also or (found,)
    lines = [
        Fact(f"line_{n}", " / ".join(_shown(size, language) for size in row.sizes))
        for n, row in enumerate(rows)
    ]
    if found.body is not None and "body" not in {f.name for f in given}:
        known += body(found.measure, found.body)
    card = {
        "kind": "size",
        "title": {"reply": "size.card.table"},
        "rows": [
            {"label": row.system, "value": {"fact": line.name}} for row, line in zip(rows, lines, strict=True)
        ],
        "note": {"reply": "size.card.note_table"},
        "as_of": {"reply": "size.card.as_of_table"},
    }
    return Answer(key=key, facts=(*known, *lines), card=card)


def chart_facts(chart: SizeChart, language: str) -> tuple[Fact, ...]:
    """A product's chart as facts: its measures, and one line for each size."""
    lines = (
        Fact(f"line_{n}", " · ".join(_span(*row.measures[m], language) for m in row.measures))
        for n, row in enumerate(chart.rows)
    )
    labels = (Fact(f"label_{n}", row.size) for n, row in enumerate(chart.rows))
    return (asked(chart), *labels, *lines)


def chart_card(chart: SizeChart) -> Mapping[str, Any]:
    """The card of a product's own chart, in centimetres."""
    return {
        "kind": "size",
        "title": {"reply": "size.card.product"},
        "rows": [
            {"label": {"fact": f"label_{n}"}, "value": {"fact": f"line_{n}"}} for n in range(len(chart.rows))
        ],
        "note": {"reply": "size.card.note_cn" if chart.system == "CN" else "size.card.note"},
        "as_of": {"reply": "size.card.as_of"},
    }


def is_enough(kind: str, gender: Optional[str], measures: Mapping[str, Decimal]) -> bool:
    """Whether the general table for a kind can go by these measures."""
    if kind == "bras":
        return {"bust", "underbust"} <= set(measures)
    if kind == "clothing":
        known = ("height",) if gender == "children" else ("bust", "chest")
        return any(m in measures for m in (*known, *(() if gender else ("height",))))
    return any(m in measures for m in _MEASURES[kind])


def is_same(tables: SizeTables, kind: str, gender: Optional[str], one: str, other: str) -> bool:
    """Whether two systems count alike, so that converting says nothing."""
    if one == other:
        return True
    table = tables.tables.get((kind, gender or "unisex")) or tables.tables.get((kind, "men"))
    same = tables.bras.same if kind == "bras" else table.same if table else {}
    return same.get(one, one) == same.get(other, other)


def _spoken(found: Converted) -> tuple[str, Optional[str]]:
    """The size to say, and another one where makers differ: M is (40, 42), and 39 is CN 245 of old."""
    first, *rest = found.sizes
    if not first[0].isdigit() and rest and rest[0].isdigit():
        return f"{first} ({', '.join(rest)})", None
    if found.system == "CN" and found.measure == "foot":
        rest = [label for label in rest if len(label) > 2 and "." not in label]
    return first, rest[0] if rest else None


def _by_number(label: str) -> tuple[Decimal, str]:
    is_number = label.replace(".", "", 1).isdigit()
    return (Decimal(label), "") if is_number else (Decimal(0), label)


def _shown(label: str, language: str) -> str:
    """A label as the language writes it: 38.5, or 38,5."""
    is_number = label.replace(".", "", 1).isdigit()
    return label.replace(".", get_decimal_symbol(language)) if is_number else label


def _span(low: Decimal, high: Decimal, language: str) -> str:
    return f"{format_decimal(low, locale=language)}–{format_decimal(high, locale=language)}"


def _bare(value: Decimal) -> Decimal:
    return value.to_integral_value() if value == value.to_integral_value() else value


def _kind_of_label(label: str) -> Optional[str]:
    """A size that only one kind of thing has: 75C is a bra, 8.5 a shoe, XL a shirt."""
    text = label.upper().replace(",", ".")
    if text[:2].isdigit() and text[2:].isalpha() and len(text) <= 4:
        return "bras"
    if text.endswith((".5", "½", " 1/2")) and text[0].isdigit():
        return "shoes"
    if text.strip("X2345") in ("S", "M", "L"):
        return "clothing"
    return None
