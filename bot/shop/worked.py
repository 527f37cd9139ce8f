"""Computes the worked examples of the market files."""

from __future__ import annotations

from typing import Mapping, Optional

from bot.shop.duties import Basket, Item, LandedCost, landed_cost
from bot.shop.exchange import Exchange
from bot.shop.markets import Example, Market, Markets


def wrong_examples(markets: Markets, exchange: Exchange) -> tuple[str, ...]:
    """One sentence for each number of an example that does not come out."""
    return tuple(
        f"{market.code}, example {example.name!r}: {field} is {computed.get(field)}, expected {expected}."
        for market in markets.values()
        for example in market.examples
        for computed in [compute(market, example, exchange)]
        for field, expected in example.expect.items()
        if computed.get(field) != expected
    )


def compute(market: Market, example: Example, exchange: Exchange) -> Mapping[str, Optional[str]]:
    """What comes out of an example, as text, by the names that `expect` uses."""
    items = tuple(Item.parse(text) for text in example.items)
    basket = Basket(items, example.currency, example.shipping, example.insurance)
    cost = landed_cost(
        market,
        basket,
        on=example.on,
        exchange=exchange,
        region=example.region,
        scheme=example.scheme,
        duty_rates=example.duty_rates,
    )
    return amounts(cost)


def amounts(cost: LandedCost) -> dict[str, Optional[str]]:
    """The sums of a landed cost as text; all null when it only refers."""
    kinds = {"goods": "goods", "shipping": "shipping", "insurance": "insurance"}
    kinds.update(duty="duty", tax="tax", fees="fee")
    sums = {name: str(cost.sum_of(kind)) if cost.is_figure else None for name, kind in kinds.items()}
    total = str(cost.total) if cost.is_figure else None
    return {"mode": cost.mode, "total": total, **sums, "payable": cost.payable, "reason": cost.reason}
