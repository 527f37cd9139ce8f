"""Reads data/delivery/<shop>.yml: zones, services, peak seasons, and how goods are imported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Union

import yaml

from bot.answer import Money
from bot.shop.markets import NO_SCHEME
from bot.yamls import load_yaml

MOST_SERVICES = 3  # a card has a row for each


@dataclass(frozen=True)
class Service:
    """One way of sending to a zone. `low` and `high` are working days on the way."""

    name: str
    carrier: str
    low: int
    high: int
    cost: Money
    free_from: Optional[Money] = None

    def cost_of(self, goods: Money) -> Money:
        """What sending goods of this price costs; a price in another currency is never sent free."""
        free = self.free_from
        if free and goods.currency == free.currency and goods.amount >= free.amount:
            return Money(self.cost.amount * 0, self.cost.currency)
        return self.cost


@dataclass(frozen=True)
class Zone:
    """Markets or countries that are served alike; the first service is the usual one."""

    to: tuple[str, ...]
    services: tuple[Service, ...]

    def service(self, name: Optional[str]) -> Service:
        """The service of this name, or the usual one."""
        return next((s for s in self.services if s.name == name), self.services[0])


@dataclass(frozen=True)
class Peak:
    """A season in which parcels take up to `extra` working days more; both days are within it.

    A bound is a day, or month and day that come back every year.
    """

    name: str
    start: Union[date, tuple[int, int]]
    end: Union[date, tuple[int, int]]
    extra: int

    def touches(self, first: date, last: date) -> bool:
        """Whether any day from first to last lies in the season."""
        return any(
            start <= last and end >= first
            for year in range(first.year - 1, last.year + 1)
            for start, end in [self._in(year)]
        )

    def _in(self, year: int) -> tuple[date, date]:
        start = self.start if isinstance(self.start, date) else date(year, *self.start)
        if isinstance(self.end, date):
            return start, self.end
        end = date(start.year, *self.end)
        return start, end if end >= start else date(start.year + 1, *self.end)


@dataclass(frozen=True)
class ImportTerms:
    """How a shop brings goods into a market; `prepaid` means that it collects the duties at checkout."""

    scheme: str = NO_SCHEME
    prepaid: bool = False


@dataclass(frozen=True)
class DeliveryTable:
    """A shop's table of delivery; `handling` is working days until the carrier has a parcel."""

    source: str
    as_of: date
    review_by: date
    ships_from: str
    handling: tuple[int, int]
    common: tuple[str, ...]
    zones: tuple[Zone, ...]
    peaks: tuple[Peak, ...]
    imports: Mapping[str, ImportTerms]

    def zone(self, country: str, market: Optional[str]) -> Optional[Zone]:
        """The zone of a country: its own when it has one, else its market's."""
        for code in (country, market):
            found = next((zone for zone in self.zones if code in zone.to), None)
            if found is not None:
                return found
        return None


def load_delivery(path: Path) -> DeliveryTable:
    """One shop's table; ValueError names the file and what is wrong in it."""
    try:
        row: Any = load_yaml(path.read_text(encoding="utf-8"))
        return _table(row)
    except KeyError as e:
        raise ValueError(f"{path}: the field {e.args[0]} is missing (docs/adding.md#delivery).") from e
    except (TypeError, AttributeError) as e:
        raise ValueError(f"{path}: expected a map of fields (docs/adding.md#delivery).") from e
    except (ValueError, InvalidOperation, yaml.YAMLError) as e:
        raise ValueError(f"{path}: {e}") from e


def _table(row: Mapping[str, Any]) -> DeliveryTable:
    currency = str(row["currency"])
    zones = tuple(
        Zone(
            to=tuple(str(code) for code in zone["to"]),
            services=tuple(_service(name, s, currency) for name, s in zone["services"].items()),
        )
        for zone in row["zones"]
    )
    if not all(1 <= len(zone.services) <= MOST_SERVICES for zone in zones):
        raise ValueError(f"a zone has one to {MOST_SERVICES} services.")
    codes = [code for zone in zones for code in zone.to]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ValueError(f"{twice[0]} stands in two zones.")
    return DeliveryTable(
        source=str(row["source"]),
        as_of=_day(row["as_of"]),
        review_by=_day(row["review_by"]),
        ships_from=str(row["ships_from"]),
        handling=_span(row["handling"]),
        common=tuple(str(code) for code in row.get("common") or ()),
        zones=zones,
        peaks=tuple(
            Peak(str(p["name"]), _bound(p["from"]), _bound(p["to"]), int(p["extra"]))
            for p in row.get("peaks") or ()
        ),
        imports={
            str(market): ImportTerms(str(terms.get("scheme") or NO_SCHEME), bool(terms.get("prepaid")))
            for market, terms in (row.get("imports") or {}).items()
        },
    )


def _service(name: str, row: Mapping[str, Any], currency: str) -> Service:
    low, high = _span(row["days"])
    free_from = row.get("free_from")
    return Service(
        name=str(name),
        carrier=str(row["carrier"]),
        low=low,
        high=high,
        cost=_money(row["cost"], currency),
        free_from=None if free_from is None else _money(free_from, currency),
    )


def _money(value: Any, currency: str) -> Money:
    return Money(Decimal(str(value)).quantize(Decimal("0.01")), currency)


def _span(value: Sequence[Any]) -> tuple[int, int]:
    low, high = (int(v) for v in value)
    if not 0 <= low <= high:
        raise ValueError(f"{list(value)} is no range of working days, such as [8, 18].")
    return low, high


def _day(value: Any) -> date:
    if type(value) is not date:
        raise ValueError(f"{value!r} is no day such as 2026-11-20.")
    return value


def _bound(value: Any) -> Union[date, tuple[int, int]]:
    if type(value) is date:
        return value
    try:
        month, day = (int(part) for part in str(value).split("-"))
        date(2000, month, day)
    except ValueError as e:
        raise ValueError(f"{value!r} is neither a day nor month and day such as '12-31'.") from e
    return month, day
