"""Computes goods, shipping, duty and tax for a market, line by line."""

from __future__ import annotations

import argparse
import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Optional

from babel import Locale

from bot.answer import Fact
from bot.settings import get_settings
from bot.shop.duties import Basket, Item, LandedCost, landed_cost
from bot.shop.duty_facts import figure_facts, place_facts, rule_facts
from bot.shop.exchange import load_exchange
from bot.shop.markets import NO_SCHEME, Market, Markets, load_markets
from bot.shop.worked import amounts

SCHEMES = ("ioss", "voec", "rc", NO_SCHEME)
# Referrals about which the rule itself says something that may be told.
_TOLD = ("duty_rate", "rate_unverified", "exchange_missing", "exchange_stale", "region")
_SENTENCES = {
    "duty_rate": "The duty rate depends on the goods; give it with --duty-rate HS=PCT.",
    "rate_unverified": "No duty rate is verified for this day; give one with --duty-rate HS=PCT.",
    "rule_unverified": "Whether this rule is in force on this day is not verified.",
    "stale": "This rule was last looked at too long ago.",
    "no_rule": "There is no rule for this day.",
    "out_of_range": "No rule covers a value this high.",
    "region": "The rate depends on the region; give one with --region.",
    "exchange_missing": "A limit is in another currency, and there is no rate (data/exchange.yml).",
    "exchange_stale": "A limit is in another currency, and the rate is too old (data/exchange.yml).",
    "rule": "As far as the table goes: the rule's source is older.",
    "given_rate": "With the duty rate that you gave.",
    "region_assumed": "With the most common rate; give --region for the exact one.",
    "converted": "A limit is in another currency; customs uses its own rate.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--market", required=True, help="country or market code, such as DE, GB or EU")
    parser.add_argument("--region", help="member, state or province, such as SP or ON")
    parser.add_argument(
        "--item",
        action="append",
        required=True,
        metavar="HS:UNIT_PRICE:QTY",
        help="goods, such as 610910:19.90:2 (repeat)",
    )
    parser.add_argument("--currency", help="currency of all amounts (default: the market's)")
    parser.add_argument("--shipping", type=_amount, default=Decimal(0), metavar="AMOUNT")
    parser.add_argument("--insurance", type=_amount, default=Decimal(0), metavar="AMOUNT")
    parser.add_argument("--scheme", choices=SCHEMES, default=NO_SCHEME)
    parser.add_argument(
        "--duty-rate",
        action="append",
        default=[],
        metavar="HS=PCT",
        help="a duty rate in percent for codes that begin so (repeat)",
    )
    parser.add_argument("--on", type=_day, metavar="DATE", help="day of the order (default: today)")
    parser.add_argument("--json", action="store_true", help="print a JSON line")


def run(args: argparse.Namespace) -> int:
    """Compute and print; a referral is an answer too and exits 0."""
    settings = get_settings()
    markets = load_markets(settings.data / "markets")
    items = tuple(Item.parse(text) for text in args.item)
    rates = dict(_rate(text) for text in args.duty_rate)
    on = args.on or settings.make_clock()().date()
    market, region = _market(markets, args.market, args.region)
    if market is None:
        _print(_no_market(args.market, args.currency), None, (), as_json=args.json)
        return 0
    currency = _currency(args.currency or market.currency)
    cost = landed_cost(
        market,
        Basket(items, currency, args.shipping, args.insurance),
        on=on,
        exchange=load_exchange(settings.data / "exchange.yml"),
        region=region,
        scheme=args.scheme,
        duty_rates=rates,
    )
    facts = _facts(cost, region if market.members and region else market.code)
    _print(_row(cost), cost, facts, as_json=args.json)
    return 0


def _market(markets: Markets, asked: str, region: Optional[str]) -> tuple[Optional[Market], Optional[str]]:
    """The market and region that were asked for; none for a country that no file covers."""
    found = markets.find(asked)
    if found is not None:
        return found[0], (region.upper() if region else found[1])
    if asked.upper() not in Locale("en").territories or not asked.isalpha():
        markets.need(asked)
    return None, None


def _facts(cost: LandedCost, country: str) -> tuple[Fact, ...]:
    facts = place_facts(cost.market, country)
    if cost.regime is None:
        return facts
    if cost.is_figure:
        return (*facts, *figure_facts(cost, language="en"))
    if cost.reason in _TOLD:
        return (*facts, *rule_facts(cost.regime, cost.market, cost.region, language="en"))
    return facts


def _row(cost: LandedCost) -> dict[str, Any]:
    """The result by the names of the JSON line, without facts."""
    row: dict[str, Any] = {**amounts(cost), "currency": cost.currency}
    row["lines"] = [
        {
            "name": line.name,
            "kind": line.kind,
            "amount": str(line.amount),
            "rate": None if line.rate is None else f"{line.rate:f}",
            "base": None if line.base is None else str(line.base),
            "count": line.count,
            "each": None if line.each is None else str(line.each),
        }
        for line in cost.lines
    ]
    return row


def _no_market(asked: str, currency: Optional[str]) -> dict[str, Any]:
    names = ("total", "goods", "shipping", "insurance", "duty", "tax", "fees", "payable")
    empty: dict[str, Any] = dict.fromkeys(names)
    return {
        **empty,
        "mode": "refer",
        "reason": "no_rule",
        "currency": _currency(currency) if currency else None,
        "lines": [],
    }


def _print(
    row: dict[str, Any], cost: Optional[LandedCost], facts: tuple[Fact, ...], *, as_json: bool
) -> None:
    if as_json:
        print(json.dumps({**row, "facts": [fact.to_json() for fact in facts]}, ensure_ascii=False))
        return
    if row["mode"] == "refer":
        print(f"No figure: {_SENTENCES[row['reason']]}")
    else:
        for line in row["lines"]:
            print(f"{line['name']:<12}{line['amount']:>12} {row['currency']}{_how(line)}")
        print(f"{'total':<12}{row['total']:>12} {row['currency']}")
        if row["reason"]:
            print(_SENTENCES[row["reason"]])
    if row["payable"]:
        at = "with the shop at checkout" if row["payable"] == "checkout" else "on delivery"
        print(f"Payable {at}.")
    if cost is not None:
        if cost.regime is not None:
            source = cost.regime.source
            print(f"Source: {source.name}, checked on {source.checked_on}.")
        print(f"Official: {cost.market.official_name}, {cost.market.official_url}")


def _how(line: dict[str, Any]) -> str:
    if line["each"] is not None:
        return f"   {line['count']} x {line['each']}"
    return f"   {line['rate']} % of {line['base']}" if line["rate"] is not None else ""


def _rate(text: str) -> tuple[str, Decimal]:
    code, _, percent = text.partition("=")
    hs = code.replace(".", "").strip()
    try:
        rate = Decimal(percent)
    except InvalidOperation:
        rate = Decimal(-1)
    if not (hs.isascii() and hs.isdigit() and len(hs) >= 2) or not rate.is_finite() or rate < 0:
        raise ValueError(f"{text!r} is no HS=PCT, for example 6109=12.")
    return hs, rate


def _currency(code: str) -> str:
    if code.upper() not in Locale("en").currencies:
        raise ValueError(f"No currency {code!r}. Use an ISO 4217 code such as EUR.")
    return code.upper()


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount, zero or more")
    return amount


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as e:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-11-24") from e
