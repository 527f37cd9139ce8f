"""Questions before buying: stock, sizes, delivery, duties, policies."""

from __future__ import annotations

from typing import Any, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Context, context, entity, intent_of, say
from bot import wiring
from bot.answer import Answer

Events = list[dict[str, Any]]
_ASKED_BACK = ("stock.which_of", "stock.unknown_name.one", "stock.unknown_name.these", "stock.adults.these")


class Stock(Action):
    """Is it there, in this colour and size."""

    def name(self) -> str:
        return "action_stock"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        asked = context(tracker)
        answer = wiring.catalogue(asked.shop).stock(
            text=asked.text,
            product=entity(tracker, "product") or asked.product,
            colour=entity(tracker, "colour"),
            size=entity(tracker, "size"),
            language=asked.language,
            timezone=asked.timezone,
            now=asked.at,
            quantity=_whole(entity(tracker, "quantity")),
            seen=_seen(tracker),
        )
        say(dispatcher, tracker, answer)
        return _remember(asked, answer)


class Size(Action):
    """Which size: the product's own chart first."""

    def name(self) -> str:
        return "action_size"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        asked = context(tracker)
        answer = wiring.fitting(asked.shop).answer(
            text=asked.text,
            product=entity(tracker, "product") or asked.product,
            size=entity(tracker, "size"),
            system=entity(tracker, "size_system"),
            measurements=list(tracker.get_latest_entity_values("measurement")),
            country=asked.country,
            language=asked.language,
            now=asked.at,
            seen=_seen(tracker),
        )
        say(dispatcher, tracker, answer)
        return _remember(asked, answer)


class DeliveryTime(Action):
    """How long delivery takes: a range, never a date."""

    def name(self) -> str:
        return "action_delivery_time"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        asked = context(tracker)
        answer = wiring.delivery(asked.shop).answer(
            country=_destination(tracker, asked), service=None, on=asked.at.date()
        )
        say(dispatcher, tracker, answer)
        return []


class ShippingOptions(Action):
    """Where the shop ships to, and how."""

    def name(self) -> str:
        return "action_shipping_options"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        asked = context(tracker)
        answer = wiring.delivery(asked.shop).options(country=_destination(tracker, asked), on=asked.at.date())
        say(dispatcher, tracker, answer)
        return []


class CustomsDuty(Action):
    """What an import costs, who pays it and when."""

    def name(self) -> str:
        return "action_customs_duty"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        asked = context(tracker)
        answer = wiring.importing().answer(
            text=asked.text,
            country=_destination(tracker, asked),
            product=entity(tracker, "product") or asked.product,
            shop=asked.shop,
            language=asked.language,
            on=asked.at.date(),
            amounts=_amounts(tracker),
            order_number=entity(tracker, "order_number"),
        )
        say(dispatcher, tracker, answer)
        return []


class Policy(Action):
    """What the shop's own rules say about the customer's question."""

    def name(self) -> str:
        return "action_policy"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        asked = context(tracker)
        answer = wiring.policies(asked.shop).answer(
            intent_of(tracker), country=_destination(tracker, asked), on=asked.at.date()
        )
        say(dispatcher, tracker, answer)
        return []


def _seen(tracker: Tracker) -> Optional[str]:
    """The product that the last answer about one was about."""
    return tracker.get_slot("product_seen") or None


def _remember(asked: Context, answer: Answer) -> Events:
    """Keep the product that an answer names, for "and in red?"; a question back ends the memory."""
    if answer.key in _ASKED_BACK:
        return [SlotSet("product_seen", None)]
    name = next((str(fact.value) for fact in answer.facts if fact.name == "product"), None)
    product = wiring.catalogue(asked.shop).called(name) if name else None
    return [SlotSet("product_seen", product)] if product else []


def _destination(tracker: Tracker, asked: Context) -> Optional[str]:
    """Where to: the country that the message names, else the customer's ("from China to Spain")."""
    start = wiring.shop(asked.shop).ships_from
    named = (str(code) for code in tracker.get_latest_entity_values("country"))
    return next((code for code in named if code != start), None) or asked.country


def _amounts(tracker: Tracker) -> list[str]:
    """The amounts of the message; none where one may be the price of each of several pieces."""
    if (_whole(entity(tracker, "quantity")) or 1) > 1:
        return []
    return [str(amount) for amount in tracker.get_latest_entity_values("amount")]


def _whole(text: Optional[str]) -> Optional[int]:
    return int(text) if text and text.isdecimal() else None
