"""What a customer pays on import: who, when, how much where we may say it, and where to look."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Callable, Mapping, Optional, Sequence

from bot.answer import Answer, Fact
from bot.shop.backends.base import Backend, BackendUnavailable
from bot.shop.delivery import PERSON, Delivery, country_choices
from bot.shop.duties import Basket, Item, LandedCost, landed_cost
from bot.shop.duty_facts import certainty, figure_facts, place_facts, rule_facts
from bot.shop.exchange import Exchange
from bot.shop.markets import Market, Markets, Regime, Region
from bot.shop.model import Product
from bot.yamls import load_yaml

Find = Callable[[str, str], Optional[Product]]

# No figure for this parcel, but the rule itself may still be told.
_TELL_THE_RULE = ("rate_unverified", "rule_unverified", "exchange_missing", "exchange_stale", "region")


@dataclass(frozen=True)
class Seller:
    """One shop's side of an import: how it delivers, and its products.

    `find` gives the product that a text in a language names, or none.
    """

    delivery: Delivery
    backend: Backend
    find: Find


class Refusals:
    """Knows when a text asks for help with a false declaration, by word lists for each language."""

    def __init__(self, patterns: Sequence[Sequence[Sequence[str]]]) -> None:
        self._patterns = patterns

    @classmethod
    def load(cls, path: Path) -> Refusals:
        """Read data/policies/refused.yml; ValueError when it is no table of word lists."""
        row: Any = load_yaml(path.read_text(encoding="utf-8"))
        try:
            patterns = [
                [[_folded(str(word)) for word in group] for group in pattern]
                for lists in row["languages"].values()
                for pattern in lists
            ]
        except (KeyError, TypeError, AttributeError) as e:
            raise ValueError(f"{path}: expected languages, each with lists of groups of words.") from e
        return cls(patterns)

    def asked(self, text: str) -> bool:
        """Whether each group of some pattern has a word in the text."""
        folded = f" {' '.join(_folded(text).split())} "
        return any(
            all(any(word in folded for word in group) for group in pattern) for pattern in self._patterns
        )


class Importing:
    """Answers about customs duties. `sellers` has each shop by id; the rest is data that was loaded."""

    def __init__(
        self, *, markets: Markets, exchange: Exchange, refusals: Refusals, sellers: Mapping[str, Seller]
    ) -> None:
        self._markets = markets
        self._exchange = exchange
        self._refusals = refusals
        self._sellers = sellers

    def answer(
        self,
        *,
        text: str,
        country: Optional[str],
        product: Optional[str],
        shop: str,
        language: str,
        on: date,
    ) -> Answer:
        """Who pays what and when on import to a country; figures only where the rules let us.

        `product` is the page's product id. Raises LookupError for a shop that is not there.
        """
        if shop not in self._sellers:
            raise LookupError(f"No shop {shop!r}. Known: {', '.join(sorted(self._sellers))}.")
        seller = self._sellers[shop]
        if self._refusals.asked(text):
            return Answer(key="duty.no_help", choices=(PERSON,))
        code = (country or "").strip().upper()
        found = self._markets.find(code)
        whole_union = found is not None and found[0].members and found[1] is None
        if not code or whole_union or code == seller.delivery.ships_from.value:
            return Answer(
                key="duty.which_country", choices=country_choices(seller.delivery.common, "customs_duty")
            )
        if found is None:
            fact = Fact("country", code, "country", source="customer")
            return Answer(key="duty.no_rule", facts=(fact,), choices=(PERSON,))
        market, member = found
        place = _Place(market, member or market.code, member, seller.delivery, language, on)
        wanted = self._product(seller, text, product, language)
        if wanted is not None:
            cost = self._cost(place, wanted)
            if cost.is_figure:
                return _figure(place, wanted, cost)
            if cost.reason == "duty_rate":
                return _tariff(place, wanted, cost)
            if cost.reason not in _TELL_THE_RULE:
                return place.refer()
        return _rule(place)

    @staticmethod
    def _product(seller: Seller, text: str, product: Optional[str], language: str) -> Optional[Product]:
        """The product that the text names, else the page's; none when the shop's system is silent."""
        try:
            return seller.find(text, language) or (seller.backend.product(product) if product else None)
        except BackendUnavailable:
            return None

    def _cost(self, place: _Place, product: Product) -> LandedCost:
        service = place.delivery.shipping_to(place.country)
        shipping = service.cost_of(product.price).amount if service else product.price.amount * 0
        return landed_cost(
            place.market,
            Basket((Item(product.hs6, product.price.amount),), product.price.currency, shipping),
            on=place.on,
            exchange=self._exchange,
            region=place.member,
            scheme=place.scheme,
        )


@dataclass(frozen=True)
class _Place:
    """Where to, under which terms, and on which day."""

    market: Market
    country: str
    member: Optional[str]
    delivery: Delivery
    language: str
    on: date

    @property
    def scheme(self) -> str:
        return self.delivery.import_terms(self.market.code).scheme

    @property
    def region(self) -> Optional[Region]:
        return self.market.regions[self.member] if self.member else None

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (*place_facts(self.market, self.country), self.delivery.ships_from)

    def payable(self, regime: Regime, name: str = "payable") -> Fact:
        """When the customer pays under a rule (term): at checkout too where the shop prepays."""
        prepaid = self.delivery.import_terms(self.market.code).prepaid
        when = regime.payable.get(self.scheme, regime.payable.get("", "delivery"))
        source = regime.source.name_in(self.language)
        return Fact(name, "checkout" if prepaid else when, "term", source, regime.source.checked_on)

    def by_region(self, regime: Regime) -> str:
        """The end of a reply key: rates that differ by region need a sentence of their own."""
        tax = regime.charge("tax")
        open_rate = tax is not None and tax.rate == "region" and self.member is None
        return "_by_region" if open_rate else ""

    def refer(self) -> Answer:
        return Answer(key="duty.refer", facts=self.facts, choices=(PERSON,))


def _rule(place: _Place) -> Answer:
    """What the market's rules say without a price: the smallest parcels first, then the rest."""
    regimes = place.market.in_force(place.on, place.scheme)
    if not regimes or any(regime.is_stale(place.on) for regime in regimes):
        return place.refer()
    first, last = regimes[0], regimes[-1]
    shape = _shape(first)
    # A rule without tax, or one of which nothing is told, leaves the rates to the rule above it.
    told = {f.name: f for f in rule_facts(last, place.market, place.region, language=place.language)}
    own = rule_facts(first, place.market, place.region, language=place.language)
    told.update({f.name: f for f in own})
    if first.mode != "refer" and "tax_name" not in told:
        return place.refer()  # every sentence about a rule tells of its tax
    facts = (
        *told.values(),
        place.payable(first),
        place.payable(last, "payable_above"),
        certainty(None, first),
    )
    return Answer(
        key=f"duty.rule.{shape}{place.by_region(last)}",
        facts=(*place.facts, *facts),
        choices=(PERSON,) if first.mode == "refer" else (),
    )


def _shape(regime: Regime) -> str:
    """Which sentence tells a rule."""
    if regime.mode == "refer":
        return regime.reason
    duty = regime.charge("duty")
    if duty is None:
        return "free" if regime.charge("tax") is None else "tax_only"
    if duty.flat is not None:
        return "flat"
    return "open" if duty.rate == "given" else "rate"


def _figure(place: _Place, product: Product, cost: LandedCost) -> Answer:
    assert cost.regime is not None
    duty, tax = cost.sum_of("duty"), cost.sum_of("tax")
    kind = "cost" if duty else "cost_no_duty" if tax else "cost_nothing"
    facts = (
        *place.facts,
        *figure_facts(cost, language=place.language),
        Fact("product", product.name(place.language), None, source="shop catalogue"),
        place.payable(cost.regime),
        certainty(cost.reason, cost.regime),
    )
    key = f"duty.{kind}{place.by_region(cost.regime)}"
    return Answer(key=key, facts=facts, card=_card(cost, inside=_is_inside(cost.regime)))


def _tariff(place: _Place, product: Product, cost: LandedCost) -> Answer:
    """Above the limit the duty depends on the goods: the rest of the rule, and a person."""
    assert cost.regime is not None
    facts = (
        *place.facts,
        *rule_facts(cost.regime, place.market, cost.region, language=place.language),
        Fact("product", product.name(place.language), None, source="shop catalogue"),
        Fact("goods", product.price, None, source="shop catalogue"),
        place.payable(cost.regime),
    )
    key = f"duty.tariff{place.by_region(cost.regime)}"
    return Answer(key=key, facts=facts, choices=(PERSON,))


def _is_inside(regime: Regime) -> bool:
    tax = regime.charge("tax")
    return tax is not None and tax.inside


def _card(cost: LandedCost, *, inside: bool) -> dict[str, Any]:
    """The cost card: a row for each line that matters, then the total."""
    duty, tax = cost.line("duty"), cost.line("tax")
    rows: list[dict[str, Any]] = [
        _row({"reply": "duty.card.goods"}, "goods", note={"fact": "product"}),
        _row({"reply": "duty.card.shipping"}, "shipping"),
    ]
    if duty is not None:
        less = cost.regime is not None and any(c.less for c in cost.regime.charges)
        note = "flat_note" if duty.each is not None else "less_note" if less else "rate_note"
        rows.append(_row({"reply": "duty.card.duty"}, "duty", {"reply": f"duty.card.{note}"}, "sub"))
    if tax is not None:
        note = "inside_note" if inside else "tax_note"
        rows.append(_row({"fact": "tax_name"}, "tax", {"reply": f"duty.card.{note}"}, "sub"))
    rows.append(_row({"reply": "duty.card.total"}, "total", style="total"))
    return {
        "kind": "cost",
        "title": {"reply": "duty.card.title"},
        "tag": {"reply": "duty.card.tag"},
        "rows": rows,
        "as_of": {"reply": "duty.card.as_of"},
    }


def _row(
    label: dict[str, str], fact: str, note: Optional[dict[str, str]] = None, style: Optional[str] = None
) -> dict[str, Any]:
    row: dict[str, Any] = {"label": label, "value": {"fact": fact}}
    if note:
        row["note"] = note
    if style:
        row["style"] = style
    return row


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
