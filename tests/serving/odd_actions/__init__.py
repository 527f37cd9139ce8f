"""Actions that go wrong in every way, beside the handoff that works. Loaded in place of `actions`."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Unsure
from actions.handoff import BusinessHours, HumanHandoff

__all__ = ["BusinessHours", "HumanHandoff", "Unsure"]

Events = list[dict[str, Any]]


class Raises(Action):
    """Delivery time: an error with a customer's words in it."""

    def name(self) -> str:
        return "action_delivery_time"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        raise RuntimeError(f"no luck with {tracker.latest_message}")


class Hangs(Action):
    """Shipping options: waits for ever, but lets others run."""

    def name(self) -> str:
        return "action_shipping_options"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        await asyncio.sleep(3600)
        return []


class Blocks(Action):
    """Duties: blocks its thread for longer than a turn may take."""

    def name(self) -> str:
        return "action_customs_duty"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        time.sleep(30)
        return []


class SaysNonsense(Action):
    """Stock: says something that is no answer."""

    def name(self) -> str:
        return "action_stock"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        dispatcher.utter_message(json_message={"hello": 1})
        return []


class ReturnsNonsense(Action):
    """Sizes: returns something that is no list of events."""

    def name(self) -> str:
        return "action_size"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        return "all good"


class SaysNothing(Action):
    """Policies: forgets to say anything."""

    def name(self) -> str:
        return "action_policy"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        return []
