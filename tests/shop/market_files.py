"""Market files for tests: the real ones, and small ones written on the spot."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from bot.shop.exchange import Exchange, load_exchange
from bot.shop.markets import Market, Markets, load_market, load_markets

DATA = ROOT / "data"


@lru_cache(maxsize=1)
def markets() -> Markets:
    return load_markets(DATA / "markets")


@lru_cache(maxsize=1)
def exchange() -> Exchange:
    return load_exchange(DATA / "exchange.yml")


def market_row(charges: list[dict[str, Any]], **regime: Any) -> dict[str, Any]:
    """A market of one rule that holds all the time, as a YAML tree."""
    rule: dict[str, Any] = {
        "id": "only",
        "valid_from": "2020-01-01",
        "valid_to": None,
        "payable": "delivery",
        "charges": charges,
        "source": "a law",
        "checked_on": "2026-11-23",
        "review_by": "2027-02-21",
        "confidence": "H",
        "mode": "state",
        **regime,
    }
    return {
        "market": "XX",
        "currency": "EUR",
        "official": {"name": "Customs", "url": "https://customs.example"},
        "fee_note": "carrier",
        "regimes": [rule],
    }


def written(folder: Path, row: Any, name: str = "xx.yml") -> Path:
    path = folder / name
    text = yaml.safe_dump(row, allow_unicode=True, sort_keys=False)
    # A day is a day in YAML only without quotes.
    for quote in ("'", '"'):
        text = text.replace(f"{quote}20", "20").replace(f"{quote}\n", "\n")
    path.write_text(text, encoding="utf-8")
    return path


def market(folder: Path, charges: list[dict[str, Any]], **regime: Any) -> Market:
    return load_market(written(folder, market_row(charges, **regime)))
