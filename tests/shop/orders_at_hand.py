"""Orders and stand-ins for the tests of the shop's orders."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Optional, Sequence

from bot.answer import Money
from bot.shop.backends.base import BackendUnavailable
from bot.shop.model import Order, OrderLine, OrderState, Parcel, ParcelState, Product, TrackingEvent

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)
DATA = Path(__file__).resolve().parents[2] / "data"
PRICE = Money(Decimal("59.00"), "EUR")


def event(days: float, state: str, place: str = "Frankfurt", country: Optional[str] = "DE") -> TrackingEvent:
    """A scan of so many days ago."""
    return TrackingEvent(NOW - timedelta(days=days), ParcelState(state), place, country)


def parcel(*events: TrackingEvent, carrier: str = "yunexpress", until: Optional[date] = None) -> Parcel:
    return Parcel("YT2229521272164446", carrier, events, until)


def order(
    *parcels: Parcel, state: str = "shipped", number: str = "LL-10423", email: str = "anna.keller@example.org"
) -> Order:
    return Order(
        number=number,
        email=email,
        postcode="10115",
        country="DE",
        state=OrderState(state),
        placed_at=NOW - timedelta(days=15),
        lines=(OrderLine("HPK-NAVY-M", "halvar-parka", 1, PRICE),),
        total=PRICE,
        as_of=NOW,
        parcels=parcels,
    )


class FakeBackend:
    """Gives the orders that it was made with; `silent` makes it unavailable."""

    source = "fake shop"

    def __init__(self, *orders: Order) -> None:
        self.orders = {o.number: o for o in orders}
        self.silent = False
        self.asked: list[str] = []

    def order(self, number: str) -> Optional[Order]:
        self.asked.append(number)
        if self.silent:
            raise BackendUnavailable("fake shop: no answer.")
        return self.orders.get(number)

    def product(self, product_id: str) -> Optional[Product]:
        return None

    def products(self) -> Sequence[Product]:
        return ()

    def as_of(self) -> datetime:
        return NOW
