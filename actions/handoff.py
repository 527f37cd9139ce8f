"""Hands over to a person; the turn opens the handoff and the promise as it commits."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import confidence_of, context, intent_of, say, unsure
from bot import wiring
from bot.answer import Answer, HandoffRequest

Events = list[dict[str, Any]]


class HumanHandoff(Action):
    """The customer asks for a person: no question, no hurdle."""

    def name(self) -> str:
        return "action_human_handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        say(
            dispatcher,
            tracker,
            Answer(
                key="handoff.promised",
                handoff=HandoffRequest(reason="customer_asked", topic="human_handoff"),
            ),
        )
        return leave_form()


class TopicHandoff(Action):
    """A topic that always goes to a person: says so in a sentence of its own.

    What is only a guess is asked about first, so that no person is woken for a misunderstanding.
    """

    def name(self) -> str:
        return "action_topic_handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        topics, intent = wiring.topics(), intent_of(tracker)
        if topics.is_guess(intent, confidence_of(tracker)):
            say(dispatcher, tracker, unsure(tracker, abstained=True))
            return []
        say(dispatcher, tracker, topics.hand_over(intent))
        return leave_form()


class BusinessHours(Action):
    """When the team is there."""

    def name(self) -> str:
        return "action_business_hours"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        asked = context(tracker)
        say(dispatcher, tracker, wiring.opening(asked.shop).answer(now=asked.at))
        return []


def leave_form() -> Events:
    """Close the form that is open: its questions are no longer ours to ask."""
    return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("order_wrong", None)]
