"""Tells a proved order: the last scan, what happens next, and when somebody should look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from datetime import timezone as zones
from typing import Callable, Optional
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.answer import Answer, Choice, Fact, FactValue, HandoffRequest
from bot.shop.carriers.book import Carrier, CarrierBook
from bot.shop.model import Order, OrderState, Parcel, TrackingEvent
from bot.shop.parcel_card import card, parcel_steps, several_steps, shop_steps, span
from bot.shop.tracking import UNEVENTFUL, Progress, progress

Transit = Callable[[str], Optional[tuple[int, int]]]

TOPIC = "shipping_status"
PERSON = Choice(label="choice.human_handoff", intent="human_handoff")
_CHOICES: dict[str, tuple[Choice, ...]] = {
    "unpaid": (PERSON, Choice(label="choice.payment_problem", intent="payment_problem")),
    "cancelled": (Choice(label="choice.refund_status", intent="refund_status"),),
    "returned": (Choice(label="choice.refund_status", intent="refund_status"),),
    "shipped": (PERSON,),
    "delivered": (Choice(label="choice.parcel_not_received", intent="parcel_not_received"), PERSON),
    "delivered_unscanned": (Choice(label="choice.parcel_not_received", intent="parcel_not_received"), PERSON),
    "customs_held": (PERSON,),
    "delivery_failed": (PERSON,),
    "overdue": (PERSON,),
    "pickup_over": (PERSON,),
    "returning": (PERSON,),
    "stalled": (PERSON,),
}
_WITHOUT_PARCEL = (OrderState.UNPAID, OrderState.CANCELLED, OrderState.RETURNED)
_HANDOFFS = {"exception": HandoffRequest(reason="parcel_exception", priority="high", topic=TOPIC)}


@dataclass(frozen=True)
class Teller:
    """What telling an order needs to know of carriers and delivery times.

    `transit(country)` is the shop's usual range in working days after dispatch, or none;
    `source` says where the order's own facts come from.
    """

    carriers: CarrierBook
    transit: Transit
    source: str

    def tell(self, order: Order, *, now: datetime, timezone: str, language: str) -> Answer:
        """The answer about an order, days counted in the customer's zone."""
        if not order.parcels or order.state in _WITHOUT_PARCEL:
            return self._without_parcel(order)
        zone = _zone(timezone)
        told = [self._progress(parcel, order, now=now, zone=zone) for parcel in order.parcels]
        main = min(told, key=lambda p: p.rank)
        carrier = self.carriers.get(main.parcel.carrier)
        usual, usual_source = self._usual(carrier, order.country)
        situation = main.situation

        def place(name: str) -> str:
            return self.carriers.place(name, language=language)

        facts = self._order_facts(order) + _parcel_facts(main, order, carrier, language, place)
        facts += self._range_facts(main, order, usual, usual_source)
        if len(told) == 1:
            steps, step_facts = parcel_steps(main, order=order, source=carrier.name, place=place)
            drawn = card(steps, scanned=True, span=span(main, usual))
        else:
            if situation in UNEVENTFUL and situation != "delivered":
                situation = "several" if main.last else "several_no_scan"
            steps, step_facts = several_steps(told, order=order, source=carrier.name)
            drawn = card(steps, scanned=True)
            facts += self._count_facts(told, order)
        return Answer(
            key=f"order.status.{situation}",
            facts=facts + step_facts,
            card=drawn,
            choices=_CHOICES.get(situation, ()),
            handoff=_HANDOFFS.get(situation),
        )

    def _without_parcel(self, order: Order) -> Answer:
        situation = "delivered_unscanned" if order.state is OrderState.DELIVERED else order.state.value
        return Answer(
            key=f"order.status.{situation}",
            facts=self._order_facts(order),
            card=card(shop_steps(order), scanned=False),
            choices=_CHOICES.get(situation, ()),
        )

    def _progress(self, parcel: Parcel, order: Order, *, now: datetime, zone: tzinfo) -> Progress:
        carrier = self.carriers.get(parcel.carrier)
        return progress(
            parcel,
            country=order.country,
            now=now,
            zone=zone,
            stalled_after=carrier.service.quiet_days,
            usual=self._usual(carrier, order.country)[0],
        )

    def _usual(self, carrier: Carrier, country: str) -> tuple[tuple[int, int], str]:
        """The usual range and its source: the shop's own for the country, where the service follows it."""
        known = self.transit(country) if carrier.service.by_country else None
        return (known, "shop") if known else (carrier.service.usual, carrier.service.source)

    def _order_facts(self, order: Order) -> tuple[Fact, ...]:
        values: list[tuple[str, FactValue, Optional[str]]] = [
            ("order_number", order.number, None),
            ("placed_on", order.placed_at, "day"),
            ("total", order.total, None),
            ("country", order.country, "country"),
            ("as_of", order.as_of, "instant"),
        ]
        return tuple(Fact(name, value, unit, self.source, order.as_of) for name, value, unit in values)

    def _count_facts(self, told: list[Progress], order: Order) -> tuple[Fact, ...]:
        arrived = sum(p.situation == "delivered" for p in told)
        return (
            Fact("parcel_count", len(told), None, self.source, order.as_of),
            Fact("delivered_count", arrived, None, self.source, order.as_of),
        )

    def _range_facts(
        self, main: Progress, order: Order, usual: tuple[int, int], source: str
    ) -> tuple[Fact, ...]:
        if main.working_day is None:
            return ()
        checked = self.carriers.checked_on
        return (
            Fact("working_day", main.working_day, "working_days", self.source, order.as_of),
            Fact("transit_low", usual[0], "working_days", source, checked),
            Fact("transit_high", usual[1], "working_days", source, checked),
        )


def _parcel_facts(
    main: Progress, order: Order, carrier: Carrier, language: str, place: Callable[[str], str]
) -> tuple[Fact, ...]:
    number = main.parcel.tracking_number
    values: list[tuple[str, FactValue, Optional[str]]] = [
        ("carrier", carrier.name, None),
        ("tracking_number", number, None),
        ("tracking_url", carrier.follow(number, language=language), None),
    ]
    if main.parcel.pick_up_until is not None:
        values.append(("pick_up_until", main.parcel.pick_up_until, "day"))
    if main.last is not None:
        values += [
            ("status", main.last.state.value, "term"),
            ("event_at", main.last.at, "instant"),
            ("days_without_scan", main.quiet_days, "days"),
            _place(main.last, place),
        ]
    return tuple(Fact(name, value, unit, carrier.name, order.as_of) for name, value, unit in values)


def _place(event: TrackingEvent, place: Callable[[str], str]) -> tuple[str, FactValue, Optional[str]]:
    if event.place:
        return "place", place(event.place), None
    return ("place", event.country, "country") if event.country else ("place", "unknown", "term")


def _zone(name: str) -> tzinfo:
    """The customer's zone; UTC when the page named none that we know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return zones.utc
