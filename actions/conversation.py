"""Small talk that needs a look at what was said: languages, and being unsure."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import context, say, unsure
from bot import wiring

Events = list[dict[str, Any]]


class LanguageRequest(Action):
    """Switches to the language that was asked for, or says which ones there are."""

    def name(self) -> str:
        return "action_language_request"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        asked = context(tracker)
        say(dispatcher, tracker, wiring.topics().language(asked.text, language=asked.language))
        return []


class Unsure(Action):
    """Not sure, or not for us: asks which of the likely questions is meant; a person is always one.

    In a language that nobody taught it, it says once which ones it has, and then only offers a person.
    """

    def name(self) -> str:
        return "action_unsure"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        message: dict[str, Any] = tracker.latest_message or {}
        if message.get("foreign"):
            again = bool(tracker.get_slot("foreign_told"))
            say(dispatcher, tracker, wiring.topics().foreign(again=again))
            return [SlotSet("foreign_told", True)]
        asks = message.get("asks")
        if asks == "help" and not tracker.get_slot("not_understood"):
            say(dispatcher, tracker, wiring.topics().help())
            return []
        abstained = bool(message.get("abstained", True))
        say(dispatcher, tracker, unsure(tracker, abstained=abstained))
        return []
