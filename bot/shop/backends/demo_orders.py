"""Makes the demo shop's orders out of orders.yml: the same ones every time, relative to the clock."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence
from zoneinfo import ZoneInfo

import yaml

from bot.answer import Money
from bot.shop.model import Order, OrderLine, OrderState, Parcel, ParcelState, Product, TrackingEvent, Variant

_MOMENT = re.compile(r"([+-])(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d{2}):(\d{2}))?")
_POST_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_NO_PARCEL = (OrderState.UNPAID, OrderState.PAID, OrderState.PACKED, OrderState.CANCELLED)


def demo_orders(path: Path, *, products: Sequence[Product], now: datetime, seed: int) -> tuple[Order, ...]:
    """Every order of the file, by number. ValueError says which order is wrong, and why."""
    plan: Any = yaml.load(
        path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    maker = _Maker(plan, path=path, products=products, now=now.replace(second=0, microsecond=0), seed=seed)
    scenarios = {int(row["number"]): row for row in plan["scenarios"]}
    numbers = range(int(plan["first"]), int(plan["first"]) + int(plan["count"]))
    outside = sorted(set(scenarios) - set(numbers))
    if outside:
        raise ValueError(f"{path}: order {outside[0]} is outside {numbers[0]} to {numbers[-1]}.")
    return tuple(maker.make(number, scenarios.get(number)) for number in numbers)


def moment(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant that "-3h", "-2d 5h" or "-1d 16:40" means; ValueError when it means none."""
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no moment; it takes -3h, -2d 5h, or -1d 16:40.")
    sign = -1 if found[1] == "-" else 1
    days, hours, minutes = (int(found[n] or 0) for n in (2, 3, 4))
    if found[5] is None:
        return now + sign * timedelta(days=days, hours=hours, minutes=minutes)
    day = now.astimezone(zone).date() + sign * timedelta(days=days)
    local = datetime(day.year, day.month, day.day, int(found[5]), int(found[6]), tzinfo=zone)
    return local.astimezone(now.tzinfo)


@dataclass(frozen=True)
class _Maker:
    """Makes one order at a time; every choice comes from the seed and the order's number."""

    plan: Mapping[str, Any]
    path: Path
    products: Sequence[Product]
    now: datetime
    seed: int

    def make(self, number: int, row: Optional[Mapping[str, Any]]) -> Order:
        chance = random.Random(f"{self.seed}:{number}")
        try:
            return self._scenario(number, row, chance) if row else self._filler(number, chance)
        except KeyError as e:
            raise ValueError(f"{self.path}: order {number}: {e.args[0]} is missing or unknown.") from e
        except (ValueError, TypeError, AttributeError) as e:
            raise ValueError(f"{self.path}: order {number}: {e}") from e

    # -- as the file says --------------------------------------------------------------

    def _scenario(self, number: int, row: Mapping[str, Any], chance: random.Random) -> Order:
        zone = self._zone(row["country"])
        parcels = tuple(self._parcel(parcel, zone, chance) for parcel in row.get("parcels") or ())
        return self._order(
            number,
            person=row,
            state=OrderState(row["state"]),
            placed_at=moment(row["placed"], now=self.now, zone=zone),
            parcels=parcels,
            chance=chance,
        )

    def _parcel(self, row: Mapping[str, Any], zone: ZoneInfo, chance: random.Random) -> Parcel:
        events = tuple(
            TrackingEvent(moment(at, now=self.now, zone=zone), ParcelState(state), place, country)
            for at, state, place, country in row.get("events") or ()
        )
        if any(one.at > other.at for one, other in pairwise(events)):
            raise ValueError("the events of a parcel are in the order of their time.")
        until: Optional[date] = None
        if "pick_up_until" in row:
            until = moment(row["pick_up_until"], now=self.now, zone=zone).astimezone(zone).date()
        carrier = str(row["carrier"])
        number = row.get("tracking_number") or self._tracking_number(carrier, chance)
        return Parcel(tracking_number=number, carrier=carrier, events=events, pick_up_until=until)

    # -- the rest ----------------------------------------------------------------------

    def _filler(self, number: int, chance: random.Random) -> Order:
        person = dict(chance.choice(self.plan["people"]))
        person["email"] = f"{person['email']}@{chance.choice(self.plan['domains'])}"
        mix = self.plan["mix"]
        state = OrderState(mix[number % len(mix)])
        road = chance.choice(self.plan["roads"])
        events = () if state in _NO_PARCEL else self._travel(road["scans"], person, state, chance)
        sent = events[0].at if events else self.now - timedelta(hours=chance.randint(2, 40))
        placed_at = sent - timedelta(hours=chance.randint(20, 60), minutes=chance.randint(0, 59))
        carrier = str(road["carrier"])
        parcels = (Parcel(self._tracking_number(carrier, chance), carrier, events),) if events else ()
        return self._order(
            number, person=person, state=state, placed_at=placed_at, parcels=parcels, chance=chance
        )

    def _travel(
        self, scans: Sequence[Any], person: Mapping[str, Any], state: OrderState, chance: random.Random
    ) -> tuple[TrackingEvent, ...]:
        """The scans up to where the parcel is; a delivered one has made them all."""
        under_way = state is OrderState.SHIPPED
        done = chance.randint(1, len(scans) - 2) if under_way else len(scans)
        ago = chance.randint(2, 45) if under_way else chance.randint(24, 60 * 24)
        start = self.now - timedelta(hours=ago + scans[done - 1][0], minutes=chance.randint(1, 59))
        names = {**person, "hub": self.plan["hubs"][person["country"]]}
        return tuple(
            TrackingEvent(
                start + timedelta(hours=hours),
                ParcelState(at),
                place.format(**names),
                country.format(**names),
            )
            for hours, at, place, country in scans[:done]
        )

    # -- both --------------------------------------------------------------------------

    def _order(
        self,
        number: int,
        *,
        person: Mapping[str, Any],
        state: OrderState,
        placed_at: datetime,
        parcels: tuple[Parcel, ...],
        chance: random.Random,
    ) -> Order:
        lines = self._lines(chance)
        currency = lines[0].price.currency
        return Order(
            number=f"{self.plan['prefix']}{number}",
            email=str(person["email"]),
            postcode=str(person["postcode"]),
            country=str(person["country"]),
            state=state,
            placed_at=placed_at,
            lines=lines,
            total=Money(sum((li.price.amount * li.quantity for li in lines), Decimal(0)), currency),
            as_of=self.now,
            parcels=parcels,
        )

    def _lines(self, chance: random.Random) -> tuple[OrderLine, ...]:
        by_id = sorted((p for p in self.products if p.variants), key=lambda p: p.id)
        if not by_id:
            raise ValueError("the catalogue has no product to order.")
        chosen = chance.sample(by_id, k=min(len(by_id), chance.choice((1, 1, 2))))
        lines: list[OrderLine] = []
        for product in chosen:
            variant: Variant = chance.choice(product.variants)
            lines.append(OrderLine(variant.sku, product.id, chance.choice((1, 1, 1, 2)), variant.price))
        return tuple(lines)

    def _zone(self, country: str) -> ZoneInfo:
        return ZoneInfo(self.plan["zones"][country])

    def _tracking_number(self, carrier: str, chance: random.Random) -> str:
        """A number of the carrier's shape, with a check digit that holds."""
        text, digits = "", ""
        for c in self.plan["numbers"][carrier]:
            if c == "#":
                c = str(chance.randint(0, 9))
                digits += c
            elif c == "?":
                c = _post_check(digits)
            elif c == "%":
                c = str(int(digits) % 7)
            text += c
        return text


def _post_check(digits: str) -> str:
    """The check digit of a postal item (UPU S10)."""
    check = 11 - sum(int(d) * w for d, w in zip(digits, _POST_WEIGHTS, strict=True)) % 11
    return str({10: 0, 11: 5}.get(check, check))
