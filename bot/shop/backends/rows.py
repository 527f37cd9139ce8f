"""Turns products and orders into rows of the embedded shop's database, and rows into them."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any, Iterable, Mapping, Optional

from bot.answer import Money
from bot.shop.model import (
    ChartRow,
    Order,
    OrderLine,
    OrderState,
    Parcel,
    ParcelState,
    Product,
    SizeChart,
    TrackingEvent,
    Variant,
)

Row = dict[str, Any]


def product_row(product: Product) -> Row:
    """A product without its variants."""
    return {
        "id": product.id,
        "names": dict(product.names),
        "aliases": {language: list(names) for language, names in product.aliases.items()},
        "descriptions": dict(product.descriptions),
        "category": product.category,
        "hs6": product.hs6,
        "origin": product.origin,
        "price": str(product.price.amount),
        "currency": product.price.currency,
        "weight_grams": product.weight_grams,
        "size_system": product.size_system,
        "chart": _chart_row(product.chart) if product.chart else None,
        "picture": dict(product.picture),
    }


def variant_rows(product: Product) -> list[Row]:
    """The variants of a product, in its order."""
    return [
        {
            "sku": variant.sku,
            "product": product.id,
            "position": n,
            "colour": variant.colour,
            "size": variant.size,
            "price": str(variant.price.amount),
            "currency": variant.price.currency,
            "stock": variant.stock,
            "restock_on": variant.restock_on.isoformat() if variant.restock_on else None,
        }
        for n, variant in enumerate(product.variants)
    ]


def product_of(row: Mapping[str, Any], variants: Iterable[Mapping[str, Any]]) -> Product:
    """The product that these rows hold."""
    return Product(
        id=row["id"],
        names=row["names"],
        aliases={language: tuple(names) for language, names in row["aliases"].items()},
        descriptions=row["descriptions"],
        category=row["category"],
        hs6=row["hs6"],
        origin=row["origin"],
        price=_money(row),
        weight_grams=row["weight_grams"],
        size_system=row["size_system"],
        chart=_chart_of(row["chart"]) if row["chart"] else None,
        picture=row["picture"],
        variants=tuple(
            Variant(
                sku=v["sku"],
                price=_money(v),
                stock=v["stock"],
                colour=v["colour"],
                size=v["size"],
                restock_on=_day(v["restock_on"]),
            )
            for v in variants
        ),
    )


def code_of(number: str) -> str:
    """An order number as it is looked up: only letters and digits, whatever their width, script or case."""
    wide = unicodedata.normalize("NFKC", number[:64]).upper()
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in wide)
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def order_row(order: Order) -> Row:
    """An order without its lines and parcels."""
    code = code_of(order.number)
    return {
        "number": order.number,
        "code": code,
        "digits": "".join(c for c in code if c.isdigit()),
        "email": order.email,
        "postcode": order.postcode,
        "country": order.country,
        "state": order.state.value,
        "placed_at": order.placed_at,
        "total": str(order.total.amount),
        "currency": order.total.currency,
        "as_of": order.as_of,
    }


def line_rows(order: Order) -> list[Row]:
    """The lines of an order."""
    return [
        {
            "order_number": order.number,
            "position": n,
            "sku": line.sku,
            "product": line.product,
            "quantity": line.quantity,
            "price": str(line.price.amount),
            "currency": line.price.currency,
        }
        for n, line in enumerate(order.lines)
    ]


def parcel_rows(order: Order) -> list[Row]:
    """The parcels of an order."""
    return [
        {
            "order_number": order.number,
            "position": n,
            "tracking_number": parcel.tracking_number,
            "carrier": parcel.carrier,
            "pick_up_until": parcel.pick_up_until.isoformat() if parcel.pick_up_until else None,
        }
        for n, parcel in enumerate(order.parcels)
    ]


def scan_rows(order: Order) -> list[Row]:
    """Every scan of every parcel of an order."""
    return [
        {
            "order_number": order.number,
            "parcel": p,
            "position": n,
            "at": event.at,
            "state": event.state.value,
            "place": event.place,
            "country": event.country,
        }
        for p, parcel in enumerate(order.parcels)
        for n, event in enumerate(parcel.events)
    ]


def order_of(
    row: Mapping[str, Any],
    *,
    lines: Iterable[Mapping[str, Any]],
    parcels: Iterable[Mapping[str, Any]],
    scans: Iterable[Mapping[str, Any]],
) -> Order:
    """The order that these rows hold."""
    events: dict[int, list[TrackingEvent]] = {}
    for scan in scans:
        event = TrackingEvent(scan["at"], ParcelState(scan["state"]), scan["place"], scan["country"])
        events.setdefault(scan["parcel"], []).append(event)
    return Order(
        number=row["number"],
        email=row["email"],
        postcode=row["postcode"],
        country=row["country"],
        state=OrderState(row["state"]),
        placed_at=row["placed_at"],
        lines=tuple(OrderLine(li["sku"], li["product"], li["quantity"], _money(li)) for li in lines),
        total=Money(Decimal(row["total"]), row["currency"]),
        as_of=row["as_of"],
        parcels=tuple(
            Parcel(
                tracking_number=p["tracking_number"],
                carrier=p["carrier"],
                events=tuple(events.get(p["position"], ())),
                pick_up_until=_day(p["pick_up_until"]),
            )
            for p in parcels
        ),
    )


def _chart_row(chart: SizeChart) -> Row:
    return {
        "kind": chart.kind,
        "gender": chart.gender,
        "system": chart.system,
        "rows": [
            {
                "size": row.size,
                "measures": {name: [str(low), str(high)] for name, (low, high) in row.measures.items()},
                "same_as": dict(row.same_as),
            }
            for row in chart.rows
        ],
    }


def _chart_of(row: Mapping[str, Any]) -> SizeChart:
    return SizeChart(
        kind=row["kind"],
        gender=row["gender"],
        system=row["system"],
        rows=tuple(
            ChartRow(
                size=r["size"],
                measures={name: (Decimal(low), Decimal(high)) for name, (low, high) in r["measures"].items()},
                same_as=r["same_as"],
            )
            for r in row["rows"]
        ),
    )


def _money(row: Mapping[str, Any]) -> Money:
    return Money(Decimal(row["price"]), row["currency"])


def _day(text: Optional[str]) -> Optional[date]:
    return date.fromisoformat(text) if text else None
