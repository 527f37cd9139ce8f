"""A size in another system, or the size for a measurement."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Mapping, Optional, Sequence

from bot.answer import Fact
from bot.settings import Settings, get_settings
from bot.shop import chart as charts
from bot.shop.model import Product, SizeChart
from bot.shop.products_file import checked_on, load_products
from bot.shop.shops import load_shops
from bot.shop.size_model import GENDERS, KINDS, SYSTEMS
from bot.shop.size_tables import load_tables
from bot.shop.size_words import INCH
from bot.shop.sizes import Converted, SizeTables

_UNITS = {"cm": Decimal(1), "mm": Decimal("0.1"), "m": Decimal(100), "in": INCH, "inch": INCH, '"': INCH}
_MEASURE = re.compile(r'(?P<name>[a-z]+)[=:]\s*(?P<value>[0-9.,]+)\s*(?P<unit>cm|mm|m|inch|in|")?')


@dataclass(frozen=True)
class _Found:
    """What is printed."""

    sizes: tuple[str, ...]
    system: str
    basis: str
    body: Optional[Decimal]
    facts: tuple[Fact, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--from", dest="source", metavar="SYSTEM:SIZE", help="a size, such as EU:42 or US:8.5"
    )
    parser.add_argument("--to", metavar="SYSTEM", help=f"the system asked for: {' '.join(SYSTEMS)}")
    parser.add_argument("--kind", metavar="|".join(KINDS), help="what it is a size of")
    parser.add_argument("--gender", metavar="|".join(GENDERS), help="for whom")
    parser.add_argument("--product", metavar="SKU", help="go by this product's own chart")
    parser.add_argument(
        "--measure",
        action="append",
        default=[],
        metavar="NAME=LENGTH",
        help="foot=24.5cm, bust=36inch; again",
    )
    parser.add_argument("--shop", metavar="ID", help="whose product it is; else the shop of the settings")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Find the sizes and print them."""
    settings = get_settings()
    tables = load_tables(settings.data / "sizes").tables
    measures = dict(_measure(text) for text in args.measure)
    worn = _worn(args.source) if args.source else None
    if not measures and worn is None:
        raise ValueError("Nothing to go by: give --from EU:42, or --measure foot=24.5cm.")
    target = _system(args.to) if args.to else None
    if args.product:
        found = _by_chart(settings, tables, args, measures, worn, target)
    else:
        found = _by_table(tables, args, measures, worn, target)
    if args.json:
        row = {
            "sizes": list(found.sizes),
            "system": found.system,
            "basis": found.basis,
            "body_cm": None if found.body is None else str(found.body),
            "facts": [fact.to_json() for fact in found.facts],
        }
        print(json.dumps(row, ensure_ascii=False))
    else:
        _print(found)
    return 0


# -- the general tables ------------------------------------------------------------------------


def _by_table(
    tables: SizeTables,
    args: argparse.Namespace,
    measures: Mapping[str, Decimal],
    worn: Optional[tuple[str, str]],
    target: Optional[str],
) -> _Found:
    if not args.kind:
        raise ValueError(f"A size of what? Give --kind {', '.join(KINDS)}, or --product SKU.")
    kind, gender = args.kind.lower(), args.gender.lower() if args.gender else None
    if measures:
        goal = target or ("ISO" if kind == "rings" else "EU")
        done = tables.measured(measures=measures, target=goal, kind=kind, gender=gender)
    else:
        assert worn is not None
        if target is None:
            raise ValueError(f"In which system? Give --to {', '.join(SYSTEMS)}.")
        done = tables.convert(size=worn[1], source=worn[0], target=target, kind=kind, gender=gender)
    facts = [Fact("kind", kind, "term"), *([Fact("gender", gender, "term")] if gender else [])]
    if worn is not None:
        facts += [Fact("from_size", worn[1]), Fact("from_system", worn[0])]
    facts += _table_facts(done)
    return _Found(
        done.sizes, done.system, done.basis, done.body, _sourced(facts, done.source, done.checked_on)
    )


def _table_facts(done: Converted) -> list[Fact]:
    facts = [Fact("size", done.sizes[0]), Fact("system", done.system)]
    facts += [Fact("size_other", size) for size in done.sizes[1:2]]
    facts += [Fact("letter", done.letter)] if done.letter else []
    if done.body is not None and done.low is not None and done.high is not None:
        facts += _body_facts(done.measure, done.body)
        facts += [Fact("lowest", done.low, "cm"), Fact("highest", done.high, "cm")]
    return facts


# -- a product's own chart -----------------------------------------------------------------------


def _by_chart(
    settings: Settings,
    tables: SizeTables,
    args: argparse.Namespace,
    measures: Mapping[str, Decimal],
    worn: Optional[tuple[str, str]],
    target: Optional[str],
) -> _Found:
    product, day = _product(settings, args.shop or settings.shop, args.product)
    chart = product.chart
    if chart is None:
        raise LookupError(
            f"{product.id} has no size chart; leave out --product and give --kind and --gender."
        )
    known = ", ".join(charts.measures_of(chart))
    if worn is not None and not measures:
        rows = charts.row_named(chart, worn[1], worn[0])
        if rows:
            body = _middle(chart, rows[0].size)
            return _told(product, chart, tuple(r.size for r in rows), body, target, worn, day)
        gender = args.gender or (None if chart.gender == "unisex" else chart.gender)
        done = tables.convert(size=worn[1], source=worn[0], target=worn[0], kind=chart.kind, gender=gender)
        if done.body is None or charts.named_by(chart, done.measure) is None:
            raise LookupError(f"{product.id} goes by {known}; give --measure for these.")
        measures = {done.measure: done.body}
    pointed = charts.point(chart, measures)
    if not pointed:
        raise LookupError(
            f"{product.id} goes by {known}, not by {', '.join(measures)}; give --measure for these."
        )
    outside = next((p for p in pointed if not p.sizes), None)
    if outside is not None:
        low, high = charts.reach(chart, outside.measure)
        raise LookupError(
            f"{outside.measure} {outside.value} cm is outside the chart of {product.id}: {low} to {high} cm."
        )
    agreed = charts.together(chart, measures)
    sizes = agreed if len(agreed) == 1 else dict.fromkeys(s for p in pointed for s in p.sizes)
    return _told(product, chart, tuple(sizes)[:3], pointed[0].value, target, worn, day)


def _told(
    product: Product,
    chart: SizeChart,
    sizes: tuple[str, ...],
    body: Optional[Decimal],
    target: Optional[str],
    worn: Optional[tuple[str, str]],
    day: Optional[date],
) -> _Found:
    system = chart.system
    if target is not None and target != chart.system:
        rows = {row.size: row for row in chart.rows}
        keys = (target, "DE") if target == "EU" else (target,)
        labels = [next((rows[s].same_as[k] for k in keys if k in rows[s].same_as), None) for s in sizes]
        if None in labels:
            known = sorted({chart.system, *(k for row in chart.rows for k in row.same_as)})
            raise LookupError(f"The chart of {product.id} has no {target}. Known: {', '.join(known)}.")
        sizes, system = tuple(str(label) for label in labels), target
    facts = [Fact("product", product.name("en")), Fact("size", sizes[0]), Fact("system", system)]
    facts += [Fact("size_other", size) for size in sizes[1:2]]
    if worn is not None:
        facts += [Fact("from_size", worn[1]), Fact("from_system", worn[0])]
    if body is not None:
        facts += _body_facts(charts.measures_of(chart)[0], body)
    return _Found(
        sizes, system, "product", body, tuple(_with_source(facts, "shop catalogue, size chart", day))
    )


def _middle(chart: SizeChart, size: str) -> Optional[Decimal]:
    row = next(row for row in chart.rows if row.size == size)
    low, high = row.measures[charts.measures_of(chart)[0]]
    return (low + high) / 2


def _product(settings: Settings, shop_id: str, sku: str) -> tuple[Product, Optional[date]]:
    shops = load_shops(settings.data / "shops")
    if shop_id not in shops:
        raise LookupError(f"No shop {shop_id!r}. Known: {', '.join(sorted(shops))}.")
    settled = shops[shop_id].backend
    if settled.get("kind") != "embedded":
        raise LookupError(f"Shop {shop_id} keeps its own catalogue; --product reads embedded shops only.")
    folder = settings.data / "shops" / settled.get("catalogue", shop_id)
    products = load_products(folder)
    for product in products:
        if sku == product.id or any(sku.upper() == v.sku for v in product.variants):
            return product, checked_on(folder)
    near = [p.id for p in products if p.chart is not None]
    raise LookupError(f"No product {sku!r} in shop {shop_id}. With a size chart: {', '.join(near)}.")


# -- reading and printing --------------------------------------------------------------------------


def _worn(text: str) -> tuple[str, str]:
    """EU:42, EU 42, EU42, 42EU."""
    names = "|".join(SYSTEMS)
    found = re.fullmatch(rf"(?i)(?P<system>{names})[:=\s-]*(?P<size>\S.*)", text.strip())
    found = found or re.fullmatch(rf"(?i)(?P<size>.*\S?)[:=\s-]*(?P<system>{names})", text.strip())
    if not found or not found["size"].strip():
        raise ValueError(
            f"--from {text!r} is no size with its system; write EU:42. Known: {', '.join(SYSTEMS)}."
        )
    return found["system"].upper(), found["size"].strip()


def _system(text: str) -> str:
    if text.upper() not in SYSTEMS:
        raise ValueError(f"No system {text!r}. Known: {', '.join(SYSTEMS)}.")
    return text.upper()


def _measure(text: str) -> tuple[str, Decimal]:
    found = _MEASURE.fullmatch(text.strip().lower())
    try:
        if not found:
            raise InvalidOperation
        value = Decimal(found["value"].replace(",", ".")) * _UNITS[found["unit"] or "cm"]
    except InvalidOperation:
        raise ValueError(f"--measure {text!r} is no length; write foot=24.5cm, or bust=36inch.") from None
    return found["name"], _bare(value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def _body_facts(measure: str, body: Decimal) -> list[Fact]:
    inch = (body / INCH).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return [Fact("measure", measure, "term"), Fact("body", body, "cm"), Fact("body_inch", inch, "inch")]


def _sourced(facts: Sequence[Fact], source: str, checked_on: str) -> tuple[Fact, ...]:
    return tuple(_with_source(facts, source, date.fromisoformat(checked_on)))


def _with_source(facts: Sequence[Fact], source: str, as_of: Any) -> list[Fact]:
    return [Fact(f.name, f.value, f.unit, source, as_of) for f in facts]


def _bare(value: Decimal) -> Decimal:
    return Decimal(format(value.normalize(), "f"))


def _print(found: _Found) -> None:
    first = found.facts[0]
    print(f"{found.system} {' or '.join(found.sizes)}")
    if found.body is not None:
        inch = next(f.value for f in found.facts if f.name == "body_inch")
        measure = next(f.value for f in found.facts if f.name == "measure")
        print(f"{measure} {found.body} cm ({inch} in)")
    dated = f", checked on {first.as_of}" if first.as_of else ""
    print(f"By the {found.basis}: {first.source}{dated}. A guideline: makers differ.")
