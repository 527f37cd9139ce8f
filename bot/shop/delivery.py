"""How long delivery takes and what it costs, from the shop's own table: ranges, never a date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Optional

from bot.answer import Answer, Choice, Fact, FactValue
from bot.shop.delivery_file import DeliveryTable, ImportTerms, Peak, Service, Zone
from bot.shop.markets import Markets

PERSON = Choice(label="choice.human_handoff", intent="human_handoff")


class Delivery:
    """Answers about delivery before ordering.

    `table` is the shop's own (`load_delivery`), `markets` says which countries a market covers.
    """

    def __init__(self, *, table: DeliveryTable, markets: Markets) -> None:
        self._table = table
        self._markets = markets

    def answer(self, *, country: Optional[str], service: Optional[str], on: date) -> Answer:
        """How long delivery to a country usually takes, in working days; asks when no country is known."""
        code, zone = self._zone(country)
        if code is None:
            return self._which_country("delivery_time")
        if zone is None:
            return self._not_there(code)
        if on > self._table.review_by:
            return self._stale(code)
        chosen = zone.service(service)
        peak = self._peak(chosen, on)
        key = "delivery.range_peak" if peak else "delivery.range"
        facts = (*self._facts(code), *self._times(chosen, peak))
        return Answer(key=key, facts=(*facts, *self._rows_facts(zone)), card=self._card(zone, times=True))

    def options(self, *, country: Optional[str], on: date) -> Answer:
        """Whether the shop ships to a country, by which services, for how much, and from where."""
        code, zone = self._zone(country)
        if code is None:
            return self._which_country("shipping_options")
        if zone is None:
            return self._not_there(code)
        if on > self._table.review_by:
            return self._stale(code)
        facts = (*self._facts(code), *self._rows_facts(zone))
        usual = zone.services[0]
        key = "delivery.options_free" if usual.free_from else "delivery.options"
        return Answer(key=key, facts=facts, card=self._card(zone, times=False))

    def transit(self, country: str) -> Optional[tuple[int, int]]:
        """The usual service's range on the way, in working days, or none where the shop does not send."""
        _, zone = self._zone(country)
        return (zone.services[0].low, zone.services[0].high) if zone else None

    def countries(self) -> tuple[str, ...]:
        """Every country that the shop sends to (ISO 3166), in alphabetical order."""
        named = [code for zone in self._table.zones for code in zone.to]
        members = [
            self._markets[code].regions if code in self._markets and self._markets[code].members else (code,)
            for code in named
        ]
        return tuple(sorted({code for group in members for code in group}))

    def shipping_to(self, country: str) -> Optional[Service]:
        """The usual service to a country, with what it costs, or none."""
        _, zone = self._zone(country)
        return zone.services[0] if zone else None

    @property
    def common(self) -> tuple[str, ...]:
        """The countries that most customers are in: the buttons of a question for the country."""
        return self._table.common

    @property
    def ships_from(self) -> Fact:
        """Where parcels start."""
        return self._fact("ships_from", self._table.ships_from, "country")

    def import_terms(self, market: str) -> ImportTerms:
        """How the shop brings goods into a market."""
        return self._table.imports.get(market, ImportTerms())

    # -- looking up ----------------------------------------------------------------------

    def _zone(self, country: Optional[str]) -> tuple[Optional[str], Optional[Zone]]:
        """The country's own code and its zone; no code when the customer has to say more.

        The country that parcels start in is no destination ("from China to Spain").
        """
        code = (country or "").strip().upper()
        if not code or code == self._table.ships_from:
            return None, None
        found = self._markets.find(code)
        if found is None:
            return code, self._table.zone(code, None)
        market, member = found
        return member or market.code, self._table.zone(member or market.code, market.code)

    def _peak(self, service: Service, on: date) -> Optional[Peak]:
        """The season that a parcel ordered on this day would meet."""
        working_days = self._table.handling[1] + service.high
        last = on + timedelta(days=working_days * 7 // 5 + 1)
        met = [peak for peak in self._table.peaks if peak.touches(on, last)]
        return max(met, key=lambda peak: peak.extra, default=None)

    # -- answers -------------------------------------------------------------------------

    def _which_country(self, intent: str) -> Answer:
        return Answer(
            key="delivery.which_country",
            facts=(self.ships_from,),
            choices=country_choices(self._table.common, intent),
        )

    def _not_there(self, country: str) -> Answer:
        return Answer(key="delivery.not_there", facts=self._facts(country), choices=(PERSON,))

    def _stale(self, country: str) -> Answer:
        return Answer(key="delivery.stale", facts=self._facts(country), choices=(PERSON,))

    def _facts(self, country: str) -> tuple[Fact, ...]:
        return (Fact("country", country, "country", source="customer"), self.ships_from)

    def _times(self, service: Service, peak: Optional[Peak]) -> tuple[Fact, ...]:
        """The chosen service's times; `days_…` are handling and transit together."""
        handling = self._table.handling
        spans = {
            "handling": handling,
            "transit": (service.low, service.high),
            "days": (handling[0] + service.low, handling[1] + service.high),
        }
        facts = [
            self._fact(f"{name}_{end}", days, "working_days")
            for name, span in spans.items()
            for end, days in zip(("low", "high"), span, strict=True)
        ]
        facts.append(self._fact("service", service.name, "term"))
        if peak:
            facts.append(self._fact("peak", peak.name, "term"))
            facts.append(self._fact("peak_high", spans["days"][1] + peak.extra, "working_days"))
        return tuple(facts)

    def _rows_facts(self, zone: Zone) -> tuple[Fact, ...]:
        """Every service's carrier, cost and range, for the card: service_1, cost_1, low_1 …"""
        handling = self._table.handling
        facts = []
        for n, service in enumerate(zone.services, start=1):
            facts += [
                self._fact(f"service_{n}", service.name, "term"),
                self._fact(f"carrier_{n}", service.carrier, None),
                self._fact(f"cost_{n}", service.cost, None),
                self._fact(f"low_{n}", handling[0] + service.low, "working_days"),
                self._fact(f"high_{n}", handling[1] + service.high, "working_days"),
            ]
            if service.free_from:
                facts.append(self._fact(f"free_from_{n}", service.free_from, None))
        return tuple(facts)

    def _card(self, zone: Zone, *, times: bool) -> dict[str, Any]:
        """One row a service: its time, or its cost."""
        rows = []
        for n, _ in enumerate(zone.services, start=1):
            kind = "time" if times else "cost"
            rows.append({"label": {"fact": f"service_{n}"}, "value": {"reply": f"delivery.row.{kind}_{n}"}})
        return {
            "kind": "policy",
            "title": {"reply": "delivery.card.title"},
            "rows": rows,
            "as_of": {"reply": "delivery.card.as_of_times" if times else "delivery.card.as_of"},
        }

    def _fact(self, name: str, value: FactValue, unit: Optional[str]) -> Fact:
        return Fact(name, value, unit, self._table.source, self._table.as_of)


def country_choices(countries: tuple[str, ...], intent: str) -> tuple[Choice, ...]:
    """A button for each of these countries, which asks the same question for it."""
    return tuple(
        Choice(
            label="delivery.choice_country",
            intent=intent,
            entities={"country": code},
            facts=(Fact("country", code, "country"),),
        )
        for code in countries
    )
