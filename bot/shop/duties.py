"""What a parcel costs when it has arrived: goods, shipping, duty and tax, line by line. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Mapping, Optional

from babel.numbers import get_currency_precision

from bot.answer import Money
from bot.shop.exchange import Exchange, RateUnavailable
from bot.shop.markets import BASKET, GIVEN, NO_SCHEME, REGION, Charge, Market, Regime, Region

HUNDRED = Decimal(100)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Item:
    """Some pieces of one kind of goods. `hs` is the customs code, six digits or more."""

    hs: str
    unit_price: Decimal
    quantity: int = 1

    def __post_init__(self) -> None:
        if not (self.hs.isascii() and self.hs.isdigit() and len(self.hs) >= 6):
            raise ValueError(f"No HS code {self.hs!r}: it has six digits or more, for example 610910.")
        if self.quantity < 1 or not self.unit_price.is_finite() or self.unit_price < 0:
            raise ValueError(f"{self.hs}: a price is zero or more, a quantity one or more.")

    @classmethod
    def parse(cls, text: str) -> Item:
        """`HS:UNIT_PRICE` or `HS:UNIT_PRICE:QUANTITY`; dots in the code do not count."""
        parts = text.split(":")
        if len(parts) > 3:
            raise ValueError(f"{text!r} is no HS:UNIT_PRICE:QUANTITY, for example 610910:19.90:2.")
        try:
            hs, price = parts[0].replace(".", "").strip(), Decimal(parts[1])
            quantity = int(parts[2]) if len(parts) > 2 else 1
        except (IndexError, ValueError, InvalidOperation) as e:
            raise ValueError(f"{text!r} is no HS:UNIT_PRICE:QUANTITY, for example 610910:19.90:2.") from e
        return cls(hs, price, quantity)

    @property
    def value(self) -> Decimal:
        """The price of all the pieces."""
        return self.unit_price * self.quantity


@dataclass(frozen=True)
class Basket:
    """What is sent in one consignment; all amounts in `currency`."""

    items: tuple[Item, ...]
    currency: str
    shipping: Decimal = ZERO
    insurance: Decimal = ZERO

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("Nothing is sent: a basket needs one item or more.")
        if not all(amount.is_finite() and amount >= 0 for amount in (self.shipping, self.insurance)):
            raise ValueError("Shipping and insurance are zero or more.")

    @property
    def goods(self) -> Decimal:
        """The price of all the items, without shipping."""
        return sum((item.value for item in self.items), ZERO)

    @property
    def hs6(self) -> int:
        """How many kinds of goods there are, by the first six digits of their codes."""
        return len({item.hs[:6] for item in self.items})

    def value(self, basis: str) -> Decimal:
        """What is compared with a threshold: the goods alone, or with shipping and insurance (cif)."""
        return self.goods + self.shipping + self.insurance if basis == "cif" else self.goods


@dataclass(frozen=True)
class CostLine:
    """One line of a landed cost: `rate` percent of `base`, or `count` times `each`."""

    name: str
    kind: str
    amount: Decimal
    rate: Optional[Decimal] = None
    base: Optional[Decimal] = None
    count: Optional[int] = None
    each: Optional[Decimal] = None


@dataclass(frozen=True)
class LandedCost:
    """What a consignment costs in the end, or why no figure is given.

    `mode` is state, hedge or refer; a referral has no lines. `reason` says why it is no plain
    statement: duty_rate, rate_unverified, rule_unverified, stale, no_rule, out_of_range, region,
    exchange_missing, exchange_stale (referrals); rule, given_rate, region_assumed, converted (hedges).
    """

    market: Market
    currency: str
    mode: str
    reason: Optional[str]
    payable: Optional[str]
    lines: tuple[CostLine, ...]
    regime: Optional[Regime]
    region: Optional[Region]

    @property
    def is_figure(self) -> bool:
        """Whether there are amounts."""
        return self.mode != "refer"

    def sum_of(self, kind: str) -> Decimal:
        """All lines of a kind: goods, shipping, insurance, duty, tax, fee."""
        return quantised(sum((line.amount for line in self.lines if line.kind == kind), ZERO), self.currency)

    @property
    def total(self) -> Decimal:
        """The sum of all lines."""
        return quantised(sum((line.amount for line in self.lines), ZERO), self.currency)

    def line(self, kind: str) -> Optional[CostLine]:
        """The first line of a kind."""
        return next((line for line in self.lines if line.kind == kind), None)


def landed_cost(
    market: Market,
    basket: Basket,
    *,
    on: date,
    exchange: Exchange,
    region: Optional[str] = None,
    scheme: str = NO_SCHEME,
    duty_rates: Optional[Mapping[str, Decimal]] = None,
) -> LandedCost:
    """What a basket costs in a market on a day, in the basket's currency, or a referral.

    `duty_rates` gives percentages by HS code or its beginning; they are used where the rule leaves
    the rate open. Raises ValueError for a scheme or region that the market does not have.
    """
    _check(market, region, scheme)
    referral = _Referral(market, basket.currency)
    found = market.in_force(on, scheme)
    if not found:
        return referral.because("no_rule")
    try:
        regime = next((r for r in found if _covers(r, basket, exchange, on)), None)
    except RateUnavailable as e:
        return referral.because(e.reason)
    if regime is None:
        return referral.because("out_of_range")
    referral = referral.under(regime, scheme)
    if regime.is_stale(on):
        return referral.because("stale")
    place, assumed = _place(market, regime, region)
    if place is None and _needs_region(regime):
        return referral.because("region")
    referral = referral.at(place)
    rates = _rates(regime, basket, duty_rates or {})
    if rates is None:
        return referral.because(regime.reason or "duty_rate")
    if regime.mode == "refer" and not rates:
        return referral.because(regime.reason)
    try:
        lines = _lines(regime, basket, place, rates, exchange, on)
    except RateUnavailable as e:
        return referral.because(e.reason)
    return _verdict(referral, regime, basket, lines, given=bool(rates), assumed=assumed)


def quantised(amount: Decimal, currency: str) -> Decimal:
    """An amount in whole smallest coins of its currency, a half rounded up."""
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class _Referral:
    """What is known of a result so far."""

    market: Market
    currency: str
    regime: Optional[Regime] = None
    payable: Optional[str] = None
    region: Optional[Region] = None

    def under(self, regime: Regime, scheme: str) -> _Referral:
        payable = regime.payable.get(scheme, regime.payable.get(""))
        return _Referral(self.market, self.currency, regime, payable)

    def at(self, region: Optional[Region]) -> _Referral:
        return _Referral(self.market, self.currency, self.regime, self.payable, region)

    def because(self, reason: str) -> LandedCost:
        return self.result("refer", reason, ())

    def result(self, mode: str, reason: Optional[str], lines: tuple[CostLine, ...]) -> LandedCost:
        return LandedCost(
            self.market, self.currency, mode, reason, self.payable, lines, self.regime, self.region
        )


def _verdict(
    referral: _Referral,
    regime: Regime,
    basket: Basket,
    lines: tuple[CostLine, ...],
    *,
    given: bool,
    assumed: bool,
) -> LandedCost:
    """Plain statement only where nothing was assumed, given or converted on the way."""
    converted = any(m.currency != basket.currency for m in (regime.over, regime.up_to) if m)
    doubts = {
        "rule": regime.mode == "hedge",
        "given_rate": given,
        "region_assumed": assumed,
        "converted": converted,
    }
    reason = next((name for name, holds in doubts.items() if holds), None)
    return referral.result("hedge" if reason else "state", reason, lines)


def _check(market: Market, region: Optional[str], scheme: str) -> None:
    if scheme not in market.schemes:
        raise ValueError(
            f"Market {market.code} has no scheme {scheme!r}. Known: {', '.join(market.schemes)}."
        )
    if region and region not in market.regions:
        known = ", ".join(sorted(market.regions)) or "none, one rate holds throughout"
        raise ValueError(f"Market {market.code} has no region {region!r}. Known: {known}.")


def _covers(regime: Regime, basket: Basket, exchange: Exchange, on: date) -> bool:
    value = Money(basket.value(regime.basis), basket.currency)
    if regime.over and exchange.convert(value, regime.over.currency, on=on) <= regime.over.amount:
        return False
    return not regime.up_to or exchange.convert(value, regime.up_to.currency, on=on) <= regime.up_to.amount


def _needs_region(regime: Regime) -> bool:
    return any(charge.rate == REGION for charge in regime.charges)


def _place(market: Market, regime: Regime, region: Optional[str]) -> tuple[Optional[Region], bool]:
    """The region whose rate is taken, and whether nobody named it."""
    if not _needs_region(regime):
        return None, False
    if region:
        return market.regions[region], False
    return market.default_region, market.default_region is not None


def _rates(regime: Regime, basket: Basket, duty_rates: Mapping[str, Decimal]) -> Optional[dict[str, Decimal]]:
    """The given rate of each HS code where the rule leaves it open; None when one is missing."""
    if not any(charge.rate == GIVEN for charge in regime.charges):
        return {}
    rates = {}
    for item in basket.items:
        rate = given_rate(item.hs, duty_rates)
        if rate is None:
            return None
        rates[item.hs] = rate
    return rates


def given_rate(hs: str, duty_rates: Mapping[str, Decimal]) -> Optional[Decimal]:
    """The rate given for a code: the longest given code that begins it, or that it begins."""
    fits = [code for code in duty_rates if hs.startswith(code)] or [
        code for code in duty_rates if code.startswith(hs)
    ]
    return duty_rates[max(fits, key=len)] if fits else None


def _lines(
    regime: Regime,
    basket: Basket,
    region: Optional[Region],
    rates: Mapping[str, Decimal],
    exchange: Exchange,
    on: date,
) -> tuple[CostLine, ...]:
    amounts = {"goods": basket.goods, "shipping": basket.shipping, "insurance": basket.insurance}
    amounts = {name: quantised(amount, basket.currency) for name, amount in amounts.items()}
    lines = [CostLine(name, name, amounts[name]) for name in BASKET]
    for charge in regime.charges:
        line = _line(charge, amounts, basket, region, rates, exchange, on)
        amounts[line.name] = line.amount
        lines.append(line)
    return tuple(lines)


def _line(
    charge: Charge,
    amounts: Mapping[str, Decimal],
    basket: Basket,
    region: Optional[Region],
    rates: Mapping[str, Decimal],
    exchange: Exchange,
    on: date,
) -> CostLine:
    """One charge, rounded to coins; each later charge is computed on what was rounded."""

    def own(money: Optional[Money]) -> Decimal:
        return exchange.convert(money, basket.currency, on=on) if money else ZERO

    if charge.flat is not None:
        each = quantised(own(charge.flat), basket.currency)
        count = basket.hs6 if charge.per_hs6 else 1
        return CostLine(charge.line, charge.kind, each * count, count=count, each=each)
    base = sum((amounts[part] * weight for part, weight in charge.of.items()), ZERO)
    base = max(ZERO, base - own(charge.over))
    if charge.rate == GIVEN:
        rate = _mean_rate(basket, rates)
    elif charge.rate == REGION:
        assert region is not None
        rate = region.rate
    else:
        assert isinstance(charge.rate, Decimal)
        rate = charge.rate
    amount = base * rate / HUNDRED
    if charge.inside:
        amount = base / (1 - rate / HUNDRED) - base
    amount = quantised(max(ZERO, amount - own(charge.less)), basket.currency)
    if charge.waived_up_to and amount <= own(charge.waived_up_to):
        amount = quantised(ZERO, basket.currency)
    return CostLine(charge.line, charge.kind, amount, rate=rate, base=quantised(base, basket.currency))


def _mean_rate(basket: Basket, rates: Mapping[str, Decimal]) -> Decimal:
    """The given rates, weighed by what the goods cost: freight is shared out by value."""
    if not basket.goods:
        return max(rates.values())
    return sum((rates[item.hs] * item.value for item in basket.items), ZERO) / basket.goods
