"""The facts of a landed cost and of a market's rule, each with its source and day."""

from __future__ import annotations

from typing import Iterable, Optional

from bot.answer import Fact, FactValue, Money
from bot.shop.duties import LandedCost
from bot.shop.markets import BASKET, REGION, Charge, Market, Regime, Region

# What certainty says: a plain rule, a rule that nobody confirmed lately, a limit in another currency.
_CERTAINTY = {None: "state", "converted": "converted"}


def place_facts(market: Market, country: str) -> tuple[Fact, ...]:
    """Where the goods go, and who says officially what is due there."""
    return (
        Fact("country", country, "country", source="customer"),
        Fact("official_place", market.official_name, None, source=f"data/markets, {market.code}"),
        Fact("official_url", market.official_url, None, source=f"data/markets, {market.code}"),
    )


def figure_facts(cost: LandedCost, *, language: str, basket: Iterable[Fact] = ()) -> tuple[Fact, ...]:
    """Every amount of a landed cost that is a figure, and how each was computed.

    `basket` has the facts goods, shipping and insurance with sources of their own; without them
    these were given to us.
    """
    assert cost.regime is not None
    note = _Noted(cost.regime, language)
    known = {fact.name: fact for fact in basket}
    facts = [
        known.get(name) or Fact(name, Money(cost.sum_of(name), cost.currency), None, "given")
        for name in BASKET
    ]
    facts += [
        note.fact(name, Money(cost.sum_of(kind), cost.currency))
        for name, kind in (("duty", "duty"), ("tax", "tax"), ("fees", "fee"))
    ]
    facts.append(note.fact("total", Money(cost.total, cost.currency)))
    duty, tax = cost.line("duty"), cost.line("tax")
    if duty is not None and duty.each is not None:
        facts.append(note.fact("hs_lines", duty.count or 1))
        facts.append(note.fact("flat_duty", Money(duty.each, cost.currency)))
    elif duty is not None and duty.base is not None:
        facts.append(note.fact("duty_base", Money(duty.base, cost.currency)))
        facts.append(note.fact("duty_rate", duty.rate or 0, "percent"))
    if tax is not None and tax.base is not None:
        facts.append(note.fact("tax_base", Money(tax.base, cost.currency)))
    return (*facts, *rule_facts(cost.regime, cost.market, cost.region, language=language))


def rule_facts(
    regime: Regime, market: Market, region: Optional[Region], *, language: str
) -> tuple[Fact, ...]:
    """What a rule itself says: its limit, its rates, and where it is from."""
    note = _Noted(regime, language)
    facts = []
    limit = regime.over or regime.up_to
    if limit:
        facts.append(note.fact("threshold", limit))
    duty = regime.charge("duty")
    if duty is not None:
        facts += _duty_facts(duty, note)
    tax = regime.charge("tax")
    if tax is not None:
        facts.append(note.fact("tax_name", tax.line, "term"))
        facts += _tax_rates(tax, market, region, note)
    facts.append(note.fact("fee_note", market.fee_note, "term"))
    facts.append(note.fact("rule_source", regime.source.name_in(language)))
    facts.append(note.fact("rule_as_of", regime.source.checked_on, "day"))
    return tuple(facts)


def certainty(reason: Optional[str], regime: Regime) -> Fact:
    """How sure a figure or a rule is, as a sentence (term)."""
    doubt = reason if reason is not None else "rule" if regime.mode == "hedge" else None
    return _Noted(regime, "en").fact("certainty", _CERTAINTY.get(doubt, "hedge"), "term")


def _duty_facts(duty: Charge, note: _Noted) -> list[Fact]:
    facts = []
    if duty.flat is not None:
        facts.append(note.fact("flat_duty", duty.flat))
    elif duty.rate is not None and not isinstance(duty.rate, str):
        facts.append(note.fact("duty_rate", duty.rate, "percent"))
    if duty.less is not None:
        facts.append(note.fact("duty_less", duty.less))
    return facts


def _tax_rates(tax: Charge, market: Market, region: Optional[Region], note: _Noted) -> list[Fact]:
    """One rate; by region the rate of the region, or the span of all of them."""
    if tax.rate != REGION:
        assert tax.rate is not None
        assert not isinstance(tax.rate, str)
        return [note.fact("tax_rate", tax.rate, "percent")]
    facts = []
    if region is not None:
        facts.append(Fact("tax_rate", region.rate, "percent", region.source, region.as_of))
    if market.default_region is not None:
        rates = [r.rate for r in market.regions.values()]
        facts.append(note.fact("tax_low", min(rates), "percent"))
        facts.append(note.fact("tax_high", max(rates), "percent"))
    return facts


class _Noted:
    """Makes facts that carry a rule's source and the day on which it was looked at."""

    def __init__(self, regime: Regime, language: str) -> None:
        self._source = regime.source.name_in(language)
        self._as_of = regime.source.checked_on

    def fact(self, name: str, value: FactValue, unit: Optional[str] = None) -> Fact:
        return Fact(name, value, unit, self._source, self._as_of)
