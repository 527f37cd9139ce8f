"""What a customer pays on import: who, when, how much where we may say it, and where to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Callable, Mapping, Optional, Sequence

from bot.answer import Answer, Choice, Fact, Money
from bot.shop.asked import Asked
from bot.shop.backends.base import Backend, BackendUnavailable
from bot.shop.delivery import PERSON, Delivery, country_choices
from bot.shop.duties import Basket, Item, LandedCost, landed_cost
from bot.shop.duty_card import cost_card, rule_card
from bot.shop.duty_facts import certainty, figure_facts, place_facts, rule_facts
from bot.shop.exchange import Exchange, RateUnavailable
from bot.shop.markets import GIVEN, Market, Markets, Regime, Region
from bot.shop.model import Product

Find = Callable[[str, str], Optional[Product]]

# No figure for this parcel, but the rule itself may still be told.
_TELL_THE_RULE = ("rate_unverified", "rule_unverified", "exchange_missing", "exchange_stale", "region")
# Rules that can be told for goods of a value that a customer names.
_TELL_THE_SIDE = ("flat", "tax_only", "free", "tariff", "less")
# Any goods: a customer who names an amount says no customs code.
_NO_CODE = "000000"


@dataclass(frozen=True)
class Seller:
    """One shop's side of an import: how it delivers, and its products.

    `find` gives the product that a text in a language names, or none.
    """

    delivery: Delivery
    backend: Backend
    find: Find


@dataclass(frozen=True)
class _Ware:
    """A product as the shop's system knew it at a moment."""

    product: Product
    source: str
    as_of: datetime


class Importing:
    """Answers about customs duties. `sellers` has each shop by id; the rest is data that was loaded."""

    def __init__(
        self, *, markets: Markets, exchange: Exchange, asked: Asked, sellers: Mapping[str, Seller]
    ) -> None:
        self._markets = markets
        self._exchange = exchange
        self._asked = asked
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
        amounts: Sequence[str] = (),
        order_number: Optional[str] = None,
    ) -> Answer:
        """Who pays what and when on import to a country; figures only where the rules let us.

        `product` is the page's product id, `amounts` are those of the text ("200.00 EUR").
        Raises LookupError for a shop that is not there.
        """
        if shop not in self._sellers:
            raise LookupError(f"No shop {shop!r}. Known: {', '.join(sorted(self._sellers))}.")
        seller = self._sellers[shop]
        if self._asked.refused.fit(text):
            return Answer(key="duty.no_help", choices=(PERSON,))
        if self._asked.held.fit(text):
            return _held(order_number)
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
        named = self._named(seller, text, language)
        value = None if named or self._asked.declared.fit(text) else _goods_value(amounts)
        if value is not None:
            return self._of_value(place, value)
        wanted = named or self._on_page(seller, product)
        return self._of_product(place, wanted) if wanted else _rule(place)

    @staticmethod
    def _named(seller: Seller, text: str, language: str) -> Optional[_Ware]:
        """The product that the text names; none when the shop's system is silent."""
        try:
            return _ware(seller, seller.find(text, language))
        except BackendUnavailable:
            return None

    @staticmethod
    def _on_page(seller: Seller, product: Optional[str]) -> Optional[_Ware]:
        """The product that the customer looks at; none when the shop's system is silent."""
        try:
            return _ware(seller, seller.backend.product(product)) if product else None
        except BackendUnavailable:
            return None

    def _of_product(self, place: _Place, ware: _Ware) -> Answer:
        """What one piece of a product costs in the end, or the rule where that is open."""
        price = ware.product.price
        service = place.delivery.shipping_to(place.country)
        shipping = service.cost_of(price).amount if service else price.amount * 0
        cost = self._cost(place, Item(ware.product.hs6, price.amount), price.currency, shipping)
        if cost.is_figure:
            return _figure(place, ware, cost)
        if cost.reason == "duty_rate":
            return _tariff(place, ware, cost)
        return _rule(place) if cost.reason in _TELL_THE_RULE else place.refer()

    def _of_value(self, place: _Place, value: Money) -> Answer:
        """On which side of the limit goods of a value are, and what the rule says there."""
        try:
            shipping = self._shipping(place, value.currency)
        except RateUnavailable:
            return _rule(place)
        cost = self._cost(place, Item(_NO_CODE, value.amount), value.currency, shipping)
        if cost.is_figure or cost.reason == "duty_rate":
            return _side(place, value, cost)
        return _rule(place) if cost.reason in _TELL_THE_RULE else place.refer()

    def _shipping(self, place: _Place, currency: str) -> Decimal:
        """What the usual service costs, in the currency of the goods."""
        service = place.delivery.shipping_to(place.country)
        return self._exchange.convert(service.cost, currency, on=place.on) if service else Decimal(0)

    def _cost(self, place: _Place, item: Item, currency: str, shipping: Decimal) -> LandedCost:
        return landed_cost(
            place.market,
            Basket((item,), currency, shipping),
            on=place.on,
            exchange=self._exchange,
            region=place.member,
            scheme=place.scheme,
        )


def _ware(seller: Seller, product: Optional[Product]) -> Optional[_Ware]:
    return _Ware(product, seller.backend.source, seller.backend.as_of()) if product else None


def _goods_value(amounts: Sequence[str]) -> Optional[Money]:
    """The value of the goods, where a text names one amount; several may be anything."""
    found = {_money(text) for text in amounts}
    value = found.pop() if len(found) == 1 else None
    return value if value is not None and value.amount > 0 else None


def _money(text: str) -> Optional[Money]:
    amount, _, currency = text.partition(" ")
    try:
        return Money(Decimal(amount), currency) if currency else None
    except InvalidOperation:
        return None


def _held(order_number: Optional[str]) -> Answer:
    """A parcel that customs keeps: what its last scan says, and a person."""
    known = {"order_number": order_number} if order_number else None
    order = Choice(label="choice.shipping_status", intent="shipping_status", entities=known)
    return Answer(key="duty.held", choices=(order, PERSON))


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
        if self.delivery.import_terms(self.market.code).prepaid:
            terms = self.delivery.ships_from  # of the same table
            return Fact(name, "checkout", "term", terms.source, terms.as_of)
        when = regime.payable.get(self.scheme, regime.payable.get("", "delivery"))
        return Fact(name, when, "term", regime.source.name_in(self.language), regime.source.checked_on)

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
    told.update({f.name: f for f in own if last.mode == "refer" or not _is_open(first, f)})
    if first.mode != "refer" and "tax_name" not in told:
        return place.refer()  # every sentence about a rule tells of its tax
    when = [place.payable(first), place.payable(last, "payable_above")]
    if first.mode == "refer":
        when.append(place.payable(first, "payable_open"))
    facts = (*place.facts, *told.values(), *when, certainty(None, first))
    return _told("rule", shape, place.by_region(last), facts, person=first.mode == "refer" or shape == "open")


def _is_open(regime: Regime, fact: Fact) -> bool:
    """Whether a fact only says where an unconfirmed rule is from: the one above it is what is told."""
    return regime.mode == "refer" and fact.name in ("rule_source", "rule_as_of")


def _shape(regime: Regime) -> str:
    """Which sentence tells a rule."""
    if regime.mode == "refer":
        return regime.reason
    duty = regime.charge("duty")
    if duty is None:
        return "free" if regime.charge("tax") is None else "tax_only"
    if duty.flat is not None:
        return "flat"
    if duty.rate == GIVEN:
        return "tariff" if regime.over else "open"
    return "less" if regime.over and duty.less else "rate"


def _figure(place: _Place, ware: _Ware, cost: LandedCost) -> Answer:
    assert cost.regime is not None
    duty, tax = cost.sum_of("duty"), cost.sum_of("tax")
    kind = "cost" if duty else "cost_no_duty" if tax else "cost_nothing"
    terms = place.delivery.ships_from
    goods = Fact("goods", Money(cost.sum_of("goods"), cost.currency), None, ware.source, ware.as_of)
    sending = [
        Fact(name, Money(cost.sum_of(name), cost.currency), None, terms.source, terms.as_of)
        for name in ("shipping", "insurance")
    ]
    facts = (
        *place.facts,
        *figure_facts(cost, language=place.language, basket=(goods, *sending)),
        Fact("product", ware.product.name(place.language), None, ware.source, ware.as_of),
        place.payable(cost.regime),
        certainty(cost.reason, cost.regime),
    )
    key = f"duty.{kind}{place.by_region(cost.regime)}"
    return Answer(key=key, facts=facts, card=cost_card(cost, inside=_is_inside(cost.regime)))


def _tariff(place: _Place, ware: _Ware, cost: LandedCost) -> Answer:
    """Above the limit the duty depends on the goods: the rest of the rule, and a person."""
    assert cost.regime is not None
    facts = (
        *_facts_of(place, cost, ware.product.price),
        Fact("product", ware.product.name(place.language), None, ware.source, ware.as_of),
        Fact("goods", ware.product.price, None, ware.source, ware.as_of),
    )
    return _told("tariff", "tariff", place.by_region(cost.regime), facts, person=True)


def _side(place: _Place, value: Money, cost: LandedCost) -> Answer:
    """The rule for goods of a value that the customer names: above or within its limit."""
    assert cost.regime is not None
    shape = _shape(cost.regime)
    if shape not in _TELL_THE_SIDE:
        return _rule(place)  # without a limit there are no sides
    facts = (*_facts_of(place, cost, value), Fact("goods", value, None, "customer", place.on))
    return _told("worth", shape, place.by_region(cost.regime), facts, person=shape == "tariff")


def _facts_of(place: _Place, cost: LandedCost, goods: Money) -> tuple[Fact, ...]:
    """What the rule that covers some goods says."""
    regime = cost.regime
    assert regime is not None
    limit = regime.over or regime.up_to
    converted = limit is not None and limit.currency != goods.currency
    return (
        *place.facts,
        *rule_facts(regime, place.market, cost.region, language=place.language),
        place.payable(regime),
        certainty("converted" if converted else None, regime),
    )


def _told(kind: str, shape: str, by_region: str, facts: tuple[Fact, ...], *, person: bool) -> Answer:
    """A rule in a sentence or two, and all of it in the card."""
    middle = "tariff" if kind == "tariff" else f"{kind}.{shape}"
    return Answer(
        key=f"duty.{middle}{by_region}",
        facts=facts,
        card=rule_card(shape, facts, by_region=bool(by_region)),
        choices=(PERSON,) if person else (),
    )


def _is_inside(regime: Regime) -> bool:
    tax = regime.charge("tax")
    return tax is not None and tax.inside
