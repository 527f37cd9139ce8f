"""Dated exchange rates; a stale rate converts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Mapping

import yaml

from bot.answer import Money
from bot.yamls import load_yaml


class RateUnavailable(LookupError):
    """No rate that may be used on this day; `reason` is exchange_missing or exchange_stale."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True)
class DayRates:
    """What one unit of `base` cost in other currencies on a day."""

    on: date
    base: str
    source: str
    rates: Mapping[str, Decimal]

    def units(self, currency: str) -> Decimal | None:
        """How much of a currency one unit of the base buys."""
        return Decimal(1) if currency == self.base else self.rates.get(currency)


@dataclass(frozen=True)
class Exchange:
    """Rates by day. A rate may be used on its day and for `good_for_days` after it."""

    days: tuple[DayRates, ...]
    good_for_days: int

    def convert(self, money: Money, to: str, *, on: date) -> Decimal:
        """The amount in another currency, not rounded; raises RateUnavailable."""
        if money.currency == to:
            return money.amount
        known = [d for d in self.days if d.on <= on and d.units(money.currency) and d.units(to)]
        if not known:
            raise RateUnavailable(
                "exchange_missing",
                f"No rate from {money.currency} to {to} on or before {on}. Add one to data/exchange.yml.",
            )
        newest = max(known, key=lambda d: d.on)
        if on - newest.on > timedelta(days=self.good_for_days):
            raise RateUnavailable(
                "exchange_stale",
                f"The rate from {money.currency} to {to} is of {newest.on}, which is too old on {on}. "
                "Add a newer one to data/exchange.yml.",
            )
        from_units, to_units = newest.units(money.currency), newest.units(to)
        assert from_units is not None
        assert to_units is not None
        return money.amount / from_units * to_units


def load_exchange(path: Path) -> Exchange:
    """Read data/exchange.yml; ValueError says what is wrong in it."""
    try:
        row: Any = load_yaml(path.read_text(encoding="utf-8"))
        return Exchange(
            days=tuple(_day_rates(day) for day in row["days"]), good_for_days=int(row["good_for_days"])
        )
    except KeyError as e:
        raise ValueError(f"{path}: the field {e.args[0]} is missing (docs/adding.md#exchange).") from e
    except (TypeError, AttributeError, ValueError, InvalidOperation, yaml.YAMLError) as e:
        raise ValueError(f"{path}: expected days with rates (docs/adding.md#exchange): {e}") from e


def _day_rates(row: Mapping[str, Any]) -> DayRates:
    on = row["day"]
    if type(on) is not date:
        raise ValueError(f"{on!r} is no day")
    return DayRates(
        on=on,
        base=str(row["base"]),
        source=str(row["source"]),
        rates={str(k): Decimal(str(v)) for k, v in row["rates"].items()},
    )
