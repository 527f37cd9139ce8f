"""Reads data/shops/<shop>/products.yml and the size charts beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional

import yaml

from bot.answer import Money
from bot.shop.model import ChartRow, Product, SizeChart, Variant
from bot.shop.size_model import GENDERS, KINDS
from bot.yamls import load_yaml

_HS6 = re.compile(r"[0-9]{6}")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")


def load_products(folder: Path, *, today: Optional[date] = None) -> tuple[Product, ...]:
    """Every product of a shop's folder, in the file's order.

    New stock is written as days from now; `today` makes days of the calendar of them, and
    without it no day is told. ValueError names the file, the product and what is wrong.
    """
    charts = load_charts(folder / "charts.yml")
    path = folder / "products.yml"
    content = _read(path)
    rows = content.get("products") if isinstance(content, dict) else None
    if not isinstance(rows, list):
        raise ValueError(f"{path}: expected a list under `products` (docs/adding.md#product).")
    products = tuple(_product(path, row, charts, today) for row in rows)
    _refuse_twins(path, products)
    return products


def checked_on(folder: Path) -> Optional[date]:
    """When somebody last looked over a shop's products and charts, as its file says."""
    content = _read(folder / "products.yml")
    day = content.get("checked_on") if isinstance(content, dict) else None
    return day if isinstance(day, date) else None


def load_charts(path: Path) -> Mapping[str, SizeChart]:
    """The size charts of a file, by name; none when there is no file."""
    if not path.exists():
        return {}
    return {str(name): _chart(path, str(name), row) for name, row in _read(path).items()}


@dataclass(frozen=True)
class _Stock:
    """One cell of the stock map."""

    colour: Optional[str]
    size: Optional[str]
    pieces: int
    days: Optional[int]


def _product(path: Path, row: Any, charts: Mapping[str, SizeChart], today: Optional[date]) -> Product:
    where = f"{path}: product {row.get('id') if isinstance(row, dict) else row!r}"
    try:
        price = _money(row["price"])
        chart_name = row.get("chart")
        if chart_name is not None and chart_name not in charts:
            raise ValueError(f"there is no chart {chart_name!r}; charts.yml has {', '.join(charts)}.")
        if not _HS6.fullmatch(str(row["hs6"])):
            raise ValueError(f"hs6 is {row['hs6']!r}; it takes six digits in quotes.")
        return Product(
            id=str(row["id"]),
            names=_by_language(row["names"]),
            category=str(row["category"]),
            hs6=str(row["hs6"]),
            origin=str(row["origin"]),
            price=price,
            weight_grams=int(row["weight_grams"]),
            variants=tuple(_variant(str(row["sku"]), price, cell, today) for cell in _cells(row["stock"])),
            aliases={k: tuple(str(a) for a in v) for k, v in (row.get("aliases") or {}).items()},
            descriptions=_by_language(row.get("descriptions") or {}),
            size_system=row.get("size_system"),
            chart=charts[chart_name] if chart_name else None,
            picture=dict(row.get("picture") or {}),
        )
    except KeyError as e:
        raise ValueError(f"{where}: the field {e.args[0]} is missing (docs/adding.md#product).") from e
    except (TypeError, AttributeError, ValueError) as e:
        raise ValueError(f"{where}: {e}") from e


def _variant(sku: str, price: Money, cell: _Stock, today: Optional[date]) -> Variant:
    parts = [sku, (cell.colour or "").upper(), (cell.size or "").upper()]
    back = today + timedelta(days=cell.days) if today is not None and cell.days is not None else None
    return Variant(
        sku="-".join(part for part in parts if part),
        price=price,
        stock=cell.pieces,
        colour=cell.colour,
        size=cell.size,
        restock_on=back,
    )


def _cells(stock: Any) -> Iterator[_Stock]:
    """The stock map's cells: a number, colours, or colours and sizes ("any" is no colour)."""
    if not isinstance(stock, dict):
        yield _cell(None, None, stock)
        return
    for colour, inner in stock.items():
        code = None if colour == "any" else str(colour)
        if isinstance(inner, dict):
            for size, value in inner.items():
                yield _cell(code, str(size), value)
        else:
            yield _cell(code, None, inner)


def _cell(colour: Optional[str], size: Optional[str], value: Any) -> _Stock:
    pieces, days = value if isinstance(value, list) and len(value) == 2 else (value, None)
    for number in (pieces, days):
        if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 0):
            raise ValueError(f"the stock of {colour} {size} is {value!r}; it takes 4, or [0, 12].")
    if pieces is None:
        raise ValueError(f"the stock of {colour} {size} is empty; write 0 when there is none.")
    return _Stock(colour=colour, size=size, pieces=pieces, days=days)


def _chart(path: Path, name: str, row: Any) -> SizeChart:
    where = f"{path}: chart {name}"
    try:
        kind, gender = str(row["kind"]), str(row["gender"])
        if kind not in KINDS or gender not in GENDERS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}; gender one of {', '.join(GENDERS)}.")
        rows = tuple(_chart_row(str(size), cells) for size, cells in row["rows"].items())
        return SizeChart(kind=kind, gender=gender, system=str(row["system"]), rows=rows)
    except KeyError as e:
        raise ValueError(f"{where}: the field {e.args[0]} is missing (docs/adding.md#product).") from e
    except (TypeError, AttributeError, ValueError) as e:
        raise ValueError(f"{where}: {e}") from e


def _chart_row(size: str, cells: Mapping[str, Any]) -> ChartRow:
    measures = {k: _range(size, k, v) for k, v in cells.items() if k.islower()}
    same_as = {k: str(v) for k, v in cells.items() if k.isupper()}
    if not measures:
        raise ValueError(f"size {size} has no measure in centimetres.")
    return ChartRow(size=size, measures=measures, same_as=same_as)


def _range(size: str, measure: str, text: Any) -> tuple[Decimal, Decimal]:
    found = _RANGE.fullmatch(str(text))
    if not found or Decimal(found[1]) > Decimal(found[2]):
        raise ValueError(f"{measure} of size {size} is {text!r}; it takes two centimetres, low first: 84-88.")
    return Decimal(found[1]), Decimal(found[2])


def _money(text: Any) -> Money:
    amount, _, currency = str(text).partition(" ")
    try:
        if len(currency) != 3 or Decimal(amount) < 0:
            raise InvalidOperation
        return Money(Decimal(amount), currency)
    except InvalidOperation:
        raise ValueError(f"price is {text!r}; it takes an amount and a currency: 89.00 EUR.") from None


def _by_language(row: Mapping[str, Any]) -> Mapping[str, str]:
    return {str(language): str(text) for language, text in row.items()}


def _refuse_twins(path: Path, products: tuple[Product, ...]) -> None:
    seen: set[str] = set()
    for key in [p.id for p in products] + [v.sku for p in products for v in p.variants]:
        if key in seen:
            raise ValueError(f"{path}: {key} stands there twice; ids and SKUs are for one thing each.")
        seen.add(key)


def _read(path: Path) -> Any:
    try:
        return load_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as e:
        raise ValueError(f"{path}: not readable as YAML: {str(e).splitlines()[0]}") from e
